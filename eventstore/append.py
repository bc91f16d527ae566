"""Appending a batch: known data subjects, bytes and comparisons first, then one transaction in the lane.

A batch is taken for what nearly all are: new events, of streams and data subjects that are remembered or new, with
nobody else appending in between. Where that is wrong a unique key or the last position says so, the transaction goes
back, and the batch is done again step by step, looking first.
"""

import asyncio
import random
from collections import OrderedDict
from collections.abc import Sequence
from dataclasses import dataclass, field
from uuid import UUID

import structlog

from domain.errors import InvalidEvent, Unavailable
from eventstore import clock
from eventstore.database import Database, Session, rollback
from eventstore.failures import BROKEN_OFF, RETRIED
from eventstore.lane import Lane
from eventstore.proofs.guard import Guard
from eventstore.redelivery import Comparison, concerned
from eventstore.rows import insert_and_commit
from eventstore.sealing import prepare
from eventstore.units import Appended, Decision, Item, Outcome, Stored, Unit, decide
from eventstore.vault import DataSubject, Name, Vault

Subjects = dict[Name, DataSubject]

log = structlog.get_logger(__name__)

_ATTEMPTS = 12
_FIRST_DELAY = 0.005
_LONGEST_DELAY = 1.0
AT_A_STRETCH = 64
"""Events that are worked on before others have a chance: well under a millisecond."""
_LANES = 1_000
"""How many ledgers are remembered."""


class _Again(Exception):
    """Do the batch again, looking first: what is refused may be a redelivery, and data subjects may not be needed."""


@dataclass(slots=True)
class _Batch:
    """Units of one workspace on their way."""

    workspace: UUID
    units: Sequence[Unit]
    looked: bool = False
    """Whether it is known what stands under the events' ids."""
    known: Subjects = field(default_factory=dict)
    """The data subjects that there are."""
    made: Subjects = field(default_factory=dict)
    """Those that are new."""

    @property
    def items(self) -> list[Item]:
        return [item for unit in self.units for item in unit.items]

    @property
    def open_units(self) -> list[Unit]:
        return [unit for unit in self.units if unit.appended is None]


class Appender:
    """Appends batches, in each workspace one at a time."""

    def __init__(self, database: Database, vault: Vault, guard: Guard | None = None) -> None:
        """`guard`: asked before anything is appended to a ledger."""
        self._database = database
        self._vault = vault
        self._guard = guard
        self._lanes: OrderedDict[UUID, Lane] = OrderedDict()

    async def append(self, workspace: UUID, units: Sequence[Unit]) -> int | None:
        """Settle the units; returns the last position that was appended, None where none was. Raises `Unavailable`,
        `NotFound` (no ledger).

        Batches of a ledger go through in the order in which they come, also those that have to be done again; while
        one is in the database, the next one is made ready.
        """
        if self._guard is not None:
            await self._guard.admit(workspace)
        lane = self._lane(workspace)
        async with lane.door:
            ready = await self._ready(_Batch(workspace, units), lane)
            await lane.turn.acquire()
        try:
            return await self._until_done(workspace, units, ready, lane)
        finally:
            lane.turn.release()

    async def _ready(self, batch: _Batch, lane: Lane) -> _Batch | None:
        """The batch made ready before its turn; None where that broke off."""
        try:
            await self._make_ready(batch, lane, look=lane.redelivered.likely)
        except Unavailable as error:
            if not isinstance(error.__cause__, RETRIED):
                raise
            return None
        return batch

    async def _until_done(self, workspace: UUID, units: Sequence[Unit], batch: _Batch | None, lane: Lane) -> int | None:
        delay = _FIRST_DELAY
        for _ in range(_ATTEMPTS):
            try:
                if batch is None:
                    batch = _Batch(workspace, units)
                    await self._make_ready(batch, lane, look=True)
                return await self._in_lane(batch, lane)
            except (Unavailable, _Again, *RETRIED) as error:
                cause = error.__cause__ if isinstance(error, Unavailable) else error
                if isinstance(cause, BROKEN_OFF):
                    log.warning("an append broke off; it is done again", workspace=str(workspace), cause=str(cause))
                    _note_contents(units)
                elif not isinstance(cause, (_Again, *RETRIED)):
                    raise
            if batch is None or batch.looked:
                await asyncio.sleep(delay * random.random())  # noqa: S311 - so that processes do not run in step
                delay = min(delay * 2, _LONGEST_DELAY)
            batch = None
        raise Unavailable("the database broke off every attempt to append; try again later")

    def _lane(self, workspace: UUID) -> Lane:
        """What is remembered of this ledger. What is dropped for want of room is read again when needed."""
        lane = self._lanes.setdefault(workspace, Lane())
        self._lanes.move_to_end(workspace)
        if len(self._lanes) > _LANES:
            self._lanes.popitem(last=False)
        return lane

    async def _make_ready(self, batch: _Batch, lane: Lane, *, look: bool) -> None:
        """Know all data subjects, and what stands under the events' ids, as far as that is looked for."""
        workspace, items = batch.workspace, batch.items
        names = {name for item in items for name in item.checked.names}
        batch.known = self._vault.remembered(workspace, names)
        remembered = len(batch.known)
        load = remembered < len(names) and (look or lane.known.likely or self._vault.must_load(names))
        if look or load:
            async with self._database.transaction(workspace, readonly=True) as connection:
                if load:
                    batch.known = await self._vault.load(connection, workspace, names)
                    lane.known.looked(found=len(batch.known) > remembered)
                if look:
                    batch.looked = True
                    await self._compare(connection, batch, lane)
        batch.made = self._vault.candidates(workspace, names - batch.known.keys())
        await self._prepare(batch)

    async def _compare(self, connection: Session, batch: _Batch, lane: Lane) -> None:
        """Whether events whose ids stand there are the same, and whether we put them there ourselves in an attempt
        whose end we did not hear, which equal bytes show."""
        workspace = batch.workspace
        await _look(connection, workspace, batch.items)
        stored = [(item, item.stored) for item in batch.items if item.stored is not None]
        lane.redelivered.looked(found=bool(stored))
        if not stored:
            return
        ids = {one for _, there in stored for one in concerned(there)}
        by_id = await self._vault.load_ids(connection, workspace, ids)
        comparison = Comparison(workspace, batch.known, by_id, self._vault.keyring(workspace))
        for item, there in stored:
            item.ours = there.content in item.tried
            item.same = item.ours or comparison.same(there, item.checked)

    async def _prepare(self, batch: _Batch) -> None:
        """Make the bytes of what does not stand there. The batch that is in the lane goes on in between."""
        subjects = {**batch.known, **batch.made}
        keyring = self._vault.keyring(batch.workspace)
        for number, unit in enumerate(batch.units, 1):
            try:
                for item in unit.items:
                    if item.stored is None:
                        item.prepared = prepare(batch.workspace, item.checked, subjects, keyring)
            except InvalidEvent as error:
                unit.appended = Appended(Outcome.INVALID, error=error.with_traceback(None))
            if number % AT_A_STRETCH == 0:
                await asyncio.sleep(0)

    async def _in_lane(self, batch: _Batch, lane: Lane) -> int | None:
        """One transaction: take the lane, decide, insert, commit. Data subjects that are new are made in it, for events
        that are inserted: so there is neither without the other, and a redelivery cannot bring a forgotten customer
        into being again."""
        workspace, units = batch.workspace, batch.open_units
        async with self._database.session() as connection:
            try:
                if batch.looked or not lane.foresees(units):
                    taking: tuple[str, ...] = ()
                    decision, made = await self._looking(connection, batch, lane, units)
                else:
                    taking = lane.taking(workspace)
                    decision, made = self._foreseen(batch, lane, units)
                recorded_at = max(clock.now(), lane.head.recorded_at)
                if decision.rows:
                    making = (self._vault.insertion(workspace, made),) if made else ()
                    await insert_and_commit(connection, workspace, (*taking, *making), decision.rows, recorded_at)
                elif connection.is_in_transaction():
                    await rollback(connection)
            except BaseException:
                lane.forget()
                await rollback(connection)
                raise
        self._vault.remember(workspace, made)
        lane.advance(decision, recorded_at)
        for unit, appended in zip(units, decision.appended, strict=True):
            unit.appended = appended
        return decision.rows[-1].position if decision.rows else None

    def _foreseen(self, batch: _Batch, lane: Lane, units: Sequence[Unit]) -> tuple[Decision, Subjects]:
        """What will become of the units when the lane is taken, if what is remembered is right; else a key objects."""
        decision = decide(units, lane.head)
        made = self._vault.not_yet(batch.workspace, batch.made)
        if len(_used(decision, made)) < len(made) or decision.refused:
            raise _Again
        return decision, made

    async def _looking(
        self, connection: Session, batch: _Batch, lane: Lane, units: Sequence[Unit]
    ) -> tuple[Decision, Subjects]:
        """Take the lane, see where the ledger ends, and decide."""
        await lane.take(connection, batch.workspace)
        await lane.refresh(connection, batch.workspace, units)
        decision = decide(units, lane.head)
        if not batch.looked and decision.refused:
            raise _Again
        return decision, _used(decision, self._vault.not_yet(batch.workspace, batch.made))


def _used(decision: Decision, made: Subjects) -> Subjects:
    """Those of the new data subjects that the inserted events are about."""
    if not made:
        return {}
    return {name: made[name] for row in decision.rows for name in row.event.checked.names if name in made}


def _note_contents(units: Sequence[Unit]) -> None:
    """What may stand in the ledger now without our knowing."""
    for unit in units:
        for item in unit.items:
            if item.prepared is not None:
                item.tried = (*item.tried, item.prepared.content)


async def _look(connection: Session, workspace: UUID, items: Sequence[Item]) -> None:
    """Find what stands under the events' ids."""
    rows = await connection.fetch(
        "SELECT event_id, position, version, content, sealed FROM events "
        "WHERE workspace_id = $1 AND event_id = ANY($2)",
        workspace,
        [item.checked.new.envelope.id for item in items],
    )
    stored = {row[0]: Stored(*row[1:]) for row in rows}
    for item in items:
        item.stored = stored.get(item.checked.new.envelope.id)
