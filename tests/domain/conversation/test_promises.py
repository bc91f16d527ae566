"""Promises (K16 to K18; rules 1.8 to 1.10): what each clock comes to, by hand from the definitions. Monday is 2 March
2026, all in UTC."""

from domain.events.promises import PromisesOrdered, PromiseWithdrawn
from domain.words import Kind, Priority, PromiseTime, WaitingFor
from tests.timeline import (
    Timeline,
    arranged,
    assigned,
    bot,
    calendar,
    claimed,
    closed,
    comment,
    deleted,
    handed_off,
    hidden,
    message,
    no_reply_needed,
    on_hold,
    opened,
    priority,
    promise,
    reopened,
    reply,
    reply_deleted,
    resolved,
    segment,
    spam,
    taken_off_hold,
    timeline,
    transferred,
    unhidden,
    withdrawn,
)

HOUR = 3600
IN_AN_HOUR = [promise(first_response=HOUR, next_response=HOUR)]
IN_A_BUSINESS_HOUR = [
    calendar((9 * 60, 24 * 60 + 9 * 60), (18 * 60, 24 * 60 + 18 * 60)),
    promise(first_response=HOUR, next_response=HOUR, counted_in=PromiseTime.BUSINESS),
]


def told(*events: object, desk: object = IN_AN_HOUR) -> Timeline:
    return timeline(*events, desk=desk)  # type: ignore[arg-type]  # handed through


def test_an_answer_in_time_is_kept_to_the_credit_of_its_sender() -> None:
    told(message(at="09:00"), reply("anna", at="09:59:59")).shows("responses_in_time_share", of="anna", value=1).shows(
        "overdue_responses", value=None
    ).shows("overdue_response_share", value=0)


def test_at_the_due_instant_itself_an_answer_is_in_time() -> None:
    told(message(at="09:00"), reply("anna", at="10:00")).shows("overdue_responses", value=None)
    told(message(at="09:00"), reply("anna", at="10:00:01")).shows("overdue_responses", value=1)


def test_an_unanswered_question_is_overdue_the_moment_it_falls_due_and_not_before() -> None:
    told(message(at="09:00")).shows("overdue_responses", value=None, by="09:59:59").shows(
        "overdue_responses", value=1, by="10:00"
    ).shows("overdue_responses_now", value=1, by="10:00").shows("overdue_response_share", value=1)


def test_an_answer_that_came_late_leaves_it_overdue_and_says_how_late() -> None:
    late = told(message(at="09:00"), claimed("anna", at="09:30"), reply("boris", at="10:25"))
    late.shows("overdue_responses", of="anna", value=1).shows("overdue_responses", of="boris", value=None)
    late.shows("answered_late_by", of="boris", value=25 * 60).shows("responses_in_time_share", value=0)
    late.shows("overdue_responses_now", value=1, by="10:24").shows("overdue_responses_now", value=0, by="10:25")


def test_the_breach_falls_to_whoever_holds_it_and_shows_how_long_each_had() -> None:
    told(
        message(at="09:00"), assigned("anna", at="09:01"), assigned("boris", at="09:50"), reply("boris", at="10:05")
    ).shows("overdue_responses", of="boris", value=1).shows("overdue_responses", of="anna", value=None).shows(
        "held_while_overdue", of="anna", value=49 * 60
    ).shows("held_while_overdue", of="boris", value=15 * 60).shows("held_while_overdue", value=65 * 60)


def test_who_gets_it_after_it_fell_due_has_no_part_in_the_breach() -> None:
    told(message(at="09:00"), claimed("anna", at="09:01"), transferred("anna", to="boris", at="10:01")).shows(
        "overdue_responses", of="anna", value=1
    ).shows("overdue_responses", of="boris", value=None)


def test_what_nobody_holds_falls_to_the_teams_queue() -> None:
    told(message(at="09:00", team="mail")).shows("overdue_responses", team="mail", value=1)


def test_each_turn_is_a_clock_of_its_own_and_counts_once() -> None:
    told(
        message(at="09:00"),
        reply("anna", at="09:30"),
        message(at="10:00"),
        message(at="10:20"),
        reply("anna", at="11:10"),
        message(at="12:00"),
        reply("anna", at="12:01"),
    ).shows("first_responses_in_time_share", value=1).shows("next_responses_in_time_share", value="0.5").shows(
        "overdue_responses", value=1
    ).shows("overdue_response_share", value="0.333333").shows("responses_in_time_share", value="0.666667")


def test_what_a_robot_says_keeps_no_promise_and_its_hand_off_starts_the_clock() -> None:
    robot = told(message(at="09:00"), reply(bot(), at="09:01"), handed_off(at="09:40"), reply("anna", at="10:30"))
    robot.shows("responses_in_time_share", value=1)
    told(message(at="09:00"), reply(bot(), at="09:01"), reply("anna", at="10:30")).shows("overdue_responses", value=1)


def test_a_robot_that_talks_longer_than_was_promised_breaks_nothing() -> None:
    told(message(at="09:00"), handed_off(at="11:00"), reply("anna", at="11:30")).shows(
        "overdue_responses", value=None
    ).shows("responses_in_time_share", value=1)


def test_closing_in_time_without_an_answer_is_neither_kept_nor_overdue() -> None:
    told(message(at="09:00"), closed("anna", at="09:30")).shows("promises_closed_unanswered", of="anna", value=1).shows(
        "overdue_response_share", value=None
    ).shows("overdue_responses", value=None)


def test_closing_what_is_overdue_leaves_it_overdue() -> None:
    late = told(message(at="09:00"), closed("anna", at="10:30"))
    late.shows("overdue_responses", value=1).shows("promises_closed_unanswered", value=None)
    late.shows("overdue_responses_now", value=0).shows("answered_late_by", value=None)


def test_removing_the_question_in_time_is_a_third_outcome_and_showing_it_again_resumes_its_clock() -> None:
    removed = [comment("a", at="09:00"), deleted("igor", "a", at="09:10")]
    told(*removed).shows("promises_removed_unanswered", of="igor", value=1).shows("overdue_responses", value=None)
    shown = [comment("a", at="09:00"), hidden("igor", "a", at="09:10"), unhidden("igor", "a", at="09:20")]
    told(*shown, reply("anna", at="09:50", to="a")).shows("responses_in_time_share", value=1).shows(
        "promises_removed_unanswered", value=None
    )
    told(*shown, reply("anna", at="10:10", to="a")).shows("overdue_responses", value=1)


def test_what_is_shown_again_after_its_time_is_due_at_once() -> None:
    told(comment("a", at="09:00"), hidden("igor", "a", at="09:10"), unhidden("igor", "a", at="11:00")).shows(
        "overdue_responses", value=None, by="10:59"
    ).shows("overdue_responses", value=1, by="11:00")


def test_what_the_customer_takes_back_was_never_promised() -> None:
    told(message("a", at="09:00"), withdrawn("a", at="09:10")).shows("overdue_responses", value=None)
    told(message("a", at="09:00"), withdrawn("a", at="11:10")).shows("overdue_responses", value=None)
    told(message("a", at="09:00"), message("b", at="09:30"), withdrawn("a", at="09:40")).shows(
        "overdue_responses", value=None, by="10:29"
    ).shows("overdue_responses", value=1, by="10:30")


def test_no_reply_needed_ends_a_promise_in_time_and_excuses_no_breach() -> None:
    told(message(at="09:00"), no_reply_needed("anna", at="09:10")).shows("overdue_response_share", value=None)
    told(message(at="09:00"), no_reply_needed("anna", at="10:10")).shows("overdue_responses", value=1)


def test_a_reply_that_is_taken_back_stays_judged_and_its_question_is_promised_anew() -> None:
    told(message("a", at="09:00"), reply("anna", "r", at="09:30"), reply_deleted("anna", "r", at="11:00")).shows(
        "first_responses_in_time_share", value=1
    ).shows("overdue_responses", value=None, by="10:59").shows("overdue_responses", value=1, by="11:00")


def test_every_comment_has_a_clock_of_its_own() -> None:
    told(
        comment("a", at="09:00"), comment("b", at="09:30"), reply("anna", at="09:40", to="b"), reply("anna", at="10:10")
    ).shows("overdue_responses", value=1).shows("responses_in_time_share", value="0.5")


def test_business_hours_pass_while_the_desk_is_at_work() -> None:
    evening = [message(at="17:30"), reply("anna", at="+1 09:20")]
    told(*evening, desk=IN_A_BUSINESS_HOUR).shows("responses_in_time_share", value=1).shows(
        "response_time", value=50 * 60, business=True
    )
    told(message(at="17:30"), desk=IN_A_BUSINESS_HOUR).shows("overdue_responses", value=None, by="+1 09:29").shows(
        "overdue_responses", value=1, by="+1 09:30"
    )


def test_what_is_used_up_when_the_desk_closes_is_due_then() -> None:
    told(message(at="17:00"), reply("anna", at="18:00:01"), desk=IN_A_BUSINESS_HOUR).shows("overdue_responses", value=1)


def test_a_holiday_is_not_waited_through() -> None:
    desk = [
        calendar((540, 1980, 3420), (1080, 2520, 3960), closed_on=("2026-03-03",)),
        promise(first_response=2 * HOUR, counted_in=PromiseTime.BUSINESS),
    ]
    told(message(at="17:00"), desk=desk).shows("overdue_responses", value=None, by="+2 09:59").shows(
        "overdue_responses", value=1, by="+2 10:00"
    )


def test_a_clock_stands_still_while_waiting_for_whom_the_promise_says() -> None:
    desk = [promise(resolution=2 * HOUR, pauses_for=(WaitingFor.CUSTOMER,))]
    held = [message(at="09:00"), on_hold("anna", at="09:30"), taken_off_hold("anna", at="12:00")]
    told(*held, resolved("anna", at="13:30"), desk=desk).shows("resolutions_in_time_share", value=1)
    told(*held, resolved("anna", at="13:30:01"), desk=desk).shows("overdue_resolutions", of=None, value=1)
    vendor = on_hold("anna", at="09:30", waiting_for=WaitingFor.VENDOR)
    told(message(at="09:00"), vendor, desk=desk).shows("overdue_resolutions", value=1, by="11:00")


def test_while_a_clock_stands_still_nothing_falls_due_unless_the_hold_has_an_end() -> None:
    desk = [promise(resolution=2 * HOUR, pauses_for=(WaitingFor.CUSTOMER,))]
    told(message(at="09:00"), on_hold("anna", at="09:30"), desk=desk).shows("overdue_resolutions", value=None)
    told(message(at="09:00"), on_hold("anna", at="09:30", until="12:00"), desk=desk).shows(
        "overdue_resolutions", value=None, by="13:29"
    ).shows("overdue_resolutions", value=1, by="13:30")


def test_what_the_customer_writes_ends_the_waiting_for_the_customer() -> None:
    desk = [promise(resolution=2 * HOUR, pauses_for=(WaitingFor.CUSTOMER,))]
    told(message(at="09:00"), on_hold("anna", at="09:30"), message(at="11:00"), desk=desk).shows(
        "overdue_resolutions", value=None, by="12:29"
    ).shows("overdue_resolutions", value=1, by="12:30")


URGENT = promise("urgent", first_response=600, priorities=(Priority.URGENT,))
BOTH = [URGENT, promise(first_response=HOUR, at="-29 00:00")]


def test_a_priority_raised_in_mid_clock_is_due_no_earlier_than_it_was_raised() -> None:
    raised = [message(at="09:00"), priority("lead", Priority.URGENT, at="09:30")]
    told(*raised, desk=BOTH).shows("overdue_responses", value=None, by="09:29").shows(
        "overdue_responses", value=1, by="09:30"
    )
    told(message(at="09:00"), priority("lead", Priority.URGENT, at="09:04"), desk=BOTH).shows(
        "overdue_responses", value=1, by="09:10"
    )


def test_a_priority_lowered_in_time_gives_more_time_and_after_the_breach_none() -> None:
    urgent = opened(at="09:00", priority=Priority.URGENT)
    told(urgent, message(at="09:00"), priority("lead", Priority.LOW, at="09:05"), desk=BOTH).shows(
        "overdue_responses", value=None, by="09:59"
    ).shows("overdue_responses", value=1, by="10:00")
    told(
        urgent, message(at="09:00"), priority("lead", Priority.LOW, at="09:11"), reply("a", at="09:20"), desk=BOTH
    ).shows("overdue_responses", value=1)


def test_a_promise_edited_in_mid_clock_holds_from_then_on_and_unbreaks_nothing() -> None:
    stricter = [*IN_AN_HOUR, promise(first_response=600, at="09:30")]
    told(message(at="09:00"), desk=stricter).shows("overdue_responses", value=1, by="09:30")
    told(message(at="09:00"), reply("anna", at="09:29"), desk=stricter).shows("responses_in_time_share", value=1)
    milder = [*IN_AN_HOUR, promise(first_response=4 * HOUR, at="09:30")]
    told(message(at="09:00"), reply("anna", at="12:59"), desk=milder).shows("responses_in_time_share", value=1)
    too_late = [*IN_AN_HOUR, promise(first_response=4 * HOUR, at="10:30")]
    told(message(at="09:00"), reply("anna", at="12:59"), desk=too_late).shows("overdue_responses", value=1)


def test_a_promise_withdrawn_in_mid_clock_is_not_judged_any_more() -> None:
    gone = arranged(PromiseWithdrawn(promise="all"), at="09:30")
    told(message(at="09:00"), desk=[*IN_AN_HOUR, gone]).shows("overdue_responses", value=None)
    late = arranged(PromiseWithdrawn(promise="all"), at="10:30")
    told(message(at="09:00"), desk=[*IN_AN_HOUR, late]).shows("overdue_responses", value=1)


def test_the_first_promise_in_declared_order_that_fits_holds() -> None:
    vip = promise("vip", first_response=600, segments=("vip",))
    ordered = arranged(PromisesOrdered(promises=("vip", "all")))
    desk = [*IN_AN_HOUR, vip]
    history = [message(at="09:00"), segment("vip", at="09:00")]
    told(*history, desk=desk).shows("overdue_responses", value=None, by="09:59")
    told(*history, desk=[*desk, ordered]).shows("overdue_responses", value=1, by="09:10")
    told(message(at="09:00"), desk=[*desk, ordered]).shows("overdue_responses", value=None, by="09:59")


def test_what_no_promise_fits_is_neither_kept_nor_overdue() -> None:
    mail = [promise(first_response=HOUR, kinds=(Kind.EMAIL,))]
    told(message(at="09:00"), reply("anna", at="12:00"), desk=mail).shows("overdue_response_share", value=None)


def test_a_calendar_edited_in_mid_clock_counts_from_then_on() -> None:
    nights = calendar((9 * 60, 22 * 60), (18 * 60, 24 * 60 + 6 * 60), at="17:45")
    told(message(at="17:30"), desk=[*IN_A_BUSINESS_HOUR, nights]).shows(
        "overdue_responses", value=None, by="22:29"
    ).shows("overdue_responses", value=1, by="22:30")


def test_a_reopening_is_promised_a_resolution_anew() -> None:
    desk = [promise(resolution=4 * HOUR)]
    told(
        message(at="09:00"),
        resolved("anna", at="10:00"),
        reopened("lead", at="+1 10:00"),
        resolved("boris", at="+1 15:00"),
        desk=desk,
    ).shows("resolutions_in_time_share", value="0.5").shows("resolved_late_by", of="boris", value=HOUR)


def test_what_is_closed_unsolved_in_time_is_neither_kept_nor_overdue() -> None:
    told(message(at="09:00"), closed("anna", at="10:00"), desk=[promise(resolution=4 * HOUR)]).shows(
        "resolutions_in_time_share", value=None
    ).shows("promises_closed_unsolved", of="anna", value=1)


def test_nothing_is_promised_to_spam() -> None:
    told(message(at="09:00"), spam("anna", at="11:00")).shows("overdue_responses", value=None)


def test_what_the_desk_began_has_no_first_response_to_promise() -> None:
    told(reply("anna", at="09:00"), message(at="10:00"), reply("anna", at="10:30")).shows(
        "first_responses_in_time_share", value=None
    ).shows("next_responses_in_time_share", value=1)


def test_an_answer_in_time_that_arrives_late_takes_the_breach_back() -> None:
    history = told(message(at="09:00"), claimed("anna", at="10:30"), reply("anna", at="09:50"))
    history.shows("overdue_responses", value=None).shows("responses_in_time_share", value=1)
