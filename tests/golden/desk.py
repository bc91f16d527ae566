"""A whole desk in memory: every fold of the domain, and the KPIs' formulas over what they observe."""

from collections import Counter
from collections.abc import Iterator, Sequence
from decimal import Decimal
from itertools import count

from domain.calendars import CALENDAR_EVENTS, CalendarBook
from domain.conversation.history import History
from domain.conversation.sample import Place, Sample
from domain.conversation.surroundings import Surroundings
from domain.costs import CostBook
from domain.customer.contacts import Person, contact_of
from domain.envelope import NewEvent, RecordedEvent
from domain.events.costs import CostRecorded
from domain.events.customers import CustomerMerged
from domain.kpi import measures as m
from domain.kpi.catalogue import CATALOGUE
from domain.kpi.formula import Aggregate, Tally, Term, evaluate, measure_for
from domain.kpi.question import Clock, Dimension, Question, Range
from domain.operator.history import Operator
from domain.operator.presence import turned
from domain.operator.work import works
from domain.promises import PROMISE_EVENTS, PromiseBook
from domain.words import Subject
from projections.memberships import Roster

_WORK = {measure.code for measure in (m.CALL_TALK, m.CALL_HOLD, m.CALL_AFTER_WORK, m.FOCUS)}


class Desk:
    """What is told of a desk, in the order in which it arrives."""

    def __init__(self, events: Sequence[NewEvent]) -> None:
        recorded = [
            RecordedEvent(position, position, told.envelope.occurred_at, told.envelope, told.payload)
            for position, told in enumerate(events)
        ]
        self._roster = Roster()
        self._roster.learn(recorded)
        self._around = _arranged(recorded, self._roster)
        self._conversations = self._folded(recorded)
        self.samples = [
            *self._of_conversations(),
            *self._of_customers(recorded),
            *self._of_operators(recorded),
            *_of_costs(recorded),
        ]

    def _folded(self, recorded: Sequence[RecordedEvent]) -> dict[str, History]:
        found: dict[str, History] = {}
        for event in recorded:
            if event.envelope.stream.subject is Subject.CONVERSATION:
                found.setdefault(event.envelope.stream.id, History(self._around)).apply(event)
        return found

    def _of_conversations(self) -> Iterator[Sample]:
        for history in self._conversations.values():
            yield from history.standing()

    def _of_customers(self, recorded: Sequence[RecordedEvent]) -> Iterator[Sample]:
        same = {
            event.envelope.stream.id: event.payload.into
            for event in recorded
            if isinstance(event.payload, CustomerMerged)
        }
        persons: dict[str, Person] = {}
        for conversation, history in self._conversations.items():
            customer = history.state.customer
            if customer is not None:
                person = persons.setdefault(same.get(customer, customer), Person())
                person.put(conversation, contact_of(history.state))
        for person in persons.values():
            yield from (sample for _, sample in person.samples().elements())

    def _of_operators(self, recorded: Sequence[RecordedEvent]) -> Iterator[Sample]:
        operators: dict[str, Operator] = {}
        for event in recorded:
            turn = turned(event)
            if turn is not None:
                name = event.envelope.stream.id
                operators.setdefault(name, Operator(name, self._roster)).turn(turn)
        numbers = count()
        for conversation, history in self._conversations.items():
            number = next(numbers)
            for sample in history.standing():
                worker = sample.place.operator
                if sample.measure in _WORK and worker is not None:
                    operator = operators.setdefault(worker, Operator(worker, self._roster))
                    for work in works(sample.at, sample.calendar, conversation, sample.positions, number):
                        operator.work(work, holds=True)
        for operator in operators.values():
            yield from (sample for sample, _ in operator.standing())

    def figure(self, question: Question) -> Decimal | None:
        """The value of one KPI over the question's range."""
        (name,) = question.kpis
        kpi = CATALOGUE[name]
        types = question.actor_types or kpi.actor_types

        def tally(term: Term) -> Tally:
            measure = measure_for(term.observed, list(question.where))
            since = 0 if term.aggregate is Aggregate.SO_FAR else question.range.since
            counted = [
                sample
                for sample in self.samples
                if measure.counts(sample.measure, sample.flags)
                and sample.place.actor_type in types
                and _is_asked_for(sample, question, Range(since, question.range.until))
            ]
            by_clock = [each.business if question.clock is Clock.BUSINESS else each.calendar for each in counted]
            return Tally(len(counted), sum(by_clock))

        return evaluate(kpi.formula, tally).value


def _of_costs(recorded: Sequence[RecordedEvent]) -> Iterator[Sample]:
    book, held = CostBook(), Counter[Sample]()
    for event in recorded:
        if isinstance(event.payload, CostRecorded):
            ceased, begun = book.learn(event)
            held.update(begun)
            held.subtract(ceased)
    return held.elements()


def _is_asked_for(sample: Sample, question: Question, within: Range) -> bool:
    place = sample.place
    return (
        within.since <= sample.at < within.until
        and place.standing in question.standings
        and all(_values(place, dimension) & {*wanted} for dimension, wanted in question.where.items())
    )


def _values(place: Place, dimension: Dimension) -> set[str]:
    if dimension is Dimension.HOURS:
        return {{None: "", True: "in", False: "out"}[place.in_hours]}
    if dimension is Dimension.TAG:
        return set(place.tags) or {""}
    return {getattr(place, dimension.value) or ""}


def _arranged(recorded: Sequence[RecordedEvent], roster: Roster) -> Surroundings:
    calendars, promises = CalendarBook(), PromiseBook()
    for event in recorded:
        if isinstance(event.payload, CALENDAR_EVENTS):
            calendars.learn(event)
        if isinstance(event.payload, PROMISE_EVENTS):
            promises.learn(event)
    return Surroundings(roster, calendars, promises)
