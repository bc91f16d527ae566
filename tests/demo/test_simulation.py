"""The simulated desk: the same every time, complete, orderly, and as big as it says."""

from itertools import islice, pairwise

import msgspec
import pytest

import domain.commands
import domain.events
from api.demo.cast import COMMUNITIES, INFLOWS, TEAMS, profiles
from api.demo.chance import Chance
from api.demo.recipe import EVENTS_PER_OPERATOR_DAY, Recipe, recipe_for
from api.demo.simulation import simulate
from domain.command import COMMANDS
from domain.errors import InvalidInput
from domain.event import DECLARATIONS, payload_of
from domain.instants import DAY, parse_instant
from domain.words import Kind
from tests.demo.desk_log import DESK, HONEST_DESK, START, log_of

assert domain.events  # the vocabulary is what fills DECLARATIONS
assert domain.commands  # and the wishes COMMANDS
ARRANGED = {event.declaration.name for one in COMMANDS.values() for event in one.becomes if not event.declaration.told}
"""What comes of commands alone. What is neither told nor arranged, Deskledger itself tells when time passes."""
SMALL = Recipe(start=START, days=3, operators=20)


def test_the_same_recipe_tells_the_same_history() -> None:
    assert list(simulate(SMALL, until=SMALL.end)) == list(simulate(SMALL, until=SMALL.end))


def test_another_seed_tells_another_history() -> None:
    other = Recipe(start=START, days=3, operators=20, seed=2)
    assert [e.payload for e in simulate(SMALL, limit=500)] != [e.payload for e in simulate(other, limit=500)]


def test_history_goes_on_where_a_reader_stopped() -> None:
    stopped = list(simulate(SMALL, until=SMALL.end))
    assert list(islice(simulate(SMALL), len(stopped))) == stopped


def test_a_limit_is_kept_to_the_event() -> None:
    assert len(list(simulate(SMALL, limit=1_234))) == 1_234


def test_ids_are_unique_and_grow_with_time() -> None:
    ids = [event.envelope.id for event in simulate(SMALL, until=SMALL.end)]
    assert all(earlier < later for earlier, later in pairwise(ids))


def test_every_event_would_be_taken_from_a_desk_as_well() -> None:
    for event in simulate(SMALL, until=SMALL.end):
        name = event.payload.declaration.name
        if name in ARRANGED:
            continue
        assert payload_of(name, msgspec.to_builtins(event.payload)) == event.payload


def test_ninety_days_hold_about_300_000_events_and_every_kind_there_is() -> None:
    log = log_of(DESK)
    assert log.count == pytest.approx(300_000, rel=0.03)
    told = {name for name, declared in DECLARATIONS.items() if declared.told}
    assert set(log.types) == told | ARRANGED


def test_nobody_does_two_things_at_once_or_answers_what_was_never_asked() -> None:
    assert log_of(DESK).disorders == []


def test_the_desk_has_the_people_and_places_it_should() -> None:
    staff = profiles(DESK, Chance(DESK.seed))
    assert len(staff) >= 40
    assert {profile.team for profile in staff} == {team.id for team in TEAMS}
    assert len(TEAMS) == 5
    assert len(COMMUNITIES) == 6
    assert {inflow.kind for inflow in INFLOWS} == set(Kind)


def test_a_desk_of_a_given_size_is_about_that_big() -> None:
    recipe = recipe_for(30_000, end=parse_instant("2026-04-01T12:00:00Z"))
    assert sum(1 for _ in simulate(recipe, until=recipe.end)) == pytest.approx(30_000, rel=0.1)
    assert log_of(DESK).count / DESK.days / DESK.operators == pytest.approx(EVENTS_PER_OPERATOR_DAY, rel=0.03)


def test_summer_time_shifts_the_working_day_by_an_hour() -> None:
    """The desk opens at the same local hour before and after the clocks change (29 March 2026)."""
    recipe = Recipe(start=parse_instant("2026-03-27T00:00:00+02:00"), days=5, operators=20)
    calls: dict[int, int] = {}
    for event in simulate(recipe, until=recipe.end):
        if event.payload.declaration.name == "call.offered":
            day = (event.envelope.occurred_at - recipe.start) // DAY
            calls.setdefault(day, (event.envelope.occurred_at - recipe.start) % DAY)
    earliest_before, earliest_after = min(calls[0], calls[1]), min(calls[3], calls[4])
    assert 8 <= earliest_before / (DAY / 24) < 9
    assert 7 <= earliest_after / (DAY / 24) < 8


@pytest.mark.parametrize(("operators", "days", "load"), [(3, 90, 1.0), (45, 0, 1.0), (45, 90, 0.0)])
def test_a_desk_that_cannot_be_is_refused(operators: int, days: int, load: float) -> None:
    with pytest.raises(InvalidInput):
        Recipe(start=START, operators=operators, days=days, load=load)


def test_an_honest_desk_is_as_big() -> None:
    assert log_of(HONEST_DESK).count == pytest.approx(log_of(DESK).count, rel=0.05)
