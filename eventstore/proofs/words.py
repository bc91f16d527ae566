"""Whether the sealed words beside an event are those that its content commits to."""

from collections.abc import Sequence
from uuid import UUID

import msgspec
from asyncpg import Record
from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from domain.errors import Unavailable
from domain.event import Commitment
from eventstore.codec import ENVELOPE_PERSONAL, FORMS, commitment, recorded
from eventstore.database import Session
from eventstore.proofs.findings import Findings, Wrong
from eventstore.sealing import boxes_of, owners_of, words_of
from eventstore.vault import DataSubject, Name, Vault

_CIPHERS = 10_000
"""How many ciphers are remembered: a conversation's events stand close together."""
_COMMITTED = b'{"commitment":"'

Row = Record
"""Position, event id, stream key, version, type, occurred_at, recorded_at, content, leaf hash, sealed words."""
Box = tuple[tuple[UUID, ...], bytes, bytes]


class Words:
    """Checks the words of a ledger's events, batch by batch."""

    def __init__(self, connection: Session, vault: Vault, workspace: UUID, findings: Findings) -> None:
        self._connection = connection
        self._vault = vault
        self._workspace = workspace
        self._findings = findings
        self._ciphers: dict[tuple[UUID, ...], AESGCM | None] = {}

    async def check(self, rows: Sequence[Row]) -> None:
        """Open what can be opened, and compare. Words that nobody can open any more say nothing."""
        boxes: dict[int, Sequence[Box] | None] = {}
        for row in rows:
            if row[9] is not None:
                try:
                    boxes[row[0]] = boxes_of(row[9])
                except (msgspec.DecodeError, ValueError):
                    self._wrong(row, "its sealed words are no boxes")
                    boxes[row[0]] = None
        known = await self._known({one for found in boxes.values() for ids, _, _ in found or () for one in ids})
        for row in rows:
            sealed = boxes.get(row[0], ())
            if sealed is None or not (sealed or _COMMITTED in row[7]):
                continue
            opened, forgotten = self._open(row, sealed, known)
            if opened < row[7].count(_COMMITTED) and not forgotten and not await self._forgotten(row):
                self._wrong(row, "sealed words are missing beside it, though nobody whose they are was forgotten")

    def _open(self, row: Row, sealed: Sequence[Box], known: dict[UUID, DataSubject]) -> tuple[int, bool]:
        """How many words are as committed, and whether some can be opened by nobody any more."""
        bound_to, content = self._workspace.bytes + row[1].bytes, row[7]
        opened, forgotten = 0, False
        for ids, nonce, box in sealed:
            cipher = self._ciphers[ids] if ids in self._ciphers else self._cipher(ids, known)
            if cipher is None:
                if any(one not in known for one in ids):
                    self._wrong(row, "its sealed words belong to somebody whom the vault does not know")
                forgotten = True
                continue
            try:
                words = words_of(cipher.decrypt(nonce, box, bound_to))
            except (InvalidTag, ValueError):
                self._wrong(row, "its sealed words, or the key to them, were altered")
                forgotten = True
                continue
            for path, (salt, text) in words.items():
                opened += 1
                if _COMMITTED + commitment(salt, text.encode()).encode() not in content:
                    self._wrong(row, f"its content does not commit to the sealed words of `{path}`")
        return opened, forgotten

    def _cipher(self, ids: tuple[UUID, ...], known: dict[UUID, DataSubject]) -> AESGCM | None:
        """What opens the words of all of these; None where one of them was forgotten or is not known."""
        owners = [known[one] for one in ids if one in known]
        if len(owners) < len(ids):
            return None
        if len(self._ciphers) >= _CIPHERS:
            self._ciphers.clear()
            self._vault.forget(self._workspace)
        cipher = self._ciphers[ids] = self._vault.keyring(self._workspace).cipher(owners)[1]
        return cipher

    async def _known(self, ids: set[UUID]) -> dict[UUID, DataSubject]:
        """The data subjects, by id; without those whose keys do not open, which are wrong themselves."""
        try:
            return await self._vault.load_ids(self._connection, self._workspace, ids)
        except Unavailable:
            if len(ids) == 1:
                return {}
            half = sorted(ids)[: len(ids) // 2]
            return {**await self._known(set(half)), **await self._known(ids.difference(half))}

    async def _forgotten(self, row: Row) -> bool:
        """Whether somebody was forgotten whose words an event holds only commitments to."""
        try:
            event = recorded(row[0], row[3], row[4], row[6], row[7])
        except (msgspec.MsgspecError, KeyError):
            return True  # what cannot be read does not say whose words it holds; that it cannot is found elsewhere
        form = FORMS[type(event.payload)]
        committed = [of for name, _, of in form.personal if isinstance(getattr(event.payload, name), Commitment)]
        committed += [
            mark.of for name, mark in ENVELOPE_PERSONAL.items() if isinstance(getattr(event.envelope, name), Commitment)
        ]
        names: set[Name] = {owner for of in committed for owner in owners_of(of, event.envelope, event.payload)}
        known = await self._vault.load(self._connection, self._workspace, names)
        return any(name not in known or known[name].key is None for name in names)

    def _wrong(self, row: Row, what: str) -> None:
        self._findings.add(Wrong.WORDS_DIFFER, row[0], f"event {row[1]} at position {row[0]}: {what}")
