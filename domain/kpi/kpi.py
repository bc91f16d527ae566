"""What a KPI's declaration says."""

from dataclasses import dataclass
from enum import StrEnum

from domain.instants import Instant
from domain.kpi.formula import Formula, Mean, Ratio
from domain.kpi.question import Dimension
from domain.text import Text
from domain.words import ActorType


class Unit(StrEnum):
    """What a KPI's value is."""

    COUNT = "count"
    SHARE = "share"
    """0 to 1 (a flow ratio may exceed 1)."""
    SECONDS = "seconds"
    PER_UNIT = "per_unit"
    """So many of one thing for each of another."""


class Direction(StrEnum):
    """Which way is good. There is no default: it has to be thought about."""

    MORE_IS_BETTER = "more_is_better"
    LESS_IS_BETTER = "less_is_better"
    NEUTRAL = "neutral"


OPERATORS = (ActorType.OPERATOR,)
OPERATORS_AND_BOTS = (ActorType.OPERATOR, ActorType.BOT)
EVERYBODY = tuple(ActorType)

ALL_SLICES = tuple(Dimension)
NO_ACTOR = tuple(dimension for dimension in Dimension if dimension is not Dimension.OPERATOR)
"""For what customers do: it has no operator."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Kpi:
    """One KPI. Titles, columns, documentation and the API's enum all derive from this."""

    name: str
    """Stable, snake case."""
    code: str
    """Its number in the catalogue of definitions, such as K14."""
    version: int
    title: Text
    meaning: Text
    """What is counted, when, and to whose credit: what an operator whose bonus hangs on it may read."""
    formula: Formula
    unit: Unit
    direction: Direction
    slices: tuple[Dimension, ...]
    actor_types: tuple[ActorType, ...]
    """Whose acts count where a question does not say."""
    shown_with: tuple[str, ...] = ()
    """KPIs to be shown beside it, so that one is not bought with the other."""
    matures_after: Instant = 0
    """How long after its instant a sample is final; younger ones are not counted yet."""

    def __post_init__(self) -> None:
        expected = {Mean: (Unit.SECONDS,), Ratio: (Unit.SHARE, Unit.PER_UNIT)}.get(type(self.formula), (Unit.COUNT,))
        if self.unit not in expected:
            raise TypeError(f"{self.name}: a {type(self.formula).__name__} is no {self.unit}")
