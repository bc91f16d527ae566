"""Whose data it is: a random id and a key for every data subject, so that destroying the key forgets them.

Customers, operators and conversations are data subjects. A customer's id in the desk's words is personal, so the
ledger knows a customer by a random id (the pseudonym), and only this table leads from one to the other. Keys lie here
under the master key, which lies in a file outside the database: the database alone reads nobody's words.
"""

import hmac
import os
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Literal, TypeVar
from uuid import UUID, uuid4

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from domain.errors import Unavailable
from domain.words import Subject as SubjectKind
from eventstore.database import Database, Session
from eventstore.multirow import insert_rows

K_ = TypeVar("K_")
V_ = TypeVar("V_")

Name = tuple[str, str]
"""A data subject as the desk knows it: its kind (`customer`, `operator`, `conversation`, ...) and its id."""

_CUSTOMER = SubjectKind.CUSTOMER.value
_REMEMBERED = 200_000
"""How many subjects of a workspace are kept in memory; the oldest go first."""
_COLUMNS = ("workspace_id", "subject_id", "kind", "lookup", "wrapped_key", "external")


def master_key(home: Path) -> bytes:
    """The key above all keys, from `home/master.key`; made there, for its owner's eyes only, at the first start.

    Whoever loses the file loses every personal word in the ledger, and nothing else.
    """
    path = home.expanduser() / "master.key"
    path.parent.mkdir(parents=True, exist_ok=True)
    if not path.exists():
        draft = path.with_suffix(f".{os.getpid()}")
        descriptor = os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
        with os.fdopen(descriptor, "w") as file:
            file.write(os.urandom(32).hex() + "\n")
            file.flush()
            os.fsync(descriptor)
        try:
            os.link(draft, path)  # whole or not at all, and never over one that another process made just now
        except FileExistsError:
            pass
        finally:
            draft.unlink()
    try:
        key = bytes.fromhex(path.read_text())
    except ValueError:
        key = b""
    if len(key) != 32:
        raise Unavailable(f"{path} is no master key (64 hexadecimal digits); put the right one back")
    return key


@dataclass(frozen=True, slots=True)
class DataSubject:
    """`key` is None once the subject was forgotten."""

    id: UUID
    text: str
    key: bytes | None


@dataclass(slots=True)
class Keyring:
    """What is remembered of one workspace's data subjects."""

    known: dict[Name, DataSubject] = field(default_factory=dict)
    by_id: dict[UUID, DataSubject] = field(default_factory=dict)
    ciphers: dict[tuple[UUID, ...], AESGCM | None] = field(default_factory=dict)

    def cipher(self, subjects: Iterable[DataSubject]) -> tuple[tuple[UUID, ...], AESGCM | None]:
        """The cipher for words that belong to all of these; None where one of them was forgotten."""
        distinct = {subject.id: subject for subject in subjects}
        ids = tuple(sorted(distinct)) if len(distinct) > 1 else tuple(distinct)
        if ids not in self.ciphers:
            _make_room(self.ciphers)
            self.ciphers[ids] = _combined([distinct[one].key for one in ids])
        return ids, self.ciphers[ids]


class Vault:
    """The keys of all data subjects."""

    def __init__(self, database: Database, master: bytes) -> None:
        self._database = database
        self._lookup_key = _derived(master, "lookup")
        self._wrapping = AESGCM(_derived(master, "wrap"))
        self._keyrings: dict[UUID, Keyring] = {}

    def keyring(self, workspace: UUID) -> Keyring:
        return self._keyrings.setdefault(workspace, Keyring())

    def forget(self, workspace: UUID) -> None:
        """Drop what is remembered of a workspace's keys; they are read again when needed."""
        self._keyrings.pop(workspace, None)

    async def pseudonyms(self, workspace: UUID, externals: Collection[str]) -> dict[str, UUID]:
        """Customers' ids in the ledger, by their ids in the desk's words; new ones are made."""
        names = [(_CUSTOMER, external) for external in externals]
        await self.ensure(workspace, names)
        known = self.keyring(workspace).known
        return {name[1]: known[name].id for name in names}

    async def find(self, workspace: UUID, external: str) -> UUID | None:
        """A customer's id in the ledger, if there is such a customer."""
        name = (_CUSTOMER, external)
        await self.load(workspace, [name])
        found = self.keyring(workspace).known.get(name)
        return None if found is None else found.id

    async def externals(self, workspace: UUID, ids: Collection[UUID]) -> dict[UUID, str | None]:
        """Customers' ids in the desk's words, by their ids in the ledger; None where unknown or forgotten."""
        async with self._database.transaction(workspace, readonly=True) as connection:
            rows = await connection.fetch(
                "SELECT subject_id, wrapped_key, external FROM vault_subjects "
                "WHERE workspace_id = $1 AND subject_id = ANY($2)",
                workspace,
                list(ids),
            )
        found: dict[UUID, str | None] = dict.fromkeys(ids)
        for row in rows:
            found[row["subject_id"]] = self._opened(workspace, *row)
        return found

    async def ensure(self, workspace: UUID, names: Collection[Name]) -> None:
        """Have all of these data subjects in the keyring, making those that are new, in one statement."""
        missing = await self.load(workspace, names)
        if not missing:
            return
        rows = sorted((self._row(workspace, name) for name in missing), key=lambda row: row[3])  # deadlocks need orders
        async with self._database.transaction(workspace) as connection:
            await insert_rows(
                connection, "vault_subjects", _COLUMNS, rows, conflict="ON CONFLICT (workspace_id, lookup) DO NOTHING"
            )
        lost = await self.load(workspace, missing)
        if lost:
            raise Unavailable("data subjects were forgotten while they were being made; try again")

    async def load(self, workspace: UUID, names: Collection[Name]) -> list[Name]:
        """Have those of the data subjects that exist in the keyring; returns the others."""
        known = self.keyring(workspace).known
        unknown = [name for name in dict.fromkeys(names) if name not in known]
        if not unknown:
            return []
        async with self._database.transaction(workspace, readonly=True) as connection:
            await self._load_by_lookup(connection, workspace, unknown)
            await self._load_pseudonyms(connection, workspace, [name for name in unknown if name not in known])
        return [name for name in unknown if name not in known]

    async def by_id(self, workspace: UUID, ids: Collection[UUID]) -> Mapping[UUID, DataSubject]:
        """Data subjects by their ids in the ledger, as far as there are such."""
        by_id = self.keyring(workspace).by_id
        unknown = [one for one in ids if one not in by_id]
        if unknown:
            async with self._database.transaction(workspace, readonly=True) as connection:
                await self._load_ids(connection, workspace, unknown)
        return by_id

    async def _load_by_lookup(self, connection: Session, workspace: UUID, names: list[Name]) -> None:
        lookups = {self._lookup(workspace, name): name for name in names}
        rows = await connection.fetch(
            "SELECT lookup, subject_id, wrapped_key FROM vault_subjects WHERE workspace_id = $1 AND lookup = ANY($2)",
            workspace,
            list(lookups),
        )
        known = self.keyring(workspace).known
        for lookup, subject_id, wrapped in rows:
            _make_room(known)
            known[lookups[lookup]] = self._remember(workspace, subject_id, wrapped)

    async def _load_pseudonyms(self, connection: Session, workspace: UUID, names: list[Name]) -> None:
        """A pseudonym given in place of a customer's id stands for itself: so what was read can be written again."""
        candidates = {parsed: name for name in names if name[0] == _CUSTOMER and (parsed := _uuid(name[1]))}
        if candidates:
            await self._load_ids(connection, workspace, list(candidates))
            keyring = self.keyring(workspace)
            for subject_id, name in candidates.items():
                if subject_id in keyring.by_id:
                    keyring.known[name] = keyring.by_id[subject_id]

    async def _load_ids(self, connection: Session, workspace: UUID, ids: list[UUID]) -> None:
        rows = await connection.fetch(
            "SELECT subject_id, wrapped_key FROM vault_subjects WHERE workspace_id = $1 AND subject_id = ANY($2)",
            workspace,
            ids,
        )
        for subject_id, wrapped in rows:
            self._remember(workspace, subject_id, wrapped)

    def _remember(self, workspace: UUID, subject_id: UUID, wrapped: bytes | None) -> DataSubject:
        by_id = self.keyring(workspace).by_id
        found = by_id.get(subject_id)
        if found is None:
            _make_room(by_id)
            key = None if wrapped is None else self._unwrapped(workspace, subject_id, wrapped)
            plain_id = UUID(int=subject_id.int)
            found = by_id[plain_id] = DataSubject(plain_id, str(plain_id), key)
        return found

    def _row(self, workspace: UUID, name: Name) -> tuple[UUID, UUID, str, bytes, bytes, bytes | None]:
        subject_id, key = uuid4(), os.urandom(32)
        external = _sealed(AESGCM(_derived(key, "external")), name[1].encode(), workspace, subject_id)
        return (
            workspace,
            subject_id,
            name[0],
            self._lookup(workspace, name),
            _sealed(self._wrapping, key, workspace, subject_id),
            external if name[0] == _CUSTOMER else None,
        )

    def _lookup(self, workspace: UUID, name: Name) -> bytes:
        return hmac.digest(self._lookup_key, workspace.bytes + f"{name[0]}\0{name[1]}".encode(), "sha256")

    def _unwrapped(self, workspace: UUID, subject_id: UUID, wrapped: bytes) -> bytes:
        try:
            return _unsealed(self._wrapping, wrapped, workspace, subject_id)
        except InvalidTag:
            raise Unavailable(
                "a key in the vault does not open with this master key; put back the `master.key` that it was made with"
            ) from None

    def _opened(self, workspace: UUID, subject_id: UUID, wrapped: bytes | None, external: bytes | None) -> str | None:
        if wrapped is None or external is None:
            return None
        key = self._unwrapped(workspace, subject_id, wrapped)
        return _unsealed(AESGCM(_derived(key, "external")), external, workspace, subject_id).decode()


def _derived(key: bytes, purpose: Literal["lookup", "wrap", "external", "words"]) -> bytes:
    return hmac.digest(key, b"deskledger/" + purpose.encode(), "sha256")


def _combined(keys: list[bytes | None]) -> AESGCM | None:
    """A key that needs all of these."""
    combined = b""
    for key in keys:
        if key is None:
            return None
        combined = hmac.digest(combined, key, "sha256") if combined else key
    return AESGCM(_derived(combined, "words"))


def _sealed(cipher: AESGCM, secret: bytes, workspace: UUID, subject_id: UUID) -> bytes:
    nonce = os.urandom(12)
    return nonce + cipher.encrypt(nonce, secret, workspace.bytes + subject_id.bytes)


def _unsealed(cipher: AESGCM, sealed: bytes, workspace: UUID, subject_id: UUID) -> bytes:
    return cipher.decrypt(sealed[:12], sealed[12:], workspace.bytes + subject_id.bytes)


def _uuid(text: str) -> UUID | None:
    if len(text) != 36:
        return None
    try:
        return UUID(text)
    except ValueError:
        return None


def _make_room(cache: dict[K_, V_]) -> None:
    if len(cache) >= _REMEMBERED:
        del cache[next(iter(cache))]
