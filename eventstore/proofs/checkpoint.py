"""Signed tree heads: C2SP checkpoints, which are signed notes, with Ed25519; and C2SP proofs in one text each."""

from base64 import b64decode, b64encode
from binascii import Error as NoBase64
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from hashlib import sha256
from uuid import UUID

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey

from eventstore.proofs.tree import HASH

_ED25519 = b"\x01"
_PREFIX = "deskledger/"
_DASH = "— "
_SIGNED = 4 + 64
"""Bytes of a signature: the key's id, and Ed25519's own."""


class NoCheckpoint(ValueError):
    """The text is no checkpoint, and the sentence says why."""


@dataclass(frozen=True, slots=True)
class Checkpoint:
    """What a head says: the first `size` leaves of the tree called `origin` have this root."""

    origin: str
    size: int
    root: bytes

    @property
    def run(self) -> int:
        """Which run of a ledger's heads it belongs to (`origin_of`)."""
        _, _, run = self.origin.removeprefix(_PREFIX).partition("/")
        return int(run) if run.isdecimal() else 1

    @property
    def body(self) -> str:
        """What is signed."""
        return f"{self.origin}\n{self.size}\n{_text(self.root)}\n"


def origin_of(workspace: UUID, run: int) -> str:
    """What a ledger's tree is called. Each time that a ledger that went backwards is accepted, it is another tree."""
    return f"{_PREFIX}{workspace}" if run == 1 else f"{_PREFIX}{workspace}/{run}"


def key_id(name: str, public: bytes) -> bytes:
    """What a signature says it is by: four bytes, so no proof of anything."""
    return sha256(name.encode() + b"\n" + _ED25519 + public).digest()[:4]


def verifier_key(name: str, public: bytes) -> str:
    """The key as programs that read signed notes are told it."""
    return f"{name}+{key_id(name, public).hex()}+{_text(_ED25519 + public)}"


def signed(checkpoint: Checkpoint, key: Ed25519PrivateKey) -> str:
    """The checkpoint as a note that this key signed, under the tree's name."""
    return signed_note(checkpoint.body, checkpoint.origin, key)


def signed_note(text: str, name: str, key: Ed25519PrivateKey) -> str:
    """A text, which ends a line, with the signature of the key of that name."""
    signature = key_id(name, key.public_key().public_bytes_raw()) + key.sign(text.encode())
    return f"{text}\n{_DASH}{name} {_text(signature)}\n"


def parsed(note: str) -> Checkpoint:
    """What a note says; nothing is said of its signatures. Raises `NoCheckpoint`."""
    body, parts, _ = note.rpartition("\n\n")
    lines = body.split("\n")
    if not parts or len(lines) < 3 or not all(lines):
        raise NoCheckpoint("a checkpoint has three lines, an empty one, and signatures")
    origin, size, root = lines[:3]
    if not (size.isascii() and size.isdecimal()) or size != str(int(size)):
        raise NoCheckpoint(f"{size[:30]!r} is no size of a tree")
    return Checkpoint(origin, int(size), _bytes(root, HASH))


def signer(note: str, publics: Iterable[bytes], name: str | None = None) -> bytes | None:
    """Which of these keys signed the note under that name (unsaid: its tree's); None where none of them did, or one
    that is said to have did not."""
    body, _, signatures = note.rpartition("\n\n")
    text = f"{body}\n"
    name = text.partition("\n")[0] if name is None else name
    known = {key_id(name, public): public for public in publics}
    found = None
    for line in signatures.splitlines():
        by, _, encoded = line.removeprefix(_DASH).partition(" ")
        if not line.startswith(_DASH) or by != name:
            continue
        try:
            signature = _bytes(encoded, _SIGNED)
        except NoCheckpoint:
            continue
        public = known.get(signature[:4])
        if public is None:
            continue
        try:
            Ed25519PublicKey.from_public_bytes(public).verify(signature[4:], text.encode())
        except InvalidSignature:
            return None
        found = public
    return found


def proof_text(index: int, hashes: Sequence[bytes], note: str) -> str:
    """An inclusion proof as C2SP's `.tlog-proof`: everything but the leaf itself."""
    lines = ["c2sp.org/tlog-proof@v1", f"index {index}", *(_text(one) for one in hashes), "", note]
    return "\n".join(lines)


def _text(data: bytes) -> str:
    return b64encode(data).decode()


def _bytes(text: str, length: int) -> bytes:
    try:
        data = b64decode(text, validate=True)
    except (NoBase64, ValueError):
        data = b""
    if len(data) != length or _text(data) != text:
        raise NoCheckpoint(f"{text[:60]!r} is not the base64 of {length} bytes")
    return data
