"""`deskledger docs`: write what documents quote from the program."""

import sys
from pathlib import Path
from typing import Annotated

import typer


def register(app: typer.Typer) -> None:
    app.command("docs")(docs)


def docs(
    check: Annotated[
        bool, typer.Option("--check", help="Change nothing; end with 1 where something is stale.")
    ] = False,
    root: Annotated[Path, typer.Option(help="The folder of README.md and docs/.", exists=True)] = Path(),
) -> None:
    """Write the generated tables of README.md and docs/ anew."""
    from api.documents.pages import pages

    stale = [(path, new) for path, old, new in pages(root) if old != new]
    for path, new in stale:
        if not check:
            path.write_text(new, "utf-8")
        typer.echo(f"{path} {'is stale: run `make docs`' if check else 'written'}")
    if check and stale:
        sys.exit(1)
