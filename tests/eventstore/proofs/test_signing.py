"""Signed heads: over what is in the ledger, one after the other, by one signer at a time, never over a change."""

import asyncio
import contextlib
from collections.abc import Awaitable, Callable
from pathlib import Path
from time import monotonic
from uuid import UUID

import asyncpg
import pytest

from domain.errors import NotFound, Unavailable
from eventstore.database import Database
from eventstore.proofs import heads
from eventstore.proofs.checkpoint import origin_of, parsed
from eventstore.proofs.checkpoint import signer as signer_of
from eventstore.proofs.heads import Head
from eventstore.proofs.keys import SigningKeys, public_keys, rotate, signing_keys
from eventstore.proofs.nodes import consistency_proof, hashes_at, tile, tile_path
from eventstore.proofs.proving import consistency_of, proofs_of
from eventstore.proofs.signer import Altered, Signer
from eventstore.proofs.tree import GrowingTree, begins_with, includes, leaf_hash
from tests.eventstore.proofs.conftest import Fill

Login = Callable[[], Awaitable["asyncpg.Connection[asyncpg.Record]"]]


async def leaves_of(database: Database, workspace: UUID) -> list[bytes]:
    async with database.transaction(workspace, readonly=True) as connection:
        rows = await connection.fetch(
            "SELECT leaf_hash FROM events WHERE workspace_id = $1 ORDER BY position", workspace
        )
    return [row[0] for row in rows]


def root_over(leaves: list[bytes]) -> bytes:
    tree = GrowingTree()
    for leaf in leaves:
        list(tree.add(leaf))
    return tree.root


async def test_a_head_is_signed_over_all_that_is_there(
    database: Database, workspace: UUID, fill: Fill, signer: Signer, keys: SigningKeys
) -> None:
    assert await signer.sign(workspace) is None
    await fill(20)
    first = await signer.sign(workspace)
    assert await signer.sign(workspace) is None
    await fill(300)
    second = await signer.sign(workspace)

    assert first is not None
    assert second is not None
    leaves = await leaves_of(database, workspace)
    assert (first.size, first.root) == (20, root_over(leaves[:20]))
    assert (second.size, second.root) == (320, root_over(leaves))
    said = parsed(second.checkpoint)
    assert (said.origin, said.size, said.root) == (origin_of(workspace, 1), 320, second.root)
    assert signer_of(second.checkpoint, keys.publics) == keys.publics[-1]
    async with database.transaction(workspace, readonly=True) as connection:
        assert await heads.last(connection, workspace) == second
        assert await heads.of_size(connection, workspace, 20) == first
        assert await tile(connection, workspace, (1, 0)) == [root_over(leaves[:256])]


async def test_proofs_are_made_from_what_is_stored(
    database: Database, workspace: UUID, fill: Fill, signer: Signer
) -> None:
    made: list[Head] = []
    for count in (1, 7, 300, 256, 5):
        await fill(count)
        made.append(await signer.sign(workspace) or pytest.fail("nothing was signed"))
    await fill(1)
    last = made[-1]
    async with database.transaction(workspace, readonly=True) as connection:
        proofs = await proofs_of(connection, workspace, [0, 1, 255, 256, 568, 569, 5_000, -1])
        for position in (0, 1, 255, 256, 568):
            proof = proofs.pop(position)
            assert proof.head == last
            assert includes(last.root, last.size, position, leaf_hash(proof.leaf), proof.path)
        assert proofs == {}
        for old in made:
            for new in made[made.index(old) :]:
                found = await consistency_of(connection, workspace, old.size, new.size)
                assert begins_with(old.root, old.size, new.root, new.size, found.path)
        assert (await consistency_of(connection, workspace, 1, None)).new == last
        assert await consistency_proof(connection, workspace, 1, 1) == []
        with pytest.raises(NotFound, match="no head of size 2"):
            await consistency_of(connection, workspace, 2, None)
        with pytest.raises(NotFound, match="not older"):
            await consistency_of(connection, workspace, last.size, 1)


def test_tiles_are_counted_and_called_as_c2sp_says() -> None:
    """The examples of its specification."""
    assert [divmod(hashes_at(70_000, level), 256) for level in (0, 1, 2)] == [(273, 112), (1, 17), (0, 1)]
    assert [divmod(hashes_at(256, level), 256) for level in (0, 1)] == [(1, 0), (0, 1)]
    assert [tile_path(number) for number in (0, 67, 1_067, 1_234_067)] == ["000", "067", "x001/067", "x001/x234/067"]


async def test_signers_take_turns_and_go_on_from_each_other(
    database: Database, workspace: UUID, fill: Fill, keys: SigningKeys
) -> None:
    one, other = Signer(database, keys), Signer(database, keys)
    await fill(3)
    assert await one.sign(workspace) is not None
    await fill(3)
    assert await other.sign(workspace) is None  # the lease is the first one's

    await one.release()
    taken_over = await other.sign(workspace)

    assert taken_over is not None
    assert taken_over.root == root_over(await leaves_of(database, workspace))
    await other.release()
    await fill(300)
    assert (await one.sign(workspace) or pytest.fail("not signed")).size == 306


async def test_what_is_appended_is_signed_within_a_second(
    database: Database, workspace: UUID, fill: Fill, signer: Signer
) -> None:
    running = asyncio.create_task(signer.run())
    try:
        for size in (5, 10):
            await fill(5)
            began = monotonic()
            while True:
                async with database.transaction(workspace, readonly=True) as connection:
                    head = await heads.last(connection, workspace)
                if head is not None and head.size == size:
                    break
                assert monotonic() - began < 1
                await asyncio.sleep(0.02)
    finally:
        running.cancel()
        with contextlib.suppress(asyncio.CancelledError):
            await running


@pytest.mark.parametrize(
    ("change", "message"),
    [
        ("UPDATE events SET leaf_hash = sha256('x') WHERE workspace_id = $1 AND position = 259", "size 300"),
        ("DELETE FROM events WHERE workspace_id = $1 AND position = 299", "does not stand on"),
        ("UPDATE tree_nodes SET hash = sha256('x') WHERE workspace_id = $1", "size 300"),
        ("UPDATE tree_heads SET root = sha256('x') WHERE workspace_id = $1", "size 300"),
        ("UPDATE tree_heads SET checkpoint = replace(checkpoint, '300', '301') WHERE workspace_id = $1", "size 300"),
        ("UPDATE tree_heads SET checkpoint = 'nothing' WHERE workspace_id = $1", "does not stand on"),
        (
            "UPDATE tree_heads SET checkpoint = left(checkpoint, -10) || chr(10) WHERE workspace_id = $1",
            "none of our keys",
        ),
    ],
)
async def test_nothing_is_signed_over_a_change(
    workspace: UUID, fill: Fill, database: Database, keys: SigningKeys, as_login: Login, change: str, message: str
) -> None:
    first = Signer(database, keys)
    await fill(300)
    await first.sign(workspace)
    await first.release()
    await fill(1)
    superuser = await as_login()
    async with superuser.transaction():
        await superuser.execute("SET LOCAL session_replication_role = replica")
        await superuser.execute(change, workspace)
    await superuser.close()

    with pytest.raises(Altered, match=message):
        await Signer(database, keys).sign(workspace)


async def test_heads_and_nodes_cannot_be_changed_by_the_owner(database_url: str) -> None:
    owner = await asyncpg.connect(database_url, server_settings={"role": "deskledger_owner"})
    try:
        for table in ("tree_heads", "tree_nodes", "tree_runs"):
            for change in (f"DELETE FROM {table}", f"UPDATE {table} SET workspace_id = workspace_id"):
                with pytest.raises(asyncpg.RestrictViolationError, match="append-only"):
                    await owner.execute(change)
    finally:
        await owner.close()


def test_a_key_is_made_once_and_replaced_with_its_public_half_kept(tmp_path: Path) -> None:
    first = signing_keys(tmp_path)
    assert signing_keys(tmp_path).publics == first.publics
    assert (tmp_path / "signing.key").stat().st_mode & 0o777 == 0o600

    new = rotate(tmp_path)

    after = signing_keys(tmp_path)
    assert list(after.publics) == [*first.publics, new]
    assert after.private.public_key().public_bytes_raw() == new
    assert public_keys(tmp_path) == list(after.publics)


def test_files_that_hold_no_key_are_told_of(tmp_path: Path) -> None:
    (tmp_path / "signing.key").write_text("nothing")
    with pytest.raises(Unavailable, match="no Ed25519 key"):
        signing_keys(tmp_path)
    (tmp_path / "signing.pub").write_text("12 2026\n")
    with pytest.raises(Unavailable, match="line 1"):
        public_keys(tmp_path)
