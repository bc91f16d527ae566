"""The simulation as one stream of events in order of time: endless, always the same for the same recipe."""

from collections.abc import Callable, Iterator
from datetime import date, timedelta
from itertools import count, islice, takewhile

from api.demo.cast import INFLOWS, Inflow
from api.demo.clockwork import Story
from api.demo.desk import Desk
from api.demo.plants import RUSH
from api.demo.recipe import Recipe
from api.demo.stories.calls import call
from api.demo.stories.comments import comment
from api.demo.stories.mail import mail
from api.demo.stories.messages import dialogue
from api.demo.stories.staff import found, local_day, midnight
from domain.envelope import NewEvent
from domain.instants import DAY, HOUR, Instant
from domain.words import Kind

_STORIES: dict[Kind, Callable[[Desk, Inflow], Story]] = {
    Kind.MESSAGE: dialogue,
    Kind.COMMENT: comment,
    Kind.EMAIL: mail,
    Kind.CALL: call,
}

_HOURLY = {
    Kind.MESSAGE: (20, 12, 8, 6, 6, 8, 15, 30, 50, 75, 90, 95, 88, 85, 82, 80, 78, 80, 85, 90, 88, 75, 55, 35),
    Kind.COMMENT: (15, 8, 5, 4, 4, 6, 12, 25, 40, 55, 60, 65, 70, 70, 65, 60, 65, 75, 90, 100, 95, 80, 55, 30),
    Kind.EMAIL: (3, 2, 1, 1, 1, 2, 6, 20, 60, 95, 100, 90, 75, 70, 80, 80, 70, 50, 35, 25, 20, 15, 10, 5),
    Kind.CALL: (0, 0, 0, 0, 0, 0, 0, 0, 60, 90, 100, 90, 75, 70, 80, 85, 80, 70, 50, 35, 20, 0, 0, 0),
}
"""How customers spread over the hours of a local day, kind by kind."""

_WEEKLY = (1.1, 1.08, 1.05, 1.05, 1.1, 0.85, 0.77)
"""How they spread over a week, from Monday."""


class Simulation:
    """One run of a recipe. Memory holds what is open at a time, whatever the length of the history."""

    def __init__(self, recipe: Recipe) -> None:
        self.desk = Desk(recipe)

    def events(self) -> Iterator[NewEvent]:
        """All events in order of time, without end. To be read once."""
        desk = self.desk
        found(desk)
        desk.clock.tell(customers(desk))
        written = desk.scribe.written
        for _ in desk.clock.run():
            if written:
                yield from written
                written.clear()


def simulate(recipe: Recipe, *, until: Instant | None = None, limit: int | None = None) -> Iterator[NewEvent]:
    """The recipe's events: those before `until`, at most `limit`; else without end."""
    events = islice(Simulation(recipe).events(), limit)
    return events if until is None else takewhile(lambda event: event.envelope.occurred_at < until, events)


def customers(desk: Desk) -> Story:
    """They come, day after day, each by their own way."""
    today = local_day(desk.recipe.start)
    for number in count():
        for at, inflow in sorted(_arrivals(desk, today + timedelta(days=number)), key=lambda arrival: arrival[0]):
            if at >= desk.clock.now:
                yield at - desk.clock.now
                desk.clock.tell(_STORIES[inflow.kind](desk, inflow))


def _arrivals(desk: Desk, day: date) -> Iterator[tuple[Instant, Inflow]]:
    """Who comes on a local day, in no order."""
    chance, begins = desk.chance, midnight(day)
    crowd = desk.recipe.operators * desk.recipe.load * _WEEKLY[day.weekday()] * _rush(desk, begins)
    for inflow in INFLOWS:
        weights = _HOURLY[inflow.kind]
        for hour, weight in enumerate(weights):
            for _ in range(chance.poisson(crowd * inflow.daily * weight / sum(weights))):
                yield begins + hour * HOUR + chance.below(HOUR), inflow


def _rush(desk: Desk, begins: Instant) -> float:
    since, until = RUSH.over(desk.recipe)
    return RUSH.load if desk.recipe.planted and since <= begins + DAY // 2 < until else 1.0
