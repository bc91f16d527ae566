"""The question `slaAdvice`: what share of past answers each candidate promise would have kept.

Answered from the samples of the times that were taken, whatever was promised then: of first answers, of later ones, of
the first resolutions. Holds are not known to it: a promise whose clocks pause would have kept more.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from uuid import UUID

from domain.errors import InvalidQuestion
from domain.instants import moment_of
from domain.kpi import measures as m
from domain.kpi.advice import Advice, advice
from domain.kpi.kpi import OPERATORS, OPERATORS_AND_BOTS
from domain.kpi.measures import Measure
from domain.kpi.question import Clock, Dimension, Range
from domain.words import ActorType, Metric
from eventstore.database import Session
from projections.conversations.project import NAME
from projections.conversations.slices import PLACED_SAMPLES, Arguments, Slice, place_conditions, sample_conditions
from projections.serving import serving

MOST = 50
"""Candidates, and shares, in one question."""


@dataclass(frozen=True, slots=True)
class AdviceQuestion:
    """What is to be promised, the past that is asked, and what might be promised: within how many seconds, or to keep
    which shares."""

    promised: Metric
    range: Range
    candidates: tuple[int, ...]
    shares: tuple[Decimal, ...]
    where: Mapping[Dimension, tuple[str, ...]]
    clock: Clock = Clock.CALENDAR


_FIRST = m.FIRST_ANSWER.flag
_OF: Mapping[Metric, tuple[Measure, tuple[ActorType, ...], str]] = {
    Metric.FIRST_RESPONSE: (m.RESPONSE, OPERATORS, f"flags & {_FIRST} <> 0"),
    Metric.NEXT_RESPONSE: (m.RESPONSE, OPERATORS, f"flags & {_FIRST} = 0"),
    Metric.RESOLUTION: (m.FIRST_RESOLUTION, OPERATORS_AND_BOTS, "TRUE"),
}
"""The samples of what was promised: their measure, whose acts, and which of them."""


async def advise(connection: Session, workspace: UUID, question: AdviceQuestion) -> Advice:
    """Answer in the caller's snapshot. Raises `InvalidQuestion` where what is asked makes no sense."""
    _check(question)
    state = await serving(connection, workspace, NAME)
    measure, actor_types, taken = _OF[question.promised]
    slice_ = Slice(workspace, state.generation, (measure,), actor_types, (), question.where)
    arguments = Arguments(workspace, state.generation, moment_of(question.range.since), moment_of(question.range.until))
    conditions = f"{sample_conditions(slice_, arguments)} AND {place_conditions(slice_, arguments)}"
    rows = await connection.fetch(
        f"""
        SELECT {question.clock} AS seconds, count(*) AS n FROM {PLACED_SAMPLES}
        WHERE workspace_id = $1 AND generation = $2 AND at >= $3 AND at < $4 AND {taken} AND {conditions}
        GROUP BY 1
        """,
        *arguments.values,
    )
    return advice({row["seconds"]: row["n"] for row in rows}, question.candidates, question.shares)


def _check(question: AdviceQuestion) -> None:
    if question.range.until <= question.range.since:
        raise InvalidQuestion("the range ends before it begins", path=("range",))
    for name, given in (("candidates", question.candidates), ("percentages", question.shares)):
        if len(given) > MOST:
            raise InvalidQuestion(f"ask for at most {MOST} of them", path=(name,), detail="TOO_MANY")
    if not all(seconds > 0 for seconds in question.candidates):
        raise InvalidQuestion("a promise is of one second or more", path=("candidates",), detail="OUT_OF_RANGE")
    if not all(0 < share <= 1 for share in question.shares):
        raise InvalidQuestion(
            "a share is above 0 and at most 100 percent", path=("percentages",), detail="OUT_OF_RANGE"
        )
