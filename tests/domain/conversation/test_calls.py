"""Calls: what customers wait in queues, and how long operators are busy with them."""

from domain.kpi.measures import CALL_AFTER_WORK, CALL_HOLD, CALL_TALK, Measure
from tests.acts import (
    answered,
    finished,
    gave_up,
    hung_up,
    offered,
    put_on_hold,
    queued,
    rang,
    taken_off_hold,
    wants_callback,
)
from tests.timeline import Timeline, bot, timeline


def test_the_wait_is_the_queues_and_begins_when_the_call_is_queued() -> None:
    timeline(
        offered(at="09:00:00"),
        queued("red", at="09:00:30"),
        answered("anna", at="09:00:48"),
        hung_up(at="09:05:00"),
    ).shows("queue_wait", value=18, team="red").shows("calls_offered", value=1).shows("service_level", value=1).shows(
        "abandonment_rate", value=0
    )


def test_a_call_that_is_put_into_no_queue_waits_from_its_offer() -> None:
    timeline(offered(at="09:00:00"), answered("anna", at="09:00:25")).shows("queue_wait", value=25).shows(
        "service_level", value=0
    )


def test_answered_at_the_twentieth_second_is_in_time() -> None:
    timeline(queued(at="09:00:00"), answered("anna", at="09:00:20")).shows("service_level", value=1)


def test_who_hangs_up_on_a_machine_did_not_give_up_waiting() -> None:
    flowed_out = (queued(at="09:00:00"), answered(bot(), at="09:00:02"), hung_up(at="09:00:40"))
    timeline(*flowed_out).shows("abandonment_rate", value=None).shows("calls_offered", value=None)
    timeline(
        queued(at="09:00:00"), answered(bot(), at="09:00:02"), queued("red", at="09:00:10"), hung_up(at="09:00:40")
    ).shows("abandonment_rate", value=1)


def test_a_machines_voice_answers_nobody() -> None:
    timeline(queued(at="09:00:00"), answered(bot(), at="09:00:02"), answered("anna", at="09:00:40")).shows(
        "queue_wait", value=40
    )


def test_another_queue_is_another_leg_and_the_first_one_flowed_out() -> None:
    timeline(
        queued("red", at="09:00:00"),
        queued("blue", at="09:02:00"),
        answered("anna", at="09:02:10"),
    ).shows("queue_wait", team="blue", value=10).shows("calls_offered", team="red", value=None).shows(
        "calls_offered", value=1
    ).shows("service_level", value=1)


def test_who_gives_up_within_five_seconds_counts_on_neither_side() -> None:
    timeline(queued(at="09:00:00"), gave_up(at="09:00:04")).shows("abandonment_rate", value=None).shows(
        "service_level", value=None
    ).shows("service_level_of_offered", value=0).shows("calls_offered", value=1)
    timeline(queued(at="09:00:00"), gave_up(at="09:00:05")).shows("abandonment_rate", value=1).shows(
        "abandoned_wait", value=5
    )


def test_the_four_service_levels_differ_in_what_they_are_shares_of() -> None:
    """Two answered (one in time), one short abandon, one after 10 s, one after 30 s."""
    timeline(
        queued(at="09:00:00", call="a"), answered("anna", at="09:00:10", call="a"), hung_up(at="09:01:00", call="a"),
        queued(at="09:01:00", call="b"), answered("anna", at="09:01:50", call="b"), hung_up(at="09:02:00", call="b"),
        queued(at="09:02:00", call="c"), gave_up(at="09:02:02", call="c"),
        queued(at="09:03:00", call="d"), gave_up(at="09:03:10", call="d"),
        queued(at="09:04:00", call="e"), gave_up(at="09:04:30", call="e"),
    ).shows("service_level_of_offered", value="0.2").shows("service_level_of_answered", value="0.5").shows(
        "service_level", value="0.25"
    ).shows("service_level_with_late_abandons", value="0.333333").shows("abandonment_rate", value="0.5")  # fmt: skip


def test_a_callback_is_no_abandonment() -> None:
    timeline(queued(at="09:00:00"), wants_callback(at="09:03:00"), gave_up(at="09:03:01")).shows(
        "abandonment_rate", value=None
    ).shows("calls_offered", value=None)


def test_a_line_that_goes_dead_in_the_queue_was_given_up() -> None:
    timeline(queued(at="09:00:00"), hung_up(at="09:01:00")).shows("abandoned_wait", value=60)


def test_handle_time_is_talk_with_two_holds_and_after_work() -> None:
    """Talk 60 + 90 + 30, hold 30 + 45, after-work 120: 375 s."""
    timeline(
        offered(at="09:00:00"),
        answered("anna", at="09:00:10"),
        put_on_hold("anna", at="09:01:10"),
        taken_off_hold("anna", at="09:01:40"),
        put_on_hold("anna", at="09:03:10"),
        taken_off_hold("anna", at="09:03:55"),
        hung_up(at="09:04:25"),
        finished("anna", at="09:06:25"),
    ).shows("handle_time", of="anna", value=375).shows("contacts_handled", of="anna", value=1)


def test_two_operators_on_one_call_each_have_their_leg() -> None:
    """Anna talks 60 s and finishes 30 s; Boris, to whom the call goes on, talks 120 s."""
    timeline(
        offered(at="09:00:00"),
        answered("anna", at="09:00:00"),
        queued("blue", at="09:01:00"),
        answered("boris", at="09:01:20"),
        finished("anna", at="09:01:30"),
        hung_up(at="09:03:20"),
    ).shows("handle_time", of="anna", value=90).shows("handle_time", of="boris", value=120).shows(
        "queue_wait", team="blue", value=20
    )


def test_talk_over_midnight_is_all_there() -> None:
    timeline(offered(at="23:59:00"), answered("anna", at="23:59:30"), hung_up(at="+1 00:02:00")).shows(
        "handle_time", of="anna", value=150
    )


def test_ringing_is_the_operators_own_share_of_the_wait() -> None:
    timeline(queued(at="09:00:00"), rang("anna", at="09:00:30"), answered("anna", at="09:00:36")).shows(
        "ring_time", of="anna", value=6
    ).shows("queue_wait", value=36)


def test_absurd_orders_make_no_stretches() -> None:
    timeline(
        finished("anna", at="09:00:00"),
        taken_off_hold("anna", at="09:00:10"),
        gave_up(at="09:00:20"),
        put_on_hold("anna", at="09:00:30"),
        answered("anna", at="09:00:40"),
        answered("anna", at="09:00:50"),
        gave_up(at="09:01:00"),
        hung_up(at="09:01:40"),
        hung_up(at="09:05:00"),
    ).shows("handle_time", of="anna", value=60).shows("calls_offered", value=None)


def test_told_again_of_its_queue_it_waits_on() -> None:
    timeline(queued("red", at="09:00:00"), queued("red", at="09:01:00"), answered("anna", at="09:01:05")).shows(
        "queue_wait", value=65
    ).shows("calls_offered", value=1)


def test_a_call_that_ends_on_hold_was_on_hold_to_its_end() -> None:
    """Talk 120 s, hold 180 s; what is told after the end is of no call."""
    history = timeline(
        answered("anna", at="09:00"),
        put_on_hold("anna", at="09:02"),
        hung_up(at="09:05"),
        taken_off_hold("anna", at="09:06"),
    )
    assert _seconds(history, CALL_TALK) == 120
    assert _seconds(history, CALL_HOLD) == 180


def test_an_operator_who_gets_the_call_back_handles_one_contact() -> None:
    timeline(
        answered("anna", at="09:00"), answered("boris", at="09:01"), answered("anna", at="09:02"), hung_up(at="09:04")
    ).shows("handle_time", of="anna", value=180).shows("contacts_handled", of="anna", value=1).shows(
        "handle_time", of="boris", value=60
    ).shows("handle_time", value=240)


def test_two_calls_of_one_conversation_wait_each_for_itself() -> None:
    timeline(
        queued(at="09:00:00"),
        answered("anna", at="09:00:10"),
        hung_up(at="09:01:10"),
        queued(at="10:00:00", call="k2"),
        answered("anna", at="10:00:30", call="k2"),
        hung_up(at="10:02:30", call="k2"),
    ).shows("queue_wait", value=20).shows("service_level", value="0.5").shows("handle_time", value=180)


def test_work_after_a_call_is_the_operators_who_did_it() -> None:
    """Anna finishes 40 s while Boris talks; what Vera, who never talked, finishes is nothing."""
    history = timeline(
        answered("anna", at="09:00:00"),
        answered("boris", at="09:01:00"),
        finished("anna", at="09:01:40"),
        finished("vera", at="09:02:00"),
        hung_up(at="09:03:00"),
        finished("boris", at="09:03:20"),
    )
    history.shows("handle_time", of="anna", value=100).shows("handle_time", of="boris", value=140)
    assert _seconds(history, CALL_AFTER_WORK) == 60


def _seconds(history: Timeline, measure: Measure) -> int:
    return sum(sample.calendar for sample in history.samples if sample.measure == measure.code)
