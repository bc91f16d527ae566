"""`deskledger simulate`: a simulated desk's events as a file."""

from datetime import UTC, datetime
from typing import Annotated

import typer

_END = typer.Option(help="When history ends; unsaid, now.", formats=["%Y-%m-%d", "%Y-%m-%dT%H:%M:%S"])


def register(app: typer.Typer) -> None:
    app.command("simulate")(simulate)


def simulate(
    file: Annotated[typer.FileBinaryWrite, typer.Argument(help="What to write, as JSON Lines; `-`: standard output.")],
    events: Annotated[int, typer.Option(help="About how many events; days and operators follow.", min=1)] = 300_000,
    seed: Annotated[int, typer.Option(help="Which of all possible desks.")] = 1,
    end: Annotated[datetime | None, _END] = None,
    honest: Annotated[bool, typer.Option("--honest", help="Without the planted faults.")] = False,
) -> None:
    """Write the events of a simulated desk to a file, which `deskledger import` takes. END is in UTC."""
    from dataclasses import replace

    from api.demo.lines import line_of
    from api.demo.recipe import recipe_for
    from api.demo.simulation import simulate as simulated
    from domain.instants import instant_of

    recipe = recipe_for(events, end=instant_of((end or datetime.now(UTC)).replace(tzinfo=UTC)), seed=seed)
    recipe = replace(recipe, planted=not honest)
    count = 0
    for event in simulated(recipe, until=recipe.end):
        file.write(line_of(event) + b"\n")
        count += 1
    typer.echo(f"{count:,} events of {recipe.operators} operators in {recipe.days} days", err=True)
