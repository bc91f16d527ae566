"""Appending a batch: everything that can be done before the lane is done before it.

The lane is the ledger's row in `ledgers`. Whoever has locked it reads the last position, checks versions, inserts and
commits; so positions have no gaps and follow the order of commits, and nobody who has seen N finds something new
below N later. The row is never changed: an update each time would cost two thirds of the throughput behind one long
snapshot.
"""

import asyncio
import random
from collections import OrderedDict
from collections.abc import Sequence
from dataclasses import dataclass
from uuid import UUID

import structlog

from domain.errors import InvalidEvent, NotFound, Unavailable
from eventstore import clock
from eventstore.database import Database, Session, begin, rollback
from eventstore.failures import BROKEN_OFF, RETRIED
from eventstore.redelivery import Comparison, concerned
from eventstore.rows import ends, insert
from eventstore.sealing import prepare
from eventstore.units import Appended, Decision, Head, Item, Outcome, Stored, Unit, decide
from eventstore.vault import DataSubject, Name, Vault

Subjects = dict[Name, DataSubject]

log = structlog.get_logger(__name__)

_ATTEMPTS = 12
_FIRST_DELAY = 0.005
_LONGEST_DELAY = 1.0
_CAUTIOUS = 32
"""For how many batches more to look first, after looking was worth it."""
_LANES = 1_000
"""How many ledgers are remembered."""
_REMEMBERED = 100_000
"""How many streams' versions are kept in memory for each workspace."""


class Appender:
    """Appends batches, in each workspace one at a time."""

    def __init__(self, database: Database, vault: Vault) -> None:
        self._database = database
        self._vault = vault
        self._lanes: OrderedDict[UUID, _Lane] = OrderedDict()

    async def append(self, workspace: UUID, units: Sequence[Unit]) -> int | None:
        """Settle the units; returns the last position that was appended, None where none was. Raises `Unavailable`,
        `NotFound` (no ledger).

        Batches of a ledger go through in the order in which they come, also those that have to be done again; while
        one is in the database, the next one is made ready.
        """
        lane = self._lane(workspace)
        async with lane.door:
            ready = await self._ready(workspace, units, lane)
            await lane.turn.acquire()
        try:
            return await self._until_done(workspace, units, lane, ready)
        finally:
            lane.turn.release()

    async def _ready(self, workspace: UUID, units: Sequence[Unit], lane: "_Lane") -> "_Ready | None":
        """The batch made ready before its turn; None where that broke off."""
        try:
            return await self._make_ready(workspace, units, lane, look=lane.redelivered.likely)
        except Unavailable as error:
            if not isinstance(error.__cause__, RETRIED):
                raise
            return None

    async def _until_done(
        self, workspace: UUID, units: Sequence[Unit], lane: "_Lane", ready: "_Ready | None"
    ) -> int | None:
        delay = _FIRST_DELAY
        for _ in range(_ATTEMPTS):
            try:
                if ready is None:
                    ready = await self._make_ready(workspace, units, lane, look=True)
                return await self._in_lane(workspace, units, lane, ready)
            except (Unavailable, _Again, *RETRIED) as error:
                cause = error.__cause__ if isinstance(error, Unavailable) else error
                if isinstance(cause, BROKEN_OFF):
                    log.warning("an append broke off; it is done again", workspace=str(workspace), cause=str(cause))
                    _note_contents(units)
                elif not isinstance(cause, (_Again, *RETRIED)):
                    raise
            if ready is None or ready.looked:
                await asyncio.sleep(delay * random.random())  # noqa: S311 - so that processes do not run in step
                delay = min(delay * 2, _LONGEST_DELAY)
            ready = None
        raise Unavailable("the database broke off every attempt to append; try again later")

    def _lane(self, workspace: UUID) -> "_Lane":
        """What is remembered of this ledger. What is dropped for want of room is read again when needed."""
        lane = self._lanes.setdefault(workspace, _Lane())
        self._lanes.move_to_end(workspace)
        if len(self._lanes) > _LANES:
            self._lanes.popitem(last=False)
        return lane

    async def _make_ready(self, workspace: UUID, units: Sequence[Unit], lane: "_Lane", *, look: bool) -> "_Ready":
        """Know all data subjects, make the bytes, and compare with what stands there, as far as it was looked for."""
        items = [item for unit in units for item in unit.items]
        names = {name for item in items for name in item.checked.names}
        known = self._vault.remembered(workspace, names)
        load = len(known) < len(names) and (look or lane.known.likely or self._vault.must_load(names))
        if look or load:
            async with self._database.transaction(workspace, readonly=True) as connection:
                if load:
                    remembered = len(known)
                    known = await self._vault.load(connection, workspace, names)
                    lane.known.looked(found=len(known) > remembered)
                if look:
                    await _look(connection, workspace, items)
                    await self._compare(connection, workspace, items, lane, known)
        made = self._vault.candidates(workspace, names - known.keys())
        self._prepare(workspace, units, {**known, **made})
        return _Ready(made, look)

    def _prepare(self, workspace: UUID, units: Sequence[Unit], subjects: Subjects) -> None:
        keyring = self._vault.keyring(workspace)
        for unit in units:
            try:
                for item in unit.items:
                    if item.stored is None:
                        item.prepared = prepare(workspace, item.checked, subjects, keyring)
            except InvalidEvent as error:
                unit.appended = Appended(Outcome.INVALID, error=error.with_traceback(None))

    async def _compare(
        self, connection: Session, workspace: UUID, items: Sequence[Item], lane: "_Lane", known: Subjects
    ) -> None:
        """Whether events whose ids stand there are the same, and whether we put them there ourselves in an attempt
        whose end we did not hear, which equal bytes show."""
        stored = [(item, item.stored) for item in items if item.stored is not None]
        lane.redelivered.looked(found=bool(stored))
        if not stored:
            return
        ids = {one for _, there in stored for one in concerned(there)}
        by_id = await self._vault.load_ids(connection, workspace, ids)
        comparison = Comparison(workspace, known, by_id, self._vault.keyring(workspace))
        for item, there in stored:
            item.ours = there.content in item.tried
            item.same = item.ours or comparison.same(there, item.checked)

    async def _in_lane(self, workspace: UUID, units: Sequence[Unit], lane: "_Lane", ready: "_Ready") -> int | None:
        """One transaction: lock, decide, insert, commit. Data subjects that are new are made in it, for events that
        are inserted: so there is neither without the other, and a redelivery cannot bring a forgotten customer into
        being again."""
        open_units = [unit for unit in units if unit.appended is None]
        async with self._database.session() as connection:
            try:
                decision, made = await self._decide(connection, workspace, open_units, lane, ready)
                recorded_at = max(clock.now(), lane.head.recorded_at)
                await insert(connection, workspace, decision.rows, recorded_at)
                if await connection.execute("COMMIT") != "COMMIT":
                    raise RuntimeError("a statement failed, its error was swallowed, and the transaction rolled back")
            except BaseException:
                lane.head = Head()
                await rollback(connection)
                raise
        self._vault.remember(workspace, made)
        lane.advance(decision, recorded_at)
        for unit, appended in zip(open_units, decision.appended, strict=True):
            unit.appended = appended
        return lane.head.position

    async def _decide(
        self, connection: Session, workspace: UUID, units: Sequence[Unit], lane: "_Lane", ready: "_Ready"
    ) -> tuple[Decision, Subjects]:
        """Begin, take the lane, and decide; with the data subjects that were made. All in one message, as long as
        nothing is known that speaks against it; where that was wrong, again, step by step."""
        made = self._vault.not_yet(workspace, ready.made) if ready.made else {}
        if not ready.looked and lane.head.position is not None:
            insertion = self._vault.insertion(workspace, made) if made else None
            alone = await _lock_and_check(connection, workspace, lane.head.position, insertion)
            await lane.refresh(connection, workspace, units, alone=alone)
            decision = decide(units, lane.head)
            used = _used(decision, made)
            if len(used) < len(made) or any(one.outcome is Outcome.CONFLICT for one in decision.appended):
                raise _Again
            return decision, used
        await _lock(connection, workspace)
        await lane.refresh(connection, workspace, units, alone=False)
        decision = decide(units, lane.head)
        used = _used(decision, made)
        if not ready.looked and any(one.outcome is Outcome.CONFLICT for one in decision.appended):
            raise _Again
        if used:
            await connection.execute(self._vault.insertion(workspace, used))
        return decision, used


@dataclass(frozen=True, slots=True)
class _Ready:
    """A batch whose bytes are made. `made`: data subjects that are new; `looked`: whether known ids were looked for."""

    made: Subjects
    looked: bool


class _Again(Exception):
    """Make the batch ready anew, looking for known ids first: a conflict may be a redelivery."""


class _Guess:
    """Whether to look before acting: for as long as looking was worth it not long ago."""

    def __init__(self, left: int) -> None:
        self._left = left

    @property
    def likely(self) -> bool:
        return self._left > 0

    def looked(self, *, found: bool) -> None:
        self._left = _CAUTIOUS if found else max(0, self._left - 1)


class _Lane:
    """What a process remembers of one ledger's lane."""

    def __init__(self) -> None:
        self.door = asyncio.Lock()
        """Held while a batch is made ready, until it has its turn: so none overtakes another."""
        self.turn = asyncio.Lock()
        """Held while a batch is in the database."""
        self.head = Head()
        self.redelivered = _Guess(0)
        """Whether known ids are likely: redeliveries come in runs. Else the insert finds them, by failing."""
        self.known = _Guess(_CAUTIOUS)
        """Whether data subjects that are not remembered are likely to be there: so it is after a start."""
        self.streams = _Guess(_CAUTIOUS)
        """The same of streams. A stream that is taken for new and is not violates a key."""

    async def refresh(self, connection: Session, workspace: UUID, units: Sequence[Unit], *, alone: bool) -> None:
        """Have the ledger's end, and the versions of all streams that the units are about. The lane is held. `alone`:
        the end is known to be as remembered."""
        head = self.head
        streams = {item.prepared.stream_key for unit in units for item in unit.items if item.prepared is not None}
        unknown = [stream for stream in streams if stream not in head.versions]
        expected = any(unit.expected_version is not None for unit in units)
        if alone and (not unknown or not (expected or self.streams.likely)):
            head.versions.update(dict.fromkeys(unknown, -1))
            return
        position, recorded_at, versions = await ends(connection, workspace, unknown)
        if unknown:
            self.streams.looked(found=any(version >= 0 for version in versions.values()))
        if head.position != position:
            head.position, head.recorded_at = position, recorded_at
            believed = streams & head.versions.keys()
            head.versions.clear()
            if believed:
                head.versions.update((await ends(connection, workspace, list(believed)))[2])
        head.versions.update(versions)

    def advance(self, decision: Decision, recorded_at: int) -> None:
        """Remember what was committed."""
        head = self.head
        if not decision.rows:
            return
        head.position, head.recorded_at = decision.rows[-1].position, recorded_at
        for row in decision.rows:
            head.versions[row.event.stream_key] = row.version
        while len(head.versions) > _REMEMBERED:
            del head.versions[next(iter(head.versions))]


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


def _locking(workspace: UUID) -> str:
    return f"{begin(workspace)}; SELECT workspace_id FROM ledgers WHERE workspace_id = '{workspace}' FOR UPDATE"


async def _lock(connection: Session, workspace: UUID) -> None:
    """Begin, and wait for the lane."""
    if await connection.execute(_locking(workspace)) == "SELECT 0":
        raise NotFound("this workspace has no ledger")


async def _lock_and_check(connection: Session, workspace: UUID, position: int, insertion: str | None) -> bool:
    """Begin, wait for the lane, insert data subjects, and see whether the last position is the remembered one still,
    in one message. (What a message with several statements answers is how many rows the last one found.)"""
    found = await connection.execute(
        f"{_locking(workspace)}; {f'{insertion}; ' if insertion else ''}"
        f"SELECT position FROM events WHERE workspace_id = '{workspace}' AND position >= {max(0, position)} "
        "ORDER BY position LIMIT 2"
    )
    return found == ("SELECT 0" if position < 0 else "SELECT 1")


def _used(decision: Decision, made: Subjects) -> Subjects:
    """Those of the new data subjects that the inserted events are about."""
    if not made:
        return {}
    return {name: made[name] for row in decision.rows for name in row.event.checked.names if name in made}
