"""Servers killed, databases gone, folders shared: nothing acknowledged is lost, and everything comes back by itself."""

import asyncio
import os
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import httpx
import pytest
from websockets.exceptions import ConnectionClosed, InvalidHandshake, InvalidMessage

import migrations
from eventstore.cluster import Cluster
from eventstore.embedded import SETTINGS
from tests.api.desk import RECORD, replied
from tests.api.server import Server
from tests.api.socket import Follower

CUT_OFF = (ConnectionClosed, OSError, InvalidHandshake, InvalidMessage, EOFError, AssertionError)


@pytest.fixture
def home() -> Iterator[Path]:
    """A folder of this test alone, for an embedded PostgreSQL of its own; not below pytest's, which each run of pytest
    closes to other accounts again."""
    folder = Path(tempfile.mkdtemp(prefix="deskledger-api-"))
    yield folder
    shutil.rmtree(folder)


@pytest.fixture
def embedded_server(home: Path) -> Iterator[Server]:
    server = Server(home, settings={"DESKLEDGER_HEARTBEAT_SECONDS": "0.5"})
    server.start()
    yield server
    server.stop()
    assert not (home / "postgres" / "postmaster.pid").exists()


def deskledger(home: Path, *arguments: str) -> "subprocess.CompletedProcess[str]":
    environment = {name: value for name, value in os.environ.items() if not name.startswith("DESKLEDGER_")}
    return subprocess.run(
        [sys.executable, "-m", "api.cli", *arguments],
        env={**environment, "DESKLEDGER_HOME": str(home), "DESKLEDGER_PORT": "0"},
        capture_output=True,
        text=True,
        check=False,
    )


def token(home: Path, role: str) -> str:
    made = deskledger(home, "token", "create", "--workspace", "acme", "--role", role, "--create-workspace")
    assert made.returncode == 0, made.stderr
    return made.stdout.strip()


async def acknowledged(server: Server, ingest: str, facts: list[dict[str, Any]]) -> None:
    """Send facts until they are acknowledged, as an integration does."""
    while True:
        try:
            async with httpx.AsyncClient(timeout=10) as client:
                answer = await client.post(
                    server.url,
                    json={"query": RECORD, "variables": {"input": {"actions": facts}}},
                    headers={"Authorization": f"Bearer {ingest}"},
                )
            outcomes = answer.json()["data"]["recordActions"]["outcomes"]
            assert {outcome["outcome"] for outcome in outcomes} <= {"APPENDED", "DUPLICATE"}
        except (httpx.HTTPError, KeyError, TypeError):
            await asyncio.sleep(0.1)
        else:
            return


async def followed(server: Server, follower: Follower, last: int) -> None:
    """Follow up to a position, coming back whenever cut off."""
    while not follower.seen or follower.seen[-1] < last:
        try:
            await follower.follow(server.websocket_url, until=last)
        except CUT_OFF:
            await asyncio.sleep(0.1)


@pytest.mark.timeout(240)
async def test_a_server_killed_while_events_flow_loses_and_doubles_nothing(home: Path, embedded_server: Server) -> None:
    await embedded_server.ready()
    ingest, follower = token(home, "ingest"), Follower(token(home, "investigator"))
    batches, size = 30, 5
    facts = [replied(f"c{n}", f"r{n}", at="2026-03-02T09:00:00Z") for n in range(batches * size)]
    await acknowledged(embedded_server, ingest, [replied("c", "first", at="2026-03-02T08:00:00Z")])
    follower.cursor = await _beginning(embedded_server, follower.token)

    async def act() -> None:
        for start in range(0, len(facts), size):
            await acknowledged(embedded_server, ingest, facts[start : start + size])

    async def kill() -> None:
        for _ in range(3):
            await asyncio.sleep(0.7)
            port = await asyncio.to_thread(embedded_server.kill)
            await asyncio.to_thread(embedded_server.start, port=port)

    await asyncio.wait_for(asyncio.gather(act(), kill(), followed(embedded_server, follower, len(facts))), 200)
    assert follower.seen == list(range(1, len(facts) + 1))


@pytest.mark.timeout(240)
async def test_a_database_that_goes_away_makes_the_server_unready_and_brings_it_back_by_itself(
    home: Path, embedded_server: Server
) -> None:
    await embedded_server.ready()
    ingest, follower = token(home, "ingest"), Follower(token(home, "investigator"))
    await acknowledged(embedded_server, ingest, [replied("c", "first", at="2026-03-02T08:00:00Z")])
    follower.cursor = await _beginning(embedded_server, follower.token)
    following = asyncio.create_task(followed(embedded_server, follower, 2))
    cluster = Cluster(home / "postgres", SETTINGS)
    await asyncio.to_thread(cluster.stop)
    await embedded_server.is_("unready", because="the database")
    async with httpx.AsyncClient() as client:
        asked = {"query": "{ workspace { head } }"}
        answer = await client.post(
            embedded_server.url, json=asked, headers={"Authorization": f"Bearer {follower.token}"}
        )
        assert answer.json()["errors"][0]["extensions"]["code"] == "UNAVAILABLE"
        assert (await client.get(f"{embedded_server.root}/healthz")).status_code == 200
    await asyncio.to_thread(cluster.start)
    await embedded_server.is_("ready")
    await acknowledged(embedded_server, ingest, [replied("c", f"r{n}", at="2026-03-02T09:00:00Z") for n in range(2)])
    await asyncio.wait_for(following, 60)
    assert follower.seen == [1, 2]


async def test_a_server_whose_database_is_not_there_yet_waits_for_it_and_says_why(tmp_path: Path) -> None:
    server = Server(tmp_path, f"postgresql://nobody@localhost/nothing?host={tmp_path}").start()
    await server.is_("unready", because="the database is not there")
    assert server.stop() == 0


@pytest.mark.timeout(240)
async def test_a_second_server_on_the_same_folder_refuses_and_says_so(home: Path, embedded_server: Server) -> None:
    await embedded_server.ready()
    second = await asyncio.to_thread(deskledger, home, "serve")
    assert second.returncode == 1
    assert f"another `deskledger serve` is running on {home}" in second.stderr
    assert "Traceback" not in second.stderr
    await embedded_server.is_("ready")


async def _beginning(server: Server, token: str) -> str:
    """The cursor of the first entry."""
    query = '{ journal(first: 1, atLeast: "0") { pageInfo { endCursor } } }'
    async with httpx.AsyncClient(timeout=30) as client:
        answer = await client.post(server.url, json={"query": query}, headers={"Authorization": f"Bearer {token}"})
    return str(answer.json()["data"]["journal"]["pageInfo"]["endCursor"])


async def test_a_server_over_a_schema_that_is_not_its_own_says_what_to_do_and_goes_on_once_it_is_done(
    new_database_url: str,
) -> None:
    server = Server(Path(os.environ["DESKLEDGER_TEST_RUN"]), new_database_url).start()
    await server.is_("unready", because="run `deskledger migrate`")
    await migrations.upgrade(new_database_url)
    await server.is_("ready")
    assert server.stop() == 0
