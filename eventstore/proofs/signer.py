"""Signs the heads of all ledgers, less than a second after something was appended. Any number may run; a lease lets
one of them work on each ledger.

A signer goes on from the last stored head, and only if what is stored still leads to it: it never signs over a change.
"""

import asyncio
import os
import socket
from datetime import timedelta
from pathlib import Path
from time import monotonic
from uuid import UUID, uuid4

import structlog
from asyncpg import UniqueViolationError

from domain.errors import Conflict, DeskledgerError, Unavailable
from domain.instants import moment_of
from eventstore import clock
from eventstore.database import Database, Session
from eventstore.hints import CHANNEL
from eventstore.proofs import heads
from eventstore.proofs.checkpoint import Checkpoint, NoCheckpoint, origin_of, parsed, signed, signer
from eventstore.proofs.exported import export
from eventstore.proofs.guard import Guard
from eventstore.proofs.heads import Head
from eventstore.proofs.keys import SigningKeys
from eventstore.proofs.nodes import grow, tree_of
from eventstore.proofs.outlets import Courier
from eventstore.proofs.tables import tree_signers
from eventstore.proofs.tree import GrowingTree
from eventstore.watch import Watch

log = structlog.get_logger(__name__)

_LOOK = 0.4
"""Seconds between looks at what was hinted to have advanced: so a head is never older than a second."""
_SWEEP = 5.0
"""Seconds between looks at all ledgers, for hints that nobody heard."""
_AT_ONCE = 5_000
"""Leaves that are added in one transaction: ten milliseconds of work, in which nobody else has a turn."""
_WATCH = Watch(tree_signers, lasts=timedelta(seconds=5))
"""Two that sign for a moment do no harm: a key of the table of heads lets one of them through."""
_LEDGERS = 1_000
"""How many ledgers' trees are remembered; others are read again."""


class Altered(DeskledgerError):
    """What is stored does not lead to the last head: nothing may be signed over it."""

    code = "LEDGER_ALTERED"


class Signer:
    """Signs for all ledgers of a database with one key."""

    def __init__(
        self,
        database: Database,
        keys: SigningKeys,
        *,
        folder: Path | None = None,
        guard: Guard | None = None,
        courier: Courier | None = None,
        look: float = _LOOK,
    ) -> None:
        """`folder`: where heads are kept outside the database. `guard`: refuses to sign what went backwards. `courier`:
        takes heads elsewhere."""
        self._database = database
        self._keys = keys
        self._folder = folder
        self._guard = guard or Guard(database, folder)
        self._courier = courier
        self._look = look
        self._trees: dict[UUID, GrowingTree] = {}
        self._signed: dict[UUID, tuple[int, int]] = {}
        """Run and size of the heads that we signed last."""
        self._refused: dict[UUID, str] = {}
        self._unexported: dict[UUID, Head] = {}
        self._advanced: set[UUID] = set()
        self._sweep_at = 0.0
        self._name = f"{socket.gethostname()}:{os.getpid()}:{uuid4().hex[:6]}"

    async def run(self) -> None:
        """Until cancelled; then others may take over at once."""
        stop = await self._database.listen(CHANNEL, self._heard)
        try:
            while True:
                try:
                    await self.sign_all() if monotonic() >= self._sweep_at else await self.sign_advanced()
                except Unavailable as error:
                    log.warning("heads cannot be signed", error=error.message)
                except Exception as error:
                    log.error("heads cannot be signed", exc_info=error)
                await asyncio.sleep(self._look)
        finally:
            stop()
            await asyncio.shield(self.release())

    async def sign_all(self) -> None:
        """Sign whatever is not signed, of all ledgers."""
        self._sweep_at = monotonic() + _SWEEP
        async with self._database.session() as connection:
            rows = await connection.fetch("SELECT workspace_id FROM ledgers")
        self._advanced.update(row[0] for row in rows)
        await self.sign_advanced()

    async def sign_advanced(self) -> None:
        """Sign what was hinted to have advanced."""
        while self._advanced:
            workspace = self._advanced.pop()
            try:
                while True:
                    if await self.sign(workspace) is None:
                        break
            except (Altered, Unavailable) as error:
                if self._refused.get(workspace) != error.message:
                    log.error("no head is signed", workspace=str(workspace), reason=error.message)
                self._refused[workspace] = error.message
        for workspace in list(self._unexported):
            await self._export(workspace)

    async def sign(self, workspace: UUID) -> Head | None:
        """Sign what was appended since the last head, or a part of it where that is much. None: there was nothing, or
        another process signs. Raises `Altered`."""
        await self._guard.admit(workspace)
        tree = self._trees.get(workspace)
        try:
            async with self._database.transaction(workspace) as connection:
                before = await heads.last(connection, workspace)
                run = await heads.run(connection, workspace)
                self._must_stand(workspace, run, before)
                if not await _advanced(connection, workspace, before):
                    return None
                if not await _WATCH.taken(connection, workspace, self._name):
                    return None
                self._trees.pop(workspace, None)  # it grows before it is known whether that is committed
                if tree is None or before is None or (tree.size, tree.root) != (before.size, before.root):
                    tree = await self._resumed(connection, workspace, before)
                leaves = await _leaves(connection, workspace, tree.size)
                await grow(connection, workspace, tree, leaves)
                head = self._head(workspace, run, tree)
                await heads.store(connection, workspace, head)
        except UniqueViolationError:
            return None  # another process signed meanwhile: what it did is read the next time
        self._remember(workspace, tree)
        self._signed[workspace] = head.run, head.size
        self._unexported[workspace] = head
        if self._courier is not None:
            self._courier.give(workspace, head.checkpoint)
        await self._export(workspace)
        return head

    async def _export(self, workspace: UUID) -> None:
        """Keep the newest head outside. What cannot be written now is tried again with the next look."""
        head = self._unexported[workspace]
        try:
            if self._folder is not None:
                await asyncio.to_thread(export, self._folder, workspace, head.signed_at, head.checkpoint)
        except OSError as error:
            log.error("a head cannot be exported", workspace=str(workspace), size=head.size, error=str(error))
        else:
            del self._unexported[workspace]

    def _head(self, workspace: UUID, run: int, tree: GrowingTree) -> Head:
        checkpoint = Checkpoint(origin_of(workspace, run), tree.size, tree.root)
        return Head(run, tree.size, tree.root, moment_of(clock.now()), signed(checkpoint, self._keys.private))

    def _must_stand(self, workspace: UUID, run: int, last: Head | None) -> None:
        """What we signed must still be there, or its loss accepted: a database may be put back, or give way to a copy,
        while we run. Raises `Altered`, and has the guard look again before anything more is appended."""
        ours = self._signed.get(workspace, (0, 0))
        if run <= ours[0] and ours > ((0, 0) if last is None else (last.run, last.size)):
            self._guard.doubt(workspace)
            raise Altered(f"the head of size {ours[1]}, which was signed and stored, is not there any more")

    async def _resumed(self, connection: Session, workspace: UUID, before: Head | None) -> GrowingTree:
        """The tree at the last head, read from what is stored. Raises `Altered` where that does not lead to it."""
        if before is None:
            return GrowingTree()
        checkpoint = Checkpoint(origin_of(workspace, before.run), before.size, before.root)
        try:
            tree = await tree_of(connection, workspace, before.size)
            said = parsed(before.checkpoint)
        except (LookupError, NoCheckpoint) as error:
            raise Altered(f"the head of size {before.size} does not stand on what is stored: {error}") from error
        if tree.root != before.root or said != checkpoint:
            raise Altered(f"what is stored does not lead to the head of size {before.size}; run `deskledger verify`")
        if signer(before.checkpoint, self._keys.publics) is None:
            raise Altered(f"none of our keys signed the head of size {before.size}; run `deskledger verify`")
        return tree

    def _remember(self, workspace: UUID, tree: GrowingTree) -> None:
        self._refused.pop(workspace, None)
        if len(self._trees) >= _LEDGERS:
            del self._trees[next(iter(self._trees))]
        self._trees[workspace] = tree

    def _heard(self, payload: str) -> None:
        if payload:
            self._advanced.add(UUID(payload.partition(" ")[0]))
        else:
            self._sweep_at = 0.0

    async def release(self) -> None:
        """Let others take over at once."""
        for workspace in self._trees:
            try:
                async with self._database.transaction(workspace) as connection:
                    await _WATCH.release(connection, workspace, self._name)
            except (Unavailable, Conflict):
                return  # leases run out by themselves


async def _advanced(connection: Session, workspace: UUID, head: Head | None) -> bool:
    """Whether there are events that the head is not over."""
    last = await connection.fetchval(
        "SELECT position FROM events WHERE workspace_id = $1 ORDER BY position DESC LIMIT 1", workspace
    )
    return last is not None and last >= (0 if head is None else head.size)


async def _leaves(connection: Session, workspace: UUID, size: int) -> list[bytes]:
    rows = await connection.fetch(
        "SELECT position, leaf_hash FROM events WHERE workspace_id = $1 AND position >= $2 ORDER BY position LIMIT $3",
        workspace,
        size,
        _AT_ONCE,
    )
    for expected, row in enumerate(rows, size):
        if row[0] != expected:
            raise Altered(f"position {expected} is missing; run `deskledger verify`")
    return [row[1] for row in rows]
