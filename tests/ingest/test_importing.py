"""A log goes into a real ledger: once, whatever happens on the way."""

import asyncio
import json
import signal
import sys
from collections.abc import AsyncIterator
from pathlib import Path
from typing import cast
from uuid import UUID

import pytest

from api.ingest import importer
from api.ingest.importer import import_log
from api.ingest.mapping import DeskMapping
from api.ingest.preparation import Job
from api.ingest.telling import told
from api.workspaces import create_workspace
from domain.envelope import NewEvent, RecordedEvent
from domain.errors import Unavailable
from domain.words import ActorType
from eventstore import clock
from eventstore.database import Database
from eventstore.store import Store
from tests.ingest.logs import HEAD, OPENED, csv, imported, mapping

MAPPING = (
    HEAD
    + OPENED
    + """
[[events]]
type = "conversation.tagged"
actor = "agent"
columns.tag = "state"
"""
)
ROW = "t1,1,2026-01-05T09:00:00Z,anna,New,"


def _job(path: Path, said: DeskMapping | None = None) -> Job:
    return Job(path, said or mapping(MAPPING, ""), clock.now())


async def _all(store: Store, workspace: UUID) -> list[RecordedEvent]:
    return [event async for event in _events(store, workspace)]


async def _events(store: Store, workspace: UUID) -> AsyncIterator[RecordedEvent]:
    after = -1
    while batch := await store.read(workspace, after=after, limit=5_000):
        for event in batch:
            yield event
        after = batch[-1].position


def _big(folder: Path, rows: int) -> Path:
    return csv(
        folder,
        [f"t{n % 997},{n},2026-01-05T{9 + n // 3600:02}:{n // 60 % 60:02}:{n % 60:02}Z,anna,New," for n in range(rows)],
    )


async def test_an_import_appends_its_events_with_where_they_come_from(
    store: Store, workspace: UUID, tmp_path: Path
) -> None:
    report = await import_log(store, workspace, _job(csv(tmp_path, [ROW])))
    opened, tagged = await store.open(workspace, await _all(store, workspace))
    assert (report.appended, report.already_there, report.refused.count) == (2, 0, 0)
    assert (report.first, report.last) == ("2026-01-05T09:00:00.000000Z", "2026-01-05T09:00:00.000000Z")
    assert report.events == {"conversation.opened": 1, "conversation.tagged": 1}
    assert opened.envelope.raw == tagged.envelope.raw
    assert json.loads(str(opened.envelope.raw))["ticket"] == "t1"
    assert (opened.envelope.source, opened.envelope.interface) == ("desk", "import")
    assert (opened.envelope.source_order, tagged.envelope.source_order) == (64, 65)


async def test_an_import_done_twice_changes_nothing_and_says_so(store: Store, workspace: UUID, tmp_path: Path) -> None:
    job = _job(_big(tmp_path, 500))
    first = await import_log(store, workspace, job)
    before = await store.head(workspace)
    again = await import_log(store, workspace, job)
    assert (again.appended, again.already_there) == (0, first.appended)
    assert await store.head(workspace) == before == first.appended - 1
    assert f"nothing appended: {first.appended:,} events were there already" in told(again)


async def test_shuffled_rows_are_found_to_be_there(store: Store, workspace: UUID, tmp_path: Path) -> None:
    rows = [f"t{n % 9},{n},2026-01-05T09:{n % 60:02}:00Z,anna,New," for n in range(200)]
    await import_log(store, workspace, _job(csv(tmp_path, rows)))
    again = await import_log(store, workspace, _job(csv(tmp_path, rows[::-1])))
    assert (again.appended, again.refused.count) == (0, 0)


async def test_a_longer_log_appends_what_is_new(store: Store, workspace: UUID, tmp_path: Path) -> None:
    rows = [f"t{n},1,2026-01-05T09:{n % 60:02}:00Z,anna,New," for n in range(50)]
    await import_log(store, workspace, _job(csv(tmp_path, rows[:30])))
    again = await import_log(store, workspace, _job(csv(tmp_path, rows)))
    assert (again.appended, again.already_there) == (40, 60)


async def test_a_row_that_has_changed_since_is_refused_and_said(store: Store, workspace: UUID, tmp_path: Path) -> None:
    await import_log(store, workspace, _job(csv(tmp_path, [ROW])))
    again = await import_log(store, workspace, _job(csv(tmp_path, [ROW.replace("anna", "boris")])))
    assert (again.appended, again.refused.by_code) == (0, {"MISMATCH": 2})
    assert again.refused.first[0]["line"] == 2


async def test_a_customers_id_is_not_in_the_ledger(store: Store, workspace: UUID, tmp_path: Path) -> None:
    text = MAPPING.replace('type = "operator"', 'type = "customer"')
    await import_log(store, workspace, _job(csv(tmp_path, [ROW]), mapping(text, "")))
    event = (await _all(store, workspace))[0]
    assert event.envelope.actor.type is ActorType.CUSTOMER
    assert event.envelope.actor.id != "anna"


async def test_progress_is_told_in_stages_up_to_their_ends(store: Store, workspace: UUID, tmp_path: Path) -> None:
    told_of: list[tuple[str, int, int]] = []
    path = _big(tmp_path, 300)
    said = mapping(MAPPING, "")
    job = Job(path, said, clock.now(), progress=lambda stage, done, total: told_of.append((stage, done, total)))
    await import_log(store, workspace, job)
    assert list(dict.fromkeys(stage for stage, _, _ in told_of)) == ["reading", "ordering", "appending"]
    ends = {stage: (done, total) for stage, done, total in told_of}
    assert all(done == total > 0 for done, total in ends.values())
    assert ends["reading"] == (path.stat().st_size, path.stat().st_size)


async def test_json_lines_are_imported_once(store: Store, workspace: UUID, tmp_path: Path) -> None:
    line = {
        "type": "conversation.viewed",
        "conversation": "c1",
        "actor": {"type": "operator", "id": "anna"},
        "occurred_at": "2026-01-05T09:00:00Z",
        "payload": {},
    }
    path = tmp_path / "events.jsonl"
    path.write_text(json.dumps(line) + "\n")
    first, again = [await import_log(store, workspace, Job(path, None, clock.now())) for _ in range(2)]
    assert (first.appended, again.appended, again.already_there) == (1, 0, 1)


async def test_a_database_that_goes_away_in_the_middle_leaves_whole_batches_and_the_next_import_ends_it(
    store: Store, workspace: UUID, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(importer, "BATCH", 100)
    job = _job(_big(tmp_path, 500))
    with pytest.raises(Unavailable):
        await import_log(cast("Store", _Leaving(store, batches=3)), workspace, job)
    assert await store.head(workspace) == 300 - 1
    report = await import_log(store, workspace, job)
    assert report.already_there == 300
    assert await _ids(store, workspace) == [event.envelope.id for event in imported(job.path, job.mapping).events]


class _Leaving:
    """A store whose database goes away after some batches."""

    def __init__(self, store: Store, batches: int) -> None:
        self._store = store
        self._left = batches

    async def load(self, workspace: UUID, events: list[NewEvent]) -> object:
        if self._left == 0:
            raise Unavailable("the database is not there just now")
        self._left -= 1
        return await self._store.load(workspace, events)


async def _ids(store: Store, workspace: UUID) -> list[UUID]:
    return [event.envelope.id for event in await _all(store, workspace)]


async def test_an_import_killed_in_the_middle_and_run_again_ends_as_if_nothing_had_happened(
    database: Database, store: Store, database_url: str, tmp_path: Path
) -> None:
    log, said = _big(tmp_path, 20_000), tmp_path / "desk.toml"
    said.write_text(MAPPING)
    slug = f"killed-{tmp_path.name}".replace("_", "-").lower()[-60:].strip("-")
    workspace = await create_workspace(database, store, slug)
    arguments = ["import", str(log), "--mapping", str(said), "--workspace", slug, "--report", "json"]
    expected = [event.envelope.id for event in imported(log, mapping(MAPPING, "")).events]

    process = await _start(arguments, database_url, tmp_path)
    async with store.hints(workspace) as hint:
        while await store.head(workspace) < 0:
            assert process.returncode is None, "it ended before it appended anything"
            await hint.wait(0.05)
    process.send_signal(signal.SIGKILL)
    await process.communicate()
    there = await store.head(workspace) + 1
    assert 0 < there < len(expected)
    assert await _ids(store, workspace) == expected[:there]

    process = await _start(arguments, database_url, tmp_path)
    out, _ = await process.communicate()
    report = json.loads(out)
    assert process.returncode == 0
    assert (report["already_there"], report["appended"]) == (there, len(expected) - there)
    assert await _ids(store, workspace) == expected


async def _start(arguments: list[str], database_url: str, home: Path) -> asyncio.subprocess.Process:
    """The command line, in a process of its own."""
    return await asyncio.create_subprocess_exec(
        sys.executable,
        "-c",
        "from api.cli import main; main()",
        *arguments,
        env={"DESKLEDGER_DATABASE_URL": database_url, "DESKLEDGER_HOME": str(home), "PATH": ""},
        stdout=asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.PIPE,
    )
