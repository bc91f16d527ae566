"""The tamper matrix: whatever a superuser changes is found, at the right place; and what nobody touched is right."""

from pathlib import Path
from uuid import UUID, uuid4

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from eventstore.database import Database
from eventstore.proofs.checkpoint import Checkpoint, origin_of, signed
from eventstore.proofs.findings import Wrong
from eventstore.proofs.keys import SigningKeys
from eventstore.proofs.verify import Verified
from eventstore.store import Store
from eventstore.tables import events
from eventstore.vault import master_key
from tests.eventstore.proofs.tampering import Login, Victim

PLACE = 17
"""The event that is changed; it stands under the second head."""


@pytest.fixture
async def victim(
    database: Database,
    store: Store,
    workspace: UUID,
    keys: SigningKeys,
    run_folder: Path,
    tmp_path: Path,
    as_login: Login,
) -> Victim:
    return await Victim(database, store, workspace, keys, master_key(run_folder), tmp_path, as_login).fill()


def kinds(verified: Verified) -> set[Wrong]:
    return {finding.kind for finding in verified.found}


def shows(verified: Verified, kind: Wrong, position: int, *, message: str = "") -> None:
    """The first finding is at that position, or in a stretch with it; one is of that kind, there, and says so."""
    assert verified.first is not None
    assert verified.first.position <= position <= (verified.first.until or verified.first.position), verified.found
    at_place = [
        one for one in verified.found if one.kind is kind and one.position <= position <= (one.until or one.position)
    ]
    assert at_place, verified.found
    assert message in at_place[0].message


async def test_the_untouched_ledger_verifies(victim: Victim) -> None:
    verified = await victim.verify()

    assert verified.found == []
    assert (verified.events, verified.size, verified.heads, verified.findings) == (36, 36, 6, 0)


async def test_a_ledger_of_several_tiles_verifies_while_it_grows(victim: Victim) -> None:
    await victim.fill((300, 700), seed=4)

    verified = await victim.verify()

    assert verified.found == []
    assert verified.events == verified.size == 736


CHANGES = {
    "workspace_id": ("workspace_id = '{other}'", Wrong.POSITION_MISSING, "position {place} is missing"),
    "position": ("position = position # 256", Wrong.POSITION_MISSING, "position {place} is missing"),
    "event_id": ("event_id = '{other}'", Wrong.COLUMN_DIFFERS, "the column event_id"),
    "stream_key": ("stream_key = '{other}'", Wrong.COLUMN_DIFFERS, "the column stream_key"),
    "version": ("version = version # 256", Wrong.LEAF_DIFFERS, "version"),
    "type": ("type = 'x' || substr(type, 2)", Wrong.COLUMN_DIFFERS, "the column type"),
    "occurred_at": ("occurred_at = occurred_at + interval '2 us'", Wrong.COLUMN_DIFFERS, "the column occurred_at"),
    "recorded_at": ("recorded_at = recorded_at + interval '2 us'", Wrong.LEAF_DIFFERS, "recorded_at"),
    "leaf_hash": ("leaf_hash = {leaf_hash}", Wrong.LEAF_DIFFERS, "leaf_hash"),
    "sealed": ("sealed = {sealed}", Wrong.WORDS_DIFFER, "sealed words"),
}
"""By column, what is set, and what is to be found. Of the content every tenth byte is changed below."""


@pytest.mark.parametrize("column", CHANGES)
async def test_a_changed_column_is_found_at_its_row(victim: Victim, column: str) -> None:
    place = next(one for one in await victim.where("sealed IS NOT NULL") if one >= PLACE)
    flipped = {name: f"set_byte({name}, 20, get_byte({name}, 20) # 4)" for name in ("leaf_hash", "sealed")}
    words = {"other": str(uuid4()), "place": str(place), **flipped}
    change, kind, message = CHANGES[column]

    await victim.change(f"UPDATE events SET {change.format(**words)} WHERE workspace_id = $1 AND position = $2", place)

    shows(await victim.verify(), kind, place, message=message.format(**words))


def test_every_column_is_in_the_matrix() -> None:
    assert CHANGES.keys() | {"content"} == {column.name for column in events.columns}


async def test_sealed_words_that_were_taken_away_are_found(victim: Victim) -> None:
    place = next(one for one in await victim.where("sealed IS NOT NULL") if one >= PLACE)

    await victim.change("UPDATE events SET sealed = NULL WHERE workspace_id = $1 AND position = $2", place)

    shows(await victim.verify(), Wrong.WORDS_DIFFER, place, message="sealed words are missing")


@pytest.mark.parametrize("share", [tenth / 10 for tenth in range(11)])
async def test_a_flipped_byte_of_the_content_is_found_wherever_it_is(victim: Victim, share: float) -> None:
    await victim.change(
        "UPDATE events SET content = set_byte(content, at, get_byte(content, at) # 1) FROM (SELECT workspace_id, "
        "position, ((length(content) - 1) * $3::float8)::int AS at FROM events) AS which "
        "WHERE events.workspace_id = $1 AND events.position = $2 AND which.workspace_id = events.workspace_id "
        "AND which.position = events.position",
        PLACE,
        share,
    )

    shows(await victim.verify(), Wrong.LEAF_DIFFERS, PLACE, message=f"position {PLACE}: content")


async def test_sealed_words_of_another_event_are_found(victim: Victim) -> None:
    """A name in the directory is said by an event like any other; here it gets another name of the same person's."""
    one, *_, other = await victim.where("type = 'operator.renamed'")

    await victim.change(
        "UPDATE events SET sealed = (SELECT sealed FROM events WHERE workspace_id = $1 AND position = $3) "
        "WHERE workspace_id = $1 AND position = $2",
        one,
        other,
    )

    shows(await victim.verify(), Wrong.WORDS_DIFFER, one, message="altered")


async def test_an_event_of_the_directory_that_names_somebody_else_is_found(victim: Victim) -> None:
    one, *_, other = await victim.where("type = 'operator.renamed'")

    await victim.change(
        "UPDATE events SET content = (SELECT content FROM events WHERE workspace_id = $1 AND position = $3) "
        "WHERE workspace_id = $1 AND position = $2",
        one,
        other,
    )

    shows(await victim.verify(), Wrong.LEAF_DIFFERS, one)


async def test_two_events_that_changed_places_are_found(victim: Victim) -> None:
    """Both were recorded at once and are of different streams: nothing but the tree tells them apart."""
    one, other, *_ = await victim.where("version = 0")

    await victim.swap(one, other)

    verified = await victim.verify()
    shows(verified, Wrong.TREE_DIFFERS, one)
    assert kinds(verified) == {Wrong.TREE_DIFFERS}


async def test_a_deleted_event_is_found(victim: Victim) -> None:
    await victim.change("DELETE FROM events WHERE workspace_id = $1 AND position = $2", PLACE)

    shows(await victim.verify(), Wrong.POSITION_MISSING, PLACE, message=f"position {PLACE} is missing")


async def test_events_deleted_in_the_middle_whose_places_were_closed_up_are_found(victim: Victim) -> None:
    async with victim.attacked() as superuser:
        await superuser.execute("DELETE FROM events WHERE workspace_id = $1 AND position = $2", victim.workspace, PLACE)
        for by in (1_000, -1_001):
            await superuser.execute(
                "UPDATE events SET position = position + $3 WHERE workspace_id = $1 AND position > $2",
                *(victim.workspace, PLACE, by),
            )

    shows(await victim.verify(), Wrong.TREE_DIFFERS, PLACE)


async def test_an_event_deleted_at_the_end_is_found(victim: Victim) -> None:
    await victim.change("DELETE FROM events WHERE workspace_id = $1 AND position = $2", 35)

    shows(await victim.verify(), Wrong.EVENTS_MISSING, 35, message="positions 35 to 35 are missing")
    shows(await victim.verify(outside=False), Wrong.EVENTS_MISSING, 35)


async def test_an_event_inserted_in_the_middle_is_found(victim: Victim) -> None:
    await victim.insert(PLACE)

    verified = await victim.verify()
    shows(verified, Wrong.TREE_DIFFERS, PLACE, message="positions 12 to 23")


async def test_an_event_rewritten_with_its_hash_is_found(victim: Victim) -> None:
    await victim.rewrite(PLACE)

    verified = await victim.verify()
    shows(verified, Wrong.TREE_DIFFERS, PLACE, message="positions 12 to 23")
    assert kinds(verified) == {Wrong.TREE_DIFFERS}


async def test_an_event_moved_to_another_workspace_is_found_in_both(
    victim: Victim, database: Database, store: Store, tmp_path: Path
) -> None:
    elsewhere = uuid4()
    await store.create_ledger(elsewhere)
    other = Victim(database, store, elsewhere, victim.keys, victim.master, tmp_path, victim.login)
    await other.fill((4,), seed=9)

    await victim.change(
        "UPDATE events SET workspace_id = $3, position = 4, stream_key = $4 WHERE workspace_id = $1 AND position = $2",
        *(PLACE, elsewhere, uuid4()),
    )

    shows(await victim.verify(), Wrong.POSITION_MISSING, PLACE)
    shows(await other.verify(), Wrong.LEAF_DIFFERS, 4, message="workspace_id")


async def test_a_ledger_that_was_rolled_back_is_found_by_heads_held_outside_alone(victim: Victim) -> None:
    await victim.roll_back(24)

    assert (await victim.verify(outside=False)).found == []
    shows(await victim.verify(), Wrong.EVENTS_MISSING, 24, message="positions 24 to 35 are missing")


async def test_a_head_signed_with_another_key_is_found(victim: Victim) -> None:
    forged = await forge(victim, 36)

    await victim.change("UPDATE tree_heads SET checkpoint = $2 WHERE workspace_id = $1 AND size = 36", forged)

    shows(await victim.verify(), Wrong.HEAD_INVALID, 35, message="none of our keys signed it")


async def forge(victim: Victim, size: int, root: bytes | None = None) -> str:
    """The head of that size, or another root in its place, signed with a key of the attacker's."""
    async with victim.database.transaction(victim.workspace, readonly=True) as connection:
        there = await connection.fetchval(
            "SELECT root FROM tree_heads WHERE workspace_id = $1 AND size = $2", victim.workspace, size
        )
    return signed(Checkpoint(origin_of(victim.workspace, 1), size, root or there), Ed25519PrivateKey.generate())


async def test_a_whole_history_that_was_rewritten_and_signed_anew_is_found(victim: Victim) -> None:
    await victim.rewrite(PLACE)
    for size in (24, 36):
        await victim.change(
            "UPDATE tree_heads SET root = sha256('forged'), checkpoint = $2 WHERE workspace_id = $1 AND size = $3",
            await forge(victim, size, bytes(32)),
            size,
        )

    verified = await victim.verify()
    shows(verified, Wrong.TREE_DIFFERS, PLACE, message="held outside")
    assert Wrong.HEAD_INVALID in kinds(verified)


@pytest.mark.parametrize(
    ("change", "kind", "position"),
    [
        ("UPDATE tree_nodes SET hash = sha256('x') WHERE workspace_id = $1", Wrong.NODE_DIFFERS, 200),
        ("DELETE FROM tree_nodes WHERE workspace_id = $1", Wrong.NODE_DIFFERS, 200),
        ("UPDATE tree_heads SET root = sha256('x') WHERE workspace_id = $1 AND size = 300", Wrong.HEAD_INVALID, 299),
        ("UPDATE tree_heads SET run = 2 WHERE workspace_id = $1 AND size = 300", Wrong.HEAD_INVALID, 299),
        ("UPDATE tree_heads SET checkpoint = 'x' WHERE workspace_id = $1 AND size = 300", Wrong.HEAD_INVALID, 299),
        ("UPDATE vault_subjects SET wrapped_key = sha256('x') WHERE workspace_id = $1", Wrong.WORDS_DIFFER, 0),
        ("DELETE FROM vault_subjects WHERE workspace_id = $1", Wrong.WORDS_DIFFER, 0),
    ],
)
async def test_what_stands_beside_the_events_is_found_too(
    victim: Victim, change: str, kind: Wrong, position: int
) -> None:
    await victim.fill((264,), seed=4)
    if kind is Wrong.WORDS_DIFFER:
        position = (await victim.where("sealed IS NOT NULL"))[0]

    await victim.change(change)

    shows(await victim.verify(outside=False), kind, position)


async def test_words_that_were_forgotten_are_no_finding(victim: Victim) -> None:
    await victim.change(
        "UPDATE vault_subjects SET lookup = NULL, wrapped_key = NULL, external = NULL WHERE workspace_id = $1"
    )

    assert (await victim.verify()).found == []


async def test_heads_that_are_not_this_ledgers_are_told_of(victim: Victim, tmp_path: Path) -> None:
    folder = tmp_path / str(victim.workspace)
    note = signed(Checkpoint(origin_of(uuid4(), 1), 12, bytes(32)), victim.keys.private)
    (folder / "2026-01-01.heads").write_text(f"\n{note}\n{await forge(victim, 24)}\nhalf a head")

    verified = await victim.verify()

    assert [finding.kind for finding in verified.found] == [Wrong.HEAD_INVALID] * 2
    assert "is another ledger's" in verified.found[0].message
    assert "none of our keys" in verified.found[1].message
