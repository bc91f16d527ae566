"""The demo as somebody sees who runs it: it opens, answers, lives, ends, goes on, and survives a crash."""

import asyncio
import os
import signal
import subprocess
from pathlib import Path
from uuid import UUID

import asyncpg
import httpx
import psutil
import pytest

import migrations
from api.auth.roles import Role
from api.demo.simulation import simulate
from api.demo.writing import recipe_in
from eventstore.database import Database
from eventstore.store import Store
from eventstore.vault import Vault, master_key
from tests.demo.running import COMMAND, PATIENCE, demo, environment, kept_tokens, until

SMALL = ("--days", "3", "--operators", "20")
LARGER = ("--days", "20", "--operators", "25")


@pytest.fixture
def migrated_url(new_database_url: str) -> str:
    asyncio.run(migrations.upgrade(new_database_url))
    return new_database_url


def test_it_opens_answers_its_own_questions_lives_and_ends_at_ctrl_c(tmp_path: Path, migrated_url: str) -> None:
    with demo(tmp_path, migrated_url, *SMALL) as running:
        running.opened()
        assert set(running.tokens) == {str(role) for role in Role}
        assert len(running.curls) == 3
        for words in running.curls:
            headers = dict(words[place + 1].split(": ", 1) for place, word in enumerate(words) if word == "-H")
            answer = httpx.post(words[2], content=words[words.index("-d") + 1], headers=headers, timeout=30).json()
            assert "errors" not in answer
            (found,) = answer["data"].values()
            assert found.get("rows") or found.get("nodes")
        before = running.position()
        until(lambda: running.position() > before)
        assert running.interrupt() == 0
        assert "Traceback" not in running.complaints
        with pytest.raises(httpx.ConnectError):
            httpx.get(f"{running.address}/healthz")


def test_started_again_it_goes_on_with_the_same_desk_and_the_same_tokens(tmp_path: Path, migrated_url: str) -> None:
    with demo(tmp_path, migrated_url, *SMALL) as running:
        running.opened()
        first, position = running.ask(_FIRST), running.position()
        running.interrupt()
    tokens = kept_tokens(tmp_path)
    with demo(tmp_path, migrated_url, "--days", "9") as running:
        running.opened()
        assert running.ask(_FIRST) == first
        assert running.position() >= position
        assert running.tokens == tokens
    assert_whole(migrated_url, tmp_path)


_FIRST = "{ journal(first: 20) { nodes { id occurredAt type } } }"


def test_killed_in_the_middle_of_the_first_filling_it_ends_the_same(tmp_path: Path, migrated_url: str) -> None:
    with demo(tmp_path, migrated_url, *LARGER) as running:
        until(lambda: head(migrated_url) > 5_000)
        os.kill(running.process.pid, signal.SIGKILL)
        running.process.wait(PATIENCE)
        until(lambda: not _group_lives(running.process.pid))
    broken_off = head(migrated_url)
    with demo(tmp_path, migrated_url, *LARGER) as running:
        running.opened()
        assert running.position() > broken_off
        assert running.interrupt() == 0
    assert_whole(migrated_url, tmp_path)


def test_stopped_in_the_middle_of_the_first_filling_it_ends_cleanly(tmp_path: Path, migrated_url: str) -> None:
    with demo(tmp_path, migrated_url, *LARGER) as running:
        until(lambda: head(migrated_url) > 0)
        assert running.interrupt() == 0
        assert "Traceback" not in running.complaints


def test_a_desk_that_dies_ends_the_demo_with_a_sentence(tmp_path: Path, migrated_url: str) -> None:
    with demo(tmp_path, migrated_url, *LARGER) as running:
        until(lambda: head(migrated_url) > 0)
        (desk,) = (one for one in psutil.Process(running.process.pid).children() if "spawn_main" in one.cmdline()[-2])
        desk.kill()
        assert running.process.wait(PATIENCE) == 1
        assert "the simulated desk has ended, with status -9" in running.complaints
        assert "Traceback" not in running.complaints


def test_a_ledger_of_somebody_else_is_left_alone(tmp_path: Path, migrated_url: str) -> None:
    line = (
        '{"type": "team.named", "team": "t", "actor": {"type": "system", "id": "s"}, '
        '"occurred_at": "2026-01-01T00:00:00Z", "payload": {"name": "T"}}\n'
    )
    (tmp_path / "theirs.jsonl").write_text(line)
    command = ("import", str(tmp_path / "theirs.jsonl"), "--workspace", "demo", "--create-workspace")
    subprocess.run((*COMMAND, *command), env=environment(tmp_path, migrated_url), check=True, capture_output=True)
    with demo(tmp_path, migrated_url, *SMALL) as running:
        assert running.process.wait(PATIENCE) == 1
        assert "cannot be continued: it was not made by the simulation" in running.complaints
    assert head(migrated_url) == 0


def test_a_taken_port_is_said_in_a_sentence(tmp_path: Path, migrated_url: str) -> None:
    with demo(tmp_path, migrated_url, *SMALL) as running:
        running.opened()
        port = running.address.rsplit(":", 1)[1]
        with demo(tmp_path / "second", migrated_url, *SMALL, "--port", port) as second:
            assert second.process.wait(PATIENCE) == 1
            assert f"cannot listen on 127.0.0.1:{port}" in second.complaints


def head(url: str) -> int:
    """The last position of all ledgers of a database; -1 where it is empty."""

    async def asked() -> int:
        connection = await asyncpg.connect(url)
        try:
            return int(await connection.fetchval("SELECT coalesce(max(position), -1) FROM events"))
        finally:
            await connection.close()

    return asyncio.run(asked())


def _group_lives(group: int) -> bool:
    try:
        os.killpg(group, 0)
    except ProcessLookupError:
        return False
    return True


def assert_whole(url: str, home: Path) -> None:
    """All of the desk's history up to the demo's start is in the ledger, once and in order."""

    async def read() -> None:
        database = await Database.open(url)
        store = Store(database, Vault(database, master_key(home)))
        async with database.session() as session:
            workspace: UUID = await session.fetchval("SELECT workspace_id FROM workspaces WHERE slug = 'demo'")
        recipe = await recipe_in(store, workspace)
        assert recipe is not None
        recorded: list[UUID] = []
        while events := await store.read(workspace, after=len(recorded) - 1, limit=5_000):
            recorded += [event.envelope.id for event in events]
        told = [event.envelope.id for event in simulate(recipe, until=recipe.end)]
        assert recorded[: len(told)] == told
        assert len(set(recorded)) == len(recorded)
        await store.close()
        await database.close()

    asyncio.run(read())
