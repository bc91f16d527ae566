"""What is to be told of promises, and once only."""

from domain.conversation.tellings import tellings
from domain.events.promises import PromiseBreachWithdrawn, PromiseFellDue, PromiseNearlyDue
from domain.words import Metric
from tests.timeline import Timeline, at, claimed, fell_due, message, promise, reply, spam, timeline

HOUR = 3600
IN_AN_HOUR = [promise(first_response=HOUR, next_response=HOUR)]
CLOCK = "first_response:0"
"""A clock is called by the position of what started it."""


def told(*events: object) -> Timeline:
    return timeline(*events, desk=IN_AN_HOUR)  # type: ignore[arg-type]  # handed through


def pending(history: Timeline) -> list[tuple[str, int]]:
    return [(each.event.__name__, each.at) for each in tellings(history.history.state)]


NEARLY, DUE, WITHDRAWN = (each.__name__ for each in (PromiseNearlyDue, PromiseFellDue, PromiseBreachWithdrawn))


def test_at_four_fifths_and_at_the_due_instant() -> None:
    assert pending(told(message(at="09:00"))) == [(NEARLY, at("09:48")), (DUE, at("10:00"))]


def test_of_what_was_answered_in_time_there_is_nothing_to_tell() -> None:
    assert pending(told(message(at="09:00"), reply("anna", at="09:30"))) == []


def test_what_was_answered_late_fell_due_all_the_same() -> None:
    assert pending(told(message(at="09:00"), reply("anna", at="11:00"))) == [(DUE, at("10:00"))]


def test_what_was_told_is_not_told_again() -> None:
    history = told(message(at="09:00"), fell_due(CLOCK, Metric.FIRST_RESPONSE, at="10:00"), claimed("anna", at="10:30"))
    assert pending(history) == []


def test_an_answer_in_time_that_arrives_late_withdraws_what_was_told() -> None:
    history = told(message(at="09:00"), fell_due(CLOCK, Metric.FIRST_RESPONSE, at="10:00"), reply("anna", at="09:50"))
    assert [kind for kind, _ in pending(history)] == [WITHDRAWN]


def test_nobody_is_told_of_spam() -> None:
    assert pending(told(message(at="09:00"), spam("anna", at="11:00"))) == []


def test_what_was_told_changes_no_figure() -> None:
    history = [message(at="09:00"), claimed("anna", at="09:30"), reply("anna", at="10:30")]
    with_it = told(*history, fell_due(CLOCK, Metric.FIRST_RESPONSE, at="10:00"))
    assert with_it.samples == told(*history).samples


def test_nothing_is_told_of_what_fell_due_before_anything_was_promised() -> None:
    late = [promise(first_response=HOUR, at="12:00", valid_from=at("08:00"))]
    history = timeline(message(at="09:00"), desk=late)
    history.shows("overdue_responses", value=1)
    assert pending(history) == []
