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

    async def take(self, connection: Session, workspace: UUID) -> None:
        """Begin a transaction, and wait for the lane."""
        if await connection.execute(_taking(workspace)) == "SELECT 0":
            raise NotFound("this workspace has no ledger")

    async def take_and_check(self, connection: Session, workspace: UUID, insertion: str | None) -> bool:
        """The same in one message with an insertion, and with a look whether the last position is the remembered one,
        so that the ledger's end need not be read. (What a message of several statements answers is how many rows the
        last one found.)"""
        if self.head.position is None:
            raise RuntimeError("there is nothing to compare the last position with")
        found = await connection.execute(
            f"{_taking(workspace)}; {f'{insertion}; ' if insertion else ''}"
            f"SELECT position FROM events WHERE workspace_id = '{workspace}' "
            f"AND position >= {max(0, self.head.position)} ORDER BY position LIMIT 2"
        )
        return found == ("SELECT 0" if self.head.position < 0 else "SELECT 1")

    async def refresh(self, connection: Session, workspace: UUID, units: Sequence[Unit], *, alone: bool) -> None:
        """Have the ledger's end, and the versions of all streams that the units are about. The lane is taken. `alone`:
        the last position is the remembered one."""
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

    def advance(self, decision: Decision, recorded_at: Instant) -> None:
        """Remember what was committed."""
        head = self.head
        if not decision.rows:
            return
        head.position, head.recorded_at = decision.rows[-1].position, recorded_at
        for row in decision.rows:
            head.versions[row.event.stream_key] = row.version
        while len(head.versions) > _REMEMBERED:
            del head.versions[next(iter(head.versions))]

    def forget(self) -> None:
        """Believe nothing any more: a transaction did not get through."""
        self.head = Head()


def _taking(workspace: UUID) -> str:
    return f"{begin(workspace)}; SELECT workspace_id FROM ledgers WHERE workspace_id = '{workspace}' FOR UPDATE"
