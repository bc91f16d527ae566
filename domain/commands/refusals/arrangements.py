"""Why nothing can be arranged for the past."""

from typing import Any

from domain.command import Wish, refusal
from domain.commands.state import WorkspaceState

About = Wish[WorkspaceState, Any]


@refusal("BEGINS_IN_THE_PAST")
def begins_in_the_past(wish: About) -> str | None:
    """It was to hold from an instant that has passed, and was not said to be a baseline."""
    command = wish.command
    if getattr(command, "baseline", False) or command.valid_from is None or command.valid_from >= wish.at:
        return None
    return "`validFrom` has passed; what holds from the past on is a baseline, and has to be called one"


@refusal("BASELINE_WITHOUT_A_BEGINNING")
def baseline_without_a_beginning(wish: About) -> str | None:
    """A baseline has to say from when on it holds."""
    unsaid = wish.command.baseline and wish.command.valid_from is None
    return "a baseline says from when on it holds: give `validFrom`" if unsaid else None


@refusal("JUDGED_ALREADY")
def judged_already(wish: About) -> str | None:
    """Since the instant from which the baseline was to hold, promises in its scope were judged: that stands."""
    if not wish.judged:
        return None
    return "promises were judged in its scope since then, and what was judged stands; let it hold from now on"
