"""A conversation as it stood at an instant, or just after one of its events: what had been said and could be seen, who
held it, how its promises stood. Folded from its stream when asked, in the order in which things happened."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from uuid import UUID

from domain.conversation.fold import step
from domain.conversation.state import Conversation
from domain.envelope import RecordedEvent, Stream
from domain.errors import InvalidQuestion
from domain.event import Event
from domain.events import items, replies
from domain.instants import Instant
from domain.words import Priority, Subject, WaitingFor
from eventstore.database import Session
from eventstore.store import Store
from projections.arrangements import Around
from projections.conversations.query import Status
from projections.journal.clocks import ClockState, around_of, running_at
from projections.search.states import Change, Done, State, became, change_of

_SAID = (items.ItemReceived, replies.ReplySent, replies.NoteAdded)


@dataclass(frozen=True, slots=True)
class SeenText:
    """Something said, as it stood. `said` is the event that began it, `words` the one that holds its words then;
    `changed`: the position of the event that made it what `state` says. `gone`: those words cannot be seen any more,
    as far as is known now."""

    id: str
    said: RecordedEvent
    words: RecordedEvent
    state: State
    changed: int | None
    gone: bool


@dataclass(frozen=True, slots=True)
class Moment:
    """`position`: the last event that had happened; `previous` and `next`: those before and after it. Everything is
    None or empty before the first."""

    at: Instant
    position: int | None
    previous: int | None
    next: int | None
    status: Status | None
    on_hold: WaitingFor | None
    holder: str | None
    team: str | None
    customer: str | None
    priority: Priority | None
    topic: str | None
    episode: int | None
    texts: tuple[SeenText, ...]
    clocks: tuple[ClockState, ...]


async def replay(
    connection: Session, store: Store, workspace: UUID, conversation: str, *, at: Instant | None, position: int | None
) -> Moment | None:
    """The conversation at an instant, what happened at it included, or just after the event at a position; None where
    there is no such conversation."""
    stream = Stream(Subject.CONVERSATION, conversation)
    told = (await store.read_streams(workspace, [stream], connection=connection))[stream]
    if not told:
        return None
    events = sorted(told, key=lambda event: event.order)
    passed = _passed(events, at, position)
    around = await around_of(connection, store, workspace)
    texts = _texts(events[:passed], events)
    opened = await store.open(workspace, [text.words for text in texts], connection=connection)
    seen = tuple(
        SeenText(text.id, text.said, words, text.state, text.changed, text.gone)
        for text, words in zip(texts, opened, strict=True)
    )
    return _moment(events, passed, around, events[passed - 1].envelope.occurred_at if at is None else at, seen)


def _passed(events: Sequence[RecordedEvent], at: Instant | None, position: int | None) -> int:
    """How many of the events had happened."""
    if position is None:
        return sum(1 for event in events if at is None or event.envelope.occurred_at <= at)
    for index, event in enumerate(events):
        if event.position == position:
            return index + 1
    raise InvalidQuestion(
        f"entry {position} is none of this conversation's", path=("position",), detail="ANOTHER_CONVERSATION"
    )


def _moment(
    events: Sequence[RecordedEvent], passed: int, around: Around, at: Instant, texts: tuple[SeenText, ...]
) -> Moment:
    state = Conversation(around.seen, events[0].envelope.occurred_at)
    for event in events[:passed]:
        step(state, event)
    begun, ended = passed > 0, state.ending is not None
    return Moment(
        at=at,
        position=events[passed - 1].position if begun else None,
        previous=events[passed - 2].position if passed > 1 else None,
        next=events[passed].position if passed < len(events) else None,
        status=(Status.ENDED if ended else Status.ON_HOLD if state.on_hold else Status.OPEN) if begun else None,
        on_hold=state.on_hold,
        holder=state.holder,
        team=state.context.team,
        customer=state.customer,
        priority=state.context.priority,
        topic=state.topic,
        episode=state.episode.number if begun else None,
        texts=texts,
        clocks=running_at(state.clocks, at, around) if begun and state.clocks is not None else (),
    )


@dataclass(slots=True)
class _Told:
    """One text, as far as it was told."""

    said: RecordedEvent
    words: RecordedEvent
    done: list[Done] = field(default_factory=list)


def _texts(passed: Sequence[RecordedEvent], all_: Sequence[RecordedEvent]) -> list[SeenText]:
    then, now = _told(passed), _told(all_)
    texts = []
    for id_, text in then.items():
        at_last = now[id_]
        state, changed = became(text.done)
        gone = at_last.words is not text.words or became(at_last.done).state is not State.CURRENT
        texts.append(SeenText(id_, text.said, text.words, state, changed, gone))
    return texts


def _told(events: Sequence[RecordedEvent]) -> dict[str, _Told]:
    texts: dict[str, _Told] = {}
    for event in events:
        payload = event.payload
        change = change_of(event)
        if isinstance(payload, _SAID):
            texts.setdefault(_id_of(payload), _Told(event, event))
        elif change is not None and (text := texts.get(_id_of(payload))) is not None:
            if change is Change.EDITED:
                text.words = event
            else:
                text.done.append(Done(event.order, event.position, change))
    return texts


def _id_of(payload: Event) -> str:
    return str(next(value for name in ("item", "reply", "note") if (value := getattr(payload, name, None)) is not None))
