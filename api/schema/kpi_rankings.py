"""The query `kpiRanking`: operators by a KPI or a formula of one's own, and who is slower than usual."""

from dataclasses import replace
from typing import Annotated, Any

import strawberry
from strawberry import Private

from api.auth.roles import Right
from api.context import Context, Info
from api.schema.access import Needs
from api.schema.directory import Operator
from api.schema.fields import argument, computed
from api.schema.kpi_definitions import KpiDefinition, KpiName
from api.schema.kpi_figures import Cell, KpiFigure, figure_of
from api.schema.kpi_formulas import KpiFormulaInput
from api.schema.kpi_questions import AsOfInput, KpiFilter, KpisInput, RangeInput, details_selected, question_of
from api.schema.kpis import KpiTeamComparison
from api.schema.reading import AsOf, reading
from api.schema.scalars import BigInt, DateTime, Decimal
from domain.kpi import ranking as domain
from domain.kpi.own import CODE
from domain.kpi.question import Clock, Dimension, Question, without_operator
from domain.text import Locale
from domain.words import ActorType
from eventstore.clock import now
from projections.conversations.drilling import Opened
from projections.conversations.project import NAME
from projections.conversations.ranking import MOST_PERIODS, Place, Ranking, rank


@strawberry.input(one_of=True, description="By what operators are ranked: exactly one of these.")
class RankedByInput:
    kpi: KpiName | None = strawberry.field(default=strawberry.UNSET, description="A KPI.")
    formula: KpiFormulaInput | None = strawberry.field(
        default=strawberry.UNSET, description="A formula of one's own; its direction says who is first."
    )


@strawberry.input(description="What ranking is wanted.")
class KpiRankingInput:
    by: RankedByInput = strawberry.field(description="By what.")
    range: RangeInput = strawberry.field(description="When the acts happened.")
    zone: str = strawberry.field(default="UTC", description="The IANA zone in which whole days are compared.")
    where: KpiFilter | None = strawberry.field(default=None, description="What to restrict the figures to.")
    actor_types: list[ActorType] | None = strawberry.field(
        default=None, description="Whose acts count; unsaid, the KPI's own default."
    )
    clock: Clock = strawberry.field(default=Clock.CALENDAR, description="In which time durations are counted.")
    least_n: int = strawberry.field(default=1, description="Who has fewer samples than this has no rank.")
    past_periods: int = strawberry.field(
        default=0,
        description="How many ranges of the same length, before the range asked for, make up what is usual: at most "
        f"{MOST_PERIODS}; 0: the past is not looked at.",
    )
    as_of: AsOfInput | None = strawberry.field(
        default=None, description="Answer as the ledger stood then; unsaid: as it stands now."
    )
    at_least: BigInt | None = strawberry.field(default=None, description="Wait until this ledger position is counted.")


@strawberry.type(description="What is usual, and how far a figure is from it.")
class KpiUsual:
    median: Decimal = strawberry.field(description="Of the past periods that have a figure.")
    periods: int = strawberry.field(description="How many those are.")
    robust_z: Decimal | None = strawberry.field(
        description="How far the figure is from that median, in robust standard deviations of the past; null where the "
        f"past has fewer than {domain.LEAST_PERIODS} figures, or is always the same."
    )
    worse: bool | None = strawberry.field(
        description=f"Whether that is {domain.UNUSUAL} or more in the wrong direction: slower than usual, say. Null "
        "likewise, and for what has no good direction."
    )

    @classmethod
    def of(cls, told: domain.Usual | None) -> "KpiUsual | None":
        if told is None:
            return None
        z = None if told.robust_z is None else Decimal(told.robust_z)
        return cls(median=Decimal(told.median), periods=told.periods, robust_z=z, worse=told.worse)


@strawberry.type(description="An operator in a ranking.")
class KpiPlace:
    place: Private[Place]
    figure: KpiFigure = strawberry.field(description="The operator's figure.")

    @computed("Who.")
    def operator(self) -> Operator:
        return Operator.of(self.place.operator)

    @computed("The rank, from 1; equal values share one. Null for whom too little was counted.")
    def rank(self) -> int | None:
        return None if self.place.ranked is None else self.place.ranked.rank

    @computed("Whether others share the rank.")
    def tied(self) -> bool:
        return self.place.ranked is not None and self.place.ranked.tied

    @computed(
        "Whether the interval overlaps that of the next rank, so that the two may well be the same. Null for the last, "
        "and where there are no intervals."
    )
    def overlaps_next(self) -> bool | None:
        return None if self.place.ranked is None else self.place.ranked.overlaps_next

    @computed("How the operator stands to the others; null where too little was counted.")
    def team(self) -> KpiTeamComparison | None:
        return None if self.place.team is None else KpiTeamComparison.of(self.place.team)

    @computed("What is usual for this operator; null where the past was not asked for, or has nothing.")
    def usual(self) -> KpiUsual | None:
        return KpiUsual.of(self.place.usual)


@strawberry.type(
    description="Operators by one figure. Acts whose actor was only inferred count for the team, and for no operator."
)
class KpiRanking:
    ranking: Private[Ranking]
    as_of: AsOf = strawberry.field(description="What is counted.")
    places: list[KpiPlace] = strawberry.field(
        description="The best first (the highest, where no direction is good); at the end those of whom too little was "
        "counted."
    )
    team: KpiFigure = strawberry.field(description="The figure of all of them together.")

    @computed("What is usual for all of them together; null where the past was not asked for, or has nothing.")
    def team_usual(self) -> KpiUsual | None:
        return KpiUsual.of(self.ranking.team_usual)

    @computed("The definition that was used; null for a formula of one's own.")
    def definition(self) -> KpiDefinition | None:
        kpi = self.ranking.kpi
        return None if kpi.code == CODE else KpiDefinition(kpi=kpi, locale=Locale.EN)


AskedRanking = Annotated[KpiRankingInput, argument("What ranking.")]


async def _ranking(info: Info, input: AskedRanking) -> KpiRanking:  # noqa: A002 - as Relay calls it
    context = info.context
    question = await _question(context, input, info)
    async with reading(context, NAME, input.at_least) as connection:
        found = await rank(
            connection,
            context.principal.workspace,
            question,
            least_n=input.least_n,
            periods=input.past_periods,
            now=now(),
        )
    own = context.principal.sight(Right.FIGURES).operator
    recorded_at = found.as_of_recorded_at
    of_team = replace(question, where=without_operator(question.where), certain=False)
    return KpiRanking(
        ranking=found,
        as_of=AsOf(position=BigInt(found.as_of), recorded_at=None if recorded_at is None else DateTime(recorded_at)),
        places=[
            KpiPlace(place=place, figure=_figure(found, question, place))
            for place in found.places
            if own in (None, place.operator)
        ],
        team=figure_of(found.team, Cell(found.kpi, Opened(of_team, (), question.range, found.as_of, found.now))),
    )


async def _question(context: Context, given: KpiRankingInput, info: Info) -> Question:
    asked = KpisInput(
        kpis=[given.by.kpi] if given.by.kpi else [],
        formulas=[given.by.formula] if given.by.formula else [],
        range=given.range,
        zone=given.zone,
        where=given.where,
        actor_types=given.actor_types,
        clock=given.clock,
        as_of=given.as_of,
    )
    return await question_of(context, asked, details=details_selected(info), certain=True)


def _figure(found: Ranking, question: Question, place: Place) -> KpiFigure:
    grouped = replace(question, group_by=(Dimension.OPERATOR,))
    return figure_of(
        place.figure, Cell(found.kpi, Opened(grouped, (place.operator,), question.range, found.as_of, found.now))
    )


KPI_RANKING: Any = strawberry.field(
    _ranking,
    description="Operators by a KPI or by a formula of one's own: ranks with ties, a least n, intervals, how each "
    "stands to the others and, with `pastPeriods`, to their own and the team's past. An operator sees their own place.",
    extensions=[Needs(Right.FIGURES)],
)
