"""Closing (K05, K06), resolving (K08, K19), reopening (K32), processing (K03), handing over (K13): by hand."""

from domain.words import ActorType, Kind, Outcome
from tests.timeline import (
    Teams,
    assigned,
    at,
    bot,
    claimed,
    closed,
    comment,
    deleted,
    escalated,
    inferred,
    merged,
    message,
    no_reply_needed,
    opened,
    reopened,
    reply,
    resolved,
    system,
    timeline,
    transferred,
)

HOUR = 3600


def test_endings_fall_into_three_exclusive_classes() -> None:
    answered = timeline(message(at="09:00"), reply("anna", at="09:01"), closed("anna", at="09:02"))
    answered.shows("closed_with_reply", value=1).shows("closed_with_open_turn", value=None)
    answered.shows("closed_without_reply", value=None).shows("closed_without_reply_share", value=0)
    thanked = timeline(message(at="09:00"), reply("anna", at="09:01"), message(at="09:02"), closed("anna", at="09:03"))
    thanked.shows("closed_with_reply", value=1).shows("closed_with_open_turn", value=1)
    thanked.shows("closed_without_reply", value=None)
    unanswered = timeline(message(at="09:00"), closed("anna", at="09:01"))
    unanswered.shows("closed_with_reply", value=None).shows("closed_without_reply_share", value=1)


def test_the_reply_may_be_anybodys_and_the_variant_asks_for_the_closers() -> None:
    timeline(message(at="09:00"), reply("anna", at="09:01"), closed("boris", at="09:02")).shows(
        "closed_with_reply", of="boris", value=1
    ).shows("closed_with_own_reply", of="boris", value=None)


def test_a_robots_answer_is_no_human_reply() -> None:
    timeline(message(at="09:00"), reply(bot(), at="09:01"), closed("anna", at="09:02")).shows(
        "closed_without_reply", of="anna", value=1
    )


def test_a_timeouts_close_is_nobodys_unless_asked_for() -> None:
    told = timeline(message(at="09:00"), closed(system(), at="+3 09:00"))
    told.shows("closed_without_reply", value=None)
    told.shows("closed_without_reply", value=1, actors=(ActorType.SYSTEM,))


def test_a_duplicate_is_on_neither_side() -> None:
    timeline(message(at="09:00"), closed("anna", at="09:01", outcome=Outcome.DUPLICATE)).shows(
        "closed_without_reply_share", value=None
    ).shows("set_aside", value=1)


def test_a_merged_conversation_is_out_of_the_figures() -> None:
    timeline(message(at="09:00"), reply("anna", at="09:01"), merged("anna", at="09:02")).shows(
        "conversations_opened", value=None
    ).shows("set_aside", of="anna", value=1)


def test_closing_after_resolving_is_administrative() -> None:
    timeline(
        message(at="09:00"), reply("anna", at="09:01"), resolved("anna", at="09:02"), closed("boris", at="+5 09:00")
    ).shows("closed_with_reply", of="anna", value=1).shows("closed_with_reply", of="boris", value=None).shows(
        "resolved", of="anna", value=1
    ).shows("resolved", of="boris", value=None)


def test_closing_as_solved_is_a_resolution() -> None:
    timeline(message(at="09:00"), reply("anna", at="09:01"), closed("anna", at="10:00", outcome=Outcome.SOLVED)).shows(
        "resolved", value=1
    ).shows("first_resolution_time", value=HOUR)


def test_resolving_again_counts_again_and_moves_only_the_full_time() -> None:
    timeline(
        message(at="09:00"),
        resolved("anna", at="10:00"),
        reopened("lead", at="11:00"),
        resolved("boris", at="13:00"),
    ).shows("resolved", value=2).shows("resolved", of="anna", value=1).shows("first_resolution_time", value=HOUR).shows(
        "full_resolution_time", of="boris", value=4 * HOUR
    ).shows("full_resolution_time", of="anna", value=None).shows("open_time", value=3 * HOUR)


def test_resolving_what_is_resolved_says_nothing_new() -> None:
    timeline(message(at="09:00"), resolved("anna", at="10:00"), resolved("boris", at="11:00")).shows(
        "resolved", value=1
    ).shows("full_resolution_time", value=HOUR)


def test_what_was_closed_unsolved_stands_beside_the_resolution_times() -> None:
    told = [message(at="09:00"), closed("anna", at="11:00")]
    timeline(*told).shows("unsolved_close_time", value=2 * HOUR).shows("first_resolution_time", value=None)
    timeline(*told, reopened("lead", at="12:00"), resolved("boris", at="13:00")).shows(
        "unsolved_close_time", value=None
    ).shows("first_resolution_time", value=4 * HOUR)


def test_a_systems_resolution_counts_only_when_asked_for() -> None:
    told = timeline(message(at="09:00"), resolved(system("auto"), at="10:00"))
    told.shows("resolved", value=None).shows("resolved", value=1, actors=tuple(ActorType))


def test_an_opening_told_is_where_resolution_times_begin() -> None:
    timeline(assigned("anna", at="08:00"), opened(at="09:00"), resolved("anna", at="10:00")).shows(
        "first_resolution_time", value=HOUR
    ).shows("conversations_opened", value=1)


def test_a_reopening_is_held_against_whoever_resolved() -> None:
    timeline(
        message(at="09:00"), resolved("anna", at="10:00"), message(at="+3 10:00"), resolved("boris", at="+3 11:00")
    ).shows("reopen_rate", of="anna", value=1).shows("reopen_rate", of="boris", value=0).shows(
        "reopen_rate_by_customer", of="anna", value=1
    ).shows("reopen_rate_by_desk", of="anna", value=0)


def test_a_reopening_counts_within_seven_days_to_the_second() -> None:
    resolved_at = [message(at="09:00"), resolved("anna", at="10:00")]
    timeline(*resolved_at, message(at="+7 10:00")).shows("reopen_rate", value=1)
    timeline(*resolved_at, message(at="+7 10:00:01")).shows("reopen_rate", value=0)


def test_a_thank_you_that_needed_no_reply_is_no_reopening() -> None:
    thanks = [message(at="09:00"), resolved("anna", at="10:00"), message(at="10:05")]
    timeline(*thanks).shows("reopen_rate", value=1)
    timeline(*thanks, no_reply_needed("anna", at="10:06"), closed("anna", at="10:06")).shows(
        "reopen_rate", of="anna", value=0
    )


def test_a_needless_mark_after_an_answer_is_still_a_reopening() -> None:
    timeline(
        message(at="09:00"),
        resolved("anna", at="10:00"),
        message(at="10:05"),
        reply("anna", at="10:06"),
        no_reply_needed("anna", at="10:07"),
        closed("anna", at="10:08"),
    ).shows("reopen_rate", of="anna", value=1)


def test_a_close_without_reply_that_brings_the_customer_back_is_contested() -> None:
    closing = [message(at="09:00"), closed("anna", at="10:00")]
    timeline(*closing, message(at="+1 10:00")).shows("contested_closes", of="anna", value=1)
    timeline(*closing, message(at="+1 10:00:01")).shows("contested_closes", value=None)
    timeline(*closing, reopened("lead", at="11:00")).shows("contested_closes", value=None)


def test_processed_is_taken_under_control_and_answered() -> None:
    timeline(message(at="09:00"), claimed("anna", at="09:01")).shows("processed", value=None)
    timeline(message(at="09:00"), reply("anna", at="09:01")).shows("processed", value=None)
    timeline(
        message(at="09:00"), claimed("anna", at="09:01"), reply("anna", at="09:02"), reply("anna", at="09:03")
    ).shows("processed", of="anna", value=1)


def test_assigning_to_oneself_is_taking_under_control() -> None:
    timeline(message(at="09:00"), assigned("anna", by="anna", at="09:01"), reply("anna", at="09:02")).shows(
        "processed", of="anna", value=1
    )
    timeline(message(at="09:00"), assigned("anna", by="lead", at="09:01"), reply("anna", at="09:02")).shows(
        "processed", value=None
    )


def test_closing_or_deleting_without_a_reply_is_processing_too() -> None:
    timeline(message(at="09:00"), closed("anna", at="09:01")).shows("processed", of="anna", value=1)
    timeline(comment("a", at="09:00"), deleted("igor", "a", at="09:01")).shows("processed", of="igor", value=1)


def test_a_second_operator_processes_too_and_the_team_counts_the_episode_once() -> None:
    told = timeline(
        message(at="09:00"),
        claimed("anna", at="09:01"),
        reply("anna", at="09:02"),
        transferred("anna", to="boris", at="09:03"),
        claimed("boris", at="09:04"),
        reply("boris", at="09:05"),
        teams=Teams(anna="red", boris="red"),
    )
    told.shows("processed", of="anna", value=1).shows("processed", of="boris", value=1)
    told.shows("processed", team="red", value=1).shows("processed", value=1)


def test_a_reopened_episode_is_processed_again() -> None:
    timeline(
        message(at="09:00"),
        claimed("anna", at="09:01"),
        reply("anna", at="09:02"),
        resolved("anna", at="09:03"),
        message(at="+1 09:00"),
        reply("anna", at="+1 09:01"),
    ).shows("processed", of="anna", value=2)


def test_taking_it_oneself_and_from_the_queue_is_no_transfer() -> None:
    timeline(message(at="09:00"), assigned("anna", by="lead", at="09:01"), reply("anna", at="09:02")).shows(
        "handover_rate", value=0
    )
    timeline(
        message(at="09:00"),
        claimed("anna", at="09:01"),
        assigned("boris", by="boris", at="09:02"),
        reply("boris", at="09:03"),
    ).shows("handover_rate", value=0)


def test_the_sender_of_a_transfer_is_credited_once_an_episode() -> None:
    told = timeline(
        message(at="09:00"),
        claimed("anna", at="09:01"),
        transferred("anna", to="boris", at="09:02"),
        transferred("boris", to="anna", at="09:03"),
        transferred("anna", to="boris", at="09:04"),
    )
    told.shows("handover_rate", of="anna", value=1).shows("handover_rate", of="boris", value=1).shows(
        "handover_rate", value=1
    )


def test_an_escalation_is_a_handing_over_and_a_change_of_queue_too() -> None:
    timeline(message(at="09:00"), claimed("anna", at="09:01"), escalated("anna", team="second line", at="09:02")).shows(
        "handover_rate", of="anna", value=1
    )
    timeline(message(at="09:00", team="a"), transferred("anna", team="b", at="09:02")).shows("handover_rate", value=1)


def test_a_sample_is_of_the_queue_else_of_the_operators_own_team() -> None:
    told = [claimed("anna", at="09:01"), reply("anna", at="09:02")]
    queued = timeline(message(at="09:00", team="night"), *told, teams=Teams(anna="red"))
    queued.shows("replies_sent", team="night", value=1).shows("replies_sent", team="red", value=None)
    timeline(message(at="09:00"), *told, teams=Teams(anna="red")).shows("replies_sent", team="red", value=1)


def test_an_inferred_actor_counts_in_volumes_and_is_marked() -> None:
    told = timeline(message(at="09:00"), closed(inferred("anna"), at="09:01")).shows("closed_without_reply", value=1)
    assert {sample.place.inferred for sample in told.samples if sample.place.operator == "anna"} == {True}


def test_a_late_event_corrects_what_it_touches_and_nothing_else() -> None:
    told = timeline(message(at="09:00"), closed("anna", at="09:10"), reply("anna", at="09:05"))
    told.shows("closed_without_reply", value=None).shows("closed_with_reply", value=1).shows("response_time", value=300)


def test_context_is_what_was_known_at_the_instant() -> None:
    told = timeline(
        opened(at="09:00", channel="vk", kind=Kind.MESSAGE), message(at="09:00:01"), reply("anna", at="09:01")
    )
    assert {sample.place.channel for sample in told.samples} == {"vk"}
    assert min(sample.at for sample in told.samples) == at("09:00")


def test_escalations_are_counted_apart_and_ping_pong_by_its_hops() -> None:
    told = timeline(
        message(at="09:00", team="a"), claimed("anna", at="09:01"), transferred("anna", to="boris", at="09:02"),
        transferred("boris", to="anna", at="09:03"), escalated("anna", team="b", at="09:04"),
    )  # fmt: skip
    told.shows("handover_rate", value=1).shows("hops_per_handover", value=3).shows("escalation_rate", value=1)
    told.shows("hops_per_handover", of="anna", value=2).shows("escalation_rate", of="boris", value=0)
