"""Whose team an operator's acts count for, at any instant and whatever became known when."""

from itertools import permutations

from domain.envelope import RecordedEvent
from domain.event import Event
from domain.events.directory import OperatorJoined, OperatorJoinedTeam, OperatorLeft, OperatorLeftTeam
from domain.instants import HOUR, parse_instant
from projections.memberships import Moved, Roster
from tests.events import event

NINE = parse_instant("2026-03-02T09:00:00Z")


def fact(payload: Event, hour: int, *, order: int | None = None) -> RecordedEvent:
    told = event(payload, operator="anna", by="anna", at=NINE + hour * HOUR, order=order)
    return RecordedEvent(0, 0, NINE, told.envelope, told.payload)


def roster(*facts: RecordedEvent) -> Roster:
    known = Roster()
    known.learn(facts)
    return known


def test_an_operator_belongs_to_the_team_joined_last_as_primary() -> None:
    known = roster(
        fact(OperatorJoined(team="first line"), 0),
        fact(OperatorJoinedTeam(team="helpers", primary=False), 1),
        fact(OperatorJoinedTeam(team="second line"), 2),
    )
    assert known.primary("anna", NINE - 1) is None
    assert known.primary("anna", NINE) == "first line"
    assert known.primary("anna", NINE + HOUR) == "first line"
    assert known.primary("anna", NINE + 2 * HOUR) == "second line"
    teams = known.of("anna").at(NINE + 2 * HOUR)
    assert [(each.team, each.primary) for each in teams] == [
        ("first line", False),
        ("helpers", False),
        ("second line", True),
    ]


def test_who_leaves_the_primary_team_has_none_until_joining_another() -> None:
    known = roster(
        fact(OperatorJoined(team="first line"), 0),
        fact(OperatorJoinedTeam(team="helpers", primary=False), 1),
        fact(OperatorLeftTeam(team="first line"), 2),
    )
    assert known.primary("anna", NINE + 2 * HOUR) is None
    assert [each.team for each in known.of("anna").at(NINE + 2 * HOUR)] == ["helpers"]


def test_who_leaves_the_desk_leaves_all_teams() -> None:
    known = roster(fact(OperatorJoined(team="first line"), 0), fact(OperatorLeft(), 3))
    assert known.primary("anna", NINE + 3 * HOUR - 1) == "first line"
    assert known.primary("anna", NINE + 3 * HOUR) is None


def test_of_two_facts_at_the_same_instant_the_sources_order_decides() -> None:
    known = roster(
        fact(OperatorJoinedTeam(team="second line"), 1, order=2),
        fact(OperatorJoinedTeam(team="first line"), 1, order=1),
    )
    assert known.primary("anna", NINE + HOUR) == "second line"


def test_nobody_knows_the_team_of_somebody_never_heard_of() -> None:
    assert roster().primary("boris", NINE) is None
    assert roster().of("boris").at(NINE) == ()


def test_learning_late_says_exactly_when_the_team_was_another_one() -> None:
    known = roster(fact(OperatorJoined(team="first line"), 0))
    moved = known.learn([fact(OperatorJoinedTeam(team="second line"), 2)])
    assert moved == [Moved("anna", NINE + 2 * HOUR, None, "second line")]
    moved = known.learn([fact(OperatorJoinedTeam(team="helpers"), 1)])
    assert moved == [Moved("anna", NINE + HOUR, NINE + 2 * HOUR, "helpers")]
    assert known.learn([fact(OperatorJoinedTeam(team="first line", primary=False), -1)]) == []


def test_the_order_of_learning_changes_nothing() -> None:
    facts = [
        fact(OperatorJoined(team="first line"), 0),
        fact(OperatorJoinedTeam(team="second line"), 1),
        fact(OperatorLeftTeam(team="second line"), 2),
        fact(OperatorJoinedTeam(team="first line", primary=False), 2, order=1),
        fact(OperatorLeft(), 3),
    ]
    wanted = roster(*facts).of("anna").spans()
    for shuffled in permutations(facts):
        known = Roster()
        for each in shuffled:
            known.learn([each])
        assert known.of("anna").spans() == wanted
