"""Whose data it is: a random id and a key for every data subject, so that destroying the key forgets them.

Customers, operators and conversations are data subjects. A customer's id in the desk's words is personal, so the
ledger knows a customer by a random id (the pseudonym), and only this table leads from one to the other. Keys lie here
under the master key, which lies in a file outside the database: the database alone reads nobody's words.
"""

import hmac
import os
from collections import OrderedDict
from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from operator import itemgetter
from pathlib import Path
from typing import Literal, TypeVar
from uuid import UUID, uuid4

from asyncpg import UniqueViolationError
from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from domain.errors import Unavailable
from domain.words import Subject as SubjectKind
from eventstore.database import Database, Session

K_ = TypeVar("K_")
V_ = TypeVar("V_")

Name = tuple[str, str]
"""A data subject as the desk knows it: its kind (`customer`, `operator`, `conversation`, ...) and its id."""

_CUSTOMER = SubjectKind.CUSTOMER.value
_REMEMBERED = 200_000
"""How many subjects of a workspace are kept in memory; the oldest go first."""
_UUID_LENGTH = 36
_KEYRINGS = 1_000
"""How many workspaces' keys are kept in memory."""


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
    key: bytes | None = field(repr=False)

    @classmethod
    def new(cls) -> "DataSubject":
        subject_id = uuid4()
        return cls(subject_id, str(subject_id), os.urandom(32))


@dataclass(slots=True, repr=False)
class Keyring:
    """What is remembered of one workspace's data subjects."""

    known: dict[Name, DataSubject] = field(default_factory=dict)
    candidates: dict[Name, DataSubject] = field(default_factory=dict)
    """Those that this process is about to make; shared, so that batches under way at once make the same ones."""
    by_id: dict[UUID, DataSubject] = field(default_factory=dict)
    _ciphers: dict[bytes, AESGCM | None] = field(default_factory=dict)

    def cipher(self, subjects: Collection[DataSubject]) -> tuple[bytes, AESGCM | None]:
        """The cipher for words that belong to all of these, with their joined ids; None where one was forgotten."""
        keys = {subject.id.bytes: subject.key for subject in subjects}
        ids = b"".join(sorted(keys))
        if ids not in self._ciphers:
            _make_room(self._ciphers)
            self._ciphers[ids] = _combined([keys[one] for one in sorted(keys)])
        return ids, self._ciphers[ids]

    def remember(self, subject: DataSubject, name: Name | None = None) -> DataSubject:
        _make_room(self.by_id)
        self.by_id[subject.id] = subject
        if name is not None:
            _make_room(self.known)
            self.known[name] = subject
        return subject


class Vault:
    """The keys of all data subjects."""

    def __init__(self, database: Database, master: bytes) -> None:
        self._database = database
        self._lookup_key = _derived(master, "lookup")
        self._wrapping = AESGCM(_derived(master, "wrap"))
        self._keyrings: OrderedDict[UUID, Keyring] = OrderedDict()

    def keyring(self, workspace: UUID) -> Keyring:
        """What is remembered of this workspace's keys."""
        keyring = self._keyrings.setdefault(workspace, Keyring())
        self._keyrings.move_to_end(workspace)
        if len(self._keyrings) > _KEYRINGS:
            self._keyrings.popitem(last=False)
        return keyring

    def forget(self, workspace: UUID) -> None:
        """Drop what is remembered of a workspace's keys; they are read again when needed."""
        self._keyrings.pop(workspace, None)

    async def pseudonyms(self, workspace: UUID, externals: Collection[str]) -> dict[str, UUID]:
        """Customers' ids in the ledger, by their ids in the desk's words; new ones are made."""
        names = {(_CUSTOMER, external) for external in externals}
        while True:
            try:
                async with self._database.transaction(workspace) as connection:
                    known = await self.load(connection, workspace, names)
                    made = self.candidates(workspace, names - known.keys())
                    if made:
                        await connection.execute(self.insertion(workspace, made))
            except UniqueViolationError:
                continue  # somebody else made one of them just now
            self.remember(workspace, made)
            return {name[1]: subject.id for name, subject in {**known, **made}.items()}

    async def find(self, workspace: UUID, external: str) -> UUID | None:
        """A customer's id in the ledger, if there is such a customer."""
        name = (_CUSTOMER, external)
        async with self._database.transaction(workspace, readonly=True) as connection:
            found = await self.load(connection, workspace, {name})
        return found[name].id if found else None

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

    def remembered(self, workspace: UUID, names: Collection[Name]) -> dict[Name, DataSubject]:
        """Those of the data subjects that are in memory."""
        known = self.keyring(workspace).known
        return {name: known[name] for name in names if name in known}

    @staticmethod
    def must_load(names: Collection[Name]) -> bool:
        """Whether one of them may be a pseudonym, which is never made anew."""
        return any(kind == _CUSTOMER and len(text) == _UUID_LENGTH for kind, text in names)

    async def load(self, connection: Session, workspace: UUID, names: Collection[Name]) -> dict[Name, DataSubject]:
        """Those of the data subjects that there are."""
        found = self.remembered(workspace, names)
        if len(found) < len(names):
            unknown = {self._lookup(workspace, name): name for name in names if name not in found}
            rows = await connection.fetch(
                "SELECT lookup, subject_id, wrapped_key FROM vault_subjects "
                "WHERE workspace_id = $1 AND lookup = ANY($2)",
                workspace,
                list(unknown),
            )
            for lookup, subject_id, wrapped in rows:
                found[unknown[lookup]] = self._subject(workspace, subject_id, wrapped)
            unfound = [name for name in unknown.values() if name not in found]
            found.update(await self._load_pseudonyms(connection, workspace, unfound))
            self.remember(workspace, {name: found[name] for name in unknown.values() if name in found})
        return found

    async def load_ids(self, connection: Session, workspace: UUID, ids: Collection[UUID]) -> dict[UUID, DataSubject]:
        """Data subjects by their ids in the ledger, those that there are."""
        keyring = self.keyring(workspace)
        found = {one: keyring.by_id[one] for one in ids if one in keyring.by_id}
        if len(found) < len(ids):
            rows = await connection.fetch(
                "SELECT subject_id, wrapped_key FROM vault_subjects WHERE workspace_id = $1 AND subject_id = ANY($2)",
                workspace,
                [one for one in ids if one not in found],
            )
            for subject_id, wrapped in rows:
                found[subject_id] = keyring.remember(self._subject(workspace, subject_id, wrapped))
        return found

    def candidates(self, workspace: UUID, names: Collection[Name]) -> dict[Name, DataSubject]:
        """New data subjects, to be inserted with the events that are about them, and remembered once that is
        committed."""
        candidates = self.keyring(workspace).candidates
        made = {}
        for name in names:
            if name not in candidates:
                _make_room(candidates)
                candidates[name] = DataSubject.new()
            made[name] = candidates[name]
        return made

    def not_yet(self, workspace: UUID, made: Mapping[Name, DataSubject]) -> dict[Name, DataSubject]:
        """Those that no other batch of this process has made meanwhile."""
        known = self.keyring(workspace).known
        return {name: subject for name, subject in made.items() if known.get(name) is not subject}

    def insertion(self, workspace: UUID, made: Mapping[Name, DataSubject]) -> str:
        """The statement that inserts new data subjects, of whom there is at least one. It violates a unique key where
        somebody else was faster: then load, and prepare again. (All values are our own words, uuids and bytes.)"""
        rows = [
            f"('{workspace}', '{subject.id}', '{name[0]}', {_bytes(lookup)}, {_bytes(wrapped)}, {_bytes(external)})"
            for lookup, name, subject in sorted(
                ((self._lookup(workspace, name), name, subject) for name, subject in made.items()), key=itemgetter(0)
            )
            for wrapped, external in (self._secrets(workspace, name, subject),)
        ]
        return (
            "INSERT INTO vault_subjects (workspace_id, subject_id, kind, lookup, wrapped_key, external) "
            f"VALUES {', '.join(rows)}"
        )

    def remember(self, workspace: UUID, subjects: Mapping[Name, DataSubject]) -> None:
        """Keep data subjects that are committed."""
        keyring = self.keyring(workspace)
        for name, subject in subjects.items():
            keyring.remember(subject, name)
            keyring.candidates.pop(name, None)

    async def _load_pseudonyms(
        self, connection: Session, workspace: UUID, names: list[Name]
    ) -> dict[Name, DataSubject]:
        """A pseudonym given in place of a customer's id stands for itself: so what was read can be written again."""
        candidates = {parsed: name for name in names if name[0] == _CUSTOMER and (parsed := _uuid(name[1]))}
        found = await self.load_ids(connection, workspace, candidates) if candidates else {}
        return {candidates[subject_id]: subject for subject_id, subject in found.items()}

    def _subject(self, workspace: UUID, subject_id: UUID, wrapped: bytes | None) -> DataSubject:
        key = None if wrapped is None else self._unwrapped(workspace, subject_id, wrapped)
        return DataSubject(subject_id, str(subject_id), key)

    def _secrets(self, workspace: UUID, name: Name, subject: DataSubject) -> tuple[bytes, bytes | None]:
        """The subject's key, wrapped, and a customer's id in the desk's words, sealed."""
        key = subject.key or b""
        wrapped = _sealed(self._wrapping, key, workspace, subject.id)
        if name[0] != _CUSTOMER:
            return wrapped, None
        return wrapped, _sealed(AESGCM(_derived(key, "external")), name[1].encode(), workspace, subject.id)

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


def _bytes(value: bytes | None) -> str:
    return "NULL" if value is None else f"'\\x{value.hex()}'"


def _uuid(text: str) -> UUID | None:
    if len(text) != _UUID_LENGTH:
        return None
    try:
        return UUID(text)
    except ValueError:
        return None


def _make_room(cache: dict[K_, V_]) -> None:
    if len(cache) >= _REMEMBERED:
        del cache[next(iter(cache))]
