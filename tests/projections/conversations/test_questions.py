"""Whatever is asked, the answer is what the samples give when they are counted one by one."""

from collections.abc import Sequence
from dataclasses import replace
from decimal import Decimal
from random import Random
from statistics import median, variance
from uuid import UUID

import pytest

from domain.errors import InvalidQuestion
from domain.instants import DAY, HOUR, instant_of, parse_instant
from domain.kpi.catalogue import CATALOGUE
from domain.kpi.formula import Mean
from domain.kpi.question import (
    Answer,
    Clock,
    Comparison,
    Detail,
    Dimension,
    Figure,
    Interval,
    Question,
    Range,
    Row,
)
from eventstore.database import Database
from eventstore.store import Store
from projections.conversations import spread
from projections.conversations.project import Conversations
from tests.desk import BEGINNING
from tests.projections.conversations.counting import NOW, Samples, ask, counted, desk, expected, random_question
from tests.projections.filling import fill

_UNKNOWN = Figure(None, 0, None, 0)


def _check(samples: Samples, question: Question, given: Answer) -> None:
    for row in given.rows:
        where = f"{row.kpi} of {row.group} in {row.range} for {question}"
        if row.figure.withheld is not None:
            assert row.figure.value is None, where
            assert 0 < row.figure.n < CATALOGUE[row.kpi].least_n_by_operator, where
        else:
            assert row.figure.value == expected(samples, row, question), where
        _check_spread(samples, row, question, where)


def _check_spread(samples: Samples, row: Row, question: Question, where: str) -> None:
    kpi, told = CATALOGUE[row.kpi], row.figure.spread
    wanted = question.details & {Detail.SPREAD, Detail.EXTREMES}
    if not isinstance(kpi.formula, Mean) or not wanted:
        assert told is None, where
        return
    found = counted(samples, kpi.formula.measure, kpi, question, row.group, row.range)
    clock = "business" if question.clock is Clock.BUSINESS else "calendar"
    scale = kpi.formula.measure.scale
    amounts = [Decimal(sample[clock]) / scale for sample in found]
    if not amounts:
        assert told is None, where
        return
    assert told is not None, where
    error = told.percentile_error
    assert abs(told.median - median(amounts)) <= error * told.median, where
    off = error * max(amounts) * 2
    spread_of_them = variance(amounts) if len(amounts) > 1 else Decimal(0)
    assert abs(told.variance - spread_of_them) <= 2 * off * spread_of_them.sqrt() + off * off + Decimal("0.000001"), (
        where
    )
    assert sum(bucket.n for bucket in told.histogram) == len(amounts), where
    for amount in amounts:
        assert any(bucket.since <= amount < bucket.until for bucket in told.histogram), where
    if Detail.EXTREMES in question.details:
        assert told.fastest is not None, where
        assert told.slowest is not None, where
        assert (told.fastest.amount, told.slowest.amount) == (min(amounts), max(amounts)), where
        first = next(sample for sample in found if sample[clock] == max(amounts) * scale)
        assert told.slowest.at == instant_of(first["at"]), where


def _group_of_everything(samples: Samples, question: Question, rows: Sequence[Row]) -> None:
    """Nothing is left out: over all groups and pieces, additive figures sum to the whole."""
    if Dimension.TAG in question.group_by:
        return  # a conversation counts in each of its tags
    whole = replace(question, kpis=("replies_sent",), group_by=(), interval=None)
    row = Row("replies_sent", (), question.range, _UNKNOWN)
    total = expected(samples, row, whole) or 0
    assert sum(row.figure.n for row in rows if row.kpi == "replies_sent") == total


@pytest.mark.parametrize("seed", range(3))
async def test_every_figure_is_its_samples_counted_one_by_one(database: Database, store: Store, seed: int) -> None:
    workspace, samples = await desk(database, store, seed)
    r = Random(seed)
    for _ in range(25):
        question = random_question(r)
        given = await ask(database, workspace, question)
        _check(samples, question, given)
        _group_of_everything(samples, question, given.rows)


@pytest.mark.parametrize("seed", range(2))
async def test_the_same_where_percentiles_and_extremes_come_from_cells(
    database: Database, store: Store, seed: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(spread, "_EXACT", 3)
    workspace, samples = await desk(database, store, seed + 50, events=300)
    r = Random(seed)
    for _ in range(20):
        question = replace(random_question(r), details=frozenset(Detail))
        _check(samples, question, await ask(database, workspace, question))


@pytest.mark.soak
@pytest.mark.timeout(2_400)
async def test_the_same_for_many_desks_and_questions(database: Database, store: Store) -> None:
    for seed in range(10, 40):
        workspace, samples = await desk(database, store, seed)
        r = Random(seed)
        for _ in range(60):
            question = random_question(r)
            _check(samples, question, await ask(database, workspace, question))


async def test_the_previous_period_stands_beside_each_figure(database: Database, store: Store) -> None:
    workspace, samples = await desk(database, store, 1)
    midnight = parse_instant("2026-03-30T00:00:00+03:00")
    days = Question(
        kpis=("incoming_items",),
        range=Range(midnight, midnight + DAY),
        zone="Europe/Chisinau",
        compare_to=Comparison.PREVIOUS_PERIOD,
    )
    (row,) = (await ask(database, workspace, days)).rows
    before = Range(parse_instant("2026-03-29T00:00:00+02:00"), midnight)
    value = expected(samples, Row("incoming_items", (), before, _UNKNOWN), days)
    assert row.previous is not None
    assert row.previous_range == before
    assert (row.previous.value or 0) == (value or 0)
    assert midnight - before.since == 23 * HOUR, "the clocks were moved that night"


async def test_a_year_ago_stands_beside_each_figure(database: Database, store: Store) -> None:
    workspace, samples = await desk(database, store, 1)
    later = Question(
        kpis=("incoming_items",),
        range=Range(parse_instant("2027-03-28T00:00:00+02:00"), parse_instant("2027-03-31T00:00:00+03:00")),
        zone="Europe/Chisinau",
        compare_to=Comparison.YEAR_AGO,
    )
    (row,) = (await ask(database, workspace, later, now=NOW + 366 * DAY)).rows
    before = Range(parse_instant("2026-03-28T00:00:00+02:00"), parse_instant("2026-03-31T00:00:00+03:00"))
    assert row.previous_range == before
    assert row.previous is not None
    assert row.previous.value == expected(samples, Row("incoming_items", (), before, _UNKNOWN), later)
    assert row.previous.value


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
        (Question(kpis=("resolved",), range=Range(BEGINNING, NOW), compare_to=Comparison.TEAM), "group by operator"),
        (Question(kpis=("resolved",), range=Range(BEGINNING, NOW), versions={"resolved": 9}), "versions 1 to 1"),
        (Question(kpis=("resolved",), range=Range(BEGINNING, NOW), versions={"processed": 1}), "not asked for"),
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
        await ask(database, workspace, question)
