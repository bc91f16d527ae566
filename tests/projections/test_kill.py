"""Workers killed at random: what they leave behind is what an undisturbed one would have made."""

import asyncio
import random
import signal
import sys
from asyncio.subprocess import DEVNULL, Process
from pathlib import Path
from uuid import UUID, uuid4

import pytest

from domain.envelope import NewEvent
from domain.events.conversations import ConversationClaimed, ConversationOpened
from domain.events.items import ItemReceived
from domain.events.replies import ReplySent
from domain.instants import SECOND, parse_instant
from eventstore.database import Database
from eventstore.store import Store
from projections import generations
from projections.directory.projection import Directory
from projections.generations import Generation
from projections.journal.projection import Journal
from projections.metrics import completeness
from projections.projection import Projection
from tests.events import customer, event
from tests.projections.filling import Filled, append, fill
from tests.projections.waiting import until

MONDAY = parse_instant("2026-03-02T09:00:00Z")


def history(conversations: int) -> list[NewEvent]:
    """Conversations of four events each, interleaved and out of order."""
    events = []
    for number in range(conversations):
        at, talk, who = MONDAY + number * SECOND, f"c{number}", f"op{number % 7}"
        events += [
            event(ConversationOpened(channel="vk", team="first line"), by="anna", at=at, conversation=talk),
            event(ItemReceived(item="i", text="Hello"), by=customer(f"k{number % 50}"), at=at + 1, conversation=talk),
            event(ConversationClaimed(), by=who, at=at + 2, conversation=talk),
            event(ReplySent(reply="r", text="Good day"), by=who, at=at + 3, conversation=talk),
        ]
    seeded(7).shuffle(events)
    return events


def seeded(seed: int) -> random.Random:
    return random.Random(seed)


async def _worker(url: str, workspace: UUID, home: Path) -> Process:
    return await asyncio.create_subprocess_exec(
        sys.executable, "-m", "tests.projections.killed", url, str(workspace), str(home), stdout=DEVNULL, stderr=DEVNULL
    )


async def _check_kills(
    database: Database, store: Store, url: str, home: Path, *, kills: int, conversations: int, chance: random.Random
) -> None:
    workspace = uuid4()
    await store.create_ledger(workspace)
    told = history(conversations)
    await append(store, workspace, told[: len(told) // 2])
    worker = await _worker(url, workspace, home)
    for part in range(kills):
        seen = await _progress(database, workspace)
        await until(lambda: _moved(database, workspace, seen))  # noqa: B023 - awaited within its turn
        await asyncio.sleep(chance.uniform(0, 0.2))
        worker.send_signal(signal.SIGKILL)
        await worker.wait()
        half = len(told) // 2
        await append(store, workspace, told[half + part * half // kills : half + (part + 1) * half // kills])
        worker = await _worker(url, workspace, home)
    await until(lambda: _reached(database, workspace, len(told) - 1))
    worker.terminate()
    await worker.wait()
    await _is_as_if_undisturbed(database, store, workspace)


async def _is_as_if_undisturbed(database: Database, store: Store, workspace: UUID) -> None:
    projections: tuple[Projection, ...] = (Journal(store), Directory())
    for projection in projections:
        assert not (await completeness(database, workspace, projection.name)).missing
        await generations.begin(database, workspace, projection)
        anew = await fill(database, store, projection, workspace)
        for table in projection.tables:
            assert await anew.rows(table) == await Filled(database, workspace, 1).rows(table)


async def _progress(database: Database, workspace: UUID) -> int:
    return sum(one.checkpoint for one in await generations.all_of(database, workspace))


async def _moved(database: Database, workspace: UUID, since: int) -> bool | None:
    return True if await _progress(database, workspace) > since else None


async def _reached(database: Database, workspace: UUID, position: int) -> list[Generation] | None:
    found = await generations.all_of(database, workspace)
    return found if len(found) == 2 and all(one.checkpoint == position for one in found) else None


async def test_what_killed_workers_leave_is_what_an_undisturbed_one_makes(
    database: Database, store: Store, database_url: str, home: Path
) -> None:
    await _check_kills(database, store, database_url, home, kills=3, conversations=400, chance=seeded(1))


@pytest.mark.soak
@pytest.mark.timeout(1_800)
async def test_a_hundred_kills_change_nothing(database: Database, store: Store, database_url: str, home: Path) -> None:
    await _check_kills(database, store, database_url, home, kills=100, conversations=10_000, chance=seeded(2))
