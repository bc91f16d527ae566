"""Operators by any figure: who is where, how each stands to the others, and to their own past."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from decimal import Decimal
from uuid import UUID

from domain.errors import InvalidQuestion
from domain.instants import Instant
from domain.kpi import team
from domain.kpi.kpi import Kpi
from domain.kpi.periods import pieces, previous, zone_of
from domain.kpi.question import Dimension, Figure, Question, Range, TeamComparison, without_operator
from domain.kpi.ranking import Ranked, Usual, ranked, usual
from eventstore.database import Session
from projections.conversations.asked import asked
from projections.conversations.figures import FigureReader, Figures, uncounted
from projections.conversations.project import NAME
from projections.conversations.questions import as_it_stands
from projections.serving import serving

MOST_PERIODS = 26


@dataclass(frozen=True, slots=True)
class Place:
    """An operator in a ranking."""

    operator: str
    figure: Figure
    ranked: Ranked | None
    """None for whom too little was counted."""
    team: TeamComparison | None
    usual: Usual | None
    """Null where the past was not asked for, or has nothing."""


@dataclass(frozen=True, slots=True)
class Ranking:
    """Operators by one figure, the best first; after them those of whom too little was counted."""

    kpi: Kpi
    places: tuple[Place, ...]
    team: Figure
    """Of all of them together."""
    team_usual: Usual | None
    as_of: int
    as_of_recorded_at: Instant | None
    now: Instant


async def rank(
    connection: Session, workspace: UUID, question: Question, *, least_n: int, periods: int, now: Instant
) -> Ranking:
    """Rank by the one KPI or formula of a question without groups. `least_n`: who has fewer samples has no rank;
    `periods`: how many ranges of the same length, before the range asked for, make up what is usual (0: none).

    Acts whose actor was only inferred never count for an operator in a ranking; they do for the team.
    """
    kpis = asked(replace(question, group_by=(Dimension.OPERATOR,)))
    if len(kpis) != 1:
        raise InvalidQuestion("a ranking is by one KPI or formula", path=("by",))
    if not 0 <= periods <= MOST_PERIODS or least_n < 1:
        raise InvalidQuestion(
            f"a ranking asks for n of 1 or more, and at most {MOST_PERIODS} past periods", path=("by",)
        )
    [kpi] = kpis
    state = await serving(connection, workspace, NAME)
    question, now = as_it_stands(question, state, now)
    cut = _with_past(question, periods)
    by_operator = replace(question, group_by=(Dimension.OPERATOR,), certain=True)
    together = replace(question, where=without_operator(question.where), certain=False)
    each = await FigureReader(connection, workspace, state.generation, by_operator, now).read(kpis, cut)
    whole = await FigureReader(connection, workspace, state.generation, together, now).read(kpis, cut)
    figures = {group[0]: figure for (_, group, index), figure in each.items() if index == periods and group[0]}
    of_team = whole.get((kpi.name, (), periods)) or uncounted(kpi)
    return Ranking(
        kpi=kpi,
        places=tuple(_places(kpi, figures, each, least_n, periods)),
        team=of_team,
        team_usual=usual(of_team.value, _past(whole, kpi, (), periods), kpi.direction),
        as_of=state.checkpoint if question.as_of is None else question.as_of.number,
        as_of_recorded_at=state.recorded_at if question.as_of is None else question.as_of.recorded_at,
        now=now,
    )


def _with_past(question: Question, periods: int) -> list[Range]:
    """The ranges before the one that is asked for, the earliest first, and that one."""
    zone = zone_of(question.zone)
    cut = pieces(question.range, None, zone)
    for _ in range(periods):
        cut.insert(0, previous(cut[0], zone))
    return cut


def _places(kpi: Kpi, figures: Mapping[str, Figure], each: Figures, least_n: int, periods: int) -> list[Place]:
    enough = {operator: figure for operator, figure in figures.items() if figure.n >= least_n}
    ranks = ranked(enough, kpi.direction)
    values = {operator: figure.value for operator, figure in enough.items() if figure.value is not None}
    before = {operator: figure.value for operator, figure in _before(each, periods) if figure.value is not None}
    beside = team.compare(values, before)
    return [
        Place(
            operator=operator,
            figure=figures[operator],
            ranked=ranks.get(operator),
            team=beside.get(operator),
            usual=usual(figures[operator].value, _past(each, kpi, (operator,), periods), kpi.direction),
        )
        for operator in (*ranks, *sorted(operator for operator in figures if operator not in ranks))
    ]


def _before(each: Figures, periods: int) -> list[tuple[str, Figure]]:
    return [(group[0], figure) for (_, group, index), figure in each.items() if index == periods - 1]


def _past(figures: Figures, kpi: Kpi, group: tuple[str, ...], periods: int) -> list[Decimal | None]:
    return [figure.value for index in range(periods) if (figure := figures.get((kpi.name, group, index))) is not None]
