"""Pages in either direction, along any word and with any bound, together are what a look at everything gives."""

import random
from uuid import UUID

from domain.envelope import NewEvent
from domain.events.items import CommentDeleted, CommentHidden, CommentUnhidden, ItemReceived
from domain.events.replies import ReplySent
from domain.instants import HOUR, MINUTE
from eventstore.database import Database
from eventstore.store import Store
from projections.search import removals, scan
from projections.search.filter import Filter
from projections.search.projection import Search
from projections.search.question import question_of
from projections.search.removals import Filter as RemovalFilter
from projections.search.scan import Scope, Stretch
from projections.search.states import Removal, State
from tests.events import customer, event
from tests.projections.filling import append, fill
from tests.projections.histories import MONDAY

_WORDS = ("zebra", "griffin", "dragon", "unicorn", "phoenix")
_CHANGES = (CommentDeleted, CommentHidden, CommentUnhidden)
_END = 2**63 - 1


def history(chance: random.Random, texts: int) -> list[NewEvent]:
    """Texts of few words by few people, some of them removed right after, some shown again."""
    events = []
    for number in range(texts):
        words = " ".join(chance.choices(_WORDS, weights=(30, 10, 5, 2, 1), k=3))
        at, conversation = MONDAY + number * 7 * MINUTE, f"c{number % 9}"
        if chance.random() < 0.6:
            said = event(ItemReceived(item=f"i{number}", text=words), by=customer("maria"), at=at,
                         conversation=conversation)  # fmt: skip
            events.append(said)
            for change in chance.sample(_CHANGES, chance.choice((0, 0, 1, 2))):
                by = chance.choice(("anna", "boris"))
                events.append(event(change(item=f"i{number}"), by=by, at=at + MINUTE, conversation=conversation,
                                    order=len(events)))  # fmt: skip
        else:
            events.append(event(ReplySent(reply=f"r{number}", text=words), by=chance.choice(("anna", "boris")), at=at,
                                conversation=conversation))  # fmt: skip
    return events


class Model:
    """The same by looking at everything."""

    def __init__(self, events: list[NewEvent]) -> None:
        self.texts: dict[int, tuple[NewEvent, str]] = {}
        self.removals: list[tuple[int, int, NewEvent, Removal]] = []
        self.state: dict[int, State] = {}
        by_item: dict[str, int] = {}
        done: dict[int, dict[State, bool]] = {}
        for position, one in enumerate(events):
            payload = one.payload
            if isinstance(payload, ItemReceived | ReplySent):
                assert isinstance(payload.text, str)
                self.texts[position] = (one, payload.text)
                done[position] = {}
                by_item[payload.item if isinstance(payload, ItemReceived) else payload.reply] = position
                continue
            assert isinstance(payload, CommentDeleted | CommentHidden | CommentUnhidden)
            text = by_item[payload.item]
            if isinstance(payload, CommentUnhidden):
                done[text].pop(State.HIDDEN, None)
                continue
            removal = Removal.DELETED if isinstance(payload, CommentDeleted) else Removal.HIDDEN
            done[text][State(removal)] = True
            self.removals.append((position, text, one, removal))
        for text, states in done.items():
            order = (State.DELETED, State.HIDDEN)
            self.state[text] = next((state for state in order if state in states), State.CURRENT)

    def search(self, words: set[str], operator: str | None, state: State | None, since: int) -> list[int]:
        return [
            position
            for position, (one, text) in self.texts.items()
            if words <= set(text.split())
            and (operator is None or one.envelope.actor.id == operator)
            and (state is None or self.state[position] is state)
            and one.envelope.occurred_at >= since
        ]

    def removed(self, words: set[str], remover: str | None, removal: Removal | None, since: int) -> list[int]:
        return [
            position
            for position, text, one, how in self.removals
            if words <= set(self.texts[text][1].split())
            and (remover is None or one.envelope.actor.id == remover)
            and (removal is None or how is removal)
            and one.envelope.occurred_at >= since
        ]


async def test_all_pages_together_are_what_a_look_at_everything_gives(
    database: Database, store: Store, workspace: UUID
) -> None:
    chance = random.Random(4)
    events = history(chance, 160)
    await append(store, workspace, events)
    filled = await fill(database, store, Search(store), workspace, batches=50)
    model = Model(events)
    hits = 0
    async with database.transaction(workspace, snapshot=True) as connection:
        for _ in range(60):
            scope = Scope(connection, workspace, filled.generation, bound=chance.choice((5, 40, 10_000)))
            words = set(chance.choices(_WORDS, k=chance.choice((1, 1, 2))))
            operator = chance.choice((None, None, "anna"))
            state = chance.choice((None, None, State.DELETED, State.CURRENT))
            since = MONDAY + chance.choice((0, 0, 5 * HOUR, 30 * HOUR))
            filter_ = Filter(
                operators=None if operator is None else (operator,), states=None if state is None else (state,),
                since=since,
            )  # fmt: skip
            question = question_of(" ".join(sorted(words)))
            for backwards in (False, True):
                seen: list[int] = []
                stretch, more = Stretch(-1, _END, backwards), True
                while more:
                    found = await scan.find(scope, question, filter_, stretch, 4, [])
                    seen += found.positions
                    more = found.more
                    edge = found.scanned_until if found.scanned_until is not None else (seen or [0])[-1]
                    stretch = stretch.beyond(edge)
                expected = model.search(words, operator, state, since)
                assert (seen[::-1] if backwards else seen) == expected, (words, filter_, backwards)
                hits += len(expected)
    assert hits > 500


async def test_all_pages_of_removals_together_are_all_that_were(
    database: Database, store: Store, workspace: UUID
) -> None:
    chance = random.Random(5)
    events = history(chance, 120)
    await append(store, workspace, events)
    await fill(database, store, Search(store), workspace, batches=50)
    model = Model(events)
    hits = 0
    async with database.transaction(workspace, snapshot=True) as connection:
        for _ in range(40):
            words = set(chance.choices(_WORDS, k=chance.choice((0, 0, 1, 2))))
            remover = chance.choice((None, None, "anna"))
            removal = chance.choice((None, Removal.DELETED, Removal.HIDDEN))
            since = MONDAY + chance.choice((0, 0, 5 * HOUR))
            filter_ = RemovalFilter(
                removers=None if remover is None else (remover,), removals=None if removal is None else (removal,),
                since=since,
            )  # fmt: skip
            question = question_of(" ".join(sorted(words))) if words else None
            for backwards in (False, True):
                seen: list[int] = []
                place: int | None = None
                while True:
                    page = await removals.removals(
                        connection, store, workspace, question, filter_,
                        after=None if backwards else place, before=place if backwards else None, limit=3,
                        backwards=backwards,
                    )  # fmt: skip
                    positions = [one.position for one in page.removed]
                    seen = positions + seen if backwards else seen + positions
                    if not page.more:
                        break
                    place = positions[0] if backwards else positions[-1]
                expected = model.removed(words, remover, removal, since)
                assert seen == expected, (words, filter_, backwards)
                hits += len(expected)
    assert hits > 300
