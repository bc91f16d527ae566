"""Random appends against a model of the store, which is a dict: duplicate ids, other content, wrong versions, several
streams, units of several events, all at once and one after the other."""

import asyncio
import random
from collections.abc import Sequence
from dataclasses import dataclass, field
from uuid import UUID, uuid4

import pytest
from msgspec import structs

from domain.envelope import Envelope, NewEvent, Stream
from domain.events.conversations import ConversationTagged
from domain.words import Subject
from eventstore.store import Append, Appended, Outcome, Store
from tests.eventstore.desk import asked, busy_desk, tagged

pytestmark = pytest.mark.usefixtures("caution")

TAGS = ("late", "rude", "lost")


@dataclass
class Model:
    """What the ledger has to be."""

    ledger: list[NewEvent] = field(default_factory=list)
    versions: list[int] = field(default_factory=list)

    def append(self, unit: Append) -> Appended:
        fresh: list[NewEvent] = []
        for new in unit.events:
            there = self.find(new) or next((one for one in fresh if one.envelope.id == new.envelope.id), None)
            if there is None:
                fresh.append(new)
            elif there != new:
                place = self.place(new)
                return Appended(Outcome.MISMATCH, *(place or ()))
        if fresh and unit.expected_version is not None:
            version = self.version(fresh[0].envelope.stream)
            if version != unit.expected_version:
                return Appended(Outcome.CONFLICT, None, version)
        for new in fresh:
            self.versions.append(self.version(new.envelope.stream) + 1)
            self.ledger.append(new)
        place = self.place(unit.events[-1])
        assert place is not None
        return Appended(Outcome.APPENDED if fresh else Outcome.DUPLICATE, *place)

    def find(self, new: NewEvent) -> NewEvent | None:
        return next((one for one in self.ledger if one.envelope.id == new.envelope.id), None)

    def place(self, new: NewEvent) -> tuple[int, int] | None:
        found = self.find(new)
        return None if found is None else (self.ledger.index(found), self.versions[self.ledger.index(found)])

    def version(self, stream: Stream) -> int:
        return sum(one.envelope.stream == stream for one in self.ledger) - 1


def random_event(chance: random.Random) -> NewEvent:
    """One of few ids, streams and contents, so that they meet."""
    number = chance.randrange(60)
    if number < 10:
        return asked(chance.choice(("Where?", "When?")), conversation=f"c{number % 4}")
    new = tagged(number, f"c{number % 4}")
    return NewEvent(new.envelope, ConversationTagged(tag=TAGS[0] if chance.random() < 0.9 else chance.choice(TAGS)))


def random_unit(chance: random.Random, model: Model) -> Append:
    events = tuple(random_event(chance) for _ in range(chance.choice((1, 1, 1, 2, 3))))
    stream = events[0].envelope.stream
    expected = chance.choice((None, None, None, -1, model.version(stream), chance.randrange(5)))
    return Append(events, expected)


async def held(store: Store, workspace: UUID) -> list[NewEvent]:
    """The ledger as new events, words opened and customers by the desk's names."""
    recorded = await store.open(workspace, await store.read(workspace, after=-1, limit=100_000))
    ids = {one.envelope.actor.id for one in recorded if one.envelope.actor.type == "customer"}
    names = await store.vault.externals(workspace, [UUID(one) for one in ids])
    by_text = {str(one): name for one, name in names.items() if name is not None}
    return [NewEvent(_named(one.envelope, by_text), one.payload) for one in recorded]


def _named(envelope: Envelope, names: dict[str, str]) -> Envelope:
    actor = structs.replace(envelope.actor, id=names.get(envelope.actor.id, envelope.actor.id))
    return structs.replace(envelope, actor=actor)


@pytest.mark.parametrize("seed", range(12))
async def test_the_store_does_what_a_dict_would(store: Store, workspace: UUID, seed: int) -> None:
    await _compare(store, workspace, random.Random(seed), rounds=15)


@pytest.mark.soak
@pytest.mark.parametrize("seed", range(100, 400))
async def test_the_store_does_what_a_dict_would_for_long(store: Store, workspace: UUID, seed: int) -> None:
    await _compare(store, workspace, random.Random(seed), rounds=60)


async def _compare(store: Store, workspace: UUID, chance: random.Random, *, rounds: int) -> None:
    model = Model()
    for _ in range(rounds):
        units = [random_unit(chance, model) for _ in range(chance.choice((1, 3, 40)))]
        if chance.random() < 0.3:
            units = [Append(unit.events) for unit in units if len(unit.events) == 1]
            told = await store.load(workspace, [unit.events[0] for unit in units])
        else:
            told = await store.append(workspace, units)
        assert told == [model.append(unit) for unit in units]
    assert await held(store, workspace) == model.ledger
    assert [one.version for one in await store.read(workspace, after=-1, limit=100_000)] == model.versions


@pytest.mark.parametrize("seed", range(3))
async def test_concurrent_callers_get_one_order_that_explains_all_answers(
    store: Store, workspace: UUID, seed: int
) -> None:
    chance = random.Random(seed)
    units = [Append(random_unit(chance, Model()).events[:1], chance.choice((None, -1, 0, 1))) for _ in range(200)]

    told = await asyncio.gather(*(store.append(workspace, [unit]) for unit in units))

    model = Model()
    answers = [(unit, answer) for unit, (answer,) in zip(units, told, strict=True)]
    appended = [one for one in answers if one[1].outcome is Outcome.APPENDED]
    for unit, answer in sorted(appended, key=lambda one: one[1].position or 0):
        assert model.append(unit) == answer
    assert await held(store, workspace) == model.ledger
    for unit, answer in answers:
        if answer.outcome is Outcome.DUPLICATE:
            assert model.append(unit) == answer


@pytest.mark.parametrize("seed", range(3))
async def test_every_stream_counts_its_own_versions(store: Store, workspace: UUID, seed: int) -> None:
    events = list(busy_desk(random.Random(seed), 400))
    batches = [events[start : start + 37] for start in range(0, len(events), 37)]
    await asyncio.gather(*(store.load(workspace, batch) for batch in batches))

    recorded = await store.read(workspace, after=-1, limit=1000)

    assert [one.position for one in recorded] == list(range(400))
    for stream in {one.envelope.stream for one in recorded}:
        mine = [one for one in recorded if one.envelope.stream == stream]
        assert [one.version for one in mine] == list(range(len(mine)))
        assert await store.read_stream(workspace, stream) == mine
    assert {one.envelope.id for one in recorded} == {one.envelope.id for one in events}


async def test_streams_of_one_id_and_other_subjects_are_other_streams(store: Store) -> None:
    workspace = uuid4()
    await store.create_ledger(workspace)
    events = [one for one in busy_desk(random.Random(1), 100) if one.envelope.stream.subject is not Subject.CUSTOMER]
    same_id = [
        NewEvent(structs.replace(one.envelope, stream=Stream(one.envelope.stream.subject, "x")), one.payload)
        for one in events
    ]
    await store.load(workspace, same_id)

    streams: Sequence[Stream] = [Stream(subject, "x") for subject in (Subject.CONVERSATION, Subject.OPERATOR)]
    found = await store.read_streams(workspace, streams)

    assert sum(len(one) for one in found.values()) == len(events)
    assert all(event.envelope.stream == stream for stream, events in found.items() for event in events)
