"""The roll-ups of the cube: along which dimensions sums are kept together. A question is answered from the smallest
one that has all its dimensions, and from the samples where none has."""

from collections.abc import Collection
from dataclasses import dataclass
from functools import lru_cache

from domain.conversation.sample import Place
from domain.kpi.measures import Attribution, FirstOf, Measure
from domain.kpi.question import Dimension


@dataclass(frozen=True, slots=True)
class Rollup:
    """One way of keeping sums together. `code` is stored; every roll-up also tells actor types apart."""

    code: int
    dimensions: frozenset[Dimension]

    def place(self, place: Place) -> Place:
        """The place of a sample in this roll-up: nothing is said along what it does not keep apart."""
        return Place(
            operator=place.operator if Dimension.OPERATOR in self.dimensions else None,
            actor_type=place.actor_type,
            inferred=place.inferred and Dimension.OPERATOR in self.dimensions,
            team=place.team if Dimension.TEAM in self.dimensions else None,
            queued=False,
            channel=None,
            community=None,
            kind=None,
            priority=None,
        )


TOTAL = Rollup(1, frozenset())
BY_TEAM = Rollup(2, frozenset({Dimension.TEAM}))
BY_OPERATOR = Rollup(3, frozenset({Dimension.OPERATOR}))

ROLLUPS = (TOTAL, BY_TEAM, BY_OPERATOR)
"""All roll-ups, smallest first. There are none by channel, community, kind or priority: a desk's day has nearly as many
combinations of them as samples, and what is asked along them the database sums from the samples themselves."""


@lru_cache(maxsize=20_000)
def places_in_rollups(place: Place) -> tuple[Place, ...]:
    """Where a sample is in each of `ROLLUPS`."""
    return tuple([rollup.place(place) for rollup in ROLLUPS])


def rollups_of(measure: Measure) -> tuple[Rollup, ...]:
    """The roll-ups that any question for a measure can be answered from. What nobody is credited with has no operator;
    first times are asked for by operator, by team, or by neither."""
    if not measure.kept:
        return ()
    match measure.first_of:
        case FirstOf.OPERATOR:
            return (BY_OPERATOR,)
        case FirstOf.TEAM:
            return (BY_TEAM,)
        case FirstOf.EPISODE:
            return (TOTAL,)
    if measure.attribution is Attribution.NOBODY:
        return (TOTAL, BY_TEAM)
    return ROLLUPS


def rollup_for(dimensions: Collection[Dimension]) -> Rollup | None:
    """The smallest roll-up that has all these dimensions; None where only the samples can tell."""
    return next((rollup for rollup in ROLLUPS if rollup.dimensions.issuperset(dimensions)), None)
