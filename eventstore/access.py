"""A workspace's second ledger: who read what.

It is a ledger like any other, with positions, keys and proofs of its own, under an id that follows from the
workspace's; so it needs no table, and nobody needs to look it up.
"""

from hashlib import sha256
from uuid import UUID

_VERSION = 8
"""Of RFC 9562: made by a rule of one's own. Workspaces have random ids, which are of version 4."""


def access_ledger(workspace: UUID) -> UUID:
    """The ledger of what was read in a workspace."""
    digest = int.from_bytes(sha256(b"deskledger access ledger\0" + workspace.bytes).digest()[:16])
    digest = digest & ~(0xF << 76) | _VERSION << 76
    return UUID(int=digest & ~(0x3 << 62) | 0x2 << 62)


def is_access_ledger(ledger: UUID) -> bool:
    """Whether it is one of those."""
    return ledger.version == _VERSION
