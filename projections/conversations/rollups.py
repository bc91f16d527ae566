"""The roll-ups of the cube: along which dimensions sums are kept together. A question is answered from the smallest
one that has all its dimensions, and from the samples where none has."""

from collections.abc import Callable, Collection
from dataclasses import dataclass

from domain.conversation.sample import Sample
from domain.kpi.question import Dimension


@dataclass(frozen=True, slots=True)
class Rollup:
    """One way of keeping sums together. `code` is stored; every roll-up also tells actor types apart."""

    code: int
    dimensions: tuple[Dimension, ...]


def dimension_of(sample: Sample, dimension: Dimension) -> str:
    """A sample's place along a dimension; '' where there is none."""
    return _VALUES[dimension](sample) or ""


_VALUES: dict[Dimension, Callable[[Sample], str | None]] = {
    Dimension.OPERATOR: lambda sample: sample.credit.operator,
    Dimension.TEAM: lambda sample: sample.team,
    Dimension.CHANNEL: lambda sample: sample.context.channel,
    Dimension.COMMUNITY: lambda sample: sample.context.community,
    Dimension.PRIORITY: lambda sample: sample.context.priority,
    Dimension.KIND: lambda sample: sample.context.kind,
}

TOTAL = Rollup(1, ())
BY_TEAM = Rollup(2, (Dimension.TEAM,))
BY_OPERATOR = Rollup(3, (Dimension.OPERATOR,))
BY_CONTEXT = Rollup(4, (Dimension.TEAM, Dimension.CHANNEL, Dimension.COMMUNITY, Dimension.PRIORITY, Dimension.KIND))

ROLLUPS = (TOTAL, BY_TEAM, BY_OPERATOR, BY_CONTEXT)
"""All roll-ups, smallest first."""


def rollup_for(dimensions: Collection[Dimension]) -> Rollup | None:
    """The smallest roll-up that has all these dimensions; None where only the samples can tell."""
    return next((rollup for rollup in ROLLUPS if set(dimensions) <= set(rollup.dimensions)), None)
