"""Checks evidence from a Deskledger ledger, without Deskledger: with this file, Python 3.11 and `cryptography` alone.

    python standalone.py --key KEY evidence.json [--head FILE ...]
    python standalone.py --key KEY entry.tlog-proof entry.leaf

KEY is a public key that you know to be the ledger's: 64 hexadecimal digits, or a verifier key `name+id+base64`. With
`--head` you give heads (checkpoints) that you kept: the evidence has to go on from them. Ends with status 0 if
everything holds, with 1 and a sentence if something does not. `docs/proofs.md` says what is checked and why.

It shares no code with the rest of Deskledger on purpose.
"""

import argparse
import base64
import hashlib
import json
import sys
from pathlib import Path
from typing import Any, NamedTuple

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey

FORMAT = "deskledger-evidence/1"
PROOF = "c2sp.org/tlog-proof@v1"


class DoesNotHold(Exception):
    """Something that was claimed does not hold; the sentence says what."""


class Head(NamedTuple):
    """What a signed checkpoint says."""

    origin: str
    size: int
    root: bytes


def sha256(data: bytes) -> bytes:
    return hashlib.sha256(data).digest()


def unbase64(text: str) -> bytes:
    try:
        return base64.b64decode(text, validate=True)
    except ValueError:
        raise DoesNotHold(f"{text[:60]!r} is no base64") from None


def public_key(text: str) -> bytes:
    """The 32 bytes of a key, given in hexadecimal digits or as a verifier key."""
    if "+" in text:
        data = unbase64(text.split("+", 2)[2])
        if data[:1] != b"\x01":
            raise DoesNotHold("the verifier key is not one of Ed25519")
        return data[1:]
    return bytes.fromhex(text)


def opened(note: str, keys: list[bytes]) -> Head:
    """The head that a note says, if one of the keys signed it."""
    body, found, signatures = note.rpartition("\n\n")
    lines = body.split("\n")
    if not found or len(lines) < 3:
        raise DoesNotHold("the checkpoint is no signed note of at least three lines")
    origin, text = lines[0], (body + "\n").encode()
    for line in signatures.splitlines():
        dash, _, rest = line.partition(" ")
        name, _, encoded = rest.partition(" ")
        if dash != "\N{EM DASH}" or name != origin:
            continue
        signature = unbase64(encoded)
        for key in keys:
            if signature[:4] == sha256(name.encode() + b"\n\x01" + key)[:4]:
                try:
                    Ed25519PublicKey.from_public_bytes(key).verify(signature[4:], text)
                except InvalidSignature:
                    raise DoesNotHold(f"the signature of the head of `{origin}` is not right") from None
                return Head(origin, int(lines[1]), unbase64(lines[2]))
    raise DoesNotHold(f"the head of `{origin}` is signed by none of the keys that you trust")


def combined(left: bytes, right: bytes) -> bytes:
    return sha256(b"\x01" + left + right)


def included(head: Head, index: int, leaf: bytes, path: list[bytes]) -> bool:
    """Whether this leaf stands at this index under the head: the tree is walked down, and the path used up from its
    end."""

    def root(low: int, high: int, rest: list[bytes]) -> bytes | None:
        if high - low == 1:
            return None if rest else sha256(b"\x00" + leaf)
        if not rest:
            return None
        middle = low + half(high - low)
        below = root(low, middle, rest[:-1]) if index < middle else root(middle, high, rest[:-1])
        if below is None:
            return None
        return combined(below, rest[-1]) if index < middle else combined(rest[-1], below)

    return 0 <= index < head.size and root(0, head.size, path) == head.root


def continued(old: Head, new: Head, path: list[bytes]) -> bool:
    """Whether the tree under the new head begins with the one under the old head: both roots follow from the path."""

    def roots(low: int, high: int, rest: list[bytes]) -> tuple[bytes, bytes] | None:
        if old.size == high:
            if low == 0:
                return None if rest else (old.root, old.root)
            return (rest[0], rest[0]) if len(rest) == 1 else None
        if not rest:
            return None
        middle = low + half(high - low)
        below = roots(low, middle, rest[:-1]) if old.size <= middle else roots(middle, high, rest[:-1])
        if below is None:
            return None
        if old.size <= middle:
            return below[0], combined(below[1], rest[-1])
        return combined(rest[-1], below[0]), combined(rest[-1], below[1])

    return 0 < old.size <= new.size and roots(0, new.size, path) == (old.root, new.root)


def half(size: int) -> int:
    """The largest power of two below a size."""
    power = 1
    while power * 2 < size:
        power *= 2
    return power


def check_entry(head: Head, entry: dict[str, Any]) -> None:
    """An entry of a bundle: it stands in the ledger, and the words that are told of it are those it commits to."""
    position, leaf = entry["position"], entry["leaf"]
    if not included(head, position, leaf.encode(), [unbase64(one) for one in entry["path"]]):
        raise DoesNotHold(f"the entry at position {position} is not what stands there under the head")
    said = json.loads(leaf)
    if not head.origin.startswith(f"deskledger/{said['workspace']}"):
        raise DoesNotHold(f"the entry at position {position} is another ledger's")
    for name, words in entry.get("words", {}).items():
        holder = said["event"]["payload"] if name.startswith("payload.") else said["event"]
        committed = holder.get(name.removeprefix("payload."))
        commitment = sha256(bytes.fromhex(words["salt"]) + words["text"].encode()).hex()
        if committed != {"commitment": commitment}:
            raise DoesNotHold(f"the words of `{name}` at position {position} are not those that were recorded")


def check_bundle(bundle: dict[str, Any], keys: list[bytes], kept: list[str]) -> str:
    """A whole bundle. Returns what was found to hold."""
    if bundle.get("format") != FORMAT:
        raise DoesNotHold(f"this is no evidence in the format {FORMAT}")
    head = opened(bundle["checkpoint"], keys)
    for entry in bundle["entries"]:
        check_entry(head, entry)
    older: dict[Head, list[bytes]] = {}
    for one in bundle.get("consistency", []):
        old = opened(one["checkpoint"], keys)
        older[old] = [unbase64(hash_) for hash_ in one["path"]]
        if old.origin != head.origin or not continued(old, head, older[old]):
            raise DoesNotHold(f"the head of size {head.size} does not go on from that of size {old.size}")
    for note in kept:
        mine = opened(note, keys)
        if mine != head and mine not in older:
            raise DoesNotHold(f"nothing shows that the head of size {head.size} goes on from yours of size {mine.size}")
    return (
        f"{len(bundle['entries'])} entries stand in the ledger `{head.origin}` under its head of size {head.size}; "
        f"{len(older)} older heads are part of it"
    )


def check_proof(text: str, leaf: bytes, keys: list[bytes]) -> str:
    """A C2SP proof of one entry, and the entry's leaf."""
    proof, _, note = text.partition("\n\n")
    lines = [line for line in proof.split("\n") if not line.startswith("extra ")]
    if lines[0] != PROOF or len(lines) < 2 or not lines[1].startswith("index "):
        raise DoesNotHold(f"this is no proof in the format {PROOF}")
    head, index = opened(note, keys), int(lines[1].removeprefix("index "))
    if not included(head, index, leaf, [unbase64(one) for one in lines[2:]]):
        raise DoesNotHold(f"the leaf is not what stands at position {index} under the head of size {head.size}")
    return f"the leaf stands at position {index} of the ledger `{head.origin}` under its head of size {head.size}"


def main(arguments: list[str]) -> int:
    parser = argparse.ArgumentParser(description="Checks evidence from a Deskledger ledger, without Deskledger.")
    parser.add_argument("--key", action="append", required=True, help="a public key of the ledger's that you trust")
    parser.add_argument("--head", action="append", default=[], type=Path, help="a head that you kept")
    parser.add_argument("evidence", type=Path, help="a bundle (.json), or a proof (.tlog-proof) with its leaf")
    parser.add_argument("leaf", nargs="?", type=Path, help="the leaf that a .tlog-proof is about")
    given = parser.parse_args(arguments)
    try:
        keys = [public_key(one) for one in given.key]
        text = given.evidence.read_text("utf-8")
        if given.leaf is None:
            kept = [path.read_text("utf-8") for path in given.head]
            found = check_bundle(json.loads(text), keys, kept)
        else:
            found = check_proof(text, given.leaf.read_bytes(), keys)
    except DoesNotHold as error:
        sys.stdout.write(f"DOES NOT HOLD: {error}\n")
        return 1
    except (AttributeError, KeyError, TypeError, ValueError) as error:
        sys.stdout.write(f"DOES NOT HOLD: the evidence is malformed ({type(error).__name__}: {error})\n")
        return 1
    sys.stdout.write(f"holds: {found}\n")
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
