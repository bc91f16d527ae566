"""Rankings: of what is known, in order, against the past."""

from dataclasses import replace
from uuid import UUID

from domain.instants import DAY
from domain.kpi.catalogue import CATALOGUE
from domain.kpi.question import Dimension, Question, Range
from eventstore.database import Database
from eventstore.store import Store
from projections.conversations.ranking import Ranking, rank
from tests.desk import BEGINNING, SPAN
from tests.projections.conversations.counting import NOW, Samples, ask, counted, desk

_WHOLE = Question(kpis=("replies_sent",), range=Range(BEGINNING, BEGINNING + SPAN))


async def _rank(database: Database, workspace: UUID, question: Question, *, periods: int = 0) -> Ranking:
    async with database.transaction(workspace, snapshot=True) as connection:
        return await rank(connection, workspace, question, least_n=1, periods=periods, now=NOW)


def _known(samples: Samples, operator: str) -> int:
    kpi = CATALOGUE["replies_sent"]
    by_operator = replace(_WHOLE, group_by=(Dimension.OPERATOR,))
    [term] = kpi.formula.terms  # type: ignore[union-attr]  # this one is a sum
    found = counted(samples, term.observed, kpi, by_operator, (operator,), _WHOLE.range)
    return sum(not sample["inferred"] for sample in found)


async def test_what_was_inferred_ranks_nobody_and_counts_for_the_team(database: Database, store: Store) -> None:
    workspace, samples = await desk(database, store, 11, events=1_000)
    ranking = await _rank(database, workspace, _WHOLE)
    values = [(place.operator, place.figure.n) for place in ranking.places]
    assert values == [(operator, _known(samples, operator)) for operator, _ in values]
    assert [n for _, n in values] == sorted((n for _, n in values), reverse=True)
    (everybody,) = (await ask(database, workspace, _WHOLE)).rows
    assert ranking.team.n == everybody.figure.n > sum(n for _, n in values)


async def test_the_past_is_that_of_ranges_of_the_same_length(database: Database, store: Store) -> None:
    workspace, _ = await desk(database, store, 12, events=1_000)
    last = replace(_WHOLE, range=Range(BEGINNING + 4 * DAY, BEGINNING + 5 * DAY))
    ranking = await _rank(database, workspace, last, periods=4)
    past = []
    for days in range(4):
        day = replace(_WHOLE, range=Range(BEGINNING + days * DAY, BEGINNING + (days + 1) * DAY))
        past.append((await _rank(database, workspace, day)).team.value)
    known = sorted(value for value in past if value is not None)
    assert ranking.team_usual is not None
    assert ranking.team_usual.periods == len(known) == 4
    assert ranking.team_usual.median == (known[1] + known[2]) / 2
