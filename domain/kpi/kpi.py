"""What a KPI's declaration says."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from types import MappingProxyType

from domain.instants import Instant
from domain.kpi import measures
from domain.kpi.formula import Formula, Mean, Ratio, Sum
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
    SCORE = "score"
    """A mark that customers or reviewers gave."""
    POINTS = "points"
    """-100 to 100."""
    MONEY = "money"
    """Minor units of the workspace's currency."""


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
"""For what customers do, and what happens in a queue: it has no operator."""

_NOBODYS = "what customers do is nobody's act; ask for it without"
_NOT_OF_CONVERSATIONS = "it is observed of people, not of conversations; ask for it by operator or team"


@dataclass(frozen=True, slots=True)
class Part:
    """What a KPI's value is made up of, published beside it."""

    name: str
    """Stable, snake case."""
    title: Text
    formula: Formula


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

    refusals: Mapping[Dimension, str] = field(default_factory=lambda: MappingProxyType({}))
    """Why it cannot be cut along dimensions that are not among its slices, where the general reason will not do."""
    least_n_by_operator: int = 0
    """An operator's figure that rests on fewer samples is withheld."""
    parts: tuple[Part, ...] = ()
    needs: tuple[Dimension, ...] = ()
    """Along what a question has to be cut or restricted, since the whole would mix what cannot be compared."""

    def __post_init__(self) -> None:
        if self.unit not in units_of(self.formula):
            raise TypeError(f"{self.name}: {self.formula} is no {self.unit}")
        if contradictory := set(self.refusals) & set(self.slices):
            raise TypeError(f"{self.name} both has and refuses {sorted(contradictory)}")

    def refusal(self, dimension: Dimension) -> str | None:
        """Why it cannot be cut along a dimension; None where it can."""
        if dimension in self.slices:
            return None
        general = _NOBODYS if dimension is Dimension.OPERATOR else _NOT_OF_CONVERSATIONS
        return self.refusals.get(dimension, general)


def units_of(formula: Formula) -> tuple[Unit, ...]:
    """What a formula's value may be."""
    match formula:
        case Mean(measure):
            return _AMOUNTS[measure.unit]
        case Sum():
            return _AMOUNTS[formula.unit]
        case Ratio(part, whole, times):
            if part.is_difference and part.unit is whole.unit:
                return (Unit.POINTS,) if times == 100 else (Unit.SHARE,)
            if part.is_difference:
                return ()
            if part.unit is whole.unit:
                return (Unit.SHARE, Unit.PER_UNIT) if times == 1 else (Unit.PER_UNIT,)
            return (*_AMOUNTS[part.unit], Unit.PER_UNIT)


_AMOUNTS = {
    measures.Unit.COUNT: (Unit.COUNT,),
    measures.Unit.SECONDS: (Unit.SECONDS,),
    measures.Unit.SCORE: (Unit.SCORE,),
    measures.Unit.MONEY: (Unit.MONEY,),
}
