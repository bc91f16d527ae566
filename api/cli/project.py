"""`deskledger project`: the read models: who fills them, how far they are, filling them anew."""

import asyncio
import json
import signal
from collections.abc import Awaitable, Callable, Sequence
from contextlib import suppress
from typing import TYPE_CHECKING, Annotated, TypeVar
from uuid import UUID

import typer

from api.settings import Settings
from domain.errors import NotFound

if TYPE_CHECKING:
    from api.context import Services
    from projections.compare import Report
    from projections.metrics import Progress
    from projections.projection import Projection

T = TypeVar("T")
_Workspace = Annotated[str, typer.Option(help="The workspace, by its short name.")]
_Name = Annotated[str, typer.Argument(help="The projection: journal, directory or conversations.")]
_AsJson = Annotated[bool, typer.Option("--json", help="One JSON document, for programs.")]


def register(app: typer.Typer) -> None:
    commands = typer.Typer(help="Fill the read models, and see how they are doing.", no_args_is_help=True)
    for command in (work, lag, check, rebuild, compare, switch, resume):
        commands.command(command.__name__)(command)
    app.add_typer(commands, name="project")


def work() -> None:
    """Run a worker, until Ctrl-C. Any number may run, beside the server's own and on other machines."""

    async def worked(services: "Services") -> None:
        from api.opening import working

        stop = asyncio.Event()
        for number in (signal.SIGINT, signal.SIGTERM):
            with suppress(NotImplementedError):  # where the system has no such handlers, Ctrl-C interrupts
                asyncio.get_running_loop().add_signal_handler(number, stop.set)
        async with working(services):
            await stop.wait()

    with suppress(KeyboardInterrupt):
        _with_services(worked)


def lag(workspace: _Workspace, as_json: _AsJson = False) -> None:
    """Print how far each projection is behind the ledger, who works on it, and the event that it halted at."""
    from projections.metrics import progress

    async def found(services: "Services") -> "list[Progress]":
        return await progress(services.database, services.store, await _workspace(services, workspace))

    all_ = _with_services(found)
    if as_json:
        typer.echo(json.dumps([_facts(each) for each in all_], indent=2))
        return
    for each in all_:
        typer.echo(_line(each))


def check(workspace: _Workspace, name: _Name, as_json: _AsJson = False) -> None:
    """Compare the events in the ledger with those folded, by type. Ends with status 1 where one is missing."""
    from projections.metrics import completeness

    async def found(services: "Services") -> "tuple[int, dict[str, int]]":
        _projection(services, name)
        counted = await completeness(services.database, await _workspace(services, workspace), name)
        return counted.checkpoint, counted.missing

    checkpoint, missing = _with_services(found)
    if as_json:
        typer.echo(json.dumps({"checkpoint": checkpoint, "missing": missing}))
    else:
        for type_, events in missing.items():
            typer.echo(f"{type_}: {events} not folded")
        typer.echo(f"{name} is {'incomplete' if missing else 'complete'} up to position {checkpoint}")
    if missing:
        raise typer.Exit(1)


def rebuild(
    workspace: _Workspace,
    name: _Name,
    hold: Annotated[bool, typer.Option("--hold", help="Fill it, but do not switch to it before `switch`.")] = False,
) -> None:
    """Fill a projection anew, beside the filling that answers meanwhile. A running worker does it."""
    from projections import generations

    async def begun(services: "Services") -> int | None:
        projection = _projection(services, name)
        found = await _workspace(services, workspace)
        return await generations.begin(services.database, found, projection, held_back=hold)

    typer.echo(f"generation {_with_services(begun)} of {name} is being filled")


def compare(workspace: _Workspace, name: _Name, as_json: _AsJson = False) -> None:
    """Compare a filling that was held back with the one that answers. Ends with status 1 where they differ."""
    from projections import compare as comparing

    async def compared(services: "Services") -> "Report":
        projection = _projection(services, name)
        return await comparing.compare(services.database, await _workspace(services, workspace), projection)

    report = _with_services(compared)
    if as_json:
        import dataclasses

        typer.echo(json.dumps(dataclasses.asdict(report), indent=2, default=str))
    else:
        _tell(report)
    if not report.equal:
        raise typer.Exit(1)


def switch(
    workspace: _Workspace,
    name: _Name,
    generation: Annotated[int, typer.Argument(help="Which one, as `lag` numbers them.")],
) -> None:
    """Let a filling that was held back answer from now on."""
    from projections import generations

    async def switched(services: "Services") -> bool:
        found = await _workspace(services, workspace)
        return await generations.switch(services.database, found, name, generation)

    if not _with_services(switched):
        typer.echo(f"generation {generation} of {name} is still behind the one that answers", err=True)
        raise typer.Exit(1)
    typer.echo(f"generation {generation} of {name} answers from now on")


def resume(workspace: _Workspace, name: _Name) -> None:
    """Let a projection that halted at an event try again, once the cause is repaired. A running worker does it."""
    from projections import generations

    async def resumed(services: "Services") -> int:
        return await generations.resume(services.database, await _workspace(services, workspace), name)

    typer.echo(f"{name} goes on" if _with_services(resumed) else f"{name} had not halted")


def _with_services(work_: "Callable[[Services], Awaitable[T]]") -> T:
    from api.opening import opened, reachable

    settings = Settings.from_environment()

    async def run(url: str) -> T:
        async with opened(settings, url) as services:
            return await work_(services)

    with reachable(settings) as url:
        return asyncio.run(run(url))


async def _workspace(services: "Services", slug: str) -> UUID:
    from api.workspaces import find_workspace

    found = await find_workspace(services.database, slug)
    if found is None:
        raise NotFound(f"there is no workspace {slug!r}")
    return found


def _projection(services: "Services", name: str) -> "Projection":
    from api.opening import all_projections

    known: Sequence[Projection] = all_projections(services.store)
    for projection in known:
        if projection.name == name:
            return projection
    raise NotFound(f"there is no projection {name!r}, only {', '.join(each.name for each in known)}")


def _line(each: "Progress") -> str:
    """One generation in one line, columns apart by tabs."""
    halted = f"\thalted at {each.halt.position} ({each.halt.type}): {each.halt.error}" if each.halt else ""
    return (
        f"{each.projection}\tgeneration {each.generation}\t{each.state}\tposition {each.checkpoint} of {each.head}\t"
        f"{each.behind} events, {each.behind_seconds:.1f} s behind\t{each.holder or 'nobody works on it'}{halted}"
    )


def _facts(each: "Progress") -> dict[str, object]:
    halt = each.halt
    return {
        "projection": each.projection,
        "generation": each.generation,
        "state": each.state,
        "fingerprint": each.fingerprint,
        "head": each.head,
        "checkpoint": each.checkpoint,
        "behind": each.behind,
        "behindSeconds": each.behind_seconds,
        "holder": each.holder,
        "heartbeatAt": None if each.heartbeat_at is None else each.heartbeat_at.isoformat(),
        "halted": halt
        and {"at": halt.at.isoformat(), "position": halt.position, "type": halt.type, "error": halt.error},
    }


def _tell(report: "Report") -> None:
    for table in report.tables:
        typer.echo(
            f"{table.table}: {table.rows} rows, {table.only_old} only in generation {report.old}, "
            f"{table.only_new} only in {report.new}, {table.changed} changed"
        )
        for difference in table.examples:
            typer.echo(f"  {difference.key}: {difference.old} -> {difference.new}")
