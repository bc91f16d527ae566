"""The roll-ups of the cube: along which dimensions sums are kept together. A question is answered from the smallest
one that has all its dimensions, and from the samples where none has."""

from collections.abc import Collection
from dataclasses import dataclass

from domain.conversation.sample import Sample
from domain.kpi.measures import Attribution, FirstOf, Measure
from domain.kpi.question import Dimension

DIMENSIONS = (
    Dimension.OPERATOR,
    Dimension.TEAM,
    Dimension.CHANNEL,
    Dimension.COMMUNITY,
    Dimension.KIND,
    Dimension.PRIORITY,
)
"""In the order of the tables' columns."""

Place = tuple[str, str, str, str, str, str]
"""Where a sample is along `DIMENSIONS`; '' where there is nothing to say."""


@dataclass(frozen=True, slots=True)
class Rollup:
    """One way of keeping sums together. `code` is stored; every roll-up also tells actor types apart."""

    code: int
    dimensions: frozenset[Dimension]

    def place(self, place: Place) -> Place:
        """The place of a sample in this roll-up: '' along what it does not keep apart."""
        kept = [
            value if dimension in self.dimensions else "" for dimension, value in zip(DIMENSIONS, place, strict=True)
        ]
        return (kept[0], kept[1], kept[2], kept[3], kept[4], kept[5])


def place_of(sample: Sample) -> Place:
    """Where a sample is."""
    context = sample.context
    return (
        sample.credit.operator or "",
        sample.team or "",
        context.channel or "",
        context.community or "",
        context.kind or "",
        context.priority or "",
    )


TOTAL = Rollup(1, frozenset())
BY_TEAM = Rollup(2, frozenset({Dimension.TEAM}))
BY_OPERATOR = Rollup(3, frozenset({Dimension.OPERATOR}))
BY_CONTEXT = Rollup(4, frozenset(DIMENSIONS) - {Dimension.OPERATOR})

ROLLUPS = (TOTAL, BY_TEAM, BY_OPERATOR, BY_CONTEXT)
"""All roll-ups, smallest first."""


def rollups_of(measure: Measure) -> tuple[Rollup, ...]:
    """The roll-ups that any question for a measure can be answered from. What nobody is credited with has no operator;
    first times are asked for by operator, by team, or by neither."""
    match measure.first_of:
        case FirstOf.OPERATOR:
            return (BY_OPERATOR,)
        case FirstOf.TEAM:
            return (BY_TEAM, BY_CONTEXT)
        case FirstOf.EPISODE:
            return (TOTAL, BY_CONTEXT)
    if measure.attribution is Attribution.NOBODY:
        return (TOTAL, BY_TEAM, BY_CONTEXT)
    return ROLLUPS


def rollup_for(dimensions: Collection[Dimension]) -> Rollup | None:
    """The smallest roll-up that has all these dimensions; None where only the samples can tell."""
    return next((rollup for rollup in ROLLUPS if rollup.dimensions.issuperset(dimensions)), None)
