"""A conversation, as decisions see it. `docs/conversation.md` draws it."""

from dataclasses import dataclass, field
from enum import StrEnum

from domain.conversation.turns import Turns, TurnState
from domain.envelope import Actor, RecordedEvent
from domain.event import Event
from domain.events import calls, conversations, items, replies, surveys
from domain.words import ActorType, Complexity, Kind, Outcome, Priority, WaitingFor


class Phase(StrEnum):
    """Where a conversation stands."""

    UNKNOWN = "unknown"
    OPEN = "open"
    ON_HOLD = "on hold"
    RESOLVED = "resolved"
    CLOSED = "closed"
    SPAM = "spam"
    MERGED = "merged"


class Standing(StrEnum):
    """What has become of something written."""

    PUBLIC = "public"
    HIDDEN = "hidden"
    DELETED = "deleted"
    WITHDRAWN = "withdrawn"


UNDER_WAY = frozenset({Phase.OPEN, Phase.ON_HOLD})
"""An episode is open."""
_ENDED = frozenset({Phase.RESOLVED, Phase.CLOSED})
_VERDICTS = {Outcome.SPAM: Phase.SPAM, Outcome.MERGED: Phase.MERGED}


@dataclass(slots=True)
class ConversationState:
    """Known from its first event on, whatever that is."""

    course: Phase = Phase.UNKNOWN
    """Unknown, open, on hold, resolved or closed, as if there were no verdicts."""
    verdict: Phase | None = None
    """Spam or merged: so it stays, whatever is written, until the desk takes it back."""
    waiting_for: WaitingFor | None = None
    merged_into: str | None = None
    holder: str | None = None
    """The operator who holds it; what a bot holds, any operator may take."""
    team: str | None = None
    priority: Priority | None = None
    complexity: Complexity | None = None
    topic: str | None = None
    tags: set[str] = field(default_factory=set)
    items: dict[str, Standing] = field(default_factory=dict)
    replies: dict[str, Standing] = field(default_factory=dict)
    notes: set[str] = field(default_factory=set)
    surveys: set[str] = field(default_factory=set)
    surveyed: bool = False
    """A survey was sent in this episode."""
    turns: Turns = field(default_factory=Turns)

    @property
    def phase(self) -> Phase:
        """Where it stands."""
        return self.verdict or self.course

    def take(self, event: RecordedEvent) -> None:
        """Go on by one event."""
        payload, actor = event.payload, event.envelope.actor
        if self.course is Phase.UNKNOWN:
            self.course = Phase.OPEN
        self._move(payload)
        self._pass_on(payload, actor)
        self._describe(payload)
        self._moderate(payload)
        self._speak(event, payload)

    # Where it stands

    def _move(self, payload: Event) -> None:
        match payload:
            case conversations.ConversationPutOnHold() if self.course in UNDER_WAY:
                self.course, self.waiting_for = Phase.ON_HOLD, payload.waiting_for
            case conversations.ConversationResumed() if self.course is Phase.ON_HOLD:
                self.course = Phase.OPEN
            case conversations.ConversationResolved() if self.course in UNDER_WAY:
                self._end(Phase.RESOLVED)
            case conversations.ConversationClosed():
                self._end(Phase.CLOSED, _VERDICTS.get(payload.outcome))
            case conversations.ConversationMarkedSpam():
                self._end(Phase.CLOSED, Phase.SPAM)
            case conversations.ConversationMerged():
                self._end(Phase.CLOSED, Phase.MERGED)
                self.merged_into = payload.into
            case conversations.ConversationReopened():
                self._reopen()
            case conversations.ConversationMarkedNoReplyNeeded():
                self.turns.end_open(TurnState.WAIVED)

    def _end(self, course: Phase, verdict: Phase | None = None) -> None:
        self.course = course
        self.verdict = verdict or self.verdict
        self.turns.end_open(TurnState.LEFT)

    def _reopen(self) -> None:
        self.verdict = self.merged_into = None
        self._begin_again()

    def _begin_again(self) -> None:
        """The next episode, where the last one ended."""
        if self.course in _ENDED:
            self.course = Phase.OPEN
            self.surveyed = False

    # Who holds it

    def _pass_on(self, payload: Event, actor: Actor) -> None:
        match payload:
            case conversations.ConversationClaimed():
                self.team = payload.team or self.team
                self._held_by(actor)
            case calls.CallQueued():
                self.team = payload.team or self.team
            case calls.CallAnswered() if actor.type is ActorType.OPERATOR:
                self._held_by(actor)
            case conversations.ConversationAssigned():
                self.team = payload.team or self.team
                self.holder = payload.assignee
            case conversations.ConversationUnassigned():
                self.holder = None
            case conversations.ConversationTransferred() | conversations.ConversationEscalated():
                self.team = payload.to_team or self.team
                if payload.to_team is not None or payload.to_operator is not None:
                    self.holder = payload.to_operator
            case conversations.BotHandedOff():
                self.team = payload.to_team or self.team

    def _held_by(self, actor: Actor) -> None:
        self.holder = actor.id if actor.type is ActorType.OPERATOR else None

    # What is said of it

    def _describe(self, payload: Event) -> None:
        match payload:
            case conversations.ConversationOpened():
                self._placed(payload.kind, payload.team)
                self.priority = payload.priority or self.priority
                self.complexity = payload.complexity or self.complexity
                self.topic = payload.topic or self.topic
            case conversations.ConversationPriorityChanged():
                self.priority = payload.priority
                self.complexity = payload.complexity or self.complexity
            case conversations.ConversationTopicChanged():
                self.topic = payload.topic
            case conversations.ConversationTagged():
                self.tags.add(payload.tag)
            case conversations.ConversationUntagged():
                self.tags.discard(payload.tag)

    def _placed(self, kind: Kind | None, team: str | None) -> None:
        self.team = team or self.team
        if kind is not None:
            self.turns.are_comments = kind is Kind.COMMENT

    # What becomes of what was written

    def _moderate(self, payload: Event) -> None:
        match payload:
            case items.ItemWithdrawn():
                self.items[payload.item] = Standing.WITHDRAWN
                self.turns.withdraw(payload.item)
            case items.CommentHidden():
                self.items[payload.item] = Standing.HIDDEN
                self.turns.remove(payload.item)
            case items.CommentDeleted():
                self.items[payload.item] = Standing.DELETED
                self.turns.remove(payload.item)
            case items.CommentUnhidden() | items.CommentRestored():
                self.items[payload.item] = Standing.PUBLIC
                self.turns.give_back(payload.item, awaited=self.course in UNDER_WAY)
            case replies.ReplyDeleted():
                self.replies[payload.reply] = Standing.DELETED
                self.turns.reply_deleted(payload.reply, awaited=self.course in UNDER_WAY)

    # What is written

    def _speak(self, event: RecordedEvent, payload: Event) -> None:
        match payload:
            case items.ItemReceived():
                self._placed(payload.kind, payload.team)
                self._heard_from_customer()
                self.items.setdefault(payload.item, Standing.PUBLIC)
                self.turns.receive(payload.item, event.envelope.occurred_at, event.position)
            case calls.CallOffered():
                self._placed(Kind.CALL, payload.team)
                self._heard_from_customer()
            case replies.ReplySent():
                self.replies.setdefault(payload.reply, Standing.PUBLIC)
                if event.envelope.actor.type is ActorType.OPERATOR and not payload.automated:
                    self.turns.answered_by(payload.reply, payload.in_reply_to)
            case replies.NoteAdded():
                self.notes.add(payload.note)
            case surveys.SurveySent():
                self.surveys.add(payload.survey)
                self.surveyed = True

    def _heard_from_customer(self) -> None:
        """A customer who writes again after an end begins the next episode, and need not be waited for any longer."""
        self._begin_again()
        if self.course is Phase.ON_HOLD and self.waiting_for is WaitingFor.CUSTOMER:
            self.course = Phase.OPEN
