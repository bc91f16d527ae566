"""Figures as one would count them by hand: every sample that holds, looked at one by one."""

from collections.abc import Sequence
from decimal import Decimal
from random import Random
from typing import Any
from uuid import UUID, uuid4

from domain.conversation.sample import Standing
from domain.instants import DAY, HOUR, MINUTE, SECOND, Instant, instant_of
from domain.kpi.catalogue import CATALOGUE
from domain.kpi.formula import Aggregate, Observed, Tally, Term, evaluate, measure_for, terms_of
from domain.kpi.kpi import Kpi
from domain.kpi.measures import MEASURES, Marks, Measure, Unit
from domain.kpi.question import (
    Anchor,
    Answer,
    Clock,
    Detail,
    Dimension,
    Interval,
    Question,
    Range,
    Row,
    Weekday,
)
from eventstore.database import Database
from eventstore.store import Store
from projections.conversations import tables
from projections.conversations.project import Conversations
from projections.conversations.questions import answer
from tests.arranged import random_arrangements
from tests.desk import BEGINNING, CHANNELS, COMMUNITIES, OPERATORS, SPAN, TEAMS, random_desk
from tests.projections.filling import append, fill

NOW = BEGINNING + SPAN + 3 * DAY
ZONES = ("UTC", "Europe/Chisinau", "Asia/Kathmandu", "America/St_Johns")
VALUES: dict[Dimension, tuple[str, ...]] = {
    Dimension.OPERATOR: OPERATORS,
    Dimension.TEAM: ("", *TEAMS),
    Dimension.CHANNEL: ("", *CHANNELS),
    Dimension.COMMUNITY: ("", *COMMUNITIES),
    Dimension.KIND: ("", "comment", "message"),
    Dimension.PRIORITY: ("", "high", "low"),
    Dimension.COMPLEXITY: ("", "simple", "complex"),
    Dimension.SEGMENT: ("", "gold", "silver"),
    Dimension.TAG: ("", "late", "refund"),
    Dimension.HOURS: ("", "in", "out"),
}

Sample = dict[str, Any]


class Samples:
    """Rows of samples with their places, by the measure they were observed as, in order of time."""

    def __init__(self, rows: Sequence[Sample]) -> None:
        self._by_measure: dict[int, list[Sample]] = {}
        for row in sorted(rows, key=lambda row: (row["at"], row["held_from"], row["ordinal"])):
            self._by_measure.setdefault(row["measure"], []).append(row | {"instant": instant_of(row["at"])})

    def of(self, measure: Measure) -> list[Sample]:
        """Those that a measure counts."""
        rows = self._by_measure.get((measure.within or measure).code, [])
        return [row for row in rows if measure.counts(row["measure"], row["flags"])]


async def desk(database: Database, store: Store, seed: int, *, events: int = 150) -> tuple[UUID, Samples]:
    """A filled desk, and every sample that holds in it or held once, with its place. Every other desk keeps calendars
    and promises."""
    workspace = uuid4()
    await store.create_ledger(workspace)
    arranged = random_arrangements(seed) if seed % 2 else []
    await append(store, workspace, [*arranged, *random_desk(seed, events=events, conversations=12)])
    filled = await fill(database, store, Conversations(store), workspace)
    places = {place["place"]: place for place in await filled.rows(tables.places)}
    return workspace, Samples([places[row["place"]] | row for row in await filled.rows(tables.samples)])


async def ask(database: Database, workspace: UUID, question: Question, *, now: Instant = NOW) -> Answer:
    async with database.transaction(workspace, snapshot=True) as connection:
        return await answer(connection, workspace, question, now=now)


def counted(
    samples: Samples, observed: Observed, kpi: Kpi, question: Question, group: Sequence[str], piece: Range
) -> list[Sample]:
    """The samples of a measure that a KPI counts in a piece, one by one, in order of time."""
    measure = measure_for(observed, {*question.group_by, *question.where})
    kinds = question.actor_types if question.actor_types and Dimension.OPERATOR in kpi.slices else kpi.actor_types
    wanted = dict(zip(question.group_by, group, strict=True))
    within = Range(piece.since, min(piece.until, NOW - kpi.matures_after))
    found, seen = [], set()
    for sample in samples.of(measure):
        if (
            not _is_within(sample, measure, question.anchor, within)
            or not _holds(sample, question)
            or sample["standing"] not in question.standings
            or sample["actor_type"] not in kinds
            or any(value not in _values(sample, dimension) for dimension, value in wanted.items())
            or any(not {*values} & {*_values(sample, dimension)} for dimension, values in question.where.items())
        ):
            continue
        episode = (sample["conversation"], sample["episode"])
        if isinstance(observed, Marks) and episode in seen:
            continue
        seen.add(episode)
        found.append(sample)
    return found


def tally(samples: Samples, term: Term, kpi: Kpi, question: Question, group: Sequence[str], piece: Range) -> Tally:
    """What a term of a KPI sums in a piece."""
    whole = Range(0, piece.until) if term.aggregate is Aggregate.SO_FAR else piece
    until = min(piece.until, NOW - kpi.matures_after)
    n = amount = 0
    for sample in counted(samples, term.observed, kpi, question, group, whole):
        seconds = _seconds_within(sample, Range(piece.since, until))
        amount += seconds[question.clock is Clock.BUSINESS]
        ended = sample["instant"]
        n += not MEASURES[sample["measure"]].spread or piece.since < ended <= until
    return Tally(n, amount)


def expected(samples: Samples, row: Row, question: Question, kpi: Kpi | None = None) -> Decimal | None:
    """The value of a row, computed from the samples."""
    declared = kpi or CATALOGUE[row.kpi]
    return evaluate(declared.formula, lambda term: tally(samples, term, declared, question, row.group, row.range)).value


def random_question(r: Random) -> Question:
    """A question that makes sense."""
    group_by = tuple(r.sample(list(Dimension), r.choice((0, 0, 1, 1, 2))))
    where = {
        dimension: tuple(r.sample(VALUES[dimension], r.choice((1, 2))))
        for dimension in r.sample(list(Dimension), r.choice((0, 0, 1, 2)))
    }
    anchor = r.choice((Anchor.STOPPED, Anchor.STOPPED, Anchor.STARTED))
    cut = {*group_by, *(dimension for dimension, values in where.items() if len(values) == 1)}
    kpis = [
        kpi.name for kpi in CATALOGUE.values() if fits(kpi, {*group_by, *where}, anchor) and cut.issuperset(kpi.needs)
    ]
    step = r.choice((SECOND, 15 * MINUTE, HOUR, DAY))
    since = BEGINNING + r.randrange(SPAN // 2)
    until = since + step + DAY // 2 + r.randrange(SPAN // 2)
    return Question(
        kpis=tuple(kpis),
        range=Range(since - since % step, until - until % step),
        zone=r.choice(ZONES),
        interval=r.choice((None, None, Interval.HOUR, Interval.DAY, Interval.WEEK, Interval.MONTH)),
        weeks_begin=r.choice(list(Weekday)),
        group_by=group_by,
        where=where,
        clock=r.choice(list(Clock)),
        anchor=anchor,
        standings=r.choice(((Standing.REGULAR,), (Standing.REGULAR,), (Standing.REGULAR, Standing.SPAM))),
        details=frozenset(r.sample(list(Detail), r.choice((0, 1, 2, 3)))),
    )


def fits(kpi: Kpi, dimensions: set[Dimension], anchor: Anchor) -> bool:
    """Whether a KPI can be asked for so."""
    terms = [(term, measure_for(term.observed, dimensions)) for term in terms_of(kpi.formula)]
    cohorts = not any(term.aggregate is Aggregate.SO_FAR or measure.spread for term, measure in terms)
    cohorts = cohorts and len({measure.unit is Unit.SECONDS for _, measure in terms}) == 1
    return dimensions <= set(kpi.slices) and (anchor is Anchor.STOPPED or cohorts)


def _holds(sample: Sample, question: Question) -> bool:
    if question.as_of is None:
        return sample["held_until"] is None
    position = question.as_of.number
    return sample["held_from"] <= position and (sample["held_until"] is None or sample["held_until"] > position)


def _is_within(sample: Sample, measure: Measure, anchor: Anchor, piece: Range) -> bool:
    at = sample["instant"]
    if measure.spread:
        return any(_seconds_within(sample, piece)) or bool(piece.since < at <= piece.until)
    if anchor is Anchor.STARTED and measure.unit is Unit.SECONDS:
        at -= sample["calendar"] * SECOND
    return bool(piece.since <= at < piece.until)


def _seconds_within(sample: Sample, piece: Range) -> tuple[int, int]:
    calendar, business = sample["calendar"], sample["business"]
    if not MEASURES[sample["measure"]].spread or not calendar:
        return calendar, business
    end = sample["instant"]
    start = end - calendar * SECOND
    before, then = (min(max(edge - start, 0) // SECOND, calendar) for edge in (piece.since, piece.until))
    return then - before, then * business // calendar - before * business // calendar


def _values(sample: Sample, dimension: Dimension) -> Sequence[str]:
    if dimension is Dimension.TAG:
        return list(sample["tags"]) or [""]
    if dimension is Dimension.HOURS:
        return [{None: "", True: "in", False: "out"}[sample["in_hours"]]]
    return [sample[dimension] or ""]
