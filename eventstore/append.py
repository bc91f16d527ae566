"""Appending a batch: everything that can be done before the lane is done before it.

The lane is the ledger's row in `ledgers`. Whoever has locked it reads the last position, checks versions, inserts and
commits; so positions have no gaps and follow the order of commits, and nobody who has seen N finds something new
below N later. The row is never changed: an update each time would cost two thirds of the throughput behind one long
snapshot.
"""

import asyncio
import random
from collections.abc import Mapping, Sequence
from uuid import UUID

import structlog

from domain.errors import InvalidEvent, NotFound, Unavailable
from domain.instants import instant_of
from eventstore import clock
from eventstore.database import Database, Session, begin
from eventstore.failures import RETRIED
from eventstore.redelivery import concerned, same
from eventstore.rows import insert, last_versions
from eventstore.sealing import prepare
from eventstore.units import Appended, Decision, Head, Outcome, Stored, Unit, decide
from eventstore.vault import Vault

log = structlog.get_logger(__name__)

_ATTEMPTS = 12
_FIRST_DELAY = 0.005
_LONGEST_DELAY = 1.0
_WARY = 32
"""For how many batches known ids are looked for before inserting, after one brought some: redeliveries come in runs.
Otherwise the insert itself finds them, by failing."""
_REMEMBERED = 100_000
"""How many streams' versions are kept in memory for each workspace."""


class Appender:
    """Appends batches, in each workspace one at a time."""

    def __init__(self, database: Database, vault: Vault) -> None:
        self._database = database
        self._vault = vault
        self._lanes: dict[UUID, _Lane] = {}

    async def append(self, workspace: UUID, units: Sequence[Unit]) -> int:
        """Settle the units; returns the ledger's last position. Raises `Unavailable`, `NotFound` (no ledger)."""
        lane = self._lanes.setdefault(workspace, _Lane())
        looked = await self._meet(workspace, units)
        self._prepare(workspace, units)
        open_units = [unit for unit in units if unit.appended is None]
        delay = _FIRST_DELAY
        for attempt in range(_ATTEMPTS):
            try:
                if not looked and (attempt or lane.wary):
                    await self._look(workspace, open_units)
                await self._compare(workspace, open_units, lane, again=attempt > 0)
                async with lane.turn:
                    return await self._in_lane(workspace, open_units, lane)
            except (Unavailable, *RETRIED) as error:
                cause = error.__cause__ if isinstance(error, Unavailable) else error
                if not isinstance(cause, RETRIED):
                    raise
                log.info("append is done again", workspace=str(workspace), cause=type(cause).__name__)
            looked = False
            await asyncio.sleep(delay * random.random())  # noqa: S311 - only so that processes do not run in step
            delay = min(delay * 2, _LONGEST_DELAY)
        raise Unavailable("the database broke off every attempt to append; try again later")

    async def _meet(self, workspace: UUID, units: Sequence[Unit]) -> bool:
        """Have all data subjects in the keyring. Before anybody new is made, known ids are looked for (True then): a
        redelivery must not bring a forgotten customer into being again."""
        known = self._vault.keyring(workspace).known
        items = [item for unit in units for item in unit.items]
        names = {name for item in items for name in item.checked.names if name not in known}
        missing = set(await self._vault.load(workspace, names))
        if not missing:
            return False
        await self._look(workspace, units)
        new = {name for item in items if item.stored is None for name in item.checked.names}
        await self._vault.ensure(workspace, new & missing)
        return True

    def _prepare(self, workspace: UUID, units: Sequence[Unit]) -> None:
        """Make the bytes. An event whose data subjects were not made stands there, and needs none."""
        keyring = self._vault.keyring(workspace)
        for unit in units:
            for item in unit.items:
                try:
                    if keyring.known.keys() >= set(item.checked.names):
                        item.prepared = prepare(workspace, item.checked, keyring)
                except InvalidEvent as error:
                    unit.appended = Appended(Outcome.INVALID, error=error)

    async def _look(self, workspace: UUID, units: Sequence[Unit]) -> None:
        """Find what stands under the events' ids."""
        async with self._database.transaction(workspace, readonly=True) as connection:
            rows = await connection.fetch(
                "SELECT event_id, position, version, content, sealed FROM events "
                "WHERE workspace_id = $1 AND event_id = ANY($2)",
                workspace,
                [item.checked.new.envelope.id for unit in units for item in unit.items],
            )
        if rows:
            stored: Mapping[UUID, Stored] = {row[0]: Stored(*row[1:]) for row in rows}
            for unit in units:
                for item in unit.items:
                    item.stored = stored.get(item.checked.new.envelope.id)

    async def _compare(self, workspace: UUID, units: Sequence[Unit], lane: "_Lane", *, again: bool) -> None:
        """Whether events whose ids stand there are the same. `again`: an earlier attempt may have put them there
        without our hearing of it, which equal bytes show."""
        lane.wary = max(0, lane.wary - 1)
        known = [item for unit in units for item in unit.items if item.stored is not None]
        if not known and not again:
            return
        lane.wary = _WARY
        await self._vault.by_id(workspace, {one for item in known if item.stored for one in concerned(item.stored)})
        keyring = self._vault.keyring(workspace)
        for item in known:
            if item.stored is not None:
                item.ours = again and item.prepared is not None and item.prepared.content == item.stored.content
                item.same = item.ours or same(workspace, item.stored, item.checked, keyring)

    async def _in_lane(self, workspace: UUID, units: Sequence[Unit], lane: "_Lane") -> int:
        async with self._database.session() as connection:
            try:
                await _lock(connection, workspace)
                await lane.refresh(connection, workspace, units)
                decision = decide(units, lane.head)
                recorded_at = max(clock.now(), lane.head.recorded_at)
                await insert(connection, workspace, decision.rows, recorded_at)
                await connection.execute("COMMIT")
            except BaseException:
                lane.head = Head()
                if not connection.is_closed():
                    await connection.execute("ROLLBACK")
                raise
        if decision.rows:
            lane.advance(decision, recorded_at)
        for unit, appended in zip(units, decision.appended, strict=True):
            unit.appended = appended
        return lane.head.position


class _Lane:
    """What a process remembers of one ledger's lane."""

    def __init__(self) -> None:
        self.turn = asyncio.Lock()
        """Waiting here for the batch before is cheaper than waiting in the database."""
        self.head = Head()
        self.wary = 0

    async def refresh(self, connection: Session, workspace: UUID, units: Sequence[Unit]) -> None:
        """Have the ledger's end, and the versions of all streams that the units are about. The lane is held."""
        head = self.head
        last = await connection.fetchrow(
            "SELECT position, recorded_at FROM events WHERE workspace_id = $1 ORDER BY position DESC LIMIT 1", workspace
        )
        position = -1 if last is None else last[0]
        if head.position != position:
            head.position, head.recorded_at = position, 0 if last is None else instant_of(last[1])
            head.versions.clear()
        streams = {item.prepared.stream_key for unit in units for item in unit.items if item.prepared is not None}
        unknown = [stream for stream in streams if stream not in head.versions]
        head.versions.update(dict.fromkeys(unknown, -1))
        if unknown and position >= 0:
            head.versions.update(await last_versions(connection, workspace, unknown))

    def advance(self, decision: Decision, recorded_at: int) -> None:
        """Remember what was committed."""
        head = self.head
        head.position, head.recorded_at = decision.rows[-1].position, recorded_at
        for row in decision.rows:
            head.versions[row.event.stream_key] = row.version
        while len(head.versions) > _REMEMBERED:
            del head.versions[next(iter(head.versions))]


async def _lock(connection: Session, workspace: UUID) -> None:
    """Begin, and wait for the lane."""
    said = await connection.execute(
        f"{begin(workspace)}; SELECT workspace_id FROM ledgers WHERE workspace_id = '{workspace}' FOR UPDATE"
    )
    if said == "SELECT 0":
        raise NotFound("this workspace has no ledger")
