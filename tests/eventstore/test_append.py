"""What becomes of a unit: appended, a duplicate, a conflict, a mismatch, or invalid; each by itself."""

import asyncio
from functools import partial
from uuid import UUID, uuid4

import pytest
from msgspec import structs

from domain.envelope import NewEvent
from domain.errors import NotFound
from eventstore.database import Database
from eventstore.store import Append, Outcome, Store
from eventstore.vault import Vault
from tests.eventstore.desk import append, asked, named, opened, outcomes, replied, tagged

pytestmark = pytest.mark.usefixtures("caution")


def altered(new: NewEvent, **payload: object) -> NewEvent:
    """Other content under the same id."""
    return NewEvent(new.envelope, structs.replace(new.payload, **payload))


async def test_positions_and_versions_count_from_nought_without_gaps(store: Store, workspace: UUID) -> None:
    first, second = await store.append(workspace, [Append((opened("c1"), asked())), Append((opened("c2"),))])

    assert (first.outcome, first.position, first.version) == (Outcome.APPENDED, 1, 1)
    assert (second.outcome, second.position, second.version) == (Outcome.APPENDED, 2, 0)
    assert await store.head(workspace) == 2


async def test_an_empty_ledger_ends_before_position_nought(store: Store, workspace: UUID) -> None:
    assert await store.head(workspace) == -1
    assert await store.read(workspace, after=-1, limit=10) == []


@pytest.mark.parametrize("again", [opened(), asked(), replied(), named("Maria")], ids=lambda one: type(one.payload))
async def test_the_same_event_again_is_a_duplicate_at_its_first_place(
    store: Store, workspace: UUID, again: NewEvent
) -> None:
    await append(store, workspace, tagged(1, "other"), again)

    (second,) = await append(store, workspace, again)

    assert (second.outcome, second.position) == (Outcome.DUPLICATE, 1)
    assert await store.head(workspace) == 1


@pytest.mark.parametrize(
    ("first", "other"),
    [
        (opened(), altered(opened(), channel="telegram")),
        (asked("Where is it?"), altered(asked("Where is it?"), text="Where?")),
        (asked(), altered(asked(), text=None)),
        (replied(to="maria"), altered(replied(to="maria"), customer="elena")),
        (replied(to="maria"), altered(replied(to="maria"), customer=None)),
        (named("Maria"), altered(named("Maria"), name="Elena")),
    ],
)
async def test_other_content_under_a_known_id_is_a_mismatch(
    store: Store, workspace: UUID, first: NewEvent, other: NewEvent
) -> None:
    await append(store, workspace, first)

    assert outcomes(await append(store, workspace, other)) == [Outcome.MISMATCH]
    assert outcomes(await append(store, workspace, first)) == [Outcome.DUPLICATE]
    assert await store.head(workspace) == 0


async def test_another_ip_or_another_customer_acting_is_a_mismatch(store: Store, workspace: UUID) -> None:
    await append(store, workspace, replied(), asked(by="maria"))
    elsewhere = NewEvent(structs.replace(replied().envelope, ip="192.0.2.8"), replied().payload)
    somebody = asked(by="elena").envelope.actor
    other_person = NewEvent(structs.replace(asked().envelope, actor=somebody), asked().payload)

    assert outcomes(await append(store, workspace, elsewhere, other_person)) == [Outcome.MISMATCH] * 2


async def test_the_same_id_twice_in_a_batch_is_told_item_by_item(store: Store, workspace: UUID) -> None:
    first, other = tagged(1), altered(tagged(1), tag="another")

    appended = await append(store, workspace, first, first, other, tagged(2))

    assert outcomes(appended) == [Outcome.APPENDED, Outcome.DUPLICATE, Outcome.MISMATCH, Outcome.APPENDED]
    assert [one.position for one in appended] == [0, 0, 0, 1]


async def test_a_unit_is_appended_whole_or_not_at_all(store: Store, workspace: UUID) -> None:
    await append(store, workspace, tagged(1))
    unit = Append((tagged(2), altered(tagged(1), tag="another"), tagged(3)))

    (appended,) = await store.append(workspace, [unit])

    assert appended.outcome is Outcome.MISMATCH
    assert await store.head(workspace) == 0


async def test_a_unit_that_is_partly_known_is_completed(store: Store, workspace: UUID) -> None:
    await append(store, workspace, tagged(1))

    (appended,) = await store.append(workspace, [Append((tagged(1), tagged(2)))])

    assert (appended.outcome, appended.position, appended.version) == (Outcome.APPENDED, 1, 1)


async def test_an_expected_version_is_the_streams_last_one(store: Store, workspace: UUID) -> None:
    expected = [
        Append((tagged(1),), expected_version=-1),
        Append((tagged(2),), expected_version=0),
        Append((tagged(3),), expected_version=0),
        Append((tagged(4, "c2"),), expected_version=-1),
    ]

    appended = await store.append(workspace, expected)

    assert outcomes(appended) == [Outcome.APPENDED, Outcome.APPENDED, Outcome.CONFLICT, Outcome.APPENDED]
    assert (appended[2].position, appended[2].version) == (None, 1)


async def test_what_was_appended_before_is_no_conflict_when_it_comes_again(store: Store, workspace: UUID) -> None:
    unit = Append((tagged(1),), expected_version=-1)
    await store.append(workspace, [unit])
    await append(store, workspace, tagged(2))

    assert outcomes(await store.append(workspace, [unit])) == [Outcome.DUPLICATE]


async def test_after_a_conflict_the_same_id_may_be_appended(store: Store, workspace: UUID) -> None:
    refused = Append((tagged(1),), expected_version=7)

    appended = await store.append(workspace, [refused, Append((tagged(1),))])

    assert outcomes(appended) == [Outcome.CONFLICT, Outcome.APPENDED]


async def test_an_invalid_unit_fails_alone(store: Store, workspace: UUID) -> None:
    broken = altered(tagged(2), tag="")

    appended = await append(store, workspace, tagged(1), broken, tagged(3))

    assert outcomes(appended) == [Outcome.APPENDED, Outcome.INVALID, Outcome.APPENDED]
    assert appended[1].error is not None
    assert appended[1].error.path == ("payload", "tag")
    assert appended[2].position == 1


async def test_an_id_of_another_workspace_is_another_event(store: Store, workspace: UUID) -> None:
    elsewhere = uuid4()
    await store.create_ledger(elsewhere)
    await append(store, elsewhere, tagged(1))

    assert outcomes(await append(store, workspace, altered(tagged(1), tag="another"))) == [Outcome.APPENDED]


async def test_a_workspace_without_a_ledger_is_not_found(store: Store) -> None:
    with pytest.raises(NotFound):
        await append(store, uuid4(), tagged(1))


async def test_creating_a_ledger_again_changes_nothing(store: Store, workspace: UUID) -> None:
    await append(store, workspace, tagged(1))

    await store.create_ledger(workspace)

    assert await store.head(workspace) == 0


@pytest.mark.parametrize("count", [1, 2, 9, 10, 23, 300])
async def test_batches_of_any_size_are_written_alike(store: Store, workspace: UUID, count: int) -> None:
    await append(store, workspace, *(tagged(number) for number in range(count)), asked(), replied())

    read = await store.read(workspace, after=-1, limit=1000)

    assert [one.position for one in read] == list(range(count + 2))
    assert [one.version for one in read] == list(range(count + 2))
    assert [one.envelope.id for one in read[:count]] == [tagged(number).envelope.id for number in range(count)]


async def test_a_long_batch_keeps_its_order_also_when_some_of_it_was_there(store: Store, workspace: UUID) -> None:
    """Each expects the version that the one before it made; a known one early on has the batch done again."""
    units = [Append((tagged(number),), expected_version=number - 1) for number in range(1000)]
    await store.append(workspace, units[:1])

    appended = await store.append(workspace, units)

    assert outcomes(appended) == [Outcome.DUPLICATE] + [Outcome.APPENDED] * 999
    assert [one.position for one in appended] == list(range(1000))


async def test_new_customers_of_concurrent_batches_are_the_same_ones(store: Store, workspace: UUID) -> None:
    """Batches are made ready while others are in the database: both know the same newcomers."""
    told = await asyncio.gather(
        *(append(store, workspace, asked(by=f"k{number % 7}", conversation=f"c{number}")) for number in range(300))
    )

    read = await store.read(workspace, after=-1, limit=1000)
    pseudonyms = await store.vault.pseudonyms(workspace, [f"k{number}" for number in range(7)])
    assert outcomes([one for (one,) in told]) == [Outcome.APPENDED] * 300
    assert {one.envelope.actor.id for one in read} == {str(one) for one in pseudonyms.values()}


async def test_a_load_means_the_same_as_appending(store: Store, workspace: UUID) -> None:
    events = [tagged(1), asked(), tagged(1), altered(tagged(1), tag="another"), altered(tagged(2), tag="")]

    first = await store.load(workspace, events)
    again = await store.load(workspace, events)

    assert outcomes(first) == [
        Outcome.APPENDED, Outcome.APPENDED, Outcome.DUPLICATE, Outcome.MISMATCH, Outcome.INVALID,
    ]  # fmt: skip
    assert outcomes(again) == [
        Outcome.DUPLICATE, Outcome.DUPLICATE, Outcome.DUPLICATE, Outcome.MISMATCH, Outcome.INVALID,
    ]  # fmt: skip
    assert await store.head(workspace) == 1


async def test_recorded_at_never_goes_back(store: Store, workspace: UUID, monkeypatch: pytest.MonkeyPatch) -> None:
    noon, earlier = 2_000_000_000_000_000, 1_900_000_000_000_000
    for number, time in enumerate((noon, earlier, noon + 1)):
        monkeypatch.setattr("eventstore.clock.now", partial(int, time))
        await append(store, workspace, tagged(number))

    recorded = [one.recorded_at for one in await store.read(workspace, after=-1, limit=10)]

    assert recorded == [noon, noon, noon + 1]


async def test_a_ledger_that_is_shorter_than_was_remembered_gets_no_gap(store: Store, workspace: UUID) -> None:
    """As after a database was restored under a running process."""
    await append(store, workspace, tagged(1))
    await append(store, workspace, tagged(2))
    head = store._appender._lane(workspace).head
    assert head.position == 1
    head.position = 7

    (appended,) = await append(store, workspace, tagged(3))

    assert (appended.outcome, appended.position, appended.version) == (Outcome.APPENDED, 2, 2)


async def test_two_stores_take_turns_without_gaps(
    store: Store, database: Database, vault: Vault, workspace: UUID
) -> None:
    other = Store(database, vault)
    streams = ("c1", "c2", "c3")
    for number in range(12):
        mine, theirs = tagged(2 * number, streams[number % 3]), tagged(2 * number + 1, streams[number % 2])
        told = [*await append(store, workspace, mine), *await append(other, workspace, theirs)]
        assert outcomes(told) == [Outcome.APPENDED, Outcome.APPENDED]
    await other.close()

    recorded = await store.read(workspace, after=-1, limit=100)

    assert [one.position for one in recorded] == list(range(24))
    for stream in streams:
        versions = [one.version for one in recorded if one.envelope.stream.id == stream]
        assert versions == list(range(len(versions)))
