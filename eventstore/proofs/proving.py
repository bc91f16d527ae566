"""Proofs for those who ask: that an event stands in the ledger, and that one head goes on from another."""

from collections.abc import Sequence
from dataclasses import dataclass
from uuid import UUID

from domain.errors import NotFound
from domain.instants import instant_of
from eventstore.codec import leaf
from eventstore.database import Session
from eventstore.proofs import heads
from eventstore.proofs.checkpoint import proof_text
from eventstore.proofs.heads import Head
from eventstore.proofs.nodes import consistency_proof, inclusion_proofs


@dataclass(frozen=True, slots=True)
class Proof:
    """That the event at `position` is the one whose leaf has these bytes: `path` leads from its hash to the head."""

    position: int
    leaf: bytes
    path: Sequence[bytes]
    head: Head

    @property
    def text(self) -> str:
        """As C2SP's `.tlog-proof`; together with the leaf it is complete."""
        return proof_text(self.position, self.path, self.head.checkpoint)


@dataclass(frozen=True, slots=True)
class Consistency:
    """That the ledger under the head `new` begins with the one under the head `old`."""

    old: Head
    new: Head
    path: Sequence[bytes]


async def proofs_of(connection: Session, workspace: UUID, positions: Sequence[int]) -> dict[int, Proof]:
    """Proofs under the newest head, by position; without those events that came after it."""
    head = await heads.last(connection, workspace)
    covered = sorted({position for position in positions if head is not None and 0 <= position < head.size})
    if head is None or not covered:
        return {}
    paths = await inclusion_proofs(connection, workspace, covered, head.size)
    rows = await connection.fetch(
        "SELECT position, content, recorded_at, version FROM events WHERE workspace_id = $1 AND position = ANY($2)",
        workspace,
        covered,
    )
    name = str(workspace).encode()
    leaves = {position: leaf(content, instant_of(at), version, name) for position, content, at, version in rows}
    return {
        position: Proof(position, leaves[position], path, head)
        for position, path in zip(covered, paths, strict=True)
        if position in leaves
    }


async def consistency_of(connection: Session, workspace: UUID, old: int, new: int | None) -> Consistency:
    """The proof between the heads of two sizes; `new` is None for the newest. Raises `NotFound` where one of them is
    no head's."""
    before = await heads.of_size(connection, workspace, old)
    after = await (heads.last(connection, workspace) if new is None else heads.of_size(connection, workspace, new))
    if before is None or after is None:
        missing = old if before is None else new
        raise NotFound(
            f"no head of size {missing} was signed; `ledgerHead` and the exported heads name those that were"
        )
    if after.size < before.size:
        raise NotFound(f"the head of size {before.size} is not older than that of size {after.size}")
    return Consistency(before, after, await consistency_proof(connection, workspace, before.size, after.size))
