"""The verifier that shares no code with us agrees with us about what holds, and about what does not."""

import ast
import random
import sys
from collections.abc import Callable
from copy import deepcopy
from pathlib import Path
from typing import Any
from uuid import UUID

import msgspec
import pytest

from domain.errors import NotFound
from eventstore.database import Database
from eventstore.proofs import standalone
from eventstore.proofs.checkpoint import Checkpoint, origin_of, signed, verifier_key
from eventstore.proofs.evidence import evidence_of
from eventstore.proofs.keys import SigningKeys
from eventstore.proofs.signer import Signer
from eventstore.proofs.standalone import Head, continued, included
from eventstore.proofs.tree import leaf_hash
from eventstore.vault import Vault
from tests.eventstore.proofs.conftest import Fill
from tests.eventstore.proofs.test_tree import Grown
from tests.eventstore.proofs.vectors import CONSISTENCY, INCLUSION, LEAVES, ROOTS

Bundle = dict[str, Any]


def test_it_imports_nothing_of_ours() -> None:
    tree = ast.parse(Path(standalone.__file__).read_text())
    imported = {
        name.partition(".")[0]
        for node in ast.walk(tree)
        if isinstance(node, ast.Import | ast.ImportFrom)
        for name in ([node.module or ""] if isinstance(node, ast.ImportFrom) else [one.name for one in node.names])
    }

    assert imported - sys.stdlib_module_names == {"cryptography"}


def test_it_agrees_with_the_published_vectors() -> None:
    roots = [bytes.fromhex(one) for one in ROOTS]
    for (index, size), path in INCLUSION.items():
        assert included(Head("", size, roots[size]), index, LEAVES[index], [bytes.fromhex(one) for one in path])
    for (old, new), path in CONSISTENCY.items():
        hashes = [bytes.fromhex(one) for one in path]
        assert continued(Head("", old, roots[old]), Head("", new, roots[new]), hashes)


@pytest.mark.parametrize("seed", range(15))
def test_it_agrees_about_random_trees(seed: int) -> None:
    chance = random.Random(seed)
    leaves = [chance.randbytes(6) for _ in range(chance.randrange(2, 1_500))]
    grown = Grown([leaf_hash(leaf) for leaf in leaves])
    for _ in range(20):
        size = chance.randrange(1, len(leaves) + 1)
        index, old = chance.randrange(size), chance.randrange(1, size + 1)
        head, older = Head("", size, grown.roots[size]), Head("", old, grown.roots[old])
        path, consistency = grown.inclusion(index, size), grown.consistency(old, size)
        assert included(head, index, leaves[index], path)
        assert continued(older, head, consistency)
        assert not included(head, index, leaves[index] + b"x", path)
        assert not included(head, index, leaves[index], [*path, bytes(32)])
        assert not included(head, size, leaves[index], path)
        assert not continued(older._replace(root=bytes(32)), head, consistency)
        assert not continued(older, head._replace(root=bytes(32)), consistency)
        assert not continued(older, head, [*consistency, bytes(32)])
        if size > 1:
            assert not included(head, index, leaves[index], path[1:])
            assert not included(head, (index + 1) % size, leaves[index], path)


@pytest.fixture
async def bundle(
    database: Database, vault: Vault, workspace: UUID, fill: Fill, signer: Signer, keys: SigningKeys
) -> Bundle:
    """Evidence of a few events, words and all, and an older head."""
    for count in (20, 21):
        await fill(count)
        await signer.sign(workspace)
    async with database.transaction(workspace, snapshot=True) as connection:
        found = await evidence_of(
            connection, vault, workspace, range(10, 30), since=20, disclosed=True, publics=keys.publics
        )
    return dict(msgspec.json.decode(msgspec.json.encode(found)))


@pytest.fixture
def run(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> Callable[..., tuple[int, str]]:
    """Runs the verifier as a program on a bundle."""

    def ran(bundle: Bundle, *keys: str, heads: tuple[str, ...] = ()) -> tuple[int, str]:
        (tmp_path / "evidence.json").write_bytes(msgspec.json.encode(bundle))
        arguments = [str(tmp_path / "evidence.json")]
        for number, note in enumerate(heads):
            (tmp_path / f"head-{number}").write_text(note)
            arguments += ["--head", str(tmp_path / f"head-{number}")]
        for key in keys:
            arguments += ["--key", key]
        status = standalone.main(arguments)
        return status, capsys.readouterr().out

    return ran


async def test_evidence_holds_by_a_key_in_either_form(
    bundle: Bundle, workspace: UUID, keys: SigningKeys, run: Callable[..., tuple[int, str]]
) -> None:
    public, origin = keys.publics[-1], origin_of(workspace, 1)
    for key in (public.hex(), verifier_key(origin, public)):
        status, said = run(bundle, key, heads=(bundle["checkpoint"], bundle["consistency"][0]["checkpoint"]))
        assert status == 0
        assert said.startswith(f"holds: 20 entries stand in the ledger `{origin}` under its head of size 41; 1 older")
    assert any("payload.text" in entry.get("words", {}) for entry in bundle["entries"])
    disclosed = [words["text"] for entry in bundle["entries"] for words in entry.get("words", {}).values()]
    assert any(text.startswith("words ") for text in disclosed)


def _first_words(bundle: Bundle) -> Bundle:
    return next(entry["words"] for entry in bundle["entries"] if "words" in entry)


ALTERATIONS: dict[str, tuple[Callable[[Bundle], object], str]] = {
    "another position": (lambda bundle: bundle["entries"][0].update(position=11), "position 11 is not what stands"),
    "another leaf": (
        lambda bundle: bundle["entries"][3].update(leaf=bundle["entries"][4]["leaf"]), "position 13 is not what stands"
    ),
    "a hash less": (lambda bundle: bundle["entries"][0]["path"].pop(), "position 10 is not what stands"),
    "other words": (
        lambda bundle: next(iter(_first_words(bundle).values())).update(text="nothing"), "are not those that were"
    ),
    "another root": (
        lambda bundle: bundle.update(checkpoint=bundle["checkpoint"].replace("\n41\n", "\n42\n")), "is not right"
    ),
    "another older root": (
        lambda bundle: bundle["consistency"][0]["path"].pop(), "does not go on from that of size 20"
    ),
    "no signature": (lambda bundle: bundle.update(checkpoint="nothing"), "no signed note"),
    "another format": (lambda bundle: bundle.update(format="x"), "no evidence in the format"),
    "no entries": (lambda bundle: bundle.pop("entries"), "malformed"),
    "no base64": (lambda bundle: bundle["entries"][0].update(path=["?"]), "no base64"),
}  # fmt: skip


@pytest.mark.parametrize("name", ALTERATIONS)
async def test_evidence_that_was_altered_does_not_hold(
    bundle: Bundle, keys: SigningKeys, run: Callable[..., tuple[int, str]], name: str
) -> None:
    change, message = ALTERATIONS[name]
    changed = deepcopy(bundle)
    change(changed)

    status, said = run(changed, keys.publics[-1].hex())

    assert status == 1
    assert message in said


async def test_evidence_does_not_hold_by_another_key_or_beside_another_head(
    bundle: Bundle, workspace: UUID, keys: SigningKeys, run: Callable[..., tuple[int, str]]
) -> None:
    key = keys.publics[-1].hex()
    other = signed(Checkpoint(origin_of(workspace, 1), 30, bytes(32)), keys.private)

    assert "none of the keys that you trust" in run(bundle, "00" * 32)[1]
    assert "goes on from yours of size 30" in run(bundle, key, heads=(other,))[1]


async def test_a_tlog_proof_holds_for_its_leaf_alone(
    bundle: Bundle, keys: SigningKeys, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    entry, key = bundle["entries"][5], keys.publics[-1].hex()
    text = "\n".join(["c2sp.org/tlog-proof@v1", "index 15", *entry["path"], "", bundle["checkpoint"]])
    proof, leaf = tmp_path / "entry.tlog-proof", tmp_path / "entry.leaf"
    proof.write_text(text)
    leaf.write_text(entry["leaf"])
    assert standalone.main(["--key", key, str(proof), str(leaf)]) == 0
    assert "stands at position 15" in capsys.readouterr().out

    for wrong in (text.replace("index 15", "index 16"), text.replace("@v1", "@v2"), f"{text[:30]}"):
        proof.write_text(wrong)
        assert standalone.main(["--key", key, str(proof), str(leaf)]) == 1
        assert capsys.readouterr().out.startswith("DOES NOT HOLD")


async def test_there_is_no_evidence_of_what_is_not_signed(
    bundle: Bundle, database: Database, vault: Vault, workspace: UUID, fill: Fill, keys: SigningKeys
) -> None:
    await fill(1)
    async with database.transaction(workspace, snapshot=True) as connection:
        for positions in ([0, 41], []):
            with pytest.raises(NotFound, match="no signed entry"):
                await evidence_of(
                    connection, vault, workspace, positions, since=None, disclosed=False, publics=keys.publics
                )
    assert bundle["keys"] == [one.hex() for one in keys.publics]
