"""Concurrent callers share transactions; what waits is bounded; nobody pays for somebody else's mistake."""

import asyncio
from collections.abc import Sequence
from uuid import UUID, uuid4

import pytest

from domain.errors import Overloaded, Unavailable
from eventstore import clock
from eventstore.group_commit import GroupCommit
from eventstore.sealing import check
from eventstore.store import Appended, Outcome, Store
from eventstore.units import Item, Unit
from tests.eventstore.desk import append, asked, tagged

APPENDED = Appended(Outcome.APPENDED, 0, 0)


class Ledger:
    """Notes the batches that it is given; commits when it is let."""

    def __init__(self) -> None:
        self.batches: list[int] = []
        self.came = asyncio.Event()
        self.open = asyncio.Event()
        self.broken: Unit | None = None

    async def commit(self, _workspace: UUID, units: Sequence[Unit]) -> None:
        self.batches.append(len(units))
        self.came.set()
        await self.open.wait()
        if self.broken is not None and any(unit is self.broken for unit in units):
            raise ValueError("a mistake of ours, in this unit")
        for unit in units:
            unit.appended = APPENDED


def unit(number: int = 1) -> Unit:
    return Unit((Item(check(tagged(number), clock.now())),), None)


async def until_waiting(ledger: Ledger, batches: int) -> None:
    async with asyncio.timeout(5):
        while len(ledger.batches) < batches:
            ledger.came.clear()
            await ledger.came.wait()


async def test_callers_that_come_together_share_a_batch() -> None:
    ledger = Ledger()
    ledger.open.set()
    group = GroupCommit(ledger.commit)

    await asyncio.gather(*(group.submit(UUID(int=1), [unit()]) for _ in range(50)))

    assert ledger.batches == [50]


async def test_what_comes_while_batches_are_under_way_waits_for_the_next() -> None:
    ledger = Ledger()
    group = GroupCommit(ledger.commit)
    calls = [asyncio.create_task(group.submit(UUID(int=1), [unit()]))]
    await until_waiting(ledger, 1)
    calls.append(asyncio.create_task(group.submit(UUID(int=1), [unit()])))
    await until_waiting(ledger, 2)
    calls += [asyncio.create_task(group.submit(UUID(int=1), [unit()])) for _ in range(30)]
    await asyncio.sleep(0)

    ledger.open.set()
    await asyncio.gather(*calls)

    assert ledger.batches == [1, 1, 30]


async def test_workspaces_do_not_wait_for_each_other() -> None:
    ledger = Ledger()
    group = GroupCommit(ledger.commit)

    calls = [asyncio.create_task(group.submit(uuid4(), [unit()])) for _ in range(5)]
    await until_waiting(ledger, 5)
    ledger.open.set()

    await asyncio.gather(*calls)


async def test_a_long_call_comes_in_several_batches_in_its_order() -> None:
    ledger = Ledger()
    ledger.open.set()
    group = GroupCommit(ledger.commit)

    await group.submit(UUID(int=1), [unit()] * 1000)

    assert ledger.batches == [256, 256, 256, 232]


async def test_a_unit_is_never_divided() -> None:
    ledger = Ledger()
    ledger.open.set()
    group = GroupCommit(ledger.commit)
    long = Unit(unit().items * 700, None)

    await group.submit(UUID(int=1), [unit(), long, unit()])

    assert ledger.batches == [1, 1, 1]


async def test_more_than_can_wait_is_refused_at_once_and_room_comes_back() -> None:
    ledger = Ledger()
    group = GroupCommit(ledger.commit, waiting=10)
    calls = [asyncio.create_task(group.submit(UUID(int=1), [unit()])) for _ in range(2)]
    await until_waiting(ledger, 1)
    calls += [asyncio.create_task(group.submit(UUID(int=1), [unit()])) for _ in range(30)]
    await asyncio.sleep(0)
    await asyncio.sleep(0)

    refused = [call for call in calls if call.done() and isinstance(call.exception(), Overloaded)]
    ledger.open.set()
    told = await asyncio.gather(*calls, return_exceptions=True)
    await group.submit(UUID(int=1), [unit()])

    assert refused
    assert all(answer is None or isinstance(answer, Overloaded) for answer in told)
    assert sum(ledger.batches) == 32 - len(refused) + 1


async def test_a_mistake_of_ours_hits_only_the_call_that_it_is_in() -> None:
    ledger = Ledger()
    ledger.open.set()
    group = GroupCommit(ledger.commit)
    units = [unit(number) for number in range(5)]
    ledger.broken = units[2]

    told = await asyncio.gather(*(group.submit(UUID(int=1), [one]) for one in units), return_exceptions=True)

    assert [type(answer) for answer in told] == [type(None), type(None), ValueError, type(None), type(None)]


async def test_a_caller_that_goes_away_takes_nobody_along() -> None:
    ledger = Ledger()
    group = GroupCommit(ledger.commit)
    leaving, staying = (asyncio.create_task(group.submit(UUID(int=1), [unit()])) for _ in range(2))
    await until_waiting(ledger, 1)

    leaving.cancel()
    ledger.open.set()

    await staying
    assert leaving.cancelled()


async def test_closing_finishes_what_has_come_and_refuses_what_comes() -> None:
    ledger = Ledger()
    group = GroupCommit(ledger.commit)
    call = asyncio.create_task(group.submit(UUID(int=1), [unit()]))
    await until_waiting(ledger, 1)

    closing = asyncio.create_task(group.close())
    await asyncio.sleep(0)
    with pytest.raises(Unavailable):
        await group.submit(UUID(int=1), [unit()])
    ledger.open.set()

    await asyncio.gather(call, closing)


async def test_many_callers_at_once_are_all_served(store: Store, workspace: UUID) -> None:
    told = await asyncio.gather(*(append(store, workspace, tagged(number), asked()) for number in range(200)))

    positions = sorted(one[0].position for one in told if one[0].position is not None)
    assert positions == sorted({*range(201)} - {told_asked(told)})


def told_asked(told: list[list[Appended]]) -> int:
    """Where the one event stands that all of them sent."""
    (position,) = {one[1].position for one in told}
    assert position is not None
    return position
