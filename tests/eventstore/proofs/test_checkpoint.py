"""Checkpoints: published signed notes, and notes that are not what they should be."""

from base64 import b64decode, b64encode
from uuid import UUID

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from eventstore.proofs.checkpoint import (
    Checkpoint,
    NoCheckpoint,
    key_id,
    origin_of,
    parsed,
    proof_text,
    signed,
    signed_note,
    signer,
    verifier_key,
)
from tests.eventstore.proofs.vectors import C2SP_KEY, C2SP_NOTE, PETER_KEY, PETER_NOTE, PETER_SEED, PETER_TEXT

WORKSPACE = UUID("8f6b1b0e-6c2c-4f0a-9b1e-000000000001")
KEY = Ed25519PrivateKey.from_private_bytes(bytes(range(32)))
PUBLIC = KEY.public_key().public_bytes_raw()
HEAD = Checkpoint(origin_of(WORKSPACE, 1), 1234, bytes(range(32)))


def public_of(verifier: str) -> bytes:
    return b64decode(verifier.split("+", 2)[2])[1:]


def test_the_published_notes_are_signed_and_made_as_published() -> None:
    peter = Ed25519PrivateKey.from_private_bytes(b64decode(PETER_SEED.split("+", 4)[4])[1:])

    assert signed_note(PETER_TEXT, "PeterNeumann", peter) == PETER_NOTE
    assert verifier_key("PeterNeumann", public_of(PETER_KEY)) == PETER_KEY
    assert signer(PETER_NOTE, [public_of(PETER_KEY)], "PeterNeumann") == public_of(PETER_KEY)
    assert signer(C2SP_NOTE, [public_of(C2SP_KEY)], "example.com/foo") == public_of(C2SP_KEY)
    assert signer(C2SP_NOTE.replace("an", "no", 1), [public_of(C2SP_KEY)], "example.com/foo") is None


def test_a_checkpoint_says_what_was_signed() -> None:
    note = signed(HEAD, KEY)

    assert note.startswith(f"deskledger/{WORKSPACE}\n1234\nAAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8=\n\n— ")
    assert parsed(note) == HEAD
    assert signer(note, [PUBLIC]) == PUBLIC
    assert origin_of(WORKSPACE, 2) == f"deskledger/{WORKSPACE}/2"


def test_a_checkpoint_that_was_changed_or_signed_by_others_is_nobodys() -> None:
    note = signed(HEAD, KEY)
    other = Ed25519PrivateKey.generate()

    assert signer(note.replace("1234", "1235"), [PUBLIC]) is None
    assert signer(note.replace("AAEC", "AAED"), [PUBLIC]) is None
    assert signer(signed(HEAD, other), [PUBLIC]) is None
    assert signer(note, []) is None
    forged = key_id(HEAD.origin, PUBLIC) + other.sign(HEAD.body.encode())
    assert signer(f"{HEAD.body}\n— {HEAD.origin} {b64encode(forged).decode()}\n", [PUBLIC]) is None


def test_a_signature_beside_ours_is_let_be() -> None:
    other = Ed25519PrivateKey.generate()
    witness = signed_note(HEAD.body, "witness.example/w", other).splitlines()[-1]

    assert signer(signed(HEAD, KEY) + witness + "\n", [PUBLIC]) == PUBLIC


@pytest.mark.parametrize(
    "note",
    [
        "", "one line\n", "origin\n12\n\n— a b\n", signed(HEAD, KEY).replace("1234", "01234"),
        signed(HEAD, KEY).replace("1234", "-4"), signed(HEAD, KEY).replace("Hh8=", "Hh9="),
        signed(HEAD, KEY).replace("Hh8=", ""),
    ],
)  # fmt: skip
def test_what_is_no_checkpoint_is_refused(note: str) -> None:
    with pytest.raises(NoCheckpoint):
        parsed(note)


def test_a_proof_is_one_text() -> None:
    assert proof_text(7, [bytes(32)], "checkpoint\n") == (
        "c2sp.org/tlog-proof@v1\nindex 7\nAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA=\n\ncheckpoint\n"
    )
