"""The key that signs heads: in a file beside the master key, outside the database; and the public halves of all keys.

`signing.key` is the private key (PKCS #8, PEM, for its owner's eyes only). `signing.pub` lists public halves, a line
each, the newest last: the key in hexadecimal, and since when it signs. A key that was replaced is gone, and what it
signed can be verified for good.
"""

import os
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.serialization import (
    Encoding,
    NoEncryption,
    PrivateFormat,
    load_pem_private_key,
)

from domain.errors import Unavailable
from domain.instants import format_instant
from eventstore import clock

_KEY = 32


@dataclass(frozen=True, slots=True)
class SigningKeys:
    """`private` signs; `publics` are the halves of all keys that ever did, the newest last."""

    private: Ed25519PrivateKey
    publics: Sequence[bytes]


def signing_keys(home: Path) -> SigningKeys:
    """The keys of this installation; made at the first start. Raises `Unavailable` where the files are not right."""
    folder = home.expanduser()
    path = folder / "signing.key"
    if not path.exists():
        _make(path)
    private = _private(path)
    public = private.public_key().public_bytes_raw()
    publics = public_keys(folder)
    if public not in publics:
        with (folder / "signing.pub").open("a") as file:
            file.write(f"{public.hex()} {format_instant(clock.now())}\n")
        publics = public_keys(folder)
    return SigningKeys(private, publics)


def public_keys(home: Path) -> list[bytes]:
    """The public halves of all keys that ever signed here."""
    path = home.expanduser() / "signing.pub"
    lines = path.read_text().splitlines() if path.exists() else []
    publics = []
    for number, line in enumerate(lines, 1):
        try:
            public = bytes.fromhex(line.partition(" ")[0])
        except ValueError:
            public = b""
        if len(public) != _KEY:
            raise Unavailable(f"{path}, line {number}: this is no public key (64 hexadecimal digits)")
        publics.append(public)
    return publics


def rotate(home: Path) -> bytes:
    """Replace the key; returns the new public half. Running signers take it up when they start again."""
    folder = home.expanduser()
    signing_keys(folder)  # its public half is listed before the private one is gone
    draft = folder / "signing.next"
    draft.unlink(missing_ok=True)
    _make(draft)
    draft.replace(folder / "signing.key")
    return signing_keys(folder).publics[-1]


def _make(path: Path) -> None:
    """A new key, whole or not at all, and never over one that another process made just now."""
    path.parent.mkdir(parents=True, exist_ok=True)
    pem = Ed25519PrivateKey.generate().private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption())
    draft = path.with_suffix(f".{os.getpid()}")
    descriptor = os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
    with os.fdopen(descriptor, "wb") as file:
        file.write(pem)
        file.flush()
        os.fsync(descriptor)
    try:
        os.link(draft, path)
    except FileExistsError:
        pass
    finally:
        draft.unlink()


def _private(path: Path) -> Ed25519PrivateKey:
    try:
        key = load_pem_private_key(path.read_bytes(), None)
    except ValueError:
        key = None
    if not isinstance(key, Ed25519PrivateKey):
        raise Unavailable(f"{path} is no Ed25519 key; put the right one back, or have a new one made by removing it")
    return key
