"""Histories of one conversation as tests tell them, and the figures that come of them.

timeline(
    message(at="09:00"),
    claimed("anna", at="09:01"),
    reply("anna", at="09:05"),
).shows("first_response_time", of="anna", value=300)

Times are of Monday 2026-03-02, UTC; "+1 09:00" is a day later. Figures are computed here from the samples that the
fold observes, by the KPI's declared formula, over all time.
"""

from collections.abc import Sequence
from decimal import Decimal
from typing import Any

from domain.calendars import CALENDAR_EVENTS
from domain.conversation.history import History
from domain.conversation.sample import Sample, Standing
from domain.conversation.surroundings import Surroundings
from domain.envelope import Actor, NewEvent, RecordedEvent
from domain.event import Event
from domain.events import calls, conversations, items, replies, surveys
from domain.events.calendars import CalendarSet
from domain.events.promises import PromiseFellDue, PromiseSet
from domain.instants import DAY, MINUTE, Instant, parse_instant
from domain.kpi.catalogue import CATALOGUE
from domain.kpi.formula import Tally, Term, evaluate, measure_for
from domain.kpi.question import Dimension
from domain.words import ActorType, Confidence, Kind, Metric, Outcome, Priority, SurveyScale, WaitingFor
from tests.events import customer, event

MONDAY = parse_instant("2026-03-02T00:00:00Z")


def at(clock: str) -> Instant:
    """ "09:30", "09:30:15", "+1 09:30" (a day later), "-1 09:30"."""
    days, _, time = clock.rpartition(" ")
    hours, minutes, *seconds = (int(part) for part in time.split(":"))
    return MONDAY + int(days or 0) * DAY + (hours * 60 + minutes) * MINUTE + (seconds[0] if seconds else 0) * 1_000_000


_at = at
"""The same, where an argument is called `at`."""


class Teams:
    """Who belongs to which team, always."""

    def __init__(self, **teams: str) -> None:
        self._teams = teams

    def primary(self, operator: str, at: Instant) -> str | None:  # noqa: ARG002 - the port has it
        return self._teams.get(operator)


class Timeline:
    """A history that was told, and what figures show of it."""

    def __init__(self, events: Sequence[NewEvent], around: Surroundings) -> None:
        self.history = History(around)
        for position, told in enumerate(events):
            self.history.apply(RecordedEvent(position, position, told.envelope.occurred_at, *_parts(told)))

    @property
    def samples(self) -> list[Sample]:
        return list(self.history.standing())

    def shows(
        self,
        kpi: str,
        *,
        value: object,
        of: str | None = None,
        team: str | None = None,
        actors: tuple[ActorType, ...] | None = None,
        standing: Standing = Standing.REGULAR,
        by: str | None = None,
        business: bool = False,
    ) -> "Timeline":
        """Assert a figure: of an operator, of a team, or of all. Durations in seconds, calendar ones unless `business`;
        None: nothing was counted. `by`: of what had come by then."""
        declared = CATALOGUE[kpi]
        slices = [Dimension.OPERATOR] * (of is not None) + [Dimension.TEAM] * (team is not None)
        types = actors or declared.actor_types

        def tally(term: Term) -> Tally:
            measure = measure_for(term.observed, slices)
            counted = [
                sample
                for sample in self.samples
                if measure.counts(sample.measure, sample.flags)
                and sample.place.standing is standing
                and sample.place.actor_type in types
                and (of is None or sample.place.operator == of)
                and (by is None or sample.at <= at(by))
                and (team is None or sample.place.team == team)
            ]
            return Tally(len(counted), sum(each.business if business else each.calendar for each in counted))

        shown = evaluate(declared.formula, tally).value
        expected = None if value is None else Decimal(str(value))
        assert shown == expected, f"{kpi} of {of or team or 'all'} is {shown}, not {expected}"
        return self


def _parts(told: NewEvent) -> tuple[Any, Event]:
    return told.envelope, told.payload


def timeline(*events: NewEvent, teams: Teams | None = None, desk: Sequence[NewEvent] = ()) -> Timeline:
    """A conversation's history; events arrive in the order in which they are told. `desk`: what is arranged around it,
    known from the beginning."""
    around = Surroundings(teams or Teams())
    for position, told in enumerate(desk, start=1_000):
        book = around.calendars if isinstance(told.payload, CALENDAR_EVENTS) else around.promises
        book.learn(RecordedEvent(position, position, told.envelope.occurred_at, *_parts(told)))
    return Timeline(events, around)


def arranged(payload: Event, *, at: str = "-30 00:00") -> NewEvent:
    """A calendar or promise, arranged by the manager; a month ago, unless something else is said."""
    return event(payload, of="workspace", by="manager", at=_at(at))


def promise(name: str = "all", *, at: str = "-30 00:00", **said: Any) -> NewEvent:
    return arranged(PromiseSet(promise=name, name=name, **said), at=at)


def calendar(opens: tuple[int, ...], closes: tuple[int, ...], *, at: str = "-30 00:00", **said: Any) -> NewEvent:
    """Hours in minutes since Monday 00:00, in UTC unless another zone is said."""
    return arranged(CalendarSet(opens=opens, closes=closes, **{"zone": "UTC", **said}), at=at)


def on_hold(by: str, *, at: str, waiting_for: WaitingFor = WaitingFor.CUSTOMER, until: str | None = None) -> NewEvent:
    ends = None if until is None else _at(until)
    return _told(conversations.ConversationPutOnHold(waiting_for=waiting_for, until=ends), by, at)


def taken_off_hold(by: str, *, at: str) -> NewEvent:
    return _told(conversations.ConversationResumed(), by, at)


def segment(name: str, *, at: str) -> NewEvent:
    return _told(conversations.ConversationSegmentChanged(segment=name), system("desk"), at)


def _told(payload: Event, by: str | Actor, at_: str, **envelope: Any) -> NewEvent:
    return event(payload, conversation="c1", by=by, at=at(at_), **envelope)


def opened(*, at: str, by: str | Actor | None = None, **said: Any) -> NewEvent:
    return _told(conversations.ConversationOpened(**said), by or customer("maria"), at)


def message(name: str = "", *, at: str, who: str = "maria", kind: Kind = Kind.MESSAGE, **said: Any) -> NewEvent:
    """A customer's item; unnamed, it is called by its time."""
    return _told(items.ItemReceived(item=name or f"i {at}", kind=kind, **said), customer(who), at)


def comment(name: str = "", *, at: str, who: str = "maria", **said: Any) -> NewEvent:
    return message(name, at=at, who=who, kind=Kind.COMMENT, **said)


def withdrawn(item: str, *, at: str) -> NewEvent:
    return _told(items.ItemWithdrawn(item=item), customer("maria"), at)


def deleted(by: str | Actor, item: str, *, at: str) -> NewEvent:
    return _told(items.CommentDeleted(item=item), by, at)


def hidden(by: str | Actor, item: str, *, at: str) -> NewEvent:
    return _told(items.CommentHidden(item=item), by, at)


def unhidden(by: str, item: str, *, at: str) -> NewEvent:
    return _told(items.CommentUnhidden(item=item), by, at)


def reply(by: str | Actor, name: str = "", *, at: str, to: str | None = None, automated: bool = False) -> NewEvent:
    return _told(replies.ReplySent(reply=name or f"r {at}", in_reply_to=to, automated=automated), by, at)


def reply_deleted(by: str, name: str, *, at: str) -> NewEvent:
    return _told(replies.ReplyDeleted(reply=name), by, at)


def note(by: str, *, at: str) -> NewEvent:
    return _told(replies.NoteAdded(note=f"n {at}"), by, at)


def claimed(by: str, *, at: str) -> NewEvent:
    return _told(conversations.ConversationClaimed(), by, at)


def assigned(to: str, *, at: str, by: str | Actor = "lead", team: str | None = None) -> NewEvent:
    return _told(conversations.ConversationAssigned(assignee=to, team=team), by, at)


def transferred(by: str, *, at: str, to: str | None = None, team: str | None = None) -> NewEvent:
    return _told(conversations.ConversationTransferred(to_operator=to, to_team=team), by, at)


def escalated(by: str, *, at: str, team: str | None = None) -> NewEvent:
    return _told(conversations.ConversationEscalated(to_team=team), by, at)


def handed_off(*, at: str) -> NewEvent:
    return _told(conversations.BotHandedOff(), Actor(ActorType.BOT, "robot"), at)


def resolved(by: str | Actor, *, at: str) -> NewEvent:
    return _told(conversations.ConversationResolved(), by, at)


def closed(by: str | Actor, *, at: str, outcome: Outcome = Outcome.NO_ACTION) -> NewEvent:
    return _told(conversations.ConversationClosed(outcome=outcome), by, at)


def reopened(by: str | Actor, *, at: str) -> NewEvent:
    return _told(conversations.ConversationReopened(), by, at)


def merged(by: str, *, at: str) -> NewEvent:
    return _told(conversations.ConversationMerged(into="c2"), by, at)


def spam(by: str, *, at: str) -> NewEvent:
    return _told(conversations.ConversationMarkedSpam(), by, at)


def no_reply_needed(by: str, *, at: str) -> NewEvent:
    return _told(conversations.ConversationMarkedNoReplyNeeded(), by, at)


def priority(by: str, to: Priority, *, at: str) -> NewEvent:
    return _told(conversations.ConversationPriorityChanged(priority=to), by, at)


def viewed(by: str, *, at: str) -> NewEvent:
    return _told(conversations.ConversationViewed(), by, at)


def rings(*, at: str) -> NewEvent:
    return _told(calls.CallOffered(call="k1"), customer("maria"), at)


def picked_up(by: str, *, at: str) -> NewEvent:
    return _told(calls.CallAnswered(call="k1"), by, at)


def rated(score: int, *, at: str) -> NewEvent:
    return _told(surveys.SurveyAnswered(survey="s1", scale=SurveyScale.RATING_1_5, score=score), customer("maria"), at)


def inferred(name: str) -> Actor:
    return Actor(ActorType.OPERATOR, name, Confidence.INFERRED)


def system(name: str = "timeout") -> Actor:
    return Actor(ActorType.SYSTEM, name)


def bot(name: str = "robot") -> Actor:
    return Actor(ActorType.BOT, name)


def topic(by: str, to: str, *, at: str) -> NewEvent:
    return _told(conversations.ConversationTopicChanged(topic=to), by, at)


def fell_due(clock: str, promised: Metric, *, at: str) -> NewEvent:
    """What the scheduler told."""
    return _told(PromiseFellDue(clock=clock, promised=promised, promise="all"), system("deskledger:promises"), at)
