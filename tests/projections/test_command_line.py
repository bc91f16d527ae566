"""`deskledger project`: what an administrator sees of the read models, and does about them."""

import asyncio
import json
from pathlib import Path
from uuid import uuid4

import pytest
from typer.testing import CliRunner, Result

from api.cli import application
from api.workspaces import create_workspace
from domain.errors import Conflict, NotFound
from domain.events.directory import TeamNamed
from eventstore.database import Database
from eventstore.store import Store
from projections import generations
from projections.directory.projection import Directory
from projections.runner import Halted
from tests.events import event
from tests.projections.doubles import Poison, Tripped
from tests.projections.filling import append, fill, runner_of

HISTORY = [
    event(TeamNamed(name=f"Team {number}"), of=f"t{number}", by="anna", at=f"2026-03-02T09:{number:02}:00Z")
    for number in range(20)
]


@pytest.fixture
async def slug(database: Database, store: Store, database_url: str, home: Path, monkeypatch: pytest.MonkeyPatch) -> str:
    """A workspace with twenty events, none of them folded."""
    monkeypatch.setenv("DESKLEDGER_DATABASE_URL", database_url)
    monkeypatch.setenv("DESKLEDGER_HOME", str(home))
    monkeypatch.delenv("DESKLEDGER_TEST_RUN")  # the suite's own, which is no setting
    slug = f"desk-{uuid4().hex[:8]}"
    await append(store, await create_workspace(database, store, slug), HISTORY)
    return slug


def run(*command: str) -> Result:
    return CliRunner().invoke(application(), ["project", *command], catch_exceptions=True)


async def _in_thread(*command: str) -> Result:
    """A command runs a loop of its own."""
    return await asyncio.to_thread(run, *command)


async def test_lag_tells_how_far_behind_and_at_which_event_it_halted(
    database: Database, store: Store, slug: str
) -> None:
    workspace = await create_workspace(database, store, slug)
    with pytest.raises(Halted):
        await (await runner_of(database, store, Tripped(Poison(12)), workspace)).catch_up(19)
    told = await _in_thread("lag", "--workspace", slug)
    assert "directory\tgeneration 1\tserving\tposition 11 of 19\t8 events" in told.output
    assert "halted at 12 (team.named): ValueError: nobody foresaw event 12" in told.output
    (state,) = json.loads((await _in_thread("lag", "--workspace", slug, "--json")).output)
    assert (state["checkpoint"], state["behind"], state["halted"]["position"]) == (11, 8, 12)
    assert "directory goes on" in (await _in_thread("resume", "directory", "--workspace", slug)).output
    assert "directory had not halted" in (await _in_thread("resume", "directory", "--workspace", slug)).output


async def test_check_fails_where_events_were_not_folded(database: Database, store: Store, slug: str) -> None:
    workspace = await create_workspace(database, store, slug)
    await fill(database, store, Directory(), workspace)
    whole = await _in_thread("check", "directory", "--workspace", slug)
    assert (whole.exit_code, whole.output) == (0, "directory is complete up to position 19\n")
    async with database.transaction(workspace) as connection:
        await connection.execute(
            "UPDATE projection_generations SET folded = '{\"team.named\": 19}' WHERE workspace_id = $1", workspace
        )
    holed = await _in_thread("check", "directory", "--workspace", slug, "--json")
    assert holed.exit_code == 1
    assert json.loads(holed.output) == {"checkpoint": 19, "missing": {"team.named": 1}}


async def test_a_rebuild_is_held_back_compared_and_switched_to(database: Database, store: Store, slug: str) -> None:
    workspace = await create_workspace(database, store, slug)
    await fill(database, store, Directory(), workspace)
    begun = await _in_thread("rebuild", "directory", "--workspace", slug, "--hold")
    assert begun.output == "generation 2 of directory is being filled\n"
    behind = await _in_thread("switch", "directory", "2", "--workspace", slug)
    assert behind.exit_code == 1
    early = await _in_thread("compare", "directory", "--workspace", slug)
    assert isinstance(early.exception, Conflict)
    await fill(database, store, Directory(), workspace)
    compared = await _in_thread("compare", "directory", "--workspace", slug)
    assert compared.exit_code == 0
    assert "directory_facts: 20 rows, 0 only in generation 1, 0 only in 2, 0 changed" in compared.output
    assert (
        json.loads((await _in_thread("compare", "directory", "--workspace", slug, "--json")).output)["position"] == 19
    )
    assert (await _in_thread("switch", "directory", "2", "--workspace", slug)).exit_code == 0
    states = {one.number: one.state for one in await generations.all_of(database, workspace)}
    assert states == {1: generations.State.RETIRED, 2: generations.State.SERVING}


async def test_unknown_workspaces_and_projections_are_said_to_be_unknown(slug: str) -> None:
    assert isinstance((await _in_thread("lag", "--workspace", "nobody")).exception, NotFound)
    assert isinstance((await _in_thread("rebuild", "tarot", "--workspace", slug)).exception, NotFound)
