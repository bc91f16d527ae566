"""`deskledger key`: the key that signs the ledgers' heads."""

from typing import Annotated

import typer

from api.settings import Settings


def register(app: typer.Typer) -> None:
    commands = typer.Typer(help="The key that signs heads.", no_args_is_help=True)
    commands.command("show")(show)
    commands.command("rotate")(rotate)
    app.add_typer(commands, name="key")


def show(
    name: Annotated[str | None, typer.Option(help="A tree's origin: print them as its verifiers.")] = None,
) -> None:
    """Print the public halves of all keys that ever signed here, the newest last."""
    from eventstore.proofs.checkpoint import verifier_key
    from eventstore.proofs.keys import public_keys

    for public in public_keys(Settings.from_environment().folder):
        typer.echo(public.hex() if name is None else verifier_key(name, public))


def rotate() -> None:
    """Replace the key, and print the new one's public half. Servers and workers take it up when they start again."""
    from eventstore.proofs.keys import rotate as rotated

    typer.echo(rotated(Settings.from_environment().folder).hex())
