"""Evidence: the ledger's signed heads, the proof that an entry stands in it, and that nothing before was changed."""

from base64 import b64encode
from collections.abc import Sequence
from typing import Annotated, Any

import strawberry

from api.auth.roles import Right
from api.context import Context, Info
from api.schema.access import Needs
from api.schema.fields import argument
from api.schema.loading import Loader
from api.schema.scalars import BigInt, DateTime
from domain.errors import InvalidQuestion
from domain.instants import instant_of
from eventstore.proofs import heads, proving
from eventstore.proofs.checkpoint import parsed


@strawberry.type(
    description="A signed head of the ledger: what its first `size` events were, in 32 bytes. Kept outside, it shows "
    "later that none of them was changed."
)
class LedgerHead:
    size: BigInt = strawberry.field(description="How many events it is over: those at positions 0 to size - 1.")
    root: str = strawberry.field(description="The root of the tree (RFC 6962) over them, in base64.")
    origin: str = strawberry.field(description="What the tree is called in the checkpoint.")
    signed_at: DateTime = strawberry.field(description="When it was signed, by our clock.")
    checkpoint: str = strawberry.field(
        description="The signed note itself (C2SP checkpoint, Ed25519), byte by byte; keep it with its last newline."
    )

    @classmethod
    def of(cls, head: heads.Head) -> "LedgerHead":
        return cls(
            size=BigInt(head.size),
            root=_base64(head.root),
            origin=parsed(head.checkpoint).origin,
            signed_at=DateTime(instant_of(head.signed_at)),
            checkpoint=head.checkpoint,
        )


@strawberry.type(
    description="The proof that an entry stands at its position in the ledger under a signed head. `docs/proofs.md` "
    "says how to check it, and has a program that does."
)
class EntryProof:
    leaf: str = strawberry.field(
        description="What was hashed, in text: canonical JSON (RFC 8785) with the event as it was stored, personal "
        "words as commitments."
    )
    path: list[str] = strawberry.field(
        description="Hashes in base64 that lead from the leaf's hash to the root (RFC 6962, 2.1.1)."
    )
    head: LedgerHead = strawberry.field(description="The head that it leads to.")
    text: str = strawberry.field(description="Position, path and checkpoint in one text, as C2SP's `.tlog-proof`.")

    @classmethod
    def of(cls, proof: proving.Proof) -> "EntryProof":
        return cls(
            leaf=proof.leaf.decode(),
            path=[_base64(one) for one in proof.path],
            head=LedgerHead.of(proof.head),
            text=proof.text,
        )


@strawberry.type(description="The proof that the ledger under one head begins with the ledger under an older one.")
class ConsistencyProof:
    from_: LedgerHead = strawberry.field(name="from", description="The older head.")
    to: LedgerHead = strawberry.field(description="The newer head.")
    path: list[str] = strawberry.field(
        description="Hashes in base64 from which both roots follow (RFC 6962, 2.1.2). Empty: they are the same size."
    )


def proofs(context: Context) -> "Loader[int, EntryProof | None]":
    """Proofs of the entries of a page, by position, made at once: all under the same head."""

    async def load(positions: list[int]) -> Sequence[EntryProof | None]:
        workspace = context.principal.workspace
        async with context.services.database.transaction(workspace, snapshot=True) as connection:
            found = await proving.proofs_of(connection, workspace, positions)
        return [EntryProof.of(found[one]) if one in found else None for one in positions]

    return Loader(load)


async def _ledger_head(
    info: Info,
    size: Annotated[BigInt | None, argument("The head over exactly that many events; unsaid: the newest.")] = None,
) -> LedgerHead | None:
    workspace = info.context.principal.workspace
    async with info.context.services.database.transaction(workspace, readonly=True) as connection:
        found = await (
            heads.last(connection, workspace) if size is None else heads.of_size(connection, workspace, size)
        )
    return None if found is None else LedgerHead.of(found)


async def _consistency_proof(
    info: Info,
    from_: Annotated[BigInt, strawberry.argument(name="from", description="The size of the older head, at least 1.")],
    to: Annotated[BigInt | None, argument("The size of the newer head; unsaid: the newest one.")] = None,
) -> ConsistencyProof:
    if from_ < 1:
        raise InvalidQuestion("`from` is the size of a head, at least 1", path=("from",), detail="OUT_OF_RANGE")
    workspace = info.context.principal.workspace
    async with info.context.services.database.transaction(workspace, snapshot=True) as connection:
        found = await proving.consistency_of(connection, workspace, from_, to)
    return ConsistencyProof(
        from_=LedgerHead.of(found.old), to=LedgerHead.of(found.new), path=[_base64(one) for one in found.path]
    )


LEDGER_HEAD: Any = strawberry.field(
    _ledger_head,
    description="The ledger's newest signed head, which is at most a second older than its last event. Null: nothing "
    "was signed yet, or no head has that size.",
    extensions=[Needs(Right.JOURNAL)],
)
CONSISTENCY_PROOF: Any = strawberry.field(
    _consistency_proof,
    description="The proof that everything under an older head still stands under a newer one, unchanged.",
    extensions=[Needs(Right.JOURNAL)],
)


def _base64(data: bytes) -> str:
    return b64encode(data).decode()
