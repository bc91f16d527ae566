"""Evidence in one file: entries with their proofs under one head, older heads that it goes on from, and words that are
disclosed. `docs/proofs.md` describes it, `standalone.py` checks it."""

from base64 import b64encode
from collections.abc import Sequence
from typing import Any
from uuid import UUID

from domain.errors import NotFound
from eventstore.database import Session
from eventstore.proofs.proving import consistency_of, proofs_of
from eventstore.sealing import open_words, subjects_of
from eventstore.vault import Vault

FORMAT = "deskledger-evidence/1"

Words = dict[str, dict[str, str]]
"""Salt (hexadecimal) and text, by path."""


async def evidence_of(
    connection: Session,
    vault: Vault,
    workspace: UUID,
    positions: Sequence[int],
    *,
    since: int | None,
    disclosed: bool,
    publics: Sequence[bytes],
) -> dict[str, Any]:
    """The bundle, as plain data. `since`: the size of an older head. `disclosed`: with the words that can be opened.
    Raises `NotFound` where an entry is not signed yet, or there is no such head."""
    proofs = await proofs_of(connection, workspace, positions)
    if not positions or len(proofs) < len(set(positions)):
        missing = next((one for one in positions if one not in proofs), None)
        raise NotFound(f"there is no signed entry at position {missing}; what is new is signed within a second")
    head = next(iter(proofs.values())).head
    words = await _words(connection, vault, workspace, positions) if disclosed else {}
    entries: list[dict[str, Any]] = []
    for position, proof in sorted(proofs.items()):
        entry: dict[str, Any] = {"position": position, "leaf": proof.leaf.decode(), "path": _texts(proof.path)}
        if words.get(position):
            entry["words"] = words[position]
        entries.append(entry)
    bundle: dict[str, Any] = {
        "format": FORMAT,
        "checkpoint": head.checkpoint,
        "keys": [public.hex() for public in publics],
        "entries": entries,
        "consistency": [],
    }
    if since is not None:
        found = await consistency_of(connection, workspace, since, head.size)
        bundle["consistency"] = [{"checkpoint": found.old.checkpoint, "path": _texts(found.path)}]
    return bundle


async def _words(connection: Session, vault: Vault, workspace: UUID, positions: Sequence[int]) -> dict[int, Words]:
    rows = await connection.fetch(
        "SELECT position, event_id, sealed FROM events "
        "WHERE workspace_id = $1 AND position = ANY($2) AND sealed IS NOT NULL",
        workspace,
        positions,
    )
    known = await vault.load_ids(connection, workspace, {one for row in rows for one in subjects_of(row[2])})
    keyring = vault.keyring(workspace)
    return {
        position: {
            path: {"salt": salt.hex(), "text": text}
            for path, (salt, text) in open_words(workspace, event_id, sealed, known, keyring).items()
        }
        for position, event_id, sealed in rows
    }


def _texts(hashes: Sequence[bytes]) -> list[str]:
    return [b64encode(one).decode() for one in hashes]
