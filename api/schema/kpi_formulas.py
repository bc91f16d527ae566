"""Formulas of the asker's own, on the wire: a small expression over measures, validated like a declared KPI."""

from enum import Enum, EnumMeta
from typing import Any

import strawberry

from domain.errors import InvalidQuestion
from domain.kpi.formula import Aggregate, Formula, Sum, Term
from domain.kpi.kpi import Direction, Kpi, Unit
from domain.kpi.measures import Marks
from domain.kpi.own import OBSERVED, own_kpi, own_mean, own_ratio, own_sum

MeasureName: Any = strawberry.enum(
    EnumMeta.__call__(
        Enum,
        "MeasureName",
        {
            name.upper(): strawberry.enum_value(
                name, description=f"{(each.overall if isinstance(each, Marks) else each).meaning}."
            )
            for name, each in OBSERVED.items()
        },
    ),
    description="What is observed: the measures, of which KPIs and formulas of one's own are made.",
)


@strawberry.input(description="One thing to add up.")
class KpiTermInput:
    measure: MeasureName = strawberry.field(description="Of what.")
    aggregate: Aggregate = strawberry.field(default=Aggregate.COUNT, description="What is made of its samples.")
    minus: bool = strawberry.field(default=False, description="Take it away instead of adding it.")


@strawberry.input(description="One sum over another.")
class KpiRatioInput:
    part: list[KpiTermInput] = strawberry.field(description="What is divided, added up.")
    whole: list[KpiTermInput] = strawberry.field(description="By what, added up.")
    times: int = strawberry.field(
        default=1, description="And that so many times: 100 for points, 60 for so much a minute."
    )


@strawberry.input(one_of=True, description="What is computed: exactly one of these.")
class KpiExpression:
    sum: list[KpiTermInput] | None = strawberry.field(default=strawberry.UNSET, description="Terms added up.")
    ratio: KpiRatioInput | None = strawberry.field(default=strawberry.UNSET, description="One sum over another.")
    mean: MeasureName | None = strawberry.field(
        default=strawberry.UNSET, description="The mean of the seconds or values that samples of a measure carry."
    )


@strawberry.input(description="A formula of one's own, asked for like a KPI.")
class KpiFormulaInput:
    name: str = strawberry.field(description="What rows call it: letters, digits and underscores.")
    expression: KpiExpression = strawberry.field(description="What is computed.")
    unit: Unit | None = strawberry.field(
        default=None, description="What the value is, where the expression leaves a choice: a share or so many each."
    )
    direction: Direction = strawberry.field(default=Direction.NEUTRAL, description="Which way is good.")


def kpi_of(given: KpiFormulaInput) -> Kpi:
    """The KPI that a formula makes."""
    return own_kpi(given.name, _formula(given.expression), unit=given.unit, direction=given.direction)


def _formula(given: KpiExpression) -> Formula:
    if given.sum:
        return _sum(given.sum)
    if given.ratio:
        return own_ratio(_sum(given.ratio.part), _sum(given.ratio.whole), given.ratio.times)
    if given.mean:
        return own_mean(OBSERVED[given.mean.value])
    raise InvalidQuestion("a sum has 1 term or more", path=("formulas", "expression", "sum"))


def _sum(given: list[KpiTermInput]) -> Sum:
    return own_sum(Term(term.aggregate, OBSERVED[term.measure.value], -1 if term.minus else 1) for term in given)
