"""A desk's events: the simulation that `deskledger demo` shows, as long as is asked for."""

from collections.abc import Iterator

from api.demo.recipe import Recipe
from api.demo.simulation import simulate
from domain.envelope import NewEvent
from domain.instants import SECOND

BEGIN = 1_704_067_200 * SECOND
"""2024-01-01."""


def events(count: int, *, seed: int = 1) -> Iterator[NewEvent]:
    """The first `count` events of a desk of 45 operators, about 3,300 a day: a larger log is a longer history."""
    return simulate(Recipe(start=BEGIN, operators=45, seed=seed, managed=False), limit=count)
