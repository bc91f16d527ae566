"""What candidates would have kept, against the samples counted one by one."""

from decimal import Decimal

import pytest

from domain.errors import InvalidQuestion
from domain.kpi import measures as m
from domain.kpi.advice import advice
from domain.kpi.question import Clock, Dimension, Range
from domain.words import Metric
from eventstore.database import Database
from eventstore.store import Store
from projections.conversations.advising import AdviceQuestion, advise
from tests.desk import BEGINNING, SPAN
from tests.projections.conversations.counting import Sample, desk

CANDIDATES = (600, 3_600, 86_400)
SHARES = (Decimal("0.5"), Decimal("0.9"))
EVER = Range(BEGINNING, BEGINNING + SPAN)


def _answers(answers: list[Sample], *, first: bool) -> list[Sample]:
    by_people = [each for each in answers if each["actor_type"] == "operator" and each["standing"] == "regular"]
    return [each for each in by_people if each["held_until"] is None and bool(each["flags"] & 1) is first]


@pytest.mark.parametrize(("promised", "first"), [(Metric.FIRST_RESPONSE, True), (Metric.NEXT_RESPONSE, False)])
@pytest.mark.parametrize("clock", Clock)
async def test_it_is_counted_from_the_answers_of_people(
    database: Database, store: Store, promised: Metric, first: bool, clock: Clock
) -> None:
    workspace, samples = await desk(database, store, 21, events=500)
    answers = _answers(samples.of(m.RESPONSE), first=first)
    assert answers, "somebody answered"
    for team in (None, "red"):
        where = {} if team is None else {Dimension.TEAM: (team,)}
        taken = [each[clock] for each in answers if team is None or each["team"] == team]
        question = AdviceQuestion(promised, EVER, CANDIDATES, SHARES, where, clock)
        async with database.transaction(workspace, snapshot=True) as connection:
            found = await advise(connection, workspace, question)
        assert found == advice({seconds: taken.count(seconds) for seconds in taken}, CANDIDATES, SHARES)


@pytest.mark.parametrize(
    "question",
    [
        AdviceQuestion(Metric.RESOLUTION, Range(EVER.until, EVER.since), CANDIDATES, (), {}),
        AdviceQuestion(Metric.RESOLUTION, EVER, (0,), (), {}),
        AdviceQuestion(Metric.RESOLUTION, EVER, (), (Decimal("1.1"),), {}),
        AdviceQuestion(Metric.RESOLUTION, EVER, (60,) * 51, (), {}),
    ],
)
async def test_what_makes_no_sense_is_an_error(database: Database, store: Store, question: AdviceQuestion) -> None:
    workspace, _ = await desk(database, store, 22, events=30)
    async with database.transaction(workspace, snapshot=True) as connection:
        with pytest.raises(InvalidQuestion):
            await advise(connection, workspace, question)
