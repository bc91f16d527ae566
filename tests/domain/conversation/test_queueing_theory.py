"""Simulated queues against what queueing theory says of them: Erlang C where everybody waits, Erlang A where some give
up. Figures come from the fold's samples and the KPIs' formulas, as anywhere else.

How far a simulated figure may lie from the exact one is taken from the simulation itself: calls are put into batches,
in order, long enough to be nearly independent, and the spread of the batches' figures gives the standard error of
their mean (the method of batch means). Four standard errors are exceeded by chance once in some ten thousand runs, and
the runs are seeded. That the error is small is asserted too, so that the tolerance cannot swallow a wrong figure.
"""

from collections.abc import Iterator
from heapq import heappop, heappush
from itertools import pairwise
from math import exp, sqrt
from random import Random
from statistics import mean, stdev
from typing import NamedTuple

import pytest

from domain.conversation.history import History
from domain.conversation.sample import Sample
from domain.conversation.surroundings import Surroundings
from domain.envelope import Actor, RecordedEvent
from domain.event import Event
from domain.events import calls
from domain.instants import SECOND, Instant, parse_instant
from domain.kpi.catalogue import CATALOGUE
from domain.kpi.formula import Formula, Tally, Term, count, evaluate, measure_for
from domain.kpi.measures import QUEUE_ABANDONED, QUEUE_LEG
from tests.events import customer, event, system
from tests.timeline import Teams

BEGIN = parse_instant("2026-03-02T00:00:00Z")
BATCHES = 24


class Desk(NamedTuple):
    """Calls a second, calls that one operator serves in a second, operators; and, if anybody does, how many of those
    who wait give up in a second."""

    arrivals: float
    service: float
    operators: int
    impatience: float = 0.0


class Way(NamedTuple):
    """What became of one call. Nobody answered where `answered` is None."""

    queued: float
    answered: float | None
    over: float


def simulated(desk: Desk, n: int, seed: int) -> Iterator[Way]:
    """First come, first served, by operators who are free: each the one that is free soonest."""
    r = Random(seed)
    free = [0.0] * desk.operators
    now = 0.0
    for _ in range(n):
        now += r.expovariate(desk.arrivals)
        patience = r.expovariate(desk.impatience) if desk.impatience else float("inf")
        begins = max(now, free[0])
        if begins - now > patience:
            yield Way(now, None, now + patience)
            continue
        heappop(free)
        ends = begins + r.expovariate(desk.service)
        heappush(free, ends)
        yield Way(now, begins, ends)


def samples_of(way: Way, number: int) -> list[Sample]:
    """The fold of one call."""
    told: list[tuple[Event, Actor, float]] = [(calls.CallQueued(call="k", team="red"), system("pbx"), way.queued)]
    if way.answered is None:
        told.append((calls.CallAbandoned(call="k"), customer("maria"), way.over))
    else:
        told.append((calls.CallAnswered(call="k"), Actor(system().type.OPERATOR, "anna"), way.answered))
        told.append((calls.CallEnded(call="k"), customer("maria"), way.over))
    history = History(Surroundings(Teams()))
    for version, (payload, by, at) in enumerate(told):
        new = event(payload, conversation=f"c{number}", by=by, at=_instant(at), order=version)
        history.apply(RecordedEvent(version, version, new.envelope.occurred_at, new.envelope, new.payload))
    return list(history.standing())


def _instant(seconds: float) -> Instant:
    return BEGIN + round(seconds * SECOND)


def figure(formula: Formula, samples: list[Sample]) -> float:
    def tally(term: Term) -> Tally:
        measure = measure_for(term.observed, ())
        counted = [sample.calendar for sample in samples if measure.counts(sample.measure, sample.flags)]
        return Tally(len(counted), sum(counted))

    return float(evaluate(formula, tally).value or 0)


def assert_near(formula: Formula, calls_: list[list[Sample]], exact: float, *, error: float) -> None:
    size = len(calls_) // BATCHES
    batches = [calls_[since:until] for since, until in pairwise(range(0, len(calls_) + 1, size))]
    figures = [figure(formula, [sample for call in batch for sample in call]) for batch in batches]
    standard_error = stdev(figures) / sqrt(len(figures))
    assert standard_error < error
    assert abs(mean(figures) - exact) < 4 * standard_error, f"{mean(figures)} is not {exact} +- {standard_error}"


def erlang_c(desk: Desk) -> float:
    """The probability of having to wait, by way of Erlang B's recursion."""
    load = desk.arrivals / desk.service
    blocked = 1.0
    for operators in range(1, desk.operators + 1):
        blocked = load * blocked / (operators + load * blocked)
    busy = load / desk.operators
    return blocked / (1 - busy * (1 - blocked))


def erlang_a_abandonment(desk: Desk) -> float:
    """The share that gives up: how many wait on average, times how many of them give up, over how many come. From the
    stationary distribution of a birth-and-death process, as far as it weighs anything."""
    weight, total, waiting = 1.0, 1.0, 0.0
    for present in range(1, desk.operators + 2_000):
        queue = max(present - desk.operators, 0)
        weight *= desk.arrivals / (min(present, desk.operators) * desk.service + queue * desk.impatience)
        total += weight
        waiting += queue * weight
    return desk.impatience * waiting / total / desk.arrivals


PATIENT = [
    Desk(arrivals=1 / 21, service=1 / 150, operators=10),
    Desk(arrivals=1 / 60, service=1 / 180, operators=4),
    Desk(arrivals=1 / 70, service=1 / 40, operators=1),
]


@pytest.mark.parametrize("desk", PATIENT)
def test_service_level_and_speed_of_answer_are_those_of_erlang_c(desk: Desk) -> None:
    ways = [samples_of(way, number) for number, way in enumerate(simulated(desk, 16_000, seed=1))]
    must_wait, relief = erlang_c(desk), desk.operators * desk.service - desk.arrivals
    level = 1 - must_wait * exp(-relief * 20)

    for variant in ("service_level", "service_level_of_offered", "service_level_of_answered"):
        assert_near(CATALOGUE[variant].formula, ways, level, error=0.02)
    # whole seconds are rounded down, which takes half a second of the waits of those who wait at all
    rounded_down = must_wait / (exp(relief) - 1)
    assert_near(CATALOGUE["queue_wait"].formula, ways, rounded_down, error=must_wait / relief / 8)


IMPATIENT = [
    Desk(arrivals=1 / 14, service=1 / 150, operators=10, impatience=1 / 120),
    Desk(arrivals=1 / 50, service=1 / 180, operators=4, impatience=1 / 60),
]


@pytest.mark.parametrize("desk", IMPATIENT)
def test_the_share_that_gives_up_is_that_of_erlang_a(desk: Desk) -> None:
    ways = [samples_of(way, number) for number, way in enumerate(simulated(desk, 16_000, seed=2))]

    assert_near(count(QUEUE_ABANDONED) / count(QUEUE_LEG), ways, erlang_a_abandonment(desk), error=0.01)
    # who gives up within 5 s is on neither side of the rate: of those, fewer than 5 s of impatience are to be expected
    short = 1 - exp(-desk.impatience * 5)
    rate = figure(CATALOGUE["abandonment_rate"].formula, [sample for way in ways for sample in way])
    assert erlang_a_abandonment(desk) - short < rate < erlang_a_abandonment(desk)
