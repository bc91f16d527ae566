"""What a measure is: one kind of observation, declared in `domain.kpi.measures`.

A measure is not a KPI: its samples are additive (a count, or durations or values with their sum), so that they can be
kept in cells and added up over any slice.
"""

from dataclasses import dataclass
from enum import StrEnum


class Unit(StrEnum):
    """What a sample carries."""

    COUNT = "count"
    """Nothing: samples are only counted."""
    SECONDS = "seconds"
    """A duration, by both clocks."""
    SCORE = "score"
    """A value, which stands where durations stand, the same by both clocks."""
    MONEY = "money"
    """A value in minor units of the workspace's currency."""


class Attribution(StrEnum):
    """In what role somebody is credited with a sample."""

    NOBODY = "nobody"
    """What customers do: it belongs to a team, channel or community, never to an operator."""
    ACTOR = "actor"
    SENDER = "sender"
    CLOSER = "closer"
    RESOLVER = "resolver"
    HOLDER = "holder"
    """Whoever held the conversation; nobody while its queue had it."""
    RATED = "rated"
    """Whoever had resolved when the survey was sent, else whoever had answered last."""


class FirstOf(StrEnum):
    """Of what a sample is the first in its episode, where it is one (`Marks`)."""

    OPERATOR = "operator"
    TEAM = "team"
    EPISODE = "episode"


@dataclass(frozen=True, slots=True)
class Measure:
    """One kind of observation."""

    code: int
    name: str
    unit: Unit
    attribution: Attribution
    meaning: str
    regardless: bool = False
    """Counted whatever becomes of the conversation: calling it spam hides no deletion."""
    first_of: FirstOf | None = None
    spread: bool = False
    """Its samples are stretches of time that end at their instant, and their seconds belong to the time in which they
    passed. The fold cuts them at UTC midnights, so that none is longer than a day."""
    scale: int = 1
    """How many stored units make one: scores kept in hundredths have 100."""
    within: "Measure | None" = None
    """Where it has no samples of its own: the measure whose samples it counts that carry `flag`."""
    flag: int = 0
    """One bit, which no other measure within the same one has."""
    kept: bool = True
    """Whether the cube keeps sums of it. What is seldom asked costs nothing until then: samples are summed."""

    @property
    def carries_amounts(self) -> bool:
        """Whether its samples carry seconds or values, beside being counted."""
        return self.unit is not Unit.COUNT

    def counts(self, measure: int, flags: int) -> bool:
        """Whether a sample of a measure (its code) with these flags is one of this measure."""
        if self.within is None:
            return measure == self.code
        return measure == self.within.code and bool(flags & self.flag)


@dataclass(frozen=True, slots=True)
class Marks:
    """The first time something was true: of each operator in an episode, of each team in it, of the episode. Distinct
    counts are no sums, so each has a measure of its own; a team's or an episode's first time is some operator's too, so
    one sample tells of all three."""

    by_operator: Measure
    by_team: Measure
    overall: Measure
