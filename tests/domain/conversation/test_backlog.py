"""Where open episodes stand, for how long, in whose hands; and what counts as work on them."""

from collections.abc import Callable
from random import Random

import pytest

from domain.conversation.history import History
from domain.conversation.sample import Place, Sample, Standing
from domain.conversation.surroundings import Surroundings
from domain.envelope import RecordedEvent
from domain.instants import Instant
from domain.kpi import measures as m
from domain.words import Priority, Subject, WaitingFor
from tests.acts import goes_on, put_down, took_up, waits
from tests.desk import random_desk
from tests.timeline import (
    Teams,
    assigned,
    claimed,
    closed,
    message,
    priority,
    reopened,
    reply,
    resolved,
    spam,
    timeline,
    transferred,
)


def test_what_is_open_stands_at_whoever_holds_it() -> None:
    timeline(message(at="09:00"), claimed("anna", at="09:10")).shows("backlog", value=1).shows(
        "backlog", of="anna", value=1
    )
    timeline(message(at="09:00"), claimed("anna", at="09:10"), transferred("anna", to="boris", at="09:20")).shows(
        "backlog", of="anna", value=0
    ).shows("backlog", of="boris", value=1).shows("backlog", value=1).shows("net_flow", value=1)


def test_what_ended_stands_nowhere_until_it_is_opened_again() -> None:
    history = (message(at="09:00"), claimed("anna", at="09:10"), resolved("anna", at="09:30"))
    timeline(*history).shows("backlog", value=0).shows("backlog", of="anna", value=0).shows("net_flow", value=0)
    timeline(*history, message(at="10:00")).shows("backlog", value=1).shows("net_flow", value=1)
    timeline(*history, reopened("boris", at="10:00"), closed("boris", at="10:05")).shows("backlog", value=0)


def test_spam_never_stood_there() -> None:
    timeline(message(at="09:00"), spam("anna", at="09:30")).shows("backlog", value=None).shows("net_flow", value=None)


def test_the_conditions_seconds_are_the_holders() -> None:
    """Ten minutes in the queue; Anna's 20, of which 5 for the customer and 3 for the vendor."""
    timeline(
        message(at="09:00"),
        claimed("anna", at="09:10"),
        waits("anna", at="09:15"),
        goes_on("anna", at="09:20"),
        waits("anna", WaitingFor.VENDOR, at="09:25"),
        goes_on("anna", at="09:28"),
        resolved("anna", at="09:30"),
    ).shows("queue_time", value=600).shows("requester_wait_time", value=600 + 900).shows(
        "requester_wait_time", of="anna", value=900
    ).shows("agent_work_time", of="anna", value=720).shows("agent_wait_time", of="anna", value=300).shows(
        "on_hold_time", of="anna", value=180
    )


def test_where_no_work_is_told_it_is_the_time_assigned_and_open() -> None:
    timeline(
        message(at="09:00"),
        assigned("anna", at="09:10"),
        reply("anna", at="09:12"),
        waits("anna", at="09:20"),
        goes_on("anna", at="11:20"),
        resolved("anna", at="11:25"),
    ).shows("handle_time", of="anna", value=15 * 60)


def test_work_that_is_told_counts_alone_also_for_the_time_before_it_was_told() -> None:
    """Anna's 4 and 2 minutes of focus, not the 35 in which it was hers; Boris, of whom nothing is told, his 10."""
    timeline(
        message(at="09:00"),
        claimed("anna", at="09:05"),
        waits("anna", at="09:10"),
        goes_on("anna", at="09:15"),
        took_up("anna", at="09:20"),
        reply("anna", at="09:23"),
        put_down("anna", at="09:24"),
        took_up("anna", at="09:30"),
        put_down("anna", at="09:32"),
        transferred("anna", to="boris", at="09:40"),
        reply("boris", at="09:45"),
        resolved("boris", at="09:50"),
    ).shows("handle_time", of="anna", value=360).shows("handle_time", of="boris", value=600)


def test_what_is_said_in_the_instant_of_opening_was_so_from_the_beginning() -> None:
    made = timeline(message(at="09:00"), priority("rule", Priority.HIGH, at="09:00"), resolved("anna", at="09:10"))
    entered = [sample for sample in made.samples if sample.measure == 155]
    assert [sample.place.priority for sample in entered] == [Priority.HIGH]
    made.shows("backlog", value=0)


def test_each_slice_is_left_where_it_was_entered() -> None:
    made = timeline(
        message(at="09:00", team="red"),
        priority("anna", Priority.HIGH, at="09:10"),
        transferred("anna", team="blue", at="09:20"),
        resolved("boris", at="09:30"),
    )
    made.shows("backlog", team="red", value=0).shows("backlog", team="blue", value=0)
    places = {
        code: sorted((s.place.team or "", s.place.priority or "") for s in made.samples if s.measure == code)
        for code in (155, 157)
    }
    assert places[155] == places[157] == [("blue", "high"), ("red", ""), ("red", "high")]


def test_who_has_written_is_waited_for_no_longer() -> None:
    timeline(
        message(at="09:00"),
        claimed("anna", at="09:00"),
        waits("anna", at="09:10"),
        message(at="09:40"),
        resolved("anna", at="10:00"),
    ).shows("agent_wait_time", value=30 * 60).shows("agent_work_time", value=30 * 60)


def test_what_has_ended_cannot_be_put_on_hold() -> None:
    timeline(
        message(at="09:00"),
        resolved("anna", at="09:10"),
        waits("anna", at="09:20"),
        reopened("anna", at="09:30"),
        resolved("anna", at="09:45"),
    ).shows("agent_wait_time", value=None).shows("agent_work_time", value=25 * 60)


def test_what_a_team_hands_on_leaves_its_backlog_and_is_no_end() -> None:
    made = timeline(
        message(at="09:00", team="red"),
        claimed("anna", at="09:05"),
        transferred("anna", team="blue", at="09:10"),
    )
    made.shows("net_flow", value=1).shows("net_flow", team="red", value=0).shows("net_flow", team="blue", value=1)
    made.shows("backlog", team="red", value=0).shows("backlog", team="blue", value=1)


def test_unattended_waits_for_an_answer_or_never_had_one() -> None:
    told = (
        message(at="09:00"),
        claimed("anna", at="09:05"),
        reply("anna", at="09:10"),
        message(at="09:20"),
        reply("vera", at="09:30"),
        resolved("anna", at="09:40"),
    )
    for events, unattended in ((1, 1), (2, 1), (3, 0), (4, 1), (5, 0), (6, 0)):
        timeline(*told[:events]).shows("unattended", value=unattended)
    timeline(*told[:2]).shows("unattended", of="anna", value=1)
    timeline(*told[:4]).shows("unattended", of="anna", value=1)
    timeline(*told).shows("unattended", of="anna", value=0)


def test_who_was_answered_once_is_attended_to_after_a_reopening_by_the_desk() -> None:
    told = (message(at="09:00"), reply("anna", at="09:01"), resolved("anna", at="09:02"))
    timeline(*told, reopened("anna", at="10:00")).shows("backlog", value=1).shows("unattended", value=0)
    timeline(*told, message(at="10:00")).shows("unattended", value=1)


@pytest.mark.parametrize("seed", range(30))
def test_the_backlog_is_what_it_was_and_what_came_less_what_went(seed: int) -> None:
    """At any two instants: in all, by operator, by team, by priority; for each verdict by itself."""
    samples = [sample for history in _histories(seed) for sample in history.standing()]
    t1, t2 = sorted(Random(seed).sample(sorted({sample.at for sample in samples}), 2))
    for slice_ in _SLICES:
        for standing in Standing:
            mine = [sample for sample in samples if sample.place.standing is standing]
            for where in {slice_(sample.place) for sample in mine}:
                here = [sample for sample in mine if slice_(sample.place) == where]
                before, after = _stands(here, t1), _stands(here, t2)
                assert before >= 0
                assert 0 <= _unattended(here, t2) <= after
                assert after == before + _n(here, m.BACKLOG_ENTERED, t1, t2) - _n(here, m.BACKLOG_LEFT, t1, t2)
        whole = [sample for sample in samples if sample.place.standing is Standing.REGULAR]
        ended, began = _n(whole, m.BACKLOG_ENDED, t1, t2), _n(whole, m.BACKLOG_NEW, t1, t2)
        assert _stands(whole, t2) == _stands(whole, t1) + began - ended


@pytest.mark.parametrize("seed", range(30))
def test_what_stands_at_the_end_is_what_is_open(seed: int) -> None:
    for history in _histories(seed):
        state = history.state
        is_open = state.ending is None and state.opening() is not None
        standing = list(history.standing())
        assert _stands(standing, state.last_at + 1) == int(is_open)
        unattended = is_open and (bool(state.turns.open) or not state.attended)
        assert _unattended(standing, state.last_at + 1) == int(unattended)


def _histories(seed: int) -> list[History]:
    found: dict[str, History] = {}
    for position, told in enumerate(random_desk(seed, events=150)):
        if told.envelope.stream.subject is Subject.CONVERSATION:
            history = found.setdefault(told.envelope.stream.id, History(Surroundings(Teams(anna="red", boris="blue"))))
            history.apply(RecordedEvent(position, position, told.envelope.occurred_at, told.envelope, told.payload))
    return list(found.values())


_SLICES: tuple[Callable[[Place], str | None], ...] = (
    lambda _: None,
    lambda place: place.operator,
    lambda place: place.team,
    lambda place: place.priority,
)


def _n(samples: list[Sample], measure: m.Measure, since: Instant, until: Instant) -> int:
    return sum(measure.counts(sample.measure, sample.flags) and since <= sample.at < until for sample in samples)


def _stands(samples: list[Sample], until: Instant) -> int:
    return _n(samples, m.BACKLOG_ENTERED, 0, until) - _n(samples, m.BACKLOG_LEFT, 0, until)


def _unattended(samples: list[Sample], until: Instant) -> int:
    came = _n(samples, m.UNATTENDED_ENTERED, 0, until) + _n(samples, m.UNATTENDED_BEGAN, 0, until)
    went = (m.UNATTENDED_LEFT, m.UNATTENDED_ENDED, m.UNATTENDED_ANSWERED)
    return came - sum(_n(samples, measure, 0, until) for measure in went)
