"""Evidence through the API: heads, proofs of entries, and that one head goes on from another."""

import asyncio
import json
import subprocess
from base64 import b64decode
from collections.abc import Callable
from pathlib import Path
from time import monotonic
from typing import Any

import asyncpg
import pytest

from api.auth.roles import Role
from api.cli.verify import verify
from domain.errors import InvalidInput
from domain.instants import moment_of
from eventstore.cluster import programs
from eventstore.proofs.checkpoint import Checkpoint, origin_of, signer, verifier_key
from eventstore.proofs.checkpoint import signed as make_signed
from eventstore.proofs.exported import export
from eventstore.proofs.keys import public_keys, signing_keys
from eventstore.proofs.tree import begins_with, includes, leaf_hash
from tests.api.conftest import Deskledger, _home
from tests.api.desk import Desk, received, replied

HEAD = "query Head($size: BigInt) { ledgerHead(size: $size) { size root origin signedAt checkpoint } }"
PROOFS = """
query Proofs($at: BigInt) { journal(first: 100, atLeast: $at) { nodes { position payload
  proof { leaf path text head { size root checkpoint } } } } }
"""
CONSISTENCY = """
query Consistency($from: BigInt!, $to: BigInt) { consistencyProof(from: $from, to: $to) {
  from { size root } to { size root } path } }
"""


async def signed(desk: Desk, size: int, *, token: str | None = None) -> dict[str, Any]:
    """The head once it is over that many events, which takes a second at most."""
    began = monotonic()
    while True:
        head = (await desk.ask(HEAD, token=token))["ledgerHead"]
        if head is not None and int(head["size"]) >= size:
            return dict(head)
        assert monotonic() - began < 5, head
        await asyncio.sleep(0.05)


async def test_every_entry_is_proved_under_a_signed_head(desk: Desk) -> None:
    assert (await desk.ask(HEAD))["ledgerHead"] is None
    position = await desk.recorded(
        received("c1", "i1", at="2026-03-02T09:00:00Z"), replied("c1", "r1", at="2026-03-02T10:05:00Z")
    )
    await signed(desk, position + 1)
    entries = (await desk.ask(PROOFS, {"at": str(position)}))["journal"]["nodes"]

    assert [int(entry["position"]) for entry in entries] == list(range(position + 1))
    for entry in entries:
        proof, head = entry["proof"], entry["proof"]["head"]
        path = [b64decode(one) for one in proof["path"]]
        assert signer(head["checkpoint"], public_keys(_home())) is not None
        assert includes(
            b64decode(head["root"]), int(head["size"]), int(entry["position"]), leaf_hash(proof["leaf"].encode()), path
        )
        assert proof["text"].startswith(f"c2sp.org/tlog-proof@v1\nindex {entry['position']}\n")
        assert proof["text"].endswith(f"\n\n{head['checkpoint']}")
    assert entries[1]["payload"]["reply"] in entries[1]["proof"]["leaf"]
    assert "On its way." not in entries[1]["proof"]["leaf"]


async def test_a_newer_head_goes_on_from_an_older_one(desk: Desk) -> None:
    old = await signed(desk, await desk.recorded(received("c1", "i1", at="2026-03-02T09:00:00Z")) + 1)
    new = await signed(
        desk,
        await desk.recorded(
            received("c1", "i2", at="2026-03-02T09:00:00Z"), received("c1", "i3", at="2026-03-02T09:00:00Z")
        )
        + 1,
    )

    proof = (await desk.ask(CONSISTENCY, {"from": old["size"]}))["consistencyProof"]

    assert (proof["from"]["root"], proof["to"]["root"]) == (old["root"], new["root"])
    sizes = int(old["size"]), int(new["size"])
    path = [b64decode(one) for one in proof["path"]]
    assert begins_with(b64decode(old["root"]), sizes[0], b64decode(new["root"]), sizes[1], path)
    assert (await desk.ask(HEAD, {"size": old["size"]}))["ledgerHead"]["root"] == old["root"]
    assert (await desk.ask(HEAD, {"size": "77"}))["ledgerHead"] is None
    assert (await desk.refusal(CONSISTENCY, {"from": "77"}))["code"] == "NOT_FOUND"
    assert (await desk.refusal(CONSISTENCY, {"from": "0"}))["code"] == "INVALID_QUESTION"


async def test_whoever_may_not_see_the_journal_gets_no_evidence(desk: Desk) -> None:
    for role in (Role.INGEST, Role.SUBSCRIBER, Role.ADMINISTRATOR):
        token = await desk.token_of(role)
        assert (await desk.refusal(HEAD, token=token))["code"] == "FORBIDDEN"
        assert (await desk.refusal(CONSISTENCY, {"from": "1"}, token=token))["code"] == "FORBIDDEN"


async def test_one_workspace_has_no_part_in_anothers_evidence(desk: Desk, other_desk: Desk) -> None:
    await signed(desk, await desk.recorded(received("c1", "i1", at="2026-03-02T09:00:00Z")) + 1)

    assert (await other_desk.ask(HEAD))["ledgerHead"] is None


async def test_verify_says_that_all_is_right_or_what_is_wrong_and_where(
    desk: Desk, deskledger: Deskledger, api_database_url: str, tmp_path: Path
) -> None:
    await signed(desk, await desk.recorded(*(received("c1", f"i{n}", at="2026-03-02T09:00:00Z") for n in range(5))) + 1)
    command = ("verify", "--workspace", desk.slug, "--heads", str(tmp_path))
    right = deskledger(*command)
    assert right.returncode == 0, right.stderr
    assert "5 events" in right.stdout
    assert "everything is as it was signed" in right.stdout
    superuser = await asyncpg.connect(api_database_url)
    async with superuser.transaction():
        await superuser.execute("SET LOCAL session_replication_role = replica")
        await superuser.execute(
            "UPDATE events SET version = version + 100 WHERE workspace_id = $1 AND position = 3", desk.workspace
        )
    await superuser.close()

    wrong = deskledger(*command)

    assert wrong.returncode == 1
    assert "the first at position 3" in wrong.stdout
    assert "LEAF_DIFFERS: position 3: content, recorded_at, version" in wrong.stdout


def test_keys_are_shown_and_replaced(deskledger_at: Callable[[Path], Deskledger], tmp_path: Path) -> None:
    run = deskledger_at(tmp_path)

    new = bytes.fromhex(run("key", "rotate").stdout)

    shown = run("key", "show", "--name", "deskledger/x").stdout.split()
    assert len(shown) == 2
    assert shown[-1] == verifier_key("deskledger/x", new)


async def dumped(desk: Desk, url: str, file: Path, form: str) -> Path:
    """A dump of the database once three events are signed."""
    await signed(desk, await desk.recorded(*(received("c1", f"i{n}", at="2026-03-02T09:00:00Z") for n in range(3))) + 1)
    command = [str(programs() / "pg_dump"), f"--format={form}", f"--file={file}", url]
    await asyncio.to_thread(subprocess.run, command, check=True)
    return file


async def test_a_dump_is_verified_without_the_database(
    desk: Desk, deskledger: Deskledger, api_database_url: str, tmp_path: Path
) -> None:
    dump = await dumped(desk, api_database_url, tmp_path / "desk.dump", "custom")

    right = deskledger("verify", "--dump", str(dump), "--workspace", desk.slug)

    assert right.returncode == 0, right.stderr
    assert "3 events" in right.stdout
    assert "everything is as it was signed" in right.stdout


@pytest.mark.soak
async def test_what_was_changed_in_a_dump_is_found(
    desk: Desk, deskledger: Deskledger, api_database_url: str, tmp_path: Path
) -> None:
    dump = await dumped(desk, api_database_url, tmp_path / "desk.sql", "plain")
    lines = dump.read_text().split("\n")
    mine = [n for n, line in enumerate(lines) if line.startswith(f"{desk.workspace}\t2\t") and "item.received" in line]
    lines[mine[0]] = lines[mine[0]].replace("\\\\x7b", "\\\\x5b")
    dump.write_text("\n".join(lines))

    wrong = deskledger("verify", "--dump", str(dump), "--workspace", desk.slug, "--no-words", "--json")

    assert wrong.returncode == 1
    assert json.loads(wrong.stdout)[0]["first"]["position"] == 2


async def test_evidence_is_checked_by_our_own_keys_too(desk: Desk, deskledger: Deskledger, tmp_path: Path) -> None:
    position = await desk.recorded(received("c1", "i1", at="2026-03-02T09:00:00Z"))
    await signed(desk, position + 1)
    evidence = tmp_path / "evidence.json"
    path = f"/tlog/{desk.slug}/evidence.json?positions={position}"
    answer = await desk.client.get(f"{desk.server.root}{path}", headers={"Authorization": f"Bearer {desk.token}"})
    evidence.write_bytes(answer.content)

    right = deskledger("verify", "--evidence", str(evidence))
    other = deskledger("verify", "--evidence", str(evidence), "--key", "00" * 32)

    assert (right.returncode, other.returncode) == (0, 1)
    assert right.stdout.startswith("holds: 1 entries")
    assert "none of the keys that you trust" in other.stdout


def test_what_is_no_dump_and_no_key_is_refused_in_a_sentence(tmp_path: Path) -> None:
    with pytest.raises(InvalidInput, match="64 hexadecimal digits"):
        verify(evidence=tmp_path / "evidence.json", key=["x"])
    with pytest.raises(InvalidInput, match="is no file"):
        verify(dump=tmp_path / "none")


async def test_a_loss_is_accepted_by_command_and_shows_in_the_next_head(
    desk: Desk, deskledger_at: Callable[[Path], Deskledger], monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    """A head of 99 events lies outside; the ledger has one."""
    await signed(desk, await desk.recorded(received("c1", "i1", at="2026-03-02T09:00:00Z")) + 1)
    head = Checkpoint(origin_of(desk.workspace, 1), 99, bytes(32))
    export(tmp_path, desk.workspace, moment_of(0), make_signed(head, signing_keys(_home()).private))
    monkeypatch.setenv("DESKLEDGER_HEADS_FOLDER", str(tmp_path))
    run = deskledger_at(_home())

    accepted = run("accept-loss", "--workspace", desk.slug, "--reason", "a disk broke")
    again = run("accept-loss", "--workspace", desk.slug, "--reason", "a disk broke")

    assert accepted.stdout == "accepted; run 2 of its heads begins with the next event\n", accepted.stderr
    assert again.returncode == 1
    assert "there is nothing to accept" in again.stderr
    new = await signed(desk, await desk.recorded(received("c1", "i2", at="2026-03-02T09:00:00Z")) + 1)
    assert new["origin"] == origin_of(desk.workspace, 2)
