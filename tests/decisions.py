"""Given, when, then for decisions. Each named history is the one before it plus one event:

OPEN = NOTHING.then(ItemReceived(item="i1"), by=customer("maria"))
OPEN.when(CloseConversation(conversation="c1", outcome=Outcome.SOLVED), by="anna").becomes(ConversationClosed(...))
CLOSED.when(ClaimConversation(conversation="c1")).is_refused("CONVERSATION_ENDED")
"""

from dataclasses import dataclass
from typing import NamedTuple

import pytest

from domain.command import Command, Wish, decide
from domain.commands.state import state_of
from domain.envelope import THE_WORKSPACE, Actor, NewEvent, RecordedEvent
from domain.errors import CommandRefused
from domain.event import Event
from domain.instants import MINUTE, Instant, parse_instant
from domain.words import ActorType, Subject
from tests.events import event

MORNING = parse_instant("2026-03-02T09:00:00Z")

USUAL = {
    Subject.CONVERSATION: "c1",
    Subject.CUSTOMER: "maria",
    Subject.OPERATOR: "anna",
    Subject.TEAM: "first-line",
    Subject.CHANNEL: "telegram",
    Subject.COMMUNITY: "shop",
    Subject.WORKSPACE: THE_WORKSPACE.id,
}
"""Whom a history is about where it does not say."""


@dataclass(frozen=True)
class History:
    """What happened, an event a minute from 09:00 on."""

    events: tuple[NewEvent, ...] = ()

    @property
    def now(self) -> Instant:
        return MORNING + len(self.events) * MINUTE

    def then(
        self, payload: Event, *, by: str | Actor = "anna", of: str | None = None, at: Instant | None = None
    ) -> "History":
        """The history that goes on with this event, a minute later unless `at` says when."""
        about = of or USUAL[payload.declaration.subject]
        return History((*self.events, event(payload, of=about, by=by, at=at or self.now)))

    def recorded(self) -> tuple[RecordedEvent, ...]:
        """As the ledger would hold it."""
        return tuple(
            RecordedEvent(position, position, self.now, new.envelope, new.payload)
            for position, new in enumerate(self.events)
        )

    def when(
        self, command: Command, *, by: str | Actor = "anna", at: Instant | None = None, judged: bool = False
    ) -> "Decision":
        """What is wanted then; `judged`: whether promises were judged in a baseline's scope."""
        recorded = self.recorded()
        states = {
            field: state_of(stream.subject, [one for one in recorded if one.envelope.stream == stream])
            for field, stream in {"": command.stream, **command.consulted}.items()
        }
        actor = Actor(ActorType.OPERATOR, by) if isinstance(by, str) else by
        return Decision(Wish(states.pop(""), command, actor, at or self.now, states, judged))


@dataclass(frozen=True)
class Decision:
    """What becomes of a wish."""

    wish: "Wish[object, Command]"

    def becomes(self, *events: Event) -> None:
        assert decide(self.wish) == events

    def is_granted(self) -> None:
        assert decide(self.wish)

    def is_refused(self, code: str) -> None:
        with pytest.raises(CommandRefused) as refused:
            decide(self.wish)
        assert refused.value.detail == code
        assert refused.value.message


class Case(NamedTuple):
    """A wish that is refused in a history."""

    sentence: str
    history: History
    command: Command
    code: str
    judged: bool = False


NOTHING = History()
