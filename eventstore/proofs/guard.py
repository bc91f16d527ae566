"""Whether a ledger still reaches as far as the last head that was kept outside the database.

A database that was put back to an earlier state does not know what it lost. The folder of exported heads does: so
before a process appends to a ledger for the first time, and before it signs, the two are compared. Going on from an
earlier state is possible, but only knowingly: with a reason, which is kept, and under another name of the tree.
"""

import asyncio
from pathlib import Path
from uuid import UUID

from domain.errors import Conflict, Unavailable
from domain.instants import moment_of
from eventstore import clock
from eventstore.database import Database, Session
from eventstore.proofs import heads
from eventstore.proofs.checkpoint import origin_of, parsed
from eventstore.proofs.exported import last_exported

WENT_BACKWARDS = "LEDGER_WENT_BACKWARDS"
"""What the refusal is called."""


class Guard:
    """Compares ledgers with a folder of exported heads; each once, until it was changed knowingly."""

    def __init__(self, database: Database, folder: Path | None) -> None:
        """`folder` is None where no heads are exported: then nothing can be compared."""
        self._database = database
        self._folder = folder
        self._right: set[UUID] = set()

    async def admit(self, workspace: UUID) -> None:
        """Raises `Unavailable` (`LEDGER_WENT_BACKWARDS`) where the ledger does not reach as far as its last exported
        head."""
        if self._folder is None or workspace in self._right:
            return
        lost = await self.lost(workspace)
        if lost is not None:
            raise Unavailable(
                f"the ledger went backwards: it does not have the head of size {parsed(lost).size} that was exported; "
                f"nothing is appended. Restore a newer backup, or run `deskledger accept-loss`",
                detail=WENT_BACKWARDS,
            )
        self._right.add(workspace)

    def doubt(self, workspace: UUID) -> None:
        """Compare this ledger again before anything more is appended to it."""
        self._right.discard(workspace)

    async def lost(self, workspace: UUID) -> str | None:
        """The exported head that the ledger should have and has not."""
        async with self._database.transaction(workspace, readonly=True) as connection:
            return await self._lost(connection, workspace)

    async def accept(self, workspace: UUID, reason: str) -> int:
        """Go on from the state that the ledger is in, and record why. Returns the number of the new run of heads.
        Raises `Conflict` where there is nothing to accept."""
        async with self._database.transaction(workspace) as connection:
            lost = await self._lost(connection, workspace)
            if lost is None:
                raise Conflict("the ledger reaches as far as its last exported head: there is nothing to accept")
            run = await heads.run(connection, workspace) + 1
            await connection.execute(
                "INSERT INTO tree_runs (workspace_id, run, begun_at, size, lost, reason) VALUES ($1, $2, $3, "
                "COALESCE((SELECT max(position) + 1 FROM events WHERE workspace_id = $1), 0), $4, $5)",
                workspace,
                run,
                moment_of(clock.now()),
                lost,
                reason,
            )
        return run

    async def _lost(self, connection: Session, workspace: UUID) -> str | None:
        note = None if self._folder is None else await asyncio.to_thread(last_exported, self._folder, workspace)
        if note is None:
            return None
        said = parsed(note)
        run = await heads.run(connection, workspace)
        if said.origin != origin_of(workspace, run):
            return None if said.run < run else note
        found = await heads.of_size(connection, workspace, said.size)
        reaches = await connection.fetchval(
            "SELECT 1 FROM events WHERE workspace_id = $1 AND position = $2", workspace, said.size - 1
        )
        return None if found is not None and found.root == said.root and reaches else note
