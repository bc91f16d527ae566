"""Figures, on the wire: a value with all that says what it rests on."""

from dataclasses import dataclass

import strawberry
from strawberry import Private

from api.context import Info
from api.schema.conversations import Conversation
from api.schema.enums import InLocale
from api.schema.fields import computed
from api.schema.kpi_samples import KpiSampleConnection, SamplesOf, samples_of
from api.schema.pages import After, First
from api.schema.scalars import BigInt, DateTime, Decimal
from api.schema.sight import conversation_seen
from domain.kpi import question as domain
from domain.kpi.kpi import Kpi
from domain.text import Locale
from projections.conversations.drilling import Opened


@strawberry.type(description="A stretch of time: from an instant on, up to but not including another.")
class TimeRange:
    since: DateTime = strawberry.field(description="The first instant that is in it.")
    until: DateTime = strawberry.field(description="The first instant that is no longer in it.")

    @classmethod
    def of(cls, range_: domain.Range) -> "TimeRange":
        return cls(since=DateTime(range_.since), until=DateTime(range_.until))


@strawberry.type(description="The fastest or slowest (lowest or highest) of the samples that a figure rests on.")
class KpiExtreme:
    value: Decimal = strawberry.field(description="How long it took in seconds, or which value it was.")
    at: DateTime = strawberry.field(description="When its clock stopped, or it happened.")
    place: Private[str | None]

    @computed("Where it was; null where in none, and where it is not for you to see.")
    async def conversation(self, info: Info) -> Conversation | None:
        if self.place is None or not await info.context.once(conversation_seen).load(self.place):
            return None
        return Conversation.of(self.place)

    @computed("How long it took, in whole seconds.")
    def seconds(self) -> int:
        return int(self.value)


@strawberry.type(description="How many samples lie between two bounds.")
class KpiBucket:
    since: Decimal = strawberry.field(description="From this on.")
    until: Decimal = strawberry.field(description="Up to, but not including this.")
    n: BigInt = strawberry.field(description="How many.")


@strawberry.type(description="How durations are spread, in seconds; or values.")
class KpiSpread:
    mean: Decimal = strawberry.field(description="The mean.")
    median: Decimal = strawberry.field(description="Half of them took no longer.")
    p90: Decimal = strawberry.field(description="Nine tenths of them took no longer.")
    p95: Decimal = strawberry.field(description="Nineteen in twenty took no longer.")
    percentile_error: Decimal = strawberry.field(
        description="By how much a percentile may be off, as a share of itself; 0: exact."
    )
    histogram: list[KpiBucket] = strawberry.field(description="All of them, by size; empty buckets are left out.")
    fastest: KpiExtreme | None = strawberry.field(description="The shortest, or lowest; of equals the earliest.")
    slowest: KpiExtreme | None = strawberry.field(description="The longest, or highest; of equals the earliest.")


@strawberry.type(description="In what the true value lies, 95 times in a hundred.")
class KpiInterval:
    low: Decimal = strawberry.field(description="Its lower end.")
    high: Decimal = strawberry.field(description="Its upper end.")


@strawberry.type(description="A part of a figure that its definition publishes.")
class KpiPart:
    name: str = strawberry.field(description="Which part.")
    title: str = strawberry.field(description="What it is called.")
    value: Decimal | None = strawberry.field(description="Null where nothing was counted.")


@dataclass(frozen=True, slots=True)
class Cell:
    """What a figure belongs to: what has to be known to open it."""

    kpi: Kpi
    opened: Opened


@strawberry.type(description="One KPI over one group and one piece of the range.")
class KpiFigure:
    figure: Private[domain.Figure]
    cell: Private[Cell]
    value: Decimal | None = strawberry.field(description="Null where nothing was counted: never 0, never 100 %.")
    numerator: BigInt = strawberry.field(description="What was counted, or the sum: of seconds for a mean.")
    denominator: BigInt | None = strawberry.field(description="Of how many; null for counts.")
    n: BigInt = strawberry.field(description="How many samples it rests on.")

    @computed(
        "How sure it is: Wilson's interval of a share, that of a difference of shares for points, Student's for a "
        "mean. Null for counts, and for what rests on too little."
    )
    def certainty(self) -> KpiInterval | None:
        told = self.figure.certainty
        return None if told is None else KpiInterval(low=Decimal(told.low), high=Decimal(told.high))

    @computed("Why `value` is null though something was counted; null where it is not withheld.")
    def withheld(self) -> str | None:
        return self.figure.withheld

    @computed("Whether samples of the range are still too young to count, so that it may yet change.")
    def provisional(self) -> bool:
        return self.figure.provisional

    @computed("What it is made up of, where its definition publishes parts.")
    def parts(self, locale: InLocale = None) -> list[KpiPart]:
        values = {part.name: part.value for part in self.figure.parts}
        return [
            KpiPart(
                name=part.name,
                title=part.title.in_(locale or Locale.EN),
                value=None if (value := values[part.name]) is None else Decimal(value),
            )
            for part in self.cell.kpi.parts
        ]

    @computed("For durations and values that were counted.")
    def spread(self) -> KpiSpread | None:
        return None if self.figure.spread is None else _spread(self.figure.spread)

    @computed(
        "The samples that it is made of, in the order in which they happened: the KPI's formula, applied to them, "
        "gives the figure. An operator sees those of figures that are their own."
    )
    async def samples(
        self, info: Info, first: First = None, after: After = None, of: SamplesOf = None
    ) -> KpiSampleConnection:
        return await samples_of(info.context, self.cell.kpi, self.cell.opened, first, after, of)


def figure_of(figure: domain.Figure, cell: Cell) -> KpiFigure:
    """A figure as it goes out."""
    return KpiFigure(
        figure=figure,
        cell=cell,
        value=None if figure.value is None else Decimal(figure.value),
        numerator=BigInt(figure.numerator),
        denominator=None if figure.denominator is None else BigInt(figure.denominator),
        n=BigInt(figure.n),
    )


def _spread(spread: domain.Spread) -> KpiSpread:
    return KpiSpread(
        mean=Decimal(spread.mean),
        median=Decimal(spread.median),
        p90=Decimal(spread.p90),
        p95=Decimal(spread.p95),
        percentile_error=Decimal(spread.percentile_error),
        histogram=[
            KpiBucket(since=Decimal(bucket.since), until=Decimal(bucket.until), n=BigInt(bucket.n))
            for bucket in spread.histogram
        ],
        fastest=_extreme(spread.fastest),
        slowest=_extreme(spread.slowest),
    )


def _extreme(extreme: domain.Extreme | None) -> KpiExtreme | None:
    if extreme is None:
        return None
    return KpiExtreme(
        value=Decimal(extreme.amount),
        at=DateTime(extreme.at),
        place=extreme.conversation,
    )
