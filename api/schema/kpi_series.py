"""The query `kpiSeries`: several KPIs over the same pieces of time, each with filters of its own, ready to be drawn: as
how fast somebody answered, beside what came in and how many were there."""

from typing import Annotated, Any

import strawberry
from strawberry import Private

from api.auth.roles import Right
from api.context import Info
from api.schema.access import Needs
from api.schema.enums import InLocale
from api.schema.fields import argument, computed
from api.schema.kpi_definitions import KpiDefinition, KpiName
from api.schema.kpi_figures import TimeRange
from api.schema.kpi_formulas import KpiFormulaInput
from api.schema.kpi_questions import AsOfInput, KpiFilter, KpisInput, RangeInput, question_of
from api.schema.kpis import as_of
from api.schema.reading import AsOf, reading
from api.schema.scalars import BigInt, Decimal
from domain.errors import InvalidQuestion
from domain.kpi import question as domain
from domain.kpi.kpi import Kpi, Unit
from domain.kpi.own import CODE
from domain.kpi.question import Clock, Interval, Question, Weekday
from domain.text import Locale
from domain.words import ActorType
from eventstore.clock import now
from projections.conversations.asked import asked
from projections.conversations.project import NAME
from projections.conversations.questions import answer

_MOST = 20


@strawberry.input(description="One line of a chart. Say `kpi` or `formula`, one of them.")
class KpiLineInput:
    kpi: KpiName | None = strawberry.field(default=None, description="A KPI.")
    formula: KpiFormulaInput | None = strawberry.field(default=None, description="A formula of one's own.")
    where: KpiFilter | None = strawberry.field(default=None, description="What to restrict this line to.")
    actor_types: list[ActorType] | None = strawberry.field(
        default=None, description="Whose acts count; unsaid, the KPI's own default."
    )
    clock: Clock = strawberry.field(default=Clock.CALENDAR, description="In which time durations are counted.")


@strawberry.input(description="A chart: several lines over the same pieces of time.")
class KpiSeriesInput:
    lines: list[KpiLineInput] = strawberry.field(description=f"The lines: 1 to {_MOST}.")
    range: RangeInput = strawberry.field(description="When the acts happened.")
    interval: Interval = strawberry.field(description="How the range is cut.")
    zone: str = strawberry.field(default="UTC", description="The IANA zone whose days, weeks and months are meant.")
    weeks_begin: Weekday = strawberry.field(default=Weekday.MONDAY, description="On which day weeks begin.")
    as_of: AsOfInput | None = strawberry.field(
        default=None, description="Answer as the ledger stood then; unsaid: as it stands now."
    )
    at_least: BigInt | None = strawberry.field(default=None, description="Wait until this ledger position is counted.")


@strawberry.type(description="A line of a chart.")
class KpiLine:
    declared: Private[Kpi]
    name: str = strawberry.field(description="Which KPI, or which formula of one's own.")
    values: list[Decimal | None] = strawberry.field(
        description="A value for each of `times`, in their order; null where nothing was counted."
    )
    provisional: list[bool] = strawberry.field(description="Beside each value: whether it may yet change.")

    @computed("What it is called.")
    def title(self, locale: InLocale = None) -> str:
        return self.declared.title.in_(locale or Locale.EN)

    @computed("What its values are: lines of one unit share an axis.")
    def unit(self) -> Unit:
        return self.declared.unit

    @computed("The definition that was used; null for a formula of one's own.")
    def definition(self) -> KpiDefinition | None:
        return None if self.declared.code == CODE else KpiDefinition(kpi=self.declared, locale=Locale.EN)


@strawberry.type(description="Lines over the same pieces of time.")
class KpiSeries:
    as_of: AsOf = strawberry.field(description="What is counted.")
    times: list[TimeRange] = strawberry.field(description="The pieces of time.")
    lines: list[KpiLine] = strawberry.field(description="The lines, as asked.")


AskedSeries = Annotated[KpiSeriesInput, argument("The chart.")]


async def _series(info: Info, input: AskedSeries) -> KpiSeries:  # noqa: A002 - as Relay calls it
    if not 1 <= len(input.lines) <= _MOST:
        raise InvalidQuestion(f"a chart has 1 to {_MOST} lines", path=("lines",), detail="TOO_MANY")
    context, instant = info.context, now()
    questions = [await _question(info, input, line) for line in input.lines]
    async with reading(context, NAME, input.at_least) as connection:
        workspace = context.principal.workspace
        answers = [await answer(connection, workspace, question, now=instant) for question in questions]
    return KpiSeries(
        as_of=as_of(answers[0]),
        times=[TimeRange.of(row.range) for row in answers[0].rows],
        lines=[_line(question, found) for question, found in zip(questions, answers, strict=True)],
    )


async def _question(info: Info, given: KpiSeriesInput, line: KpiLineInput) -> Question:
    if (line.kpi is None) == (line.formula is None):
        raise InvalidQuestion("a line is of a `kpi` or a `formula`, one of them", path=("lines",))
    asked_for = KpisInput(
        kpis=[line.kpi] if line.kpi else [],
        formulas=[line.formula] if line.formula else [],
        range=given.range,
        interval=given.interval,
        zone=given.zone,
        weeks_begin=given.weeks_begin,
        where=line.where,
        actor_types=line.actor_types,
        clock=line.clock,
        as_of=given.as_of,
    )
    return await question_of(info.context, asked_for, details=frozenset())


def _line(question: Question, found: domain.Answer) -> KpiLine:
    [kpi] = asked(question)
    return KpiLine(
        declared=kpi,
        name=kpi.name,
        values=[None if row.figure.value is None else Decimal(row.figure.value) for row in found.rows],
        provisional=[row.figure.provisional for row in found.rows],
    )


KPI_SERIES: Any = strawberry.field(
    _series,
    description="Several KPIs over the same pieces of time, each with filters of its own, ready to be drawn. An "
    "operator sees their own lines, and those that are not by operator.",
    extensions=[Needs(Right.FIGURES)],
)
