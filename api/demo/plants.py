"""The faults that the product exists to find, planted in the simulated desk. This page names them all: tests ask the
data for them, and so may whoever builds a detector.

A person is planted by team and place in it, so that desks of any size have one; a window in parts of the history.
"""

from dataclasses import dataclass
from enum import StrEnum

from api.demo.recipe import Recipe
from domain.instants import DAY, Instant


class Fault(StrEnum):
    """What is wrong with a person, in the words of whoever would look for it."""

    SLOW = "slow"
    """Answers in about three times the time that colleagues take."""
    CLOSES_UNANSWERED = "closes_unanswered"
    """Closes awkward dialogs without a word."""
    CLEANS_UP_COMMENTS = "cleans_up_comments"
    """Deletes and hides comments that criticise the shop instead of answering them."""
    RUDE = "rude"
    """Insults customers, above all the difficult ones."""


@dataclass(frozen=True, slots=True)
class Culprit:
    """A fault and who has it: the `place`-th operator of `team`, counted from 0; place 0 leads the team."""

    fault: Fault
    team: str
    place: int


@dataclass(frozen=True, slots=True)
class Window:
    """Some days in which the whole desk differs; `since` and `until` in parts of the history."""

    name: str
    since: float
    until: float
    load: float = 1.0
    """How many customers come, compared with other days."""
    labour: float = 1.0
    """How long everything takes, compared with other days."""

    def over(self, recipe: Recipe) -> tuple[Instant, Instant]:
        """Its first instant and the first after it."""
        length = recipe.days * DAY
        return recipe.start + int(length * self.since), recipe.start + int(length * self.until)


CULPRITS = (
    Culprit(Fault.SLOW, "messages", 3),
    Culprit(Fault.CLOSES_UNANSWERED, "messages", 5),
    Culprit(Fault.CLEANS_UP_COMMENTS, "comments", 2),
    Culprit(Fault.RUDE, "messages", 2),
)

RUSH = Window("rush before the holidays", since=0.50, until=0.56, load=1.45)
"""Busy days: more customers, slower answers. Normal, and to be told apart from the next."""
SLOWDOWN = Window("slowdown", since=0.78, until=0.84, labour=1.45)
"""As many customers and operators as ever, slower answers. To be investigated."""

WINDOWS = (RUSH, SLOWDOWN)
