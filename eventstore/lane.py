"""The lane: the ledger's row in `ledgers`, and what a process remembers of whoever went through it last.

Whoever has locked the row reads the last position, checks versions, inserts and commits; so positions have no gaps and
follow the order of commits, and nobody who has seen N finds something new below N later. The row is never changed: an
update each time would cost two thirds of the throughput behind one long snapshot.
"""

import asyncio
from collections.abc import Sequence
from uuid import UUID

from domain.errors import NotFound
from domain.instants import Instant
from eventstore.database import Session, begin
from eventstore.rows import ends
from eventstore.units import Decision, Head, Unit

_CAUTIOUS = 32
"""For how many batches more to look first, after looking was worth it."""
_REMEMBERED = 100_000
"""How many streams' versions are kept in memory for each workspace."""


class Guess:
    """Whether to look before acting: for as long as looking was worth it not long ago."""

    def __init__(self, left: int) -> None:
        self._left = left

    @property
    def likely(self) -> bool:
        return self._left > 0

    def looked(self, *, found: bool) -> None:
        self._left = _CAUTIOUS if found else max(0, self._left - 1)


class Lane:
    """What a process knows of one ledger's lane. None of it is believed unless the last position is the remembered
    one, or a unique key would object."""

    def __init__(self) -> None:
        self.door = asyncio.Lock()
        """Held while a batch is made ready, until it has its turn: so none overtakes another."""
        self.turn = asyncio.Lock()
        """Held while a batch is in the database."""
        self.head = Head()
        self.redelivered = Guess(0)
        """Whether known ids are likely: redeliveries come in runs. Else the insert finds them, by failing."""
        self.known = Guess(_CAUTIOUS)
        """Whether data subjects that are not remembered are likely to be there: so it is after a start."""
        self.streams = Guess(_CAUTIOUS)
        """The same of streams. A stream that is taken for new and is not violates a key."""
        self.others = Guess(0)
        """Whether other processes append to this ledger: then positions are not guessed, but read in the lane."""
        self._believed: int | None = None
        """The last position that was remembered, also when it is not believed any more."""

    async def take(self, connection: Session, workspace: UUID) -> None:
        """Begin a transaction, and wait for the lane."""
        if await connection.execute(_taking(workspace)) == "SELECT 0":
            raise NotFound("this workspace has no ledger")

    def foresees(self, units: Sequence[Unit]) -> bool:
        """Whether what becomes of the units can be decided on what is remembered, before the lane is taken. Streams
        that are not remembered are taken for new, unless that was wrong lately or a version is expected."""
        head = self.head
        if head.position is None or self.others.likely:
            return False
        unknown = self._unknown(units)
        if unknown and (self.streams.likely or any(unit.expected_version is not None for unit in units)):
            return False
        head.versions.update(dict.fromkeys(unknown, -1))
        return True

    def taking(self, workspace: UUID) -> tuple[str, ...]:
        """Statements that begin a transaction, wait for the lane, and break off where the ledger ends before the last
        position that is remembered: a division by nought. (Where it ends after it, the next position is taken, to
        which its key objects.)"""
        position = self.head.position
        if position is None:
            raise RuntimeError("there is nothing to compare the last position with")
        there = f"SELECT 1 / count(*) FROM events WHERE workspace_id = '{workspace}' AND position = {position}"
        return (_taking(workspace), there) if position >= 0 else (_taking(workspace),)

    async def refresh(self, connection: Session, workspace: UUID, units: Sequence[Unit]) -> None:
        """Have the ledger's end, and the versions of all streams that the units are about. The lane is taken."""
        head = self.head
        streams, unknown = self._streams(units), self._unknown(units)
        position, recorded_at, versions = await ends(connection, workspace, unknown)
        self.others.looked(found=self._believed not in (None, position))
        self._believed = position
        if unknown:
            self.streams.looked(found=any(version >= 0 for version in versions.values()))
        if head.position != position:
            head.position, head.recorded_at = position, recorded_at
            believed = streams & head.versions.keys()
            head.versions.clear()
            if believed:
                head.versions.update((await ends(connection, workspace, list(believed)))[2])
        head.versions.update(versions)

    def advance(self, decision: Decision, recorded_at: Instant) -> None:
        """Remember what was committed."""
        head = self.head
        if not decision.rows:
            return
        self._believed = head.position = decision.rows[-1].position
        head.recorded_at = recorded_at
        for row in decision.rows:
            head.versions[row.event.stream_key] = row.version
        while len(head.versions) > _REMEMBERED:
            del head.versions[next(iter(head.versions))]

    def forget(self) -> None:
        """Believe nothing any more: a transaction did not get through."""
        self.head = Head()

    def _streams(self, units: Sequence[Unit]) -> set[bytes]:
        return {item.prepared.stream_key for unit in units for item in unit.items if item.prepared is not None}

    def _unknown(self, units: Sequence[Unit]) -> list[bytes]:
        return [stream for stream in self._streams(units) if stream not in self.head.versions]


def _taking(workspace: UUID) -> str:
    return f"{begin(workspace)}; SELECT workspace_id FROM ledgers WHERE workspace_id = '{workspace}' FOR UPDATE"
