"""Every figure opens into the samples it is made of, and the formula applied to them gives the figure: the whole
catalogue, any slice, any interval. KPIs that are declared later join by themselves."""

from dataclasses import replace
from random import Random
from uuid import UUID

import pytest

from domain.instants import DAY
from domain.kpi.catalogue import CATALOGUE
from domain.kpi.formula import Evaluated, Tally, Term, evaluate, measure_for
from domain.kpi.kpi import Kpi
from domain.kpi.question import Answer, Clock, Dimension, Figure, Question, Range
from eventstore.database import Database
from eventstore.store import Store
from projections.conversations.drilling import Opened, OpenedSample, Side, opened_samples
from tests.projections.conversations.counting import NOW, ask, desk, random_question


async def _opened(database: Database, workspace: UUID, opened: Opened, kpi: Kpi, size: int) -> list[OpenedSample]:
    """All pages, one after the other."""
    found: list[OpenedSample] = []
    while True:
        after = found[-1].key if found else None
        async with database.transaction(workspace, snapshot=True) as connection:
            page = await opened_samples(connection, workspace, kpi, opened, after=after, limit=size)
        found += page
        if len(page) < size:
            return found


def _again(kpi: Kpi, opened: Opened, samples: list[OpenedSample]) -> Evaluated:
    """The figure that the formula makes of the samples."""
    question = opened.question
    dimensions = {*question.group_by, *question.where}
    until = min(opened.range.until, NOW - kpi.matures_after)

    def tally(term: Term) -> Tally:
        measure = measure_for(term.observed, dimensions)
        mine = [
            sample
            for sample in samples
            if any(one.measure is measure and one.aggregate is term.aggregate for one in sample.counts)
        ]
        seconds = [sample.business if question.clock is Clock.BUSINESS else sample.calendar for sample in mine]
        ended = [sample for sample in mine if not measure.spread or opened.range.since < sample.at <= until]
        return Tally(len(ended), sum(seconds))

    return evaluate(kpi.formula, tally)


async def _check(database: Database, workspace: UUID, question: Question, given: Answer, r: Random) -> int:
    rows = [row for row in given.rows if row.figure.value is not None]
    for row in r.sample(rows, min(len(rows), 12)):
        kpi = CATALOGUE[row.kpi]
        opened = Opened(question, row.group, row.range, given.as_of, given.now)
        samples = await _opened(database, workspace, opened, kpi, size=r.choice((2, 7, 100)))
        figure = row.figure
        assert _again(kpi, opened, samples) == (figure.value, figure.numerator, figure.denominator, figure.n), (
            f"{row.kpi} of {row.group} in {row.range} for {question}"
        )
        keys = [sample.key for sample in samples]
        assert keys == sorted(set(keys)), "in order, each once"
        assert all(sample.positions for sample in samples)
    return len(rows)


@pytest.mark.parametrize("seed", range(3))
async def test_the_formula_applied_to_a_figures_samples_is_the_figure(
    database: Database, store: Store, seed: int
) -> None:
    workspace, _ = await desk(database, store, seed + 100)
    r = Random(seed)
    checked = 0
    for _ in range(15):
        question = random_question(r)
        checked += await _check(database, workspace, question, await ask(database, workspace, question), r)
    assert checked > 100


async def test_every_kpi_that_has_a_figure_opens(database: Database, store: Store) -> None:
    workspace, _ = await desk(database, store, 8, events=400)
    left = dict(CATALOGUE)
    for dimension in (Dimension.KIND, Dimension.OPERATOR, Dimension.TEAM):
        kpis = tuple(name for name, kpi in left.items() if dimension in kpi.slices)
        left = {name: kpi for name, kpi in left.items() if name not in kpis}
        whole = Question(kpis=kpis, range=Range(NOW - 10 * DAY, NOW), group_by=(dimension,))
        given = await ask(database, workspace, whole)
        for row in given.rows:
            if row.figure.value is not None:
                await _check(database, workspace, whole, replace(given, rows=(row,)), Random(0))
    assert not left


async def test_either_side_of_a_ratio_can_be_opened_alone(database: Database, store: Store) -> None:
    workspace, _ = await desk(database, store, 3, events=300)
    question = Question(kpis=("closed_without_reply_share",), range=Range(NOW - 10 * DAY, NOW))
    given = await ask(database, workspace, question)
    (row,) = given.rows
    opened = Opened(question, row.group, row.range, given.as_of, given.now)
    sizes = {}
    for side in Side:
        async with database.transaction(workspace, snapshot=True) as connection:
            found = await opened_samples(connection, workspace, CATALOGUE[row.kpi], opened, sides=(side,), limit=1_000)
        sizes[side] = len(found)
    assert row.figure == Figure(
        row.figure.value, sizes[Side.NUMERATOR], sizes[Side.DENOMINATOR], sizes[Side.DENOMINATOR], row.figure.certainty
    )
