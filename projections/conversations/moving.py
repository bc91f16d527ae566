"""When time alone will move an answer: something dated ahead of now (a promise's breach, what a desk whose clock is
ahead has told) becomes due, or a sample becomes old enough to count."""

from collections.abc import Iterable
from uuid import UUID

from domain.instants import Instant, instant_of, moment_of
from domain.kpi.formula import measure_for, terms_of
from domain.kpi.kpi import Kpi
from domain.kpi.question import Question
from eventstore.database import Session
from projections.conversations.asked import asked
from projections.conversations.project import NAME
from projections.serving import serving


async def moves_at(connection: Session, workspace: UUID, question: Question, *, now: Instant) -> Instant | None:
    """The first instant after now at which an answer may be another one though no event comes; None for never."""
    state = await serving(connection, workspace, NAME)
    found: list[Instant] = []
    for kpi in asked(question):
        edge = now - kpi.matures_after
        if edge >= question.range.until:
            continue
        found.append(question.range.until + kpi.matures_after)
        codes = _codes(kpi, question)
        first = await connection.fetchval(
            _FIRST, workspace, state.generation, codes, moment_of(edge), moment_of(question.range.until)
        )
        if first is not None:
            found.append(instant_of(first) + kpi.matures_after + 1)
    return min(found, default=None)


def _codes(kpi: Kpi, question: Question) -> list[int]:
    dimensions = {*question.group_by, *question.where}
    measures: Iterable[int] = (
        (measure.within or measure).code
        for term in terms_of(kpi.formula)
        for measure in (measure_for(term.observed, dimensions),)
    )
    return list(dict.fromkeys(measures))


_FIRST = """
    SELECT min(sample.at) FROM unnest($3::smallint[]) AS wanted (measure)
    CROSS JOIN LATERAL (
        SELECT at FROM samples
        WHERE workspace_id = $1 AND generation = $2 AND measure = wanted.measure AND at >= $4 AND at < $5
          AND held_until IS NULL
        ORDER BY at LIMIT 1
    ) AS sample
"""
