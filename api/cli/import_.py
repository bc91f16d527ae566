"""`deskledger import`: a desk's log into a workspace's ledger."""

import asyncio
from collections.abc import Iterator
from contextlib import contextmanager
from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from api.cli._progress import bar
from api.settings import Settings
from domain.errors import DeskledgerError, NotFound

if TYPE_CHECKING:
    from api.ingest.preparation import Job, Progress
    from api.ingest.report import Report


class Shape(StrEnum):
    """How the report is written."""

    TEXT = "text"
    JSON = "json"


def register(app: typer.Typer) -> None:
    app.command("import")(import_file)


def import_file(
    file: Annotated[Path, typer.Argument(help="A log: .csv, .xes or .jsonl, each also with .gz.")],
    workspace: Annotated[str, typer.Option(help="The workspace, by its short name.")],
    mapping: Annotated[
        str | None, typer.Option(help="A TOML file that says what the log means, or the name of one that comes along.")
    ] = None,
    strict: Annotated[bool, typer.Option("--strict", help="Append nothing if any row is refused.")] = False,
    refused: Annotated[Path | None, typer.Option(help="Write refused rows to this file, as JSON Lines.")] = None,
    report: Annotated[Shape, typer.Option(help="How the report is written.")] = Shape.TEXT,
    create_workspace: Annotated[
        bool, typer.Option(help="Make the workspace where there is none of that name.")
    ] = False,
) -> None:
    """Import a desk's log. Importing it again changes nothing; `docs/import.md` describes mappings and codes."""
    from api.ingest.telling import told

    with _errors_as(report), bar() as progress:
        done = _import(
            _job(file, mapping, progress, strict=strict, refused=refused), workspace, create=create_workspace
        )
    typer.echo(done.json() if report is Shape.JSON else told(done))
    if done.all_refused:
        raise typer.Exit(1)


def _job(file: Path, mapping: str | None, progress: "Progress", *, strict: bool, refused: Path | None) -> "Job":
    from api.ingest.errors import BadMapping
    from api.ingest.files import name_of
    from api.ingest.mapping import read_mapping, shipped
    from api.ingest.preparation import Job
    from eventstore import clock

    if mapping is None and name_of(file).format != "jsonl":
        problem = f"{file.name} needs --mapping: a TOML file or one of {', '.join(shipped())}; only .jsonl needs none"
        raise BadMapping(problem, detail="NO_MAPPING")
    said = None if mapping is None else read_mapping(mapping)
    return Job(file, said, clock.now(), strict=strict, refused=refused, progress=progress)


def _import(job: "Job", slug: str, *, create: bool) -> "Report":
    from api.ingest.importer import import_log
    from api.opening import opened, reachable
    from api.workspaces import create_workspace, find_workspace
    from projections.promises.imports import importing

    settings = Settings.from_environment()

    async def run(url: str) -> "Report":
        async with opened(settings, url) as services:
            if create:
                workspace = await create_workspace(services.database, services.store, slug)
            else:
                found = await find_workspace(services.database, slug)
                if found is None:
                    raise NotFound(f"there is no workspace {slug!r}; `--create-workspace` makes it")
                workspace = found
            async with importing(services.database, services.store, workspace):
                return await import_log(services.store, workspace, job)

    with reachable(settings) as url:
        return asyncio.run(run(url))


@contextmanager
def _errors_as(shape: Shape) -> Iterator[None]:
    """Where the report is to be read by a program, so is the error."""
    try:
        yield
    except DeskledgerError as error:
        if shape is not Shape.JSON:
            raise
        import msgspec

        said = {"code": error.code, "detail": error.detail, "message": error.message, "path": list(error.path)}
        typer.echo(msgspec.json.encode({"error": said}).decode())
        raise typer.Exit(1) from error
