"""What one simulated desk is made of. The same recipe always gives the same events."""

from dataclasses import dataclass

import msgspec

from domain.errors import InvalidInput
from domain.instants import DAY, Instant

SCRIPT = 2
"""The version of the stories. Raise it with every change that makes other events of the same recipe: a ledger holds a
beginning of one script and cannot be continued with another."""

EVENTS_PER_OPERATOR_DAY = 74
"""About how many events one operator's desk makes a day, all of them together; measured, and held by a test."""

FEWEST_OPERATORS = 20
"""Below this the teams are too small to hold all the planted operators."""


@dataclass(frozen=True, slots=True)
class Recipe:
    """`start` is the first instant of history, which has no end: whoever reads stops where they like."""

    start: Instant
    days: int = 90
    """Where planted windows fall is counted in parts of this."""
    operators: int = 45
    seed: int = 1
    load: float = 1.0
    """How many customers there are to an operator, 1 being what the desk is staffed for."""
    planted: bool = True
    """Whether the faults of `plants` are there to be found."""
    managed: bool = True
    """Whether its manager keeps calendars, promises and costs: what comes by commands alone."""

    def __post_init__(self) -> None:
        if self.operators < FEWEST_OPERATORS:
            raise InvalidInput(f"a simulated desk needs at least {FEWEST_OPERATORS} operators, not {self.operators}")
        if self.days < 1 or not 0 < self.load <= 10:
            raise InvalidInput("a simulated desk needs at least one day, and a load above 0 and at most 10")

    @property
    def end(self) -> Instant:
        return self.start + self.days * DAY

    @property
    def signature(self) -> str:
        """All of it in one line, so that a ledger can say what it was made by."""
        return msgspec.json.encode((SCRIPT, self)).decode()


def recipe_of(signature: str) -> Recipe:
    """The recipe of a signature. Raises InvalidInput for another script's, or for what is none."""
    try:
        script, written = msgspec.json.decode(signature, type=tuple[int, msgspec.Raw])
        if script != SCRIPT:
            raise InvalidInput(f"it was made by version {script} of the simulation, and this is version {SCRIPT}")
        return msgspec.json.decode(written, type=Recipe)
    except msgspec.MsgspecError:
        raise InvalidInput("it was not made by the simulation") from None


def recipe_for(events: int, *, end: Instant, seed: int = 1) -> Recipe:
    """A desk whose history up to `end` has about `events` events: 90 days while they suffice for 45 operators, more
    operators beyond 300,000, a shorter history below."""
    days = 90 if events >= 90 * 45 * EVENTS_PER_OPERATOR_DAY else max(2, events // (45 * EVENTS_PER_OPERATOR_DAY))
    operators = max(45, round(events / (days * EVENTS_PER_OPERATOR_DAY)))
    return Recipe(start=end - days * DAY, days=days, operators=operators, seed=seed)
