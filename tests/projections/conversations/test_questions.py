"""Whatever is asked, the answer is what the samples give when they are counted one by one."""

from bisect import bisect_right
from collections.abc import Sequence
from decimal import Decimal
from fractions import Fraction
from random import Random
from statistics import median
from typing import Any
from uuid import UUID, uuid4

import pytest

from domain.conversation.sample import Standing
from domain.errors import InvalidQuestion
from domain.instants import DAY, HOUR, MINUTE, SECOND, Instant, instant_of, parse_instant
from domain.kpi.catalogue import CATALOGUE
from domain.kpi.formula import Aggregate, Mean, Observed, Tally, Term, evaluate, measure_for
from domain.kpi.kpi import Kpi
from domain.kpi.measures import Marks
from domain.kpi.periods import pieces, zone_of
from domain.kpi.question import Answer, Comparison, Dimension, Figure, Interval, Question, Range, Row
from eventstore.database import Database
from eventstore.store import Store
from projections.conversations import tables
from projections.conversations.project import Conversations
from projections.conversations.questions import answer
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
}

Samples = list[dict[str, Any]]
_UNKNOWN = Figure(None, 0, None, 0)


def _counted(
    samples: Samples, observed: Observed, kpi: Kpi, question: Question, group: tuple[str, ...], piece: Range
) -> Samples:
    """The samples of a measure that a KPI counts, one by one."""
    dimensions = {*question.group_by, *question.where}
    measure = measure_for(observed, dimensions)
    kinds = question.actor_types if question.actor_types and Dimension.OPERATOR in kpi.slices else kpi.actor_types
    wanted = dict(zip(question.group_by, group, strict=True))
    found, seen = [], set()
    for sample in samples:
        at = instant_of(sample["at"])
        if (
            not measure.counts(sample["measure"], sample["flags"])
            or sample["standing"] != Standing.REGULAR
            or sample["actor_type"] not in kinds
            or not piece.since <= at < min(piece.until, NOW - kpi.matures_after)
            or any((sample[dimension] or "") != value for dimension, value in wanted.items())
            or any((sample[dimension] or "") not in values for dimension, values in question.where.items())
        ):
            continue
        episode = (sample["conversation"], sample["episode"])
        if isinstance(observed, Marks) and episode in seen:
            continue
        seen.add(episode)
        found.append(sample)
    return found


def _expected(samples: Samples, row: Row, question: Question) -> Fraction | None:
    kpi = CATALOGUE[row.kpi]

    def tally(term: Term) -> Tally:
        piece = Range(0, row.range.until) if term.aggregate is Aggregate.SO_FAR else row.range
        counted = _counted(samples, term.observed, kpi, question, row.group, piece)
        return Tally(len(counted), sum(sample["calendar"] for sample in counted))

    value = evaluate(kpi.formula, tally).value
    return None if value is None else Fraction(value)


def _random_question(r: Random) -> Question:
    group_by = tuple(r.sample(list(Dimension), r.choice((0, 0, 1, 1, 2))))
    where = {
        dimension: tuple(r.sample(VALUES[dimension], r.choice((1, 2))))
        for dimension in r.sample(list(Dimension), r.choice((0, 0, 1, 2)))
    }
    kpis = [kpi.name for kpi in CATALOGUE.values() if {*group_by, *where} <= set(kpi.slices)]
    step = r.choice((SECOND, 15 * MINUTE, HOUR, DAY))
    since = BEGINNING + r.randrange(SPAN // 2)
    until = since + step + DAY // 2 + r.randrange(SPAN // 2)
    return Question(
        kpis=tuple(kpis),
        range=Range(since - since % step, until - until % step),
        zone=r.choice(ZONES),
        interval=r.choice((None, None, Interval.HOUR, Interval.DAY, Interval.WEEK, Interval.MONTH)),
        group_by=group_by,
        where=where,
        spread=r.random() < 0.5,
    )


async def _desk(database: Database, store: Store, seed: int) -> tuple[UUID, Samples]:
    """A filled desk, and the samples that hold in it."""
    workspace = uuid4()
    await store.create_ledger(workspace)
    await append(store, workspace, random_desk(seed, events=150, conversations=12))
    filled = await fill(database, store, Conversations(store), workspace)
    places = {place["place"]: place for place in await filled.rows(tables.places)}
    samples = await filled.rows(tables.samples)
    return workspace, [places[row["place"]] | row for row in samples if row["held_until"] is None]


async def _ask(database: Database, workspace: UUID, question: Question) -> Answer:
    async with database.transaction(workspace, snapshot=True) as connection:
        return await answer(connection, workspace, question, now=NOW)


def _check(samples: Samples, question: Question, given: Answer) -> None:
    for row in given.rows:
        expected = _expected(samples, row, question)
        shown = None if row.figure.value is None else Fraction(row.figure.value)
        where = f"{row.kpi} of {row.group} in {row.range} for {question}"
        assert (shown is None) is (expected is None), where
        if shown is not None and expected is not None:
            assert abs(shown - expected) <= Fraction(1, 1_000_000), where
        _check_spread(samples, row, question, where)


def _check_spread(samples: Samples, row: Row, question: Question, where: str) -> None:
    kpi, spread = CATALOGUE[row.kpi], row.figure.spread
    if not isinstance(kpi.formula, Mean) or not question.spread:
        assert spread is None, where
        return
    durations = [
        sample["calendar"] for sample in _counted(samples, kpi.formula.measure, kpi, question, row.group, row.range)
    ]
    if not durations:
        assert spread is None, where
        return
    assert spread is not None, where
    assert spread.median == Decimal(str(median(durations))), where
    assert (spread.fastest.seconds, spread.slowest.seconds) == (min(durations), max(durations)), where


def _group_of_everything(samples: Samples, question: Question, rows: Sequence[Row]) -> None:
    """Nothing is left out: over all groups and pieces, additive figures sum to the whole."""
    whole = Question(kpis=("replies_sent",), range=question.range, where=question.where)
    row = Row("replies_sent", (), question.range, _UNKNOWN)
    total = _expected(samples, row, whole) or 0
    assert sum(row.figure.n for row in rows if row.kpi == "replies_sent") == total


@pytest.mark.parametrize("seed", range(3))
async def test_every_figure_is_its_samples_counted_one_by_one(database: Database, store: Store, seed: int) -> None:
    workspace, samples = await _desk(database, store, seed)
    r = Random(seed)
    for _ in range(25):
        question = _random_question(r)
        given = await _ask(database, workspace, question)
        _check(samples, question, given)
        _group_of_everything(samples, question, given.rows)


@pytest.mark.soak
@pytest.mark.timeout(1_200)
async def test_the_same_for_many_desks_and_questions(database: Database, store: Store) -> None:
    for seed in range(10, 40):
        workspace, samples = await _desk(database, store, seed)
        r = Random(seed)
        for _ in range(60):
            question = _random_question(r)
            _check(samples, question, await _ask(database, workspace, question))


async def test_the_previous_period_stands_beside_each_figure(database: Database, store: Store) -> None:
    workspace, samples = await _desk(database, store, 1)
    midnight = parse_instant("2026-03-30T00:00:00+03:00")
    days = Question(
        kpis=("incoming_items",),
        range=Range(midnight, midnight + DAY),
        zone="Europe/Chisinau",
        compare_to=Comparison.PREVIOUS_PERIOD,
    )
    (row,) = (await _ask(database, workspace, days)).rows
    before = Range(parse_instant("2026-03-29T00:00:00+02:00"), midnight)
    expected = _expected(samples, Row("incoming_items", (), before, _UNKNOWN), days)
    assert row.previous is not None
    assert (row.previous.value or 0) == (expected or 0)
    assert midnight - before.since == 23 * HOUR, "the clocks were moved that night"


def test_pieces_meet_the_zones_boundaries_and_lose_nothing() -> None:
    zone = zone_of("Asia/Kathmandu")
    whole = Range(parse_instant("2026-03-01T10:07:00+05:45"), parse_instant("2026-03-04T09:00:00+05:45"))
    cut = pieces(whole, Interval.DAY, zone)
    assert [piece.until - piece.since for piece in cut] == [13 * HOUR + 53 * MINUTE, DAY, DAY, 9 * HOUR]
    assert [piece.since for piece in cut[1:]] == [piece.until for piece in cut[:-1]]


@pytest.mark.parametrize("zone", ZONES)
@pytest.mark.parametrize("interval", list(Interval))
def test_every_instant_of_a_range_is_in_exactly_one_piece(zone: str, interval: Interval) -> None:
    whole = Range(BEGINNING + 7 * MINUTE, BEGINNING + SPAN)
    cut = pieces(whole, interval, zone_of(zone))
    starts = [piece.since for piece in cut]
    assert starts == sorted(set(starts))
    assert (cut[0].since, cut[-1].until) == (whole.since, whole.until)
    for at in range(whole.since, whole.until, 13 * MINUTE):
        piece = cut[bisect_right(starts, at) - 1]
        assert piece.since <= at < piece.until


def _hours(day: str, zone: str) -> list[Instant]:
    start = parse_instant(day)
    return [piece.until - piece.since for piece in pieces(Range(start, start + DAY), Interval.HOUR, zone_of(zone))]


def test_hours_are_hours_where_clocks_are_moved() -> None:
    assert _hours("2026-03-29T00:00:00+02:00", "Europe/Chisinau") == [HOUR] * 24
    assert _hours("2026-10-04T00:00:00+10:30", "Australia/Lord_Howe")[:4] == [HOUR, HOUR, HOUR // 2, HOUR]


@pytest.mark.parametrize(
    ("question", "complaint"),
    [
        (Question(kpis=(), range=Range(BEGINNING, NOW)), "at least one"),
        (Question(kpis=("speed",), range=Range(BEGINNING, NOW)), "no KPI 'speed'"),
        (Question(kpis=("resolved",), range=Range(NOW, BEGINNING)), "ends after it begins"),
        (Question(kpis=("resolved",), range=Range(BEGINNING, NOW), zone="Moon/Base"), "no time zone"),
        (
            Question(kpis=("incoming_items",), range=Range(BEGINNING, NOW), group_by=(Dimension.OPERATOR,)),
            "nobody's act",
        ),
        (
            Question(kpis=("resolved",), range=Range(0, NOW), interval=Interval.QUARTER_HOUR),
            "1990",
        ),
        (
            Question(kpis=("resolved",), range=Range(BEGINNING, NOW + 400 * DAY), interval=Interval.QUARTER_HOUR),
            "more than 10000 pieces",
        ),
    ],
)
async def test_a_question_that_makes_no_sense_is_told_why(
    database: Database, store: Store, workspace: UUID, question: Question, complaint: str
) -> None:
    await fill(database, store, Conversations(store), workspace)
    with pytest.raises(InvalidQuestion, match=complaint):
        await _ask(database, workspace, question)
