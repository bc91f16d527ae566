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
from domain.kpi.catalogue import CATALOGUE
from domain.kpi.kpi import Direction, Kpi, Unit
from domain.kpi.question import Dimension
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
