"""The tree over HTTP: C2SP's tiles, proofs as files, and evidence that a program without us checks."""

import struct
import subprocess
import sys
from pathlib import Path
from typing import Any

import httpx
import pytest

from api.auth.roles import Role
from eventstore.proofs.checkpoint import parsed, signer
from eventstore.proofs.keys import public_keys
from eventstore.proofs.tree import GrowingTree, leaf_hash
from tests.api.conftest import Deskledger, _home
from tests.api.desk import Desk, received
from tests.api.test_proofs import signed

EVENTS = 300


async def get(desk: Desk, what: str, *, token: str | None = None, slug: str | None = None) -> httpx.Response:
    return await desk.client.get(
        f"{desk.server.root}/tlog/{slug or desk.slug}/{what}",
        headers={"Authorization": f"Bearer {token or desk.token}"},
    )


async def content(desk: Desk, what: str) -> bytes:
    response = await get(desk, what)
    assert response.status_code == 200, response.text
    return response.content


@pytest.fixture
async def filled(desk: Desk) -> Desk:
    """A desk with 300 signed events, which the journal knows as well: by it is said who sees them."""
    actions = [received("c1", f"i{number}", at="2026-03-02T09:00:00Z") for number in range(EVENTS)]
    position = 0
    for start in range(0, EVENTS, 100):
        position = await desk.recorded(*actions[start : start + 100])
    await signed(desk, position + 1)
    asked = "query($at: BigInt) { journal(first: 1, atLeast: $at) { nodes { title } } }"
    await desk.ask(asked, {"at": str(position)}, token=await desk.token_of(Role.INVESTIGATOR))
    return desk


def root_of(hashes: list[bytes]) -> bytes:
    tree = GrowingTree()
    for hash_ in hashes:
        list(tree.add(hash_))
    return tree.root


def hashes_in(tile: bytes) -> list[bytes]:
    return [tile[start : start + 32] for start in range(0, len(tile), 32)]


async def test_tiles_give_the_tree_that_the_checkpoint_is_over(filled: Desk) -> None:
    note = (await content(filled, "checkpoint")).decode()
    head = parsed(note)
    assert signer(note, public_keys(_home())) is not None
    assert head.size == EVENTS

    full = hashes_in(await content(filled, "tile/0/000"))
    partial = hashes_in(await content(filled, f"tile/0/001.p/{EVENTS - 256}"))
    above = hashes_in(await content(filled, "tile/1/000.p/1"))

    assert (len(full), len(partial), above) == (256, EVENTS - 256, [root_of(full)])
    assert root_of(full + partial) == head.root


async def test_entries_hash_to_the_tiles(filled: Desk) -> None:
    bundle = await content(filled, "tile/entries/000")
    leaves = []
    while bundle:
        (length,) = struct.unpack(">H", bundle[:2])
        leaves.append(bundle[2 : 2 + length])
        bundle = bundle[2 + length :]

    assert [leaf_hash(leaf) for leaf in leaves] == hashes_in(await content(filled, "tile/0/000"))


async def test_what_the_tree_does_not_have_is_not_found(filled: Desk) -> None:
    for what in (
        "tile/0/001", "tile/0/001.p/45", "tile/0/000.p/256", "tile/0/002.p/1", "tile/1/000", "tile/2/000.p/1",
        "tile/64/000", "tile/0/0", "tile/0/x000/000", "tile/0/x000/000x", "tile/entries/001",
        "proof/300.tlog-proof", "proof/x.leaf", "nothing", "",
    ):  # fmt: skip
        response = await get(filled, what)
        assert response.status_code == 404, what
        assert response.json()["errors"][0]["extensions"]["code"] == "NOT_FOUND"


async def test_files_are_checked_by_a_program_without_us(filled: Desk, deskledger: Deskledger, tmp_path: Path) -> None:
    verifier = tmp_path / "check.py"
    verifier.write_text(deskledger("verifier").stdout)
    for name in ("261.tlog-proof", "261.leaf"):
        (tmp_path / name).write_bytes(await content(filled, f"proof/{name}"))
    (tmp_path / "evidence.json").write_bytes(
        await content(filled, f"evidence.json?positions=3,299&since={EVENTS}&words=true")
    )
    key = public_keys(_home())[-1].hex()

    def check(*arguments: str) -> "subprocess.CompletedProcess[str]":
        command = [sys.executable, "-I", str(verifier), "--key", key, *arguments]
        return subprocess.run(command, cwd=tmp_path, capture_output=True, text=True, check=False)

    proof, evidence = check("261.tlog-proof", "261.leaf"), check("evidence.json")

    assert (proof.returncode, evidence.returncode) == (0, 0), proof.stdout + evidence.stdout
    assert "position 261" in proof.stdout
    assert "2 entries" in evidence.stdout
    assert "Where is my parcel?" in (tmp_path / "evidence.json").read_text()
    assert "Where is my parcel?" not in (tmp_path / "261.leaf").read_text()


async def test_who_may_see_which_evidence(filled: Desk, other_desk: Desk) -> None:
    async def status(what: str, role: Role, **operator: Any) -> int:
        return (await get(filled, what, token=await filled.token_of(role, **operator))).status_code

    for what in ("checkpoint", "tile/0/000"):
        assert await status(what, Role.OPERATOR, operator="anna") == 200
        assert await status(what, Role.INGEST) == 403
    for what in ("tile/entries/000", "proof/1.leaf", "proof/1.tlog-proof", "evidence.json?positions=1"):
        assert await status(what, Role.LEAD) == 200
        assert await status(what, Role.OPERATOR, operator="anna") == 403
    assert await status("evidence.json?positions=1&words=true", Role.LEAD) == 403
    assert (await get(filled, "checkpoint", slug=other_desk.slug)).status_code == 404
    assert (await get(filled, "checkpoint", token="nobody")).status_code == 401  # noqa: S106 - it is none
    assert (await get(filled, "checkpoint", slug=str(filled.workspace))).status_code == 200


async def test_evidence_that_cannot_be_is_refused(filled: Desk) -> None:
    too_many = "?positions=" + ",".join(["1"] * 1_001)
    for question, status in (
        ("", 400), ("?positions=x", 400), ("?positions=1,-2", 400), (too_many, 400), ("?positions=300", 404),
        ("?positions=1&since=7", 404),
    ):  # fmt: skip
        assert (await get(filled, f"evidence.json{question}")).status_code == status, question


async def test_evidence_leaves_a_trace(filled: Desk) -> None:
    await content(filled, "evidence.json?positions=1,2&words=true")

    log = await filled.ask(
        "{ accessLog(last: 5) { nodes { operation rows } } }", token=await filled.token_of(Role.INVESTIGATOR)
    )

    assert {"operation": "evidence", "rows": 2} in log["accessLog"]["nodes"]
