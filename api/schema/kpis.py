"""The query `kpis`: figures, and beside them those of the period before."""

from typing import Annotated, Any

import strawberry
from strawberry import Private

from api.auth.roles import Right
from api.context import Info
from api.schema.access import Needs
from api.schema.directory import Channel, Community, Operator, Team
from api.schema.fields import argument, computed
from api.schema.kpi_definitions import KpiDefinition, KpiName
from api.schema.kpi_figures import Cell, KpiFigure, TimeRange, figure_of
from api.schema.kpi_questions import KpisInput, details_selected, question_of
from api.schema.reading import AsOf, reading
from api.schema.scalars import BigInt, DateTime, Decimal
from domain.kpi import question as domain
from domain.kpi.kpi import Kpi
from domain.kpi.own import CODE
from domain.kpi.question import Dimension, Hours
from domain.text import Locale
from domain.words import Complexity, Kind, Priority
from eventstore.clock import now
from projections.conversations.asked import asked
from projections.conversations.drilling import Opened
from projections.conversations.project import NAME
from projections.conversations.questions import answer

AskedKpis = Annotated[KpisInput, argument("The question.")]


@strawberry.type(description="What one dimension of a row's group is.")
class KpiGroup:
    dimension: Dimension = strawberry.field(description="Which dimension.")
    value: str = strawberry.field(description="The desk's id or the word; empty where none was said.")


@strawberry.type(description="How an operator's figure stands to those of the others in the same place and time.")
class KpiTeamComparison:
    mean: Decimal | None = strawberry.field(description="Of the others.")
    median: Decimal | None = strawberry.field(description="Of the others.")
    peers: int = strawberry.field(description="How many others have a figure.")
    robust_z: Decimal | None = strawberry.field(
        description="How far from the median of all, in robust standard deviations (by the median absolute deviation); "
        "null where all are the same."
    )
    team_wide: bool | None = strawberry.field(
        description="Whether the median operator moved the same way since the period before, at least half as far; "
        "null where a period has no figure."
    )

    @classmethod
    def of(cls, told: domain.TeamComparison) -> "KpiTeamComparison":
        return cls(
            mean=None if told.mean is None else Decimal(told.mean),
            median=None if told.median is None else Decimal(told.median),
            peers=told.peers,
            robust_z=None if told.robust_z is None else Decimal(told.robust_z),
            team_wide=told.team_wide,
        )


@strawberry.type(description="A row of the answer.")
class KpiRow:
    row: Private[domain.Row]
    declared: Private[Kpi]
    dimensions: Private[tuple[Dimension, ...]]
    name: str = strawberry.field(description="Which KPI, or which formula of one's own.")
    range: TimeRange = strawberry.field(description="Which piece of the range.")
    figure: KpiFigure = strawberry.field(description="The figure.")
    previous: KpiFigure | None = strawberry.field(
        description="The same figure in the period that `compareTo` names (for `TEAM`, the one before), for the piece "
        "in the same place."
    )

    @computed("Which KPI; null for a formula of one's own.")
    def kpi(self) -> KpiName | None:
        return None if self.declared.code == CODE else KpiName(self.declared.name)

    @computed("The definition that was used; null for a formula of one's own.")
    def definition(self) -> KpiDefinition | None:
        return None if self.declared.code == CODE else KpiDefinition(kpi=self.declared, locale=Locale.EN)

    @computed("How the operator stands to the others, where compared with the team.")
    def team_comparison(self) -> KpiTeamComparison | None:
        return None if self.row.team is None else KpiTeamComparison.of(self.row.team)

    @computed("The other KPIs to be shown beside this one.")
    def shown_with(self) -> list[KpiName]:
        return [KpiName(name) for name in self.declared.shown_with]

    @computed("The group: a value for each dimension of `groupBy`, in that order.")
    def group(self) -> list[KpiGroup]:
        return [
            KpiGroup(dimension=dimension, value=value)
            for dimension, value in zip(self.dimensions, self.row.group, strict=True)
        ]

    @computed("The group's operator, where grouped so.")
    def operator(self) -> Operator | None:
        return Operator.of(value) if (value := self._value(Dimension.OPERATOR)) else None

    @computed("The group's team, where grouped so.")
    def team(self) -> Team | None:
        return Team.of(value) if (value := self._value(Dimension.TEAM)) else None

    @computed("The group's channel, where grouped so.")
    def channel(self) -> Channel | None:
        return Channel.of(value) if (value := self._value(Dimension.CHANNEL)) else None

    @computed("The group's community, where grouped so.")
    def community(self) -> Community | None:
        return Community.of(value) if (value := self._value(Dimension.COMMUNITY)) else None

    @computed("The group's priority, where grouped so.")
    def priority(self) -> Priority | None:
        return Priority(value) if (value := self._value(Dimension.PRIORITY)) else None

    @computed("The group's kind of item, where grouped so.")
    def kind(self) -> Kind | None:
        return Kind(value) if (value := self._value(Dimension.KIND)) else None

    @computed("The group's complexity, where grouped so.")
    def complexity(self) -> Complexity | None:
        return Complexity(value) if (value := self._value(Dimension.COMPLEXITY)) else None

    @computed("In business hours or out of them, where grouped so.")
    def hours(self) -> Hours | None:
        return Hours(value) if (value := self._value(Dimension.HOURS)) else None

    def _value(self, dimension: Dimension) -> str:
        """Empty: none said, or not grouped so."""
        return dict(zip(self.dimensions, self.row.group, strict=True)).get(dimension, "")


@strawberry.type(description="Figures, and the state of the ledger that they hold for.")
class KpiAnswer:
    as_of: AsOf = strawberry.field(description="What is counted.")
    rows: list[KpiRow] = strawberry.field(
        description="By KPI as asked, group, time: a row for every group and piece, counted or not."
    )


async def _kpis(info: Info, input: AskedKpis) -> KpiAnswer:  # noqa: A002 - as Relay calls it
    context = info.context
    question = await question_of(context, input, details=details_selected(info))
    async with reading(context, NAME, input.at_least) as connection:
        found = await answer(connection, context.principal.workspace, question, now=now())
    return shown(found, question)


KPIS: Any = strawberry.field(
    _kpis,
    description="Figures: several KPIs at once, over a range, by group and piece of time, with the previous period "
    "beside them. An operator sees their own, and those that are not by operator.",
    extensions=[Needs(Right.FIGURES)],
)


def shown(found: domain.Answer, question: domain.Question) -> KpiAnswer:
    """An answer as it goes out."""
    kpis = {kpi.name: kpi for kpi in asked(question)}
    return KpiAnswer(
        as_of=as_of(found),
        rows=[_row(row, kpis[row.kpi], question, found) for row in found.rows],
    )


def as_of(found: domain.Answer) -> AsOf:
    """The state of the ledger that an answer holds for."""
    recorded_at = found.as_of_recorded_at
    return AsOf(position=BigInt(found.as_of), recorded_at=None if recorded_at is None else DateTime(recorded_at))


def _row(row: domain.Row, kpi: Kpi, question: domain.Question, found: domain.Answer) -> KpiRow:
    def cell(piece: domain.Range) -> Cell:
        return Cell(kpi, Opened(question, row.group, piece, found.as_of, found.now))

    return KpiRow(
        row=row,
        declared=kpi,
        dimensions=question.group_by,
        name=row.kpi,
        range=TimeRange.of(row.range),
        figure=figure_of(row.figure, cell(row.range)),
        previous=None if row.previous is None else figure_of(row.previous, cell(row.previous_range or row.range)),
    )
