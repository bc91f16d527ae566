"""First response (K14) and response to every turn (K15), by hand from the definitions."""

from domain.conversation.sample import Standing
from tests.timeline import (
    assigned,
    bot,
    claimed,
    closed,
    comment,
    deleted,
    handed_off,
    hidden,
    message,
    no_reply_needed,
    note,
    opened,
    picked_up,
    rated,
    reopened,
    reply,
    reply_deleted,
    resolved,
    rings,
    spam,
    system,
    timeline,
    transferred,
    unhidden,
    viewed,
    withdrawn,
)


def test_the_first_answer_is_timed_from_the_first_item_and_credited_to_its_sender() -> None:
    timeline(
        message(at="09:00"), claimed("anna", at="09:01"), reply("anna", at="09:05"), reply("anna", at="09:06")
    ).shows("first_response_time", of="anna", value=300).shows("response_time", value=300).shows(
        "replies_sent", of="anna", value=2
    ).shows("answered_turns", of="anna", value=1)


def test_several_items_before_an_answer_are_one_turn_timed_from_the_oldest() -> None:
    timeline(message(at="09:00"), message(at="09:04"), reply("anna", at="09:10")).shows(
        "response_time", value=600
    ).shows("answered_turns", value=1)


def test_every_turn_is_timed_and_only_the_first_is_a_first_response() -> None:
    timeline(message(at="09:00"), reply("anna", at="09:02"), message(at="09:30"), reply("boris", at="09:50")).shows(
        "first_response_time", value=120
    ).shows("first_response_time", of="boris", value=None).shows("response_time", of="boris", value=1200).shows(
        "response_time", value=660
    )


def test_notes_views_and_robots_never_stop_the_human_clock() -> None:
    timeline(
        message(at="09:00"),
        viewed("anna", at="09:01"),
        reply(bot(), at="09:02"),
        note("anna", at="09:03"),
        reply("anna", at="09:04", automated=True),
        reply("anna", at="09:10"),
    ).shows("first_response_time", of="anna", value=600).shows("replies_sent", of="anna", value=1)


def test_the_human_clock_starts_when_the_robot_hands_off() -> None:
    timeline(message(at="09:00"), reply(bot(), at="09:01"), handed_off(at="09:20"), reply("anna", at="09:25")).shows(
        "first_response_time", value=300
    ).shows("response_time", value=300)


def test_what_comes_after_the_hand_off_waits_from_its_own_time() -> None:
    timeline(handed_off(at="08:00"), message(at="09:00"), reply("anna", at="09:07")).shows("response_time", value=420)


def test_a_transfer_does_not_reset_the_clock() -> None:
    timeline(
        message(at="09:00"),
        claimed("anna", at="09:01"),
        transferred("anna", to="boris", at="09:50"),
        reply("boris", at="10:05"),
    ).shows("first_response_time", of="boris", value=3900).shows("first_response_time", of="anna", value=None)


def test_a_conversation_that_the_desk_began_has_no_first_response() -> None:
    timeline(reply("anna", at="09:00"), message(at="09:10"), reply("anna", at="09:13")).shows(
        "first_response_time", value=None
    ).shows("response_time", value=180).shows("conversations_opened", value=None).shows(
        "conversations_started_by_desk", value=1
    )


def test_an_opening_that_says_nothing_is_the_desks_if_the_desk_speaks_first() -> None:
    timeline(
        opened(at="08:59", by="anna"), reply("anna", at="09:00"), message(at="09:10"), reply("anna", at="09:12")
    ).shows("first_response_time", value=None).shows("conversations_started_by_desk", value=1)


def test_a_reopened_conversation_has_response_times_and_no_second_first_response() -> None:
    timeline(
        message(at="09:00"),
        reply("anna", at="09:01"),
        resolved("anna", at="09:02"),
        message(at="+2 10:00"),
        reply("boris", at="+2 10:30"),
    ).shows("first_response_time", value=60).shows("response_time", of="boris", value=1800)


def test_what_was_closed_without_a_reply_is_in_no_mean() -> None:
    timeline(message(at="09:00"), closed("anna", at="09:01")).shows("first_response_time", value=None).shows(
        "response_time", value=None
    ).shows("closed_without_reply", of="anna", value=1)


def test_a_reply_after_the_close_answers_nothing_that_still_waited() -> None:
    timeline(message(at="09:00"), closed("anna", at="09:01"), reply("anna", at="09:02")).shows(
        "response_time", value=None
    ).shows("replies_sent", value=1)


def test_a_night_turn_is_timed_over_midnight() -> None:
    timeline(message(at="23:50"), reply("anna", at="+1 00:10")).shows("response_time", value=1200)


def test_each_public_comment_is_a_turn_of_its_own() -> None:
    timeline(
        comment("a", at="09:00"),
        comment("b", at="09:10", who="petr"),
        reply("anna", at="09:15", to="b"),
        reply("anna", at="09:20", to="a"),
    ).shows("answered_turns", value=2).shows("response_time", value=750)


def test_a_reply_that_names_no_comment_answers_the_latest_open_one() -> None:
    timeline(comment("a", at="09:00"), comment("b", at="09:10"), reply("anna", at="09:12")).shows(
        "response_time", value=120
    )


def test_a_second_reply_to_an_answered_comment_answers_no_other() -> None:
    timeline(
        comment("a", at="09:00"),
        reply("anna", at="09:01", to="a"),
        comment("b", at="09:10"),
        reply("anna", at="09:12", to="a"),
    ).shows("answered_turns", value=1).shows("replies_sent", value=2)


def test_an_item_that_the_customer_took_back_does_not_wait() -> None:
    timeline(
        message("a", at="09:00"), message("b", at="09:05"), withdrawn("a", at="09:06"), reply("anna", at="09:10")
    ).shows("response_time", value=300)


def test_a_turn_taken_back_whole_needs_no_answer() -> None:
    timeline(message("a", at="09:00"), withdrawn("a", at="09:01"), reply("anna", at="09:10")).shows(
        "response_time", value=None
    )


def test_a_comment_deleted_unanswered_is_in_no_mean() -> None:
    timeline(comment("a", at="09:00"), deleted("igor", "a", at="09:02")).shows("response_time", value=None).shows(
        "comments_deleted", of="igor", value=1
    )


def test_removing_one_of_two_items_does_not_shorten_the_wait() -> None:
    timeline(
        message("a", at="09:00"), message("b", at="09:05"), deleted("igor", "a", at="09:06"), reply("anna", at="09:10")
    ).shows("response_time", value=600)


def test_a_comment_shown_again_waits_again_from_its_beginning() -> None:
    timeline(
        comment("a", at="09:00"),
        hidden("igor", "a", at="09:02"),
        unhidden("igor", "a", at="09:03"),
        reply("anna", at="09:10"),
    ).shows("response_time", value=600).shows("comments_removed", of="igor", value=1)


def test_a_comment_deleted_after_its_answer_keeps_the_answers_sample() -> None:
    timeline(comment("a", at="09:00"), reply("anna", at="09:01", to="a"), deleted("igor", "a", at="09:02")).shows(
        "response_time", value=60
    )


def test_deleting_the_only_reply_keeps_its_sample_and_reopens_the_turn() -> None:
    timeline(
        message(at="09:00"),
        reply("anna", "r1", at="09:01"),
        reply_deleted("anna", "r1", at="09:02"),
        reply("boris", at="09:11"),
    ).shows("response_time", of="anna", value=60).shows("response_time", of="boris", value=660).shows(
        "own_replies_deleted", of="anna", value=1
    )


def test_deleting_one_of_two_replies_leaves_the_turn_answered() -> None:
    timeline(
        message(at="09:00"),
        reply("anna", "r1", at="09:01"),
        reply("anna", "r2", at="09:02"),
        reply_deleted("anna", "r1", at="09:03"),
        reply("boris", at="09:11"),
    ).shows("answered_turns", value=1)


def test_a_turn_reopened_by_a_deletion_runs_on_with_what_the_customer_wrote_since() -> None:
    timeline(
        message(at="09:00"),
        reply("anna", "r1", at="09:01"),
        message(at="09:05"),
        reply_deleted("anna", "r1", at="09:06"),
        reply("boris", at="09:10"),
        reply("boris", at="09:11"),
    ).shows("response_time", of="boris", value=600).shows("answered_turns", value=2)


def test_a_turn_that_needed_no_reply_is_answered_by_none() -> None:
    timeline(
        message(at="09:00"),
        reply("anna", at="09:01"),
        message(at="09:02"),
        no_reply_needed("anna", at="09:03"),
        reply("anna", at="09:30"),
    ).shows("answered_turns", value=1)


def test_a_call_is_an_item_without_a_written_answer() -> None:
    timeline(rings(at="09:00"), picked_up("anna", at="09:00:20"), closed("anna", at="09:05")).shows(
        "incoming_items", value=1
    ).shows("response_time", value=None).shows("closed_with_reply", of="anna", value=1).shows(
        "processed", of="anna", value=1
    )


def test_spam_is_out_of_every_figure_and_counted_on_its_own() -> None:
    timeline(message(at="09:00"), reply("anna", at="09:01"), spam("anna", at="09:02")).shows(
        "response_time", value=None
    ).shows("response_time", value=60, standing=Standing.SPAM).shows("conversations_opened", value=None).shows(
        "set_aside", of="anna", value=1
    )


def test_a_wrong_verdict_taken_back_by_reopening_counts_again() -> None:
    timeline(
        message(at="09:00"), reply("anna", at="09:01"), spam("anna", at="09:02"), reopened("boris", at="09:03")
    ).shows("response_time", value=60).shows("conversations_opened", value=1)


def test_calling_it_spam_hides_no_deletion() -> None:
    timeline(comment("a", at="09:00"), deleted("igor", "a", at="09:01"), spam("igor", at="09:02")).shows(
        "comments_deleted", of="igor", value=1
    )


def test_the_platforms_own_deletion_is_nobodys() -> None:
    timeline(comment("a", at="09:00"), deleted(system("platform"), "a", at="09:01")).shows(
        "comments_removed", value=None
    )


def test_a_rating_and_a_clock_that_ran_backwards_disturb_nothing() -> None:
    timeline(message(at="09:00"), reply("anna", at="09:01"), rated(5, at="08:00")).shows("response_time", value=60)


def test_since_assignment_the_clock_starts_when_somebody_else_gave_it() -> None:
    told = timeline(message(at="09:00"), assigned("anna", at="09:20"), reply("anna", at="09:25"))
    told.shows("first_response_time", of="anna", value=1_500).shows(
        "first_response_time_since_assignment", of="anna", value=300
    )
    timeline(message(at="09:00"), claimed("anna", at="09:20"), reply("anna", at="09:25")).shows(
        "first_response_time_since_assignment", of="anna", value=1_500
    )
    timeline(assigned("anna", at="08:00"), message(at="09:00"), reply("anna", at="09:25")).shows(
        "first_response_time_since_assignment", of="anna", value=1_500
    )
