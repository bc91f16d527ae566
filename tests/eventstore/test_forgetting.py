"""Personal words lie sealed; whoever's key is destroyed is forgotten, and everything else still holds."""

import hashlib
from collections.abc import Awaitable, Callable
from pathlib import Path
from uuid import UUID

import asyncpg
import pytest
from msgspec import structs

from domain.envelope import NewEvent
from domain.errors import Unavailable
from domain.event import Commitment
from domain.events.conversations import ConversationOpened
from domain.events.customers import CustomerNamed
from domain.events.items import ItemReceived
from domain.events.replies import ReplySent
from eventstore.codec import leaf
from eventstore.database import Database
from eventstore.store import Outcome, Store
from eventstore.vault import Vault, master_key
from tests.events import bot, customer, event
from tests.eventstore.desk import MORNING, append, asked, named, opened, outcomes, replied

AsLogin = Callable[[], Awaitable["asyncpg.Connection[asyncpg.Record]"]]


@pytest.fixture
def forget(as_login: AsLogin, store: Store, workspace: UUID) -> Callable[[str], Awaitable[None]]:
    """Destroys the keys of all data subjects of a kind, as an erasure will."""

    async def destroy(kind: str) -> None:
        connection = await as_login()
        await connection.execute(
            "UPDATE vault_subjects SET lookup = NULL, wrapped_key = NULL, external = NULL "
            "WHERE workspace_id = $1 AND kind = $2",
            workspace,
            kind,
        )
        await connection.close()
        store.vault.forget(workspace)

    return destroy


async def texts(store: Store, workspace: UUID) -> list[object]:
    """The words of all events as far as they open."""
    events = await store.open(workspace, await store.read(workspace, after=-1, limit=100))
    return [next(getattr(one.payload, name) for name in one.payload.declaration.personal) for one in events]


async def test_neither_words_nor_a_customers_id_stand_in_the_table(
    store: Store, database: Database, workspace: UUID
) -> None:
    raw = NewEvent(
        structs.replace(asked("Secret").envelope, raw="delivered", user_agent="Phone"), asked("Secret").payload
    )
    await append(store, workspace, raw, replied("Hidden", to="maria"), named("Maria Popescu"))

    async with database.transaction(workspace) as connection:
        rows = await connection.fetch("SELECT * FROM events WHERE workspace_id = $1", workspace)
        subjects = await connection.fetch("SELECT * FROM vault_subjects WHERE workspace_id = $1", workspace)

    everything = repr([*rows, *subjects]).lower()
    for secret in ("secret", "hidden", "maria", "popescu", "192.0.2.7", "phone", "delivered"):
        assert secret not in everything


async def test_a_customer_is_one_pseudonym_wherever_they_are_named(store: Store, workspace: UUID) -> None:
    heading = ConversationOpened(customer="maria", heading="Parcel")
    await append(
        store, workspace, event(heading, conversation="c1", by="anna", at=MORNING), asked(), replied(), named("Maria")
    )

    opening, item, reply, name = await store.read(workspace, after=-1, limit=10)

    pseudonym = (await store.vault.pseudonyms(workspace, ["maria"]))["maria"]
    assert isinstance(opening.payload, ConversationOpened)
    assert isinstance(reply.payload, ReplySent)
    assert opening.payload.customer == reply.payload.customer == str(pseudonym)
    assert item.envelope.actor.id == name.envelope.stream.id == str(pseudonym)
    assert await store.vault.find(workspace, "maria") == pseudonym
    assert await store.vault.externals(workspace, [pseudonym]) == {pseudonym: "maria"}


async def test_an_unknown_customer_is_found_nowhere(store: Store, workspace: UUID) -> None:
    assert await store.vault.find(workspace, "nobody") is None
    assert await store.vault.externals(workspace, [UUID(int=5)]) == {UUID(int=5): None}


async def test_a_pseudonym_given_for_a_customer_stands_for_itself(store: Store, workspace: UUID) -> None:
    await append(store, workspace, asked(by="maria"))
    pseudonym = str(await store.vault.find(workspace, "maria"))

    await append(store, workspace, named("Maria", of=pseudonym))
    store.vault.forget(workspace)
    await append(store, workspace, named("Elena", of=pseudonym))

    streams = [one.envelope.stream.id for one in await store.read(workspace, after=0, limit=10)]
    assert streams == [pseudonym, pseudonym]


async def test_the_words_of_a_forgotten_customer_are_gone(
    store: Store, workspace: UUID, forget: Callable[[str], Awaitable[None]]
) -> None:
    await append(store, workspace, asked("Secret"), replied("Hidden", to="maria"), replied_to_nobody("Aside"))

    await forget("customer")

    item, reply, aside = await texts(store, workspace)
    assert isinstance(item, Commitment)
    assert isinstance(reply, Commitment)
    assert aside == "Aside"


def replied_to_nobody(text: str) -> NewEvent:
    """A reply that names no customer belongs to its conversation."""
    return event(ReplySent(reply="r2", text=text), conversation="c2", by="anna", at=MORNING)


@pytest.mark.parametrize(("kind", "forgotten"), [("conversation", True), ("operator", True), ("customer", False)])
async def test_any_one_of_several_owners_takes_words_along(
    store: Store, workspace: UUID, forget: Callable[[str], Awaitable[None]], kind: str, forgotten: bool
) -> None:
    await append(store, workspace, replied_to_nobody("Aside"))

    await forget(kind)

    (text,) = await texts(store, workspace)
    assert isinstance(text, Commitment) is forgotten


async def test_what_only_a_bot_wrote_belongs_to_its_conversation(
    store: Store, workspace: UUID, forget: Callable[[str], Awaitable[None]]
) -> None:
    said = event(ItemReceived(item="i1", text="Beep"), conversation="c1", by=bot(), at=MORNING)
    await append(store, workspace, said)
    assert await texts(store, workspace) == ["Beep"]

    await forget("conversation")

    assert await texts(store, workspace) != ["Beep"]


async def test_a_leaf_stays_as_it_was_when_its_words_are_forgotten(
    store: Store, database: Database, workspace: UUID, forget: Callable[[str], Awaitable[None]]
) -> None:
    await append(store, workspace, asked("Secret"))

    await forget("customer")

    (read,) = await store.read(workspace, after=-1, limit=1)
    async with database.transaction(workspace) as connection:
        row = await connection.fetchrow("SELECT content, leaf_hash FROM events WHERE workspace_id = $1", workspace)
    assert row is not None
    bytes_ = leaf(row["content"], read.recorded_at, read.version, str(workspace).encode())
    assert row["leaf_hash"] == hashlib.sha256(b"\0" + bytes_).digest()


@pytest.mark.parametrize(
    "again", [asked("Secret"), replied("Hidden"), named("Maria")], ids=lambda one: type(one.payload)
)
async def test_a_redelivery_after_forgetting_is_a_duplicate_and_brings_nobody_back(
    store: Store, workspace: UUID, forget: Callable[[str], Awaitable[None]], again: NewEvent
) -> None:
    await append(store, workspace, again)
    await forget("customer")

    assert outcomes(await append(store, workspace, again)) == [Outcome.DUPLICATE]
    assert await store.vault.find(workspace, "maria") is None


async def test_a_forgotten_customer_who_writes_again_is_a_new_one(
    store: Store, workspace: UUID, forget: Callable[[str], Awaitable[None]]
) -> None:
    await append(store, workspace, asked("Secret"))
    before = await store.vault.find(workspace, "maria")
    await forget("customer")

    await append(store, workspace, asked("Hello again", conversation="c2"))

    after = await store.vault.find(workspace, "maria")
    assert after is not None
    assert after != before
    assert (await texts(store, workspace))[1] == "Hello again"
    assert outcomes(await append(store, workspace, asked("Secret"))) == [Outcome.DUPLICATE]


async def test_words_to_somebody_forgotten_are_forgotten_at_once(
    store: Store, workspace: UUID, forget: Callable[[str], Awaitable[None]]
) -> None:
    await append(store, workspace, asked("Secret"))
    pseudonym = str(await store.vault.find(workspace, "maria"))
    await forget("customer")

    appended = await append(store, workspace, named("Maria", of=pseudonym))

    assert outcomes(appended) == [Outcome.APPENDED]
    assert isinstance((await texts(store, workspace))[1], Commitment)


async def test_words_that_were_altered_stay_sealed(store: Store, as_login: AsLogin, workspace: UUID) -> None:
    await append(store, workspace, asked("One"), named("Maria", of="elena"))
    connection = await as_login()
    await connection.execute("ALTER TABLE events DISABLE TRIGGER ALL")
    await connection.execute(
        "UPDATE events SET sealed = set_byte(sealed, 60, get_byte(sealed, 60) # 1) WHERE workspace_id = $1", workspace
    )
    await connection.execute("ALTER TABLE events ENABLE TRIGGER ALL")
    await connection.close()

    assert all(isinstance(text, Commitment) for text in await texts(store, workspace))


async def test_another_master_key_opens_nothing_and_says_so(
    store: Store, database: Database, workspace: UUID, tmp_path: Path
) -> None:
    await append(store, workspace, asked("Secret"))
    other = Store(database, Vault(database, master_key(tmp_path)))

    with pytest.raises(Unavailable, match="master key"):
        await other.open(workspace, await other.read(workspace, after=-1, limit=1))


def test_the_master_key_is_made_once_for_its_owners_eyes_only(tmp_path: Path) -> None:
    key = master_key(tmp_path / "home")

    assert len(key) == 32
    assert master_key(tmp_path / "home") == key
    assert (tmp_path / "home" / "master.key").stat().st_mode & 0o777 == 0o600
    assert [one.name for one in (tmp_path / "home").iterdir()] == ["master.key"]


def test_a_broken_master_key_is_refused(tmp_path: Path) -> None:
    (tmp_path / "master.key").write_text("not a key")

    with pytest.raises(Unavailable, match="put the right one back"):
        master_key(tmp_path)


async def test_opening_what_has_no_words_changes_nothing(store: Store, workspace: UUID) -> None:
    await append(store, workspace, opened(), event(CustomerNamed(name="x"), customer="k", by=customer("k"), at=MORNING))

    read = await store.read(workspace, after=-1, limit=1)

    assert await store.open(workspace, read) == read
