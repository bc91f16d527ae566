"""The conversation's fold: one step for each event, in the order in which they happened.

The fold is total: it refuses nothing, and makes of any set of events what they most plainly say. What it observes are
samples (`domain.kpi.measures` says of what); what it observed before and has to take back (a second resolution moves
the time to the last one) it revises in place. `docs/kpi-fold.md` draws the states.
"""

from collections.abc import Callable
from typing import Protocol

from msgspec.structs import replace

from domain.conversation.episode import Ending, Episode
from domain.conversation.sample import Context, Credit, Sample, Standing
from domain.conversation.turns import Turns, TurnState
from domain.envelope import Actor, RecordedEvent
from domain.event import Event
from domain.events import calls, conversations, items, replies, surveys
from domain.instants import DAY, Instant, seconds_between
from domain.kpi import measures as m
from domain.kpi.measures import MEASURES, Marks, Measure
from domain.words import ActorType, Kind, Outcome, WaitingFor

REOPENING_WINDOW = 7 * DAY
CONTEST_WINDOW = DAY

_SET_ASIDE = frozenset({Outcome.SPAM, Outcome.DUPLICATE, Outcome.MERGED, Outcome.TEST})
_STANDINGS = {Outcome.SPAM: Standing.SPAM, Outcome.MERGED: Standing.MERGED, Outcome.TEST: Standing.TEST}
_NOBODY = Credit(None, ActorType.CUSTOMER, inferred=False)
_NOT_ACTING = (conversations.ConversationViewed, conversations.SlaReported, surveys.SurveyAnswered)


class Teams(Protocol):
    """Who belongs where."""

    def primary(self, operator: str, at: Instant) -> str | None:
        """The operator's primary team at an instant."""
        ...


class Conversation:
    """The state of one conversation, and the samples observed so far.

    `samples[i]` is None once it was taken back; `revised` keeps, by index, what stood there when it was last cleared.
    """

    __slots__ = (
        "_open_seconds",
        "_samples_of_ending",
        "_slots",
        "context",
        "customer",
        "episode",
        "first_response",
        "holder",
        "items_received",
        "last_at",
        "on_hold",
        "opened_at",
        "opened_explicitly",
        "proactive",
        "replies_sent",
        "resolved_once",
        "revised",
        "samples",
        "standing",
        "teams",
        "topic",
        "turns",
    )

    def __init__(self, teams: Teams) -> None:
        self.teams = teams
        self.context = Context()
        self.customer: str | None = None
        self.topic: str | None = None
        self.standing = Standing.REGULAR
        self.turns = Turns()
        self.episode: Episode | None = None
        self.opened_at: Instant | None = None
        self.opened_explicitly = False
        self.last_at: Instant = 0
        self.proactive: bool | None = None
        self.holder: str | None = None
        self.on_hold: WaitingFor | None = None
        self.first_response: int | None = None
        self.items_received = 0
        self.replies_sent = 0
        self.resolved_once = False
        self.samples: list[Sample | None] = []
        self.revised: dict[int, Sample] = {}
        self._slots: dict[Measure, int] = {}
        self._open_seconds = 0
        self._samples_of_ending: list[int] = []

    @property
    def ending(self) -> Ending | None:
        """How the current episode ended; None while it is open."""
        return None if self.episode is None else self.episode.ending

    # What an event does

    def step(self, event: RecordedEvent) -> None:
        """Go on by one event, which happened after all before it."""
        payload = event.payload
        self.last_at = event.envelope.occurred_at
        if self.episode is None:
            self._begin(event)
        handler = _HANDLERS.get(type(payload))
        if handler is not None:
            handler(self, event, payload)
        if event.envelope.actor.type is ActorType.OPERATOR and not isinstance(payload, _NOT_ACTING):
            self._handled(event)

    def _begin(self, event: RecordedEvent) -> None:
        self.opened_at = event.envelope.occurred_at
        self.episode = Episode(1, self.opened_at)

    def _current(self) -> Episode:
        if self.episode is None:
            raise AssertionError("a step begins the first episode before anything else")
        return self.episode

    # Observing

    def _credit(self, actor: Actor) -> Credit:
        return Credit(actor.id, actor.type, actor.confidence == "inferred")

    def _observe(
        self,
        measure: Measure,
        at: Instant,
        credit: Credit,
        *positions: int,
        since: Instant | None = None,
        seconds: int | None = None,
        team: str | None = None,
        context: Context | None = None,
        episode: int | None = None,
    ) -> int:
        """Add a sample; a duration runs from `since` to `at`, or is given in `seconds`. Returns its index."""
        if since is not None:
            seconds = seconds_between(since, at)
        duration = seconds or 0
        context = context or self.context
        self.samples.append(
            Sample(
                measure=measure.code,
                at=at,
                episode=episode or self._current().number,
                credit=credit,
                team=team or self._team(credit, context, at),
                context=context,
                positions=positions,
                calendar=duration,
                business=duration,
                standing=Standing.REGULAR if measure.regardless else self.standing,
            )
        )
        return len(self.samples) - 1

    def _team(self, credit: Credit, context: Context, at: Instant) -> str | None:
        if context.team is not None or credit.operator is None:
            return context.team
        return self.teams.primary(credit.operator, at)

    def _observe_once(self, measure: Measure, index: int) -> None:
        """Of this measure only the latest sample stands."""
        self._take_back(measure)
        self._slots[measure] = index

    def _take_back(self, measure: Measure) -> None:
        index = self._slots.pop(measure, None)
        if index is not None:
            self._revise(index, None)

    def _revise(self, index: int, sample: Sample | None) -> None:
        before = self.samples[index]
        if before is not None:
            self.revised.setdefault(index, before)
        self.samples[index] = sample

    def _mark(self, marks: Marks, event: RecordedEvent, by: set[str], within: set[str | None]) -> None:
        """The first time of this operator, of their team, and of the episode."""
        credit, at, position = self._credit(event.envelope.actor), event.envelope.occurred_at, event.position
        if credit.operator is None or credit.operator in by:
            return
        team = self._team(credit, self.context, at)
        if not by:
            self._observe(marks.overall, at, credit, position)
        by.add(credit.operator)
        self._observe(marks.by_operator, at, credit, position)
        if team not in within:
            within.add(team)
            self._observe(marks.by_team, at, credit, position)

    def _handled(self, event: RecordedEvent) -> None:
        episode = self._current()
        self._mark(m.HANDLED, event, episode.handled_by, episode.handled_in)

    def _processed(self, event: RecordedEvent) -> None:
        if event.envelope.actor.type is ActorType.OPERATOR:
            episode = self._current()
            self._mark(m.PROCESSED, event, episode.processed_by, episode.processed_in)

    def _processed_if_claimed(self, event: RecordedEvent) -> None:
        """Taken under control and a dialogue begun, in whichever order."""
        episode = self._current()
        actor = event.envelope.actor.id
        if actor in episode.claimed_by and actor in episode.replied_by:
            self._processed(event)

    def _handed_over(self, event: RecordedEvent) -> None:
        if event.envelope.actor.type is ActorType.OPERATOR:
            episode = self._current()
            self._mark(m.HANDED_OVER, event, episode.handed_over_by, episode.handed_over_in)

    # Context

    def _said(self, **fields: object) -> None:
        """Whatever the event says of the conversation's place holds from now on."""
        changes = {name: value for name, value in fields.items() if value is not None}
        if changes:
            self.context = replace(self.context, **changes)
            self.turns.are_comments = self.context.kind is Kind.COMMENT

    # Opening

    def opened(self, event: RecordedEvent, payload: conversations.ConversationOpened) -> None:
        self._said(
            channel=payload.channel,
            community=payload.community,
            kind=payload.kind,
            team=payload.team,
            priority=payload.priority,
        )
        self.customer = payload.customer or self.customer
        self.topic = payload.topic or self.topic
        if payload.proactive is not None:
            self.proactive = payload.proactive
        if not self.opened_explicitly:
            self.opened_explicitly = True
            self._open_at(event)

    def _open_at(self, event: RecordedEvent) -> None:
        """An opening told is the opening, whatever happened before it; an untold one is the first event."""
        episode = self._current()
        self.opened_at = event.envelope.occurred_at
        if episode.number == 1:
            episode.opened_at = self.opened_at
        self._observe_opening(event)

    def _observe_opening(self, event: RecordedEvent) -> None:
        measure = m.CONVERSATION_STARTED if self.proactive else m.CONVERSATION_OPENED
        self._take_back(m.CONVERSATION_OPENED)
        at = event.envelope.occurred_at
        self._slots[m.CONVERSATION_OPENED] = self._observe(measure, at, _NOBODY, event.position, episode=1)

    def _first_public_item(self, event: RecordedEvent, *, by_desk: bool) -> None:
        """Whoever speaks first began it, where nothing else was said."""
        if m.CONVERSATION_OPENED not in self._slots:
            self.proactive = by_desk if self.proactive is None else self.proactive
            self._observe_opening(event)
        elif self.proactive is None:
            self.proactive = by_desk
            opening = self._slots[m.CONVERSATION_OPENED]
            if by_desk and (sample := self.samples[opening]) is not None:
                self._revise(opening, replace(sample, measure=m.CONVERSATION_STARTED.code))

    # Items

    def item_received(self, event: RecordedEvent, payload: items.ItemReceived) -> None:
        self._said(channel=payload.channel, community=payload.community, kind=payload.kind, team=payload.team)
        self._customer_is(payload.customer, event)
        self._receive(event, payload.item)

    def _customer_is(self, customer: str | None, event: RecordedEvent) -> None:
        if customer is not None:
            self.customer = customer
        elif self.customer is None and event.envelope.actor.type is ActorType.CUSTOMER:
            self.customer = event.envelope.actor.id

    def _receive(self, event: RecordedEvent, item: str) -> None:
        at = event.envelope.occurred_at
        self._first_public_item(event, by_desk=False)
        if self._current().ending is not None:
            self._reopen(event, by_customer=True)
        self.items_received += 1
        self._observe(m.ITEM_RECEIVED, at, _NOBODY, event.position)
        self.turns.receive(item, at, event.position)

    def item_withdrawn(self, event: RecordedEvent, payload: items.ItemWithdrawn) -> None:
        self.turns.withdraw(payload.item)

    def comment_removed(self, event: RecordedEvent, payload: items.CommentDeleted | items.CommentHidden) -> None:
        actor = event.envelope.actor
        if actor.type is ActorType.CUSTOMER:
            self.turns.withdraw(payload.item)
            return
        measure = m.COMMENT_DELETED if isinstance(payload, items.CommentDeleted) else m.COMMENT_HIDDEN
        self._observe(measure, event.envelope.occurred_at, self._credit(actor), event.position)
        if not self._current().replied:
            self._processed(event)
        self.turns.remove(payload.item)

    def comment_returned(self, event: RecordedEvent, payload: items.CommentRestored | items.CommentUnhidden) -> None:
        actor = event.envelope.actor
        self._observe(m.COMMENT_RETURNED, event.envelope.occurred_at, self._credit(actor), event.position)
        self.turns.give_back(payload.item, awaited=self._current().ending is None)

    # Replies

    def reply_sent(self, event: RecordedEvent, payload: replies.ReplySent) -> None:
        self._said(channel=payload.channel, community=payload.community, kind=payload.kind)
        self.customer = self.customer or payload.customer
        actor = event.envelope.actor
        credit = self._credit(actor)
        if payload.automated and actor.type is ActorType.OPERATOR:
            credit = credit._replace(actor_type=ActorType.RULE)
        self._first_public_item(event, by_desk=True)
        self._observe(m.REPLY_SENT, event.envelope.occurred_at, credit, event.position)
        if credit.actor_type is ActorType.OPERATOR:
            self._human_reply(event, payload, credit)

    def _human_reply(self, event: RecordedEvent, payload: replies.ReplySent, credit: Credit) -> None:
        at, episode = event.envelope.occurred_at, self._current()
        first = self.replies_sent == 0
        self.replies_sent += 1
        episode.replied_by.add(event.envelope.actor.id)
        turn = self.turns.answered_by(payload.reply, payload.in_reply_to)
        if turn is not None:
            asked = turn.oldest.position
            started = turn.clock_started_at
            index = self._observe(m.RESPONSE, at, credit, asked, event.position, since=started)
            if first and episode.number == 1 and not self.proactive:
                response = self.samples[index]
                self.first_response = response.calendar if response is not None else None
                self._observe(m.FIRST_RESPONSE, at, credit, asked, event.position, since=started)
        self._processed_if_claimed(event)

    def reply_deleted(self, event: RecordedEvent, payload: replies.ReplyDeleted) -> None:
        credit = self._credit(event.envelope.actor)
        self._observe(m.REPLY_DELETED, event.envelope.occurred_at, credit, event.position)
        self.turns.reply_deleted(payload.reply, awaited=self._current().ending is None)

    def bot_handed_off(self, event: RecordedEvent, payload: conversations.BotHandedOff) -> None:
        self._said(team=payload.to_team)
        self.turns.hand_off(event.envelope.occurred_at)

    # Calls

    def call_offered(self, event: RecordedEvent, payload: calls.CallOffered) -> None:
        """A call is an item that no written reply answers: it counts, and opens no turn."""
        self._said(channel=payload.channel, community=payload.community, kind=Kind.CALL, team=payload.team)
        self._customer_is(payload.customer, event)
        self._first_public_item(event, by_desk=False)
        if self._current().ending is not None:
            self._reopen(event, by_customer=True)
        self.items_received += 1
        self._observe(m.ITEM_RECEIVED, event.envelope.occurred_at, _NOBODY, event.position)

    def call_queued(self, event: RecordedEvent, payload: calls.CallQueued) -> None:
        self._said(kind=Kind.CALL, team=payload.team)

    def call_answered(self, event: RecordedEvent, payload: calls.CallAnswered) -> None:
        """Talking is taking under control and answering at once."""
        actor = event.envelope.actor
        if actor.type is ActorType.OPERATOR:
            episode = self._current()
            episode.spoken = True
            self.holder = actor.id
            episode.claimed_by.add(actor.id)
            self._processed(event)

    # Holding

    def claimed(self, event: RecordedEvent, payload: conversations.ConversationClaimed) -> None:
        self._said(team=payload.team)
        self._take(event)

    def _take(self, event: RecordedEvent) -> None:
        actor = event.envelope.actor.id
        self.holder = actor
        self._current().claimed_by.add(actor)
        self._processed_if_claimed(event)

    def assigned(self, event: RecordedEvent, payload: conversations.ConversationAssigned) -> None:
        """Given to oneself it is a claim; from the queue to its first holder, no transfer."""
        if payload.assignee == event.envelope.actor.id:
            self._said(team=payload.team)
            self._take(event)
            return
        moved = payload.team is not None and self.context.team not in (None, payload.team)
        if moved or self.holder not in (None, payload.assignee):
            self._handed_over(event)
        self._said(team=payload.team)
        self.holder = payload.assignee

    def unassigned(self, event: RecordedEvent, payload: conversations.ConversationUnassigned) -> None:
        self.holder = None

    def transferred(
        self,
        event: RecordedEvent,
        payload: conversations.ConversationTransferred | conversations.ConversationEscalated,
    ) -> None:
        to_self = payload.to_operator is not None and payload.to_operator == event.envelope.actor.id
        moved = payload.to_team is not None and payload.to_team != self.context.team
        to_first = self.holder is None and payload.to_operator is not None and not moved
        escalated = isinstance(payload, conversations.ConversationEscalated)
        if escalated or not (to_self or to_first):
            self._handed_over(event)
        self._said(team=payload.to_team)
        if payload.to_team is not None or payload.to_operator is not None:
            self.holder = payload.to_operator

    def put_on_hold(self, event: RecordedEvent, payload: conversations.ConversationPutOnHold) -> None:
        self.on_hold = payload.waiting_for

    def resumed(self, event: RecordedEvent, payload: conversations.ConversationResumed) -> None:
        self.on_hold = None

    def priority_changed(self, event: RecordedEvent, payload: conversations.ConversationPriorityChanged) -> None:
        self._said(priority=payload.priority)

    def topic_changed(self, event: RecordedEvent, payload: conversations.ConversationTopicChanged) -> None:
        self.topic = payload.topic

    # Ending

    def no_reply_needed(self, event: RecordedEvent, payload: conversations.ConversationMarkedNoReplyNeeded) -> None:
        """Also said together with the ending, or just after it."""
        self._current().no_reply_needed = True
        self.turns.end_open(TurnState.WAIVED)
        if self.ending is not None:
            self._after_needless_reopening()

    def resolved(self, event: RecordedEvent, payload: conversations.ConversationResolved) -> None:
        self._end(event, Outcome.SOLVED)

    def closed(self, event: RecordedEvent, payload: conversations.ConversationClosed) -> None:
        self._end(event, payload.outcome)

    def merged(self, event: RecordedEvent, payload: conversations.ConversationMerged) -> None:
        self._end(event, Outcome.MERGED)

    def marked_spam(self, event: RecordedEvent, payload: conversations.ConversationMarkedSpam) -> None:
        self._end(event, Outcome.SPAM)

    def _end(self, event: RecordedEvent, outcome: Outcome) -> None:
        """End the open episode; after its end only a resolution that was missing, or a verdict, changes anything."""
        episode = self._current()
        already = episode.ending
        if already is None:
            self._observe_ending(event, outcome)
            self._open_seconds += seconds_between(episode.opened_at, event.envelope.occurred_at)
            episode.ending = self._ending(event, outcome)
            self._after_needless_reopening()
            self.turns.end_open(TurnState.LEFT)
            self.on_hold = None
        if outcome is Outcome.SOLVED and (already is None or not already.solved):
            if already is not None:
                episode.ending = self._ending(event, outcome)
            self._observe_resolution(event)
        elif already is None and not self.resolved_once:
            self._observe_unsolved(event)
        if outcome in _STANDINGS:
            self._stand(_STANDINGS[outcome])

    def _ending(self, event: RecordedEvent, outcome: Outcome) -> Ending:
        credit, at = self._credit(event.envelope.actor), event.envelope.occurred_at
        return Ending(
            at=at,
            position=event.position,
            outcome=outcome,
            credit=credit,
            team=self._team(credit, self.context, at),
            context=self.context,
            solved=outcome is Outcome.SOLVED,
            without_reply=not self._current().replied,
        )

    def _observe_ending(self, event: RecordedEvent, outcome: Outcome) -> None:
        episode = self._current()
        at, credit = event.envelope.occurred_at, self._credit(event.envelope.actor)
        if outcome in _SET_ASIDE:
            self._observe(m.ENDED_SET_ASIDE, at, credit, event.position)
            return
        if not episode.replied:
            self._observe(m.ENDED_WITHOUT_REPLY, at, credit, event.position)
            self._processed(event)
        elif self.turns.open:
            self._observe(m.ENDED_WITH_OPEN_TURN, at, credit, event.position)
        else:
            self._observe(m.ENDED_ANSWERED, at, credit, event.position)
        if credit.operator in episode.replied_by:
            self._observe(m.ENDED_OWN_REPLY, at, credit, event.position)

    def _observe_resolution(self, event: RecordedEvent) -> None:
        at, credit = event.envelope.occurred_at, self._credit(event.envelope.actor)
        self._take_back(m.UNSOLVED_CLOSE)
        self._observe(m.RESOLVED, at, credit, event.position)
        if not self.resolved_once:
            self.resolved_once = True
            self._observe(m.FIRST_RESOLUTION, at, credit, event.position, since=self.opened_at)
        last = self._observe(m.FULL_RESOLUTION, at, credit, event.position, since=self.opened_at)
        self._observe_once(m.FULL_RESOLUTION, last)
        open_time = self._observe(m.OPEN_TIME, at, credit, event.position, seconds=self._open_seconds)
        self._observe_once(m.OPEN_TIME, open_time)

    def _observe_unsolved(self, event: RecordedEvent) -> None:
        at, credit = event.envelope.occurred_at, self._credit(event.envelope.actor)
        index = self._observe(m.UNSOLVED_CLOSE, at, credit, event.position, since=self.opened_at)
        self._observe_once(m.UNSOLVED_CLOSE, index)

    def _stand(self, standing: Standing) -> None:
        """A verdict holds for the whole conversation, back to its beginning."""
        self.standing = standing
        for index, sample in enumerate(self.samples):
            if sample is not None and sample.standing is not standing and not MEASURES[sample.measure].regardless:
                self._revise(index, replace(sample, standing=standing))

    # Reopening

    def reopened(self, event: RecordedEvent, payload: conversations.ConversationReopened) -> None:
        if self.standing is not Standing.REGULAR:
            self._stand(Standing.REGULAR)
        if self._current().ending is not None:
            self._reopen(event, by_customer=event.envelope.actor.type is ActorType.CUSTOMER)

    def _reopen(self, event: RecordedEvent, *, by_customer: bool) -> None:
        ended = self._current()
        at = event.envelope.occurred_at
        still_held = {self.holder} if self.holder is not None and self.holder in ended.claimed_by else set()
        self.episode = Episode(ended.number + 1, at, claimed_by={*still_held})
        self._observe(m.EPISODE_REOPENED, at, _NOBODY, event.position)
        self._samples_of_ending = []
        ending = ended.ending
        if ending is None:
            return
        waited = at - ending.at
        if ending.solved and waited <= REOPENING_WINDOW:
            measure = m.REOPENED_BY_CUSTOMER if by_customer else m.REOPENED_BY_DESK
            self._hold_against(ending, ended.number, measure, event.position)
        if ending.without_reply and by_customer and waited <= CONTEST_WINDOW and ending.outcome not in _SET_ASIDE:
            self._hold_against(ending, ended.number, m.CLOSE_CONTESTED, event.position)

    def _hold_against(self, ending: Ending, episode: int, measure: Measure, position: int) -> None:
        """What a reopening says of the ending before it belongs to whoever ended, at that instant."""
        index = self._observe(
            measure,
            ending.at,
            ending.credit,
            ending.position,
            position,
            team=ending.team,
            context=ending.context,
            episode=episode,
        )
        self._samples_of_ending.append(index)

    def _after_needless_reopening(self) -> None:
        """A thank-you that needed no reply and got none is no reopening."""
        episode = self._current()
        if episode.number > 1 and episode.no_reply_needed and not episode.replied:
            for index in self._samples_of_ending:
                self._revise(index, None)
            self._samples_of_ending = []


Handler = Callable[[Conversation, RecordedEvent, Event], None]


def _handlers() -> dict[type[Event], Handler]:
    """What each event does; what is not here changes no figure of a conversation."""
    by_type: dict[type[Event], object] = {
        conversations.ConversationOpened: Conversation.opened,
        conversations.ConversationClaimed: Conversation.claimed,
        conversations.ConversationAssigned: Conversation.assigned,
        conversations.ConversationUnassigned: Conversation.unassigned,
        conversations.ConversationTransferred: Conversation.transferred,
        conversations.ConversationEscalated: Conversation.transferred,
        conversations.ConversationPutOnHold: Conversation.put_on_hold,
        conversations.ConversationResumed: Conversation.resumed,
        conversations.ConversationResolved: Conversation.resolved,
        conversations.ConversationClosed: Conversation.closed,
        conversations.ConversationMarkedNoReplyNeeded: Conversation.no_reply_needed,
        conversations.ConversationReopened: Conversation.reopened,
        conversations.ConversationMerged: Conversation.merged,
        conversations.ConversationMarkedSpam: Conversation.marked_spam,
        conversations.ConversationPriorityChanged: Conversation.priority_changed,
        conversations.ConversationTopicChanged: Conversation.topic_changed,
        conversations.BotHandedOff: Conversation.bot_handed_off,
        items.ItemReceived: Conversation.item_received,
        items.ItemWithdrawn: Conversation.item_withdrawn,
        items.CommentDeleted: Conversation.comment_removed,
        items.CommentHidden: Conversation.comment_removed,
        items.CommentRestored: Conversation.comment_returned,
        items.CommentUnhidden: Conversation.comment_returned,
        replies.ReplySent: Conversation.reply_sent,
        replies.ReplyDeleted: Conversation.reply_deleted,
        calls.CallOffered: Conversation.call_offered,
        calls.CallQueued: Conversation.call_queued,
        calls.CallAnswered: Conversation.call_answered,
    }
    return by_type  # type: ignore[return-value] # each handler takes the payload that it stands beside


_HANDLERS = _handlers()
