"""Verifying a ledger as it stands in the database: every row, the tree over them, every head, and heads held outside.

Reads one snapshot, from the first event to the last, in batches. Believes nothing but the public keys, the master key
for sealed words, and the heads that it is given.
"""

from collections.abc import AsyncIterator, Callable, Iterable, Sequence
from dataclasses import dataclass
from itertools import chain
from time import perf_counter
from uuid import UUID

from eventstore.database import Database, Session
from eventstore.proofs import heads
from eventstore.proofs.checkpoint import Checkpoint, NoCheckpoint, origin_of, parsed, signer
from eventstore.proofs.findings import Finding, Findings, Wrong
from eventstore.proofs.heads import Head
from eventstore.proofs.nodes import STEP
from eventstore.proofs.rows import COLUMNS, Rows
from eventstore.proofs.tree import GrowingTree, Node
from eventstore.proofs.words import Row, Words
from eventstore.vault import Vault

_AT_ONCE = 4_000
"""Rows in a batch."""

Told = Callable[[int], None]
"""Is told the position up to which all was looked at."""


@dataclass(frozen=True, slots=True)
class Verified:
    """What came out. `heads` were compared, `size` is that of the last one; `findings` is how many there are, of which
    `found` are the first."""

    workspace: UUID
    events: int
    heads: int
    size: int
    findings: int
    found: Sequence[Finding]
    first: Finding | None
    seconds: float


@dataclass(frozen=True, slots=True)
class _Mark:
    """A head to be compared when the tree is that large."""

    size: int
    root: bytes
    what: str


class Verification:
    """One run over one ledger."""

    def __init__(self, database: Database, vault: Vault | None, workspace: UUID, publics: Sequence[bytes]) -> None:
        """`vault`: what opens sealed words; None: they are not looked at."""
        self._database = database
        self._vault = vault
        self._workspace = workspace
        self._publics = publics
        self._findings = Findings()
        self._tree = GrowingTree()
        self._good = 0
        """How many events stand under the last head that is right."""
        self._broken = False
        """Whether the tree is known not to be that of the heads: what follows says nothing new."""

    async def run(self, outside: Iterable[str] = (), told: Told = lambda _: None) -> Verified:
        """Look at everything. `outside`: heads that were kept outside the database."""
        began = perf_counter()
        async with self._database.transaction(self._workspace, snapshot=True) as connection:
            marks = await self._marks(connection, outside)
            compared, size = len(marks), max((mark.size for mark in marks), default=0)
            rows = Rows(self._workspace, self._findings)
            words = None
            if self._vault is not None:
                words = Words(connection, self._vault, self._workspace, self._findings)
            marks.reverse()
            while batch := await self._batch(connection, rows.next):
                expected = rows.next
                hashes = rows.check(batch)
                if words is not None:
                    await words.check(batch)
                whole = _without_gap(batch, expected)
                await self._grow(connection, hashes[:whole], marks, size)
                self._broken = self._broken or whole < len(batch)
                told(rows.next - 1)
            self._beyond(rows.next, marks)
        findings = self._findings
        seconds = perf_counter() - began
        return Verified(
            self._workspace, rows.next, compared, size, findings.count, findings.found, findings.first, seconds
        )

    async def _batch(self, connection: Session, start: int) -> Sequence[Row]:
        return await connection.fetch(
            f"SELECT {COLUMNS} FROM events WHERE workspace_id = $1 AND position >= $2 ORDER BY position LIMIT $3",
            self._workspace,
            start,
            _AT_ONCE,
        )

    async def _grow(self, connection: Session, hashes: Sequence[bytes], marks: list[_Mark], size: int) -> None:
        """Add leaves, and compare what is stored above them, and heads as they come up (`marks`: the next one last)."""
        if self._broken:
            return
        tree = self._tree
        stored = await self._stored(connection, tree.size, tree.size + len(hashes))
        for hash_ in hashes:
            for node, made in tree.add(hash_):
                if node[0] % STEP == 0 and tree.size <= size:
                    self._compare_node(node, made, stored.get(node))
            while marks and marks[-1].size == tree.size:
                self._compare_head(marks.pop())
                if self._broken:
                    return

    async def _stored(self, connection: Session, start: int, end: int) -> dict[Node, bytes]:
        """Stored inner nodes over whatever ends among these leaves."""
        nodes: dict[Node, bytes] = {}
        height = STEP
        while end >> height:
            rows = await connection.fetch(
                "SELECT index, hash FROM tree_nodes "
                "WHERE workspace_id = $1 AND level = $2 AND index >= $3 AND index < $4",
                self._workspace,
                height // STEP,
                start >> height,
                end >> height,
            )
            nodes.update({(height, index): hash_ for index, hash_ in rows})
            height += STEP
        return nodes

    def _compare_node(self, node: Node, made: bytes, stored: bytes | None) -> None:
        if made == stored:
            return
        first, last = node[1] << node[0], (node[1] + 1 << node[0]) - 1
        what = "is missing" if stored is None else "is not over the events there"
        self._findings.add(
            Wrong.NODE_DIFFERS, first, f"the stored hash over positions {first} to {last} {what}", until=last
        )

    def _compare_head(self, mark: _Mark) -> None:
        if mark.root == self._tree.root:
            self._good = mark.size
            return
        self._broken = True
        self._findings.add(
            Wrong.TREE_DIFFERS,
            self._good,
            f"positions {self._good} to {mark.size - 1}: one of these events, or their order, is not what {mark.what} "
            "was signed over",
            until=mark.size - 1,
        )

    def _beyond(self, events: int, marks: Sequence[_Mark]) -> None:
        """Heads over more events than there are."""
        beyond = [mark for mark in marks if mark.size > events]
        if beyond:
            longest = max(beyond, key=lambda mark: mark.size)
            self._findings.add(
                Wrong.EVENTS_MISSING,
                events,
                f"the ledger ends before position {events}, but {longest.what} is over {longest.size} events: "
                f"positions {events} to {longest.size - 1} are missing",
                until=longest.size - 1,
            )

    async def _marks(self, connection: Session, outside: Iterable[str]) -> list[_Mark]:
        """All heads that are what they should be, in the order of their sizes."""
        lost = await self._lost(connection)
        stored = [mark async for mark in self._stored_heads(connection)]
        given = [self._given_head(note, lost) for note in outside]
        return sorted((mark for mark in chain(stored, given) if mark is not None), key=lambda mark: mark.size)

    async def _stored_heads(self, connection: Session) -> AsyncIterator[_Mark | None]:
        """A busy year has millions of them, so their notes are read and let go."""
        place = (0, 0)
        while found := await heads.after(connection, self._workspace, place, _AT_ONCE):
            for head in found:
                yield self._stored_head(head)
            place = (found[-1].run, found[-1].size)

    async def _lost(self, connection: Session) -> dict[str, int]:
        """By tree: with how many events it was accepted that the ledger had gone backwards, where that happened."""
        rows = await connection.fetch("SELECT run, size FROM tree_runs WHERE workspace_id = $1", self._workspace)
        return {origin_of(self._workspace, run - 1): size for run, size in rows}

    def _stored_head(self, head: Head) -> _Mark | None:
        what = f"the head of size {head.size}, signed at {head.signed_at:%Y-%m-%d %H:%M:%S} UTC"
        try:
            said: Checkpoint | None = parsed(head.checkpoint)
        except NoCheckpoint:
            said = None
        if said != Checkpoint(origin_of(self._workspace, head.run), head.size, head.root):
            return self._invalid(head.size, f"{what}: its checkpoint does not say what its row says")
        if signer(head.checkpoint, self._publics) is None:
            return self._invalid(head.size, f"{what}: none of our keys signed it")
        return _Mark(head.size, head.root, what)

    def _given_head(self, note: str, lost: dict[str, int]) -> _Mark | None:
        try:
            said = parsed(note)
        except NoCheckpoint as error:
            return self._invalid(0, f"a head held outside: {error}")
        what = f"the head of size {said.size} of `{said.origin}` held outside"
        if said.origin != origin_of(self._workspace, said.run):
            return self._invalid(said.size, f"{what} is another ledger's")
        if signer(note, self._publics) is None:
            return self._invalid(said.size, f"{what}: none of our keys signed it")
        if said.size > lost.get(said.origin, said.size):
            return None  # it was lost, and that was accepted, with a reason
        return _Mark(said.size, said.root, what)

    def _invalid(self, size: int, message: str) -> _Mark | None:
        self._findings.add(Wrong.HEAD_INVALID, max(0, size - 1), message)
        return None


def _without_gap(batch: Sequence[Row], start: int) -> int:
    """How many rows stand where they should before the first that is missing."""
    if batch[-1][0] - start + 1 == len(batch):
        return len(batch)
    return next(place for place, row in enumerate(batch) if row[0] != start + place)
