"""What KPIs there are, and what each means. All of it derives from the catalogue."""

from enum import Enum, EnumMeta
from typing import Any

import strawberry
from strawberry import Private

from api.auth.roles import Right
from api.schema.access import Needs
from api.schema.enums import InLocale, InOneLocale
from api.schema.fields import computed
from domain.instants import SECOND
from domain.kpi.catalogue import CATALOGUE, VERSIONS
from domain.kpi.formula import is_timed, measures_of
from domain.kpi.kpi import Direction, Kpi, Unit
from domain.kpi.measures import Attribution
from domain.kpi.question import Clock, Dimension
from domain.text import Locale
from domain.words import ActorType

KpiName: Any = strawberry.enum(
    EnumMeta.__call__(
        Enum,
        "KpiName",
        {
            name.upper(): strawberry.enum_value(name, description=f"{kpi.code}: {kpi.title.en}. {kpi.meaning.en}")
            for name, kpi in CATALOGUE.items()
        },
    ),
    description="The KPIs that there are.",
)


@strawberry.type(description="To whom something that is counted is credited.")
class KpiAttribution:
    measure: str = strawberry.field(description="What is counted.")
    meaning: str = strawberry.field(description="What that is.")
    role: Attribution = strawberry.field(description="In what role somebody is credited with it.")


@strawberry.type(description="Why a KPI cannot be cut along a dimension.")
class KpiRefusal:
    dimension: Dimension = strawberry.field(description="Which dimension.")
    reason: str = strawberry.field(description="Why not.")


@strawberry.type(description="What a KPI means: a versioned definition.")
class KpiDefinition:
    kpi: Private[Kpi]
    locale: Private[Locale]

    @computed("Its name in questions.")
    def name(self) -> KpiName:
        return KpiName(self.kpi.name)

    @computed("Its number in the catalogue of definitions, such as K14.")
    def code(self) -> str:
        return self.kpi.code

    @computed("Which version of the definition this is; answers say which one they used.")
    def version(self) -> int:
        return self.kpi.version

    @computed("What it is called.")
    def title(self, locale: InLocale = None) -> str:
        return self.kpi.title.in_(locale or self.locale)

    @computed("What is counted, when, and to whose credit.")
    def meaning(self, locale: InLocale = None) -> str:
        return self.kpi.meaning.in_(locale or self.locale)

    @computed("The formula over measures.")
    def formula(self) -> str:
        return str(self.kpi.formula)

    @computed("What its value is.")
    def unit(self) -> Unit:
        return self.kpi.unit

    @computed("Which way is good.")
    def direction(self) -> Direction:
        return self.kpi.direction

    @computed("Along what it can be grouped and filtered; anything else is an error that says why.")
    def dimensions(self) -> list[Dimension]:
        return list(self.kpi.slices)

    @computed("In what role somebody is credited with each thing that is counted.")
    def attribution(self) -> list[KpiAttribution]:
        return [
            KpiAttribution(measure=measure.name, meaning=measure.meaning, role=measure.attribution)
            for measure in measures_of(self.kpi.formula)
        ]

    @computed(
        "By which clocks its time can be counted: the meaning says what starts and stops them. None without time."
    )
    def clocks(self) -> list[Clock]:
        return list(Clock) if is_timed(self.kpi.formula) else []

    @computed("Below how many samples an operator's figure is withheld; 0: never.")
    def least_n_by_operator(self) -> int:
        return self.kpi.least_n_by_operator

    @computed("Why it cannot be cut along the dimensions that it has not.")
    def refusals(self) -> list[KpiRefusal]:
        return [
            KpiRefusal(dimension=dimension, reason=reason)
            for dimension in Dimension
            if (reason := self.kpi.refusal(dimension)) is not None
        ]

    @computed("The definitions that this one took the place of, the oldest first: they can still be asked for.")
    def superseded(self) -> list["KpiDefinition"]:
        older = [kpi for kpi in VERSIONS[self.kpi.name] if kpi.version < self.kpi.version]
        return [KpiDefinition(kpi=kpi, locale=self.locale) for kpi in older]

    @computed("Whose acts count where a question does not say.")
    def actor_types(self) -> list[ActorType]:
        return list(self.kpi.actor_types)

    @computed("KPIs to be shown beside it, so that one is not bought with the other.")
    def shown_with(self) -> list[KpiName]:
        return [KpiName(name) for name in self.kpi.shown_with]

    @computed("Seconds after which a sample is final; younger ones are not counted yet.")
    def matures_after(self) -> int:
        return self.kpi.matures_after // SECOND


def _definitions(locale: InOneLocale = Locale.EN) -> list[KpiDefinition]:
    return [KpiDefinition(kpi=kpi, locale=locale) for kpi in CATALOGUE.values()]


KPI_DEFINITIONS: Any = strawberry.field(
    _definitions,
    description="All KPIs, in the order in which people want to read them.",
    extensions=[Needs(*Right)],
)
