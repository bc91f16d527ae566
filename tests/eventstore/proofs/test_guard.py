"""Heads outside the database, and what they are good for: a ledger that went backwards takes nothing more."""

from pathlib import Path
from uuid import UUID

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from domain.errors import Conflict, Unavailable
from domain.instants import moment_of
from eventstore.database import Database
from eventstore.proofs.checkpoint import Checkpoint, origin_of, parsed, signed
from eventstore.proofs.exported import export, exported, last_exported
from eventstore.proofs.guard import Guard
from eventstore.proofs.keys import SigningKeys
from eventstore.proofs.signer import Altered, Signer
from eventstore.store import Store
from eventstore.vault import master_key
from tests.eventstore.desk import append, opened, tagged
from tests.eventstore.proofs.tampering import Login, Victim


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


def guarded(victim: Victim) -> Store:
    """A store of a process that has just started."""
    return Store(victim.database, victim.store.vault, Guard(victim.database, victim.outside))


async def test_every_head_is_kept_outside(victim: Victim) -> None:
    notes = list(exported(victim.outside, victim.workspace))

    assert [parsed(note).size for note in notes] == [12, 24, 36]
    assert last_exported(victim.outside, victim.workspace) == notes[-1]


async def test_nothing_is_appended_to_a_ledger_that_went_backwards(victim: Victim) -> None:
    await victim.roll_back(24)

    with pytest.raises(Unavailable, match="size 36") as refused:
        await append(guarded(victim), victim.workspace, tagged(99))

    assert refused.value.detail == "LEDGER_WENT_BACKWARDS"
    assert await victim.store.head(victim.workspace) == 23
    with pytest.raises(Unavailable, match="went backwards"):
        await Signer(victim.database, victim.keys, folder=victim.outside).sign(victim.workspace)


async def test_a_ledger_that_goes_backwards_under_a_running_process_is_noticed(victim: Victim) -> None:
    guard = Guard(victim.database, victim.outside)
    store = Store(victim.database, victim.store.vault, guard)
    signer = Signer(victim.database, victim.keys, folder=victim.outside, guard=guard)
    await append(store, victim.workspace, tagged(97))
    await signer.sign(victim.workspace)
    await victim.roll_back(24)
    await append(store, victim.workspace, tagged(98))  # nobody has noticed yet

    with pytest.raises(Altered, match="size 37"):
        await signer.sign(victim.workspace)

    with pytest.raises(Unavailable, match="went backwards"):
        await append(store, victim.workspace, tagged(99))
    await guard.accept(victim.workspace, "a copy took over")
    await append(store, victim.workspace, tagged(99))
    head = await signer.sign(victim.workspace)
    assert head is not None
    assert (head.run, head.size) == (2, 26)


async def test_a_ledger_that_went_backwards_and_on_again_is_refused_too(victim: Victim) -> None:
    """By a process without the folder: the ledger is as long as it was, and not what it was."""
    await victim.roll_back(24)
    elsewhere = victim.outside / "elsewhere"
    one = Victim(victim.database, victim.store, victim.workspace, victim.keys, victim.master, elsewhere, victim.login)
    await append(victim.store, victim.workspace, *(tagged(number) for number in range(12)))
    await Signer(one.database, one.keys, folder=elsewhere).sign(one.workspace)

    with pytest.raises(Unavailable, match="went backwards"):
        await append(guarded(victim), victim.workspace, tagged(99))


async def test_a_loss_is_accepted_with_a_reason_and_shows_for_good(victim: Victim) -> None:
    guard = Guard(victim.database, victim.outside)
    with pytest.raises(Conflict, match="nothing to accept"):
        await guard.accept(victim.workspace, "no reason")
    await victim.roll_back(24)
    store = guarded(victim)
    with pytest.raises(Unavailable):
        await append(store, victim.workspace, tagged(98))

    assert await guard.accept(victim.workspace, "the disk broke; decided by Irina") == 2

    await append(store, victim.workspace, tagged(99))
    head = await Signer(victim.database, victim.keys, folder=victim.outside).sign(victim.workspace)
    assert head is not None
    assert parsed(head.checkpoint).origin == origin_of(victim.workspace, 2)
    assert last_exported(victim.outside, victim.workspace) == head.checkpoint
    async with victim.database.transaction(victim.workspace, readonly=True) as connection:
        row = await connection.fetchrow("SELECT * FROM tree_runs WHERE workspace_id = $1", victim.workspace)
    assert row is not None
    assert (row["run"], row["size"], row["reason"]) == (2, 24, "the disk broke; decided by Irina")
    assert parsed(row["lost"]).size == 36
    assert (await victim.verify()).found == []
    await append(guarded(victim), victim.workspace, tagged(100))


async def test_a_ledger_whose_heads_nobody_kept_goes_on(victim: Victim, tmp_path: Path) -> None:
    await victim.roll_back(24)
    for folder in (None, tmp_path / "empty"):
        store = Store(victim.database, victim.store.vault, Guard(victim.database, folder))
        assert (await append(store, victim.workspace, opened(f"c-{folder}")))[0].position is not None


async def test_a_head_that_cannot_be_exported_now_is_exported_later(victim: Victim, tmp_path: Path) -> None:
    blocked = tmp_path / "blocked"
    blocked.write_text("a file where a folder should be")
    signer = Signer(victim.database, victim.keys, folder=blocked, guard=Guard(victim.database, None))
    await append(victim.store, victim.workspace, tagged(99))
    head = await signer.sign(victim.workspace)
    assert head is not None
    blocked.unlink()

    await signer.sign_all()

    assert last_exported(blocked, victim.workspace) == head.checkpoint


def test_what_was_cut_off_while_it_was_written_is_passed_over(tmp_path: Path) -> None:
    workspace = UUID(int=7)
    key = Ed25519PrivateKey.generate()

    def note(size: int) -> str:
        return signed(Checkpoint(origin_of(workspace, 1), size, bytes(32)), key)

    moment = moment_of(0)
    export(tmp_path, workspace, moment, note(1))
    for cut in range(1, len(note(70)) - 1):
        with (tmp_path / str(workspace) / f"{moment:%Y-%m-%d}.heads").open("a") as file:
            file.write(note(70)[:cut])
        export(tmp_path, workspace, moment, note(cut + 1))
    export(tmp_path, workspace, moment_of(86_400_000_000), note(1_000))

    assert [parsed(one).size for one in exported(tmp_path, workspace)] == [*range(1, len(note(70))), 1_000]
    assert parsed(last_exported(tmp_path, workspace) or "").size == 1_000
    assert last_exported(tmp_path, UUID(int=8)) is None
