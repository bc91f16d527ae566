"""What a projection is, so that one runner runs them all.

A projection folds a workspace's ledger into tables of its own. The runner reads a batch, lets the fold write what it
makes of it, and moves the checkpoint, all in one transaction; so a fold writes set-wise, keeps nothing that it could
not read back, and calls neither a clock nor chance.
"""

from collections.abc import Sequence
from typing import Protocol
from uuid import UUID

from asyncpg import Connection, Record
from sqlalchemy import Table

from domain.envelope import RecordedEvent


class Fold(Protocol):
    """One filling (generation) of a projection's tables for one workspace, while a worker holds its lease.

    It may cache what it wrote, since nobody else writes there. The runner drops it when a transaction fails or the
    lease is lost, and starts another from the tables.
    """

    async def project(self, connection: "Connection[Record]", events: Sequence[RecordedEvent]) -> None:
        """Write what `events` (consecutive positions, never empty) change. Called inside the runner's transaction."""
        ...


class Projection(Protocol):
    """A read model's declaration."""

    @property
    def name(self) -> str:
        """Stable; it stands in the checkpoint's row."""
        ...

    @property
    def fingerprint(self) -> str:
        """Changes when the same events would make other rows; a rebuild follows by itself."""
        ...

    @property
    def tables(self) -> Sequence[Table]:
        """The tables it owns; each begins with `workspace_id, generation`."""
        ...

    def start(self, workspace: UUID, generation: int) -> Fold:
        """A fold that goes on from what the tables hold."""
        ...
