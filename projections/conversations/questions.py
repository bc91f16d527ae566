"""The one resolver of every KPI: tiles, tables, charts, files and alerts all ask here."""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import replace
from decimal import Decimal
from uuid import UUID

from domain.errors import InvalidQuestion
from domain.instants import Instant
from domain.kpi import team
from domain.kpi.kpi import Kpi
from domain.kpi.periods import compared, pieces, zone_of
from domain.kpi.question import (
    Answer,
    Comparison,
    Dimension,
    Position,
    Question,
    Range,
    Row,
    TeamComparison,
    without_operator,
)
from eventstore.database import Session
from projections.conversations.asked import asked, demand_size
from projections.conversations.figures import FigureReader, Figures, uncounted
from projections.conversations.project import NAME
from projections.conversations.slices import Group
from projections.serving import Serving, serving


async def answer(connection: Session, workspace: UUID, question: Question, *, now: Instant) -> Answer:
    """Answer a question in the caller's snapshot. `now` decides what has matured or fallen due, and nothing else; as of
    an earlier position it is the instant at which that was recorded.

    Raises `InvalidQuestion` where a range, zone, KPI or slice makes no sense.
    """
    kpis = asked(question)
    zone = zone_of(question.zone)
    state = await serving(connection, workspace, NAME)
    question, now = as_it_stands(question, state, now)
    cut = pieces(question.range, question.interval, zone, question.weeks_begin)
    wide = _of_everybody(question) if question.compare_to is Comparison.TEAM else question
    reader = FigureReader(connection, workspace, state.generation, wide, now)
    current = await reader.read(kpis, cut)
    earlier: list[Range] = []
    before: Figures = {}
    if question.compare_to is not None:
        earlier = pieces(
            compared(question.range, question.compare_to, zone), question.interval, zone, question.weeks_begin
        )
        bare = replace(wide, details=frozenset())
        before = await FigureReader(connection, workspace, state.generation, bare, now).read(kpis, earlier)
    rows = _rows(question, kpis, cut, current, earlier, before)
    as_of = question.as_of
    return Answer(
        as_of=state.checkpoint if as_of is None else as_of.number,
        as_of_recorded_at=state.recorded_at if as_of is None else as_of.recorded_at,
        now=now,
        rows=tuple(rows),
    )


def as_it_stands(question: Question, state: Serving, now: Instant) -> tuple[Question, Instant]:
    """The question with an earlier position only where it is one, and the instant that counts as now."""
    as_of: Position | None = question.as_of
    if as_of is None or as_of.number == state.checkpoint:
        return replace(question, as_of=None), now
    if as_of.number > state.checkpoint:
        raise InvalidQuestion(
            f"figures have got to position {state.checkpoint}, not yet to {as_of.number}",
            path=("asOf",),
            detail="BEHIND",
        )
    return question, min(now, as_of.recorded_at)


def _of_everybody(question: Question) -> Question:
    """The same of all operators: whoever is asked for is compared with the others."""
    return replace(question, where=without_operator(question.where))


def _rows(
    question: Question,
    kpis: Sequence[Kpi],
    cut: Sequence[Range],
    current: Figures,
    earlier: Sequence[Range],
    before: Figures,
) -> list[Row]:
    """A row for every KPI, group and piece, counted or not: a chart has no holes."""
    groups = _groups(question, current, before)
    demand_size(kpis, len(groups), len(cut))
    beside = _team(question, current, before) if question.compare_to is Comparison.TEAM else {}
    return [
        Row(
            kpi=kpi.name,
            group=group,
            range=piece,
            figure=current.get((kpi.name, group, index)) or uncounted(kpi),
            previous=before.get((kpi.name, group, index)) or uncounted(kpi) if question.compare_to else None,
            previous_range=earlier[index] if index < len(earlier) else None,
            team=beside.get((kpi.name, group, index)),
        )
        for kpi in kpis
        for group in groups
        for index, piece in enumerate(cut)
    ]


def _groups(question: Question, current: Figures, before: Figures) -> list[Group]:
    if not question.group_by:
        return [()]
    groups = {group for _, group, _ in (*current, *before)}
    wanted = question.where.get(Dimension.OPERATOR)
    if question.compare_to is Comparison.TEAM and wanted is not None:
        place = question.group_by.index(Dimension.OPERATOR)
        groups = {group for group in groups if group[place] in wanted}
    return sorted(groups)


def _team(question: Question, current: Figures, before: Figures) -> dict[tuple[str, Group, int], TeamComparison]:
    """Operators beside each other, in each group otherwise and each piece."""
    place = question.group_by.index(Dimension.OPERATOR)
    values = _by_operator(current, place)
    earlier = _by_operator(before, place)
    found = {}
    for (kpi, others, index), everybody in values.items():
        for operator, comparison in team.compare(everybody, earlier[kpi, others, index]).items():
            group = (*others[:place], operator, *others[place:])
            found[kpi, group, index] = comparison
    return found


def _by_operator(figures: Figures, place: int) -> defaultdict[tuple[str, Group, int], dict[str, Decimal]]:
    found: defaultdict[tuple[str, Group, int], dict[str, Decimal]] = defaultdict(dict)
    for (kpi, group, index), figure in figures.items():
        if figure.value is not None and group[place]:
            found[kpi, (*group[:place], *group[place + 1 :]), index][group[place]] = figure.value
    return found
