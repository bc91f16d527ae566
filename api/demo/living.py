"""The desk as it goes on while somebody watches: what the simulation tells of today, and a visitor every while.

The simulated desk of itself is as quiet as a real one, above all at night. The visitors see to it that a subscription
moves within seconds at any hour; they come only while the demo runs, and their conversations end within minutes.
"""

from collections.abc import Iterator

from api.demo.cast import INFLOWS
from api.demo.clockwork import Story
from api.demo.desk import Desk
from api.demo.people import Operator
from api.demo.recipe import Recipe
from api.demo.stories.staff import works_at
from api.demo.stories.talk import answer, open_case, receive, resolve, take
from domain.envelope import NewEvent
from domain.instants import SECOND, Instant
from domain.words import Kind

SECONDS_BETWEEN_VISITORS = 20

_WAYS = tuple(inflow for inflow in INFLOWS if inflow.kind is Kind.MESSAGE)


def visitors(recipe: Recipe, now: Instant) -> Iterator[NewEvent]:
    """Their events from now on, in order of time, without end; those on duty attend to them."""
    desk = Desk(Recipe(start=now, operators=recipe.operators, planted=False), prefix=f"v{now // SECOND:x}-")
    desk.clock.tell(_coming(desk))
    written = desk.scribe.written
    for _ in desk.clock.run():
        yield from written
        written.clear()


def _coming(desk: Desk) -> Story:
    yield desk.chance.about(2)
    while True:
        desk.clock.tell(_visit(desk))
        yield desk.chance.about(SECONDS_BETWEEN_VISITORS, 0.5)


def _visit(desk: Desk) -> Story:
    """A short conversation: asked, taken, answered, perhaps asked on, resolved."""
    chance = desk.chance
    case, newcomer = desk.new_case(chance.pick(_WAYS))
    case.upset = False
    open_case(desk, case, newcomer=newcomer)
    receive(desk, case, case.speech.ask(upset=False))
    yield chance.about(8)
    operator = chance.pick(_on_duty(desk))
    take(desk, case, operator)
    yield from answer(desk, case, operator, seconds=15)
    while chance.is_so(0.4):
        yield chance.about(15)
        receive(desk, case, case.speech.any_of("follow_ups"))
        yield from answer(desk, case, operator, seconds=20)
    yield chance.about(10)
    resolve(desk, case, operator)


def _on_duty(desk: Desk) -> list[Operator]:
    """Whoever answers messages at this hour; the lead where nobody does."""
    team = desk.floor.operators["messages"]
    stay = [operator for operator in team if operator.profile.leaves is None]
    return [operator for operator in stay if works_at(operator.profile, desk.clock.now)] or team[:1]
