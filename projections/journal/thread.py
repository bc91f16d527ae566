"""What a conversation's events leave unsaid about themselves, because earlier ones said it: where it was, whose it was,
what was written before. Pure, and folded in the order in which things happened, so that it depends on the set of events
alone.

A fact takes its place from what it says itself, else from what was last said in the conversation. An entry's customer
is who wrote or was written to; where that is unknown, whose conversation it is.
"""

from collections.abc import Callable
from typing import NamedTuple

from domain.envelope import Order, RecordedEvent
from domain.event import DECLARATIONS, Event
from domain.events import directory, items, replies
from domain.words import ActorType, Kind, Subject
from projections.journal.flags import Flag, flag_of, unanswered_after


class Placed(NamedTuple):
    """What an entry takes from its circumstances. `queue`: the team whose queue the conversation is in."""

    queue: str | None = None
    conversation: str | None = None
    customer: str | None = None
    channel: str | None = None
    community: str | None = None
    kind: str | None = None
    item: str | None = None
    """The item, reply, note, call or survey that it is about."""
    before: int | None = None
    answers: int | None = None
    flag: Flag | None = None


class Content(NamedTuple):
    """Where the present words of an item or reply stand."""

    position: int
    customer: str | None
    """Who wrote it, or whom it answers."""
    kind: str | None
    answers: int | None


class Thread:
    """One conversation, as far as it has been told."""

    __slots__ = (
        "channel",
        "community",
        "customer",
        "events",
        "items",
        "kind",
        "latest_item",
        "order",
        "queue",
        "replies",
        "unanswered",
    )

    def __init__(self) -> None:
        self.events = 0
        self.order: Order | None = None
        self.queue: str | None = None
        self.customer: str | None = None
        self.channel: str | None = None
        self.community: str | None = None
        self.kind: str | None = None
        self.items: dict[str, Content] = {}
        self.replies: dict[str, Content] = {}
        self.latest_item: str | None = None
        self.unanswered: bool | None = None

    @property
    def weight(self) -> int:
        """How much memory it takes, in items."""
        return 1 + len(self.items) + len(self.replies)

    def step(self, event: RecordedEvent) -> Placed:
        """Go on by one event, which happened after all before it."""
        self.events += 1
        self.order = event.order
        payload = event.payload
        for said in _SAID[type(payload)]:
            value = getattr(payload, said)
            if value is not None:
                setattr(self, _HELD_AS.get(said, said), value)
        self._whose(event)
        placed = _HANDLERS.get(type(payload), Thread._plain)(self, event, payload)
        flag = flag_of(payload, self.unanswered)
        if flag is not None:
            placed = placed._replace(flag=flag)
        self.unanswered = unanswered_after(event, self.unanswered)
        left_for = getattr(payload, "to_team", None)
        if left_for is not None:
            self.queue = left_for
        return placed

    def _whose(self, event: RecordedEvent) -> None:
        """A conversation is whose it is said to be, else the first customer's who acts in it."""
        payload, actor = event.payload, event.envelope.actor
        said = getattr(payload, "customer", None)
        if said is not None and not (self.customer is not None and isinstance(payload, replies.ReplySent)):
            self.customer = said
        elif self.customer is None and actor.type is ActorType.CUSTOMER:
            self.customer = actor.id

    def _placed(
        self,
        event: RecordedEvent,
        *,
        item: str | None,
        about: Content | None = None,
        before: int | None = None,
        answers: int | None = None,
    ) -> Placed:
        actor = event.envelope.actor
        by_customer = actor.id if actor.type is ActorType.CUSTOMER else None
        return Placed(
            queue=self.queue,
            conversation=event.envelope.stream.id,
            customer=by_customer or (about and about.customer) or self.customer,
            channel=self.channel,
            community=self.community,
            kind=(about and about.kind) or self.kind,
            item=item,
            before=before,
            answers=answers,
        )

    def _plain(self, event: RecordedEvent, payload: Event) -> Placed:
        return self._placed(event, item=_about(payload))

    def _call(self, event: RecordedEvent, payload: Event) -> Placed:
        self.kind = Kind.CALL
        return self._plain(event, payload)

    # What customers write

    def _item_received(self, event: RecordedEvent, payload: items.ItemReceived) -> Placed:
        actor = event.envelope.actor
        writer = actor.id if actor.type is ActorType.CUSTOMER else payload.customer or self.customer
        answered = self._named(payload.in_reply_to)
        content = Content(event.position, writer, payload.kind or self.kind, answered and answered.position)
        self.items[payload.item] = content
        self.latest_item = payload.item
        return self._placed(event, item=payload.item, about=content, answers=content.answers)

    def _item_edited(self, event: RecordedEvent, payload: items.ItemEdited) -> Placed:
        known = self.items.get(payload.item)
        if known is not None and payload.text is not None:
            self.items[payload.item] = known._replace(position=event.position)
        return self._of(event, payload.item, known)

    def _item_touched(self, event: RecordedEvent, payload: "_Touched") -> Placed:
        return self._of(event, payload.item, self.items.get(payload.item))

    # What the desk writes

    def _reply_sent(self, event: RecordedEvent, payload: replies.ReplySent) -> Placed:
        named = payload.in_reply_to or self.latest_item
        answered = self._named(named)
        customer = payload.customer or (answered and answered.customer) or self.customer
        kind = payload.kind or (answered and answered.kind) or self.kind
        content = Content(event.position, customer, kind, answered and answered.position)
        self.replies[payload.reply] = content
        return self._placed(event, item=payload.reply, about=content, answers=content.answers)

    def _reply_edited(self, event: RecordedEvent, payload: replies.ReplyEdited) -> Placed:
        known = self.replies.get(payload.reply)
        if known is not None and payload.text is not None:
            self.replies[payload.reply] = known._replace(position=event.position)
        return self._of(event, payload.reply, known)

    def _reply_deleted(self, event: RecordedEvent, payload: replies.ReplyDeleted) -> Placed:
        return self._of(event, payload.reply, self.replies.get(payload.reply))

    def _of(self, event: RecordedEvent, item: str, known: Content | None) -> Placed:
        """An entry about something that was written before; unknown, if its beginning never reached us."""
        if known is None:
            return self._placed(event, item=item)
        return self._placed(event, item=item, about=known, before=known.position, answers=known.answers)

    def _named(self, item: str | None) -> Content | None:
        """What is answered: an item or a reply, if it was there before."""
        return None if item is None else self.items.get(item) or self.replies.get(item)


def outside(event: RecordedEvent) -> Placed:
    """The place of an event that is not in a conversation's stream."""
    payload, subject = event.payload, event.envelope.stream
    match subject.subject:
        case Subject.CUSTOMER:
            return Placed(
                customer=subject.id,
                conversation=getattr(payload, "conversation", None),
                community=getattr(payload, "community", None),
            )
        case Subject.COMMUNITY:
            channel = payload.channel if isinstance(payload, directory.CommunityNamed) else None
            return Placed(community=subject.id, channel=channel)
        case Subject.CHANNEL:
            return Placed(channel=subject.id)
        case _:
            return Placed()


_Touched = (
    items.ItemWithdrawn | items.CommentHidden | items.CommentUnhidden | items.CommentDeleted | items.CommentRestored
)
_NAMES = ("item", "reply", "note", "call", "survey")
_HELD_AS = {"team": "queue"}
"""What `team` says is the queue; `to_team` is where the conversation goes, which begins after the act."""


def _about(payload: Event) -> str | None:
    for name in _ABOUT[type(payload)]:
        return str(getattr(payload, name))
    return None


_ABOUT = {
    declared.payload: tuple(name for name in _NAMES if name in declared.payload.__struct_fields__)
    for declared in DECLARATIONS.values()
}
_SAID = {
    declared.payload: tuple(
        name for name in ("channel", "community", "kind", "team") if name in declared.payload.__struct_fields__
    )
    for declared in DECLARATIONS.values()
}

Handler = Callable[[Thread, RecordedEvent, Event], Placed]


def _handlers() -> dict[type[Event], Handler]:
    by_type: dict[type[Event], object] = {
        items.ItemReceived: Thread._item_received,
        items.ItemEdited: Thread._item_edited,
        items.ItemWithdrawn: Thread._item_touched,
        items.CommentHidden: Thread._item_touched,
        items.CommentUnhidden: Thread._item_touched,
        items.CommentDeleted: Thread._item_touched,
        items.CommentRestored: Thread._item_touched,
        replies.ReplySent: Thread._reply_sent,
        replies.ReplyEdited: Thread._reply_edited,
        replies.ReplyDeleted: Thread._reply_deleted,
        **{declared.payload: Thread._call for name, declared in DECLARATIONS.items() if name.startswith("call.")},
    }
    return by_type  # type: ignore[return-value] # each handler takes the payload that it stands beside


_HANDLERS = _handlers()
