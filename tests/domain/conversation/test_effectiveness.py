"""Whether matters are solved alone, at once, and for good."""

from collections.abc import Callable

import pytest

from domain.envelope import NewEvent
from tests.timeline import (
    assigned,
    bot,
    claimed,
    closed,
    escalated,
    message,
    no_reply_needed,
    note,
    reopened,
    reply,
    resolved,
    system,
    timeline,
    transferred,
)


def test_solved_without_help() -> None:
    timeline(message(at="09:00"), claimed("anna", at="09:05"), reply("anna", at="09:10"), resolved("anna", at="09:20")
             ).shows("self_solved_share", of="anna", value=1)  # fmt: skip


def test_anothers_answer_is_help() -> None:
    timeline(message(at="09:00"), reply("boris", at="09:10"), resolved("anna", at="09:20")).shows(
        "self_solved_share", of="anna", value=0
    )


def test_a_note_without_words_is_no_help_and_a_bots_answer_neither() -> None:
    timeline(
        message(at="09:00"), reply(bot(), at="09:01"), note("boris", at="09:05"), reply("anna", at="09:10"),
        resolved("anna", at="09:20"),
    ).shows("self_solved_share", of="anna", value=1)  # fmt: skip


def test_whoever_gives_it_out_of_the_queue_helps_nobody_but_whoever_had_it_and_hands_it_over_does() -> None:
    timeline(message(at="09:00"), assigned("anna", by="lead", at="09:05"), resolved("anna", at="09:20")).shows(
        "self_solved_share", of="anna", value=1
    )
    timeline(
        message(at="09:00"), claimed("boris", at="09:05"), transferred("boris", to="anna", at="09:10"),
        resolved("anna", at="09:20"),
    ).shows("self_solved_share", of="anna", value=0)  # fmt: skip


def test_one_answer_in_several_messages_solves_at_once() -> None:
    timeline(
        message(at="09:00"), reply("anna", at="09:10"), reply("anna", at="09:11"), resolved("anna", at="09:20")
    ).shows("one_touch_share", of="anna", value=1)
    timeline(
        message(at="09:00"), reply("anna", at="09:10"), message(at="09:15"), reply("anna", at="09:18"),
        resolved("anna", at="09:20"),
    ).shows("one_touch_share", of="anna", value=0)  # fmt: skip


def test_opened_again_however_late_it_was_not_solved_at_once() -> None:
    history = (message(at="09:00"), reply("anna", at="09:10"), resolved("anna", at="09:20"))
    timeline(*history).shows("one_touch_share", of="anna", value=1)
    timeline(*history, message(at="+6 09:00")).shows("one_touch_share", of="anna", value=0)
    timeline(*history, message(at="+8 09:00")).shows("one_touch_share", of="anna", value=0)


def test_a_thank_you_that_needed_no_answer_opens_nothing_again() -> None:
    timeline(
        message(at="09:00"), reply("anna", at="09:10"), resolved("anna", at="09:20"),
        message(at="10:00"), no_reply_needed("anna", at="10:05"), resolved("anna", at="10:05"),
    ).shows("reopen_rate", value=0).shows("resolved_share", value=1)  # fmt: skip


@pytest.mark.parametrize("kpi", ["first_contact_resolution", "first_contact_resolution_net", "one_touch_share"])
@pytest.mark.parametrize("end", [resolved, closed])
def test_a_thank_you_halves_nobodys_share(kpi: str, end: Callable[..., NewEvent]) -> None:
    """One contact was resolved, at once, whether its thank-you is then resolved or closed."""
    timeline(
        message(at="09:00"), reply("anna", at="09:10"), resolved("anna", at="09:20"),
        message(at="10:00"), no_reply_needed("anna", at="10:05"), end("anna", at="10:05"),
    ).shows(kpi, of="anna", value=1)  # fmt: skip


def test_a_thank_you_between_two_matters_takes_the_blame_for_neither() -> None:
    """It is the first resolution that did not last, and the thank-you's is none of which that is asked."""
    timeline(
        message(at="09:00"), reply("anna", at="09:10"), resolved("anna", at="09:20"),
        message(at="10:00"), no_reply_needed("boris", at="10:05"), resolved("boris", at="10:06"),
        message(at="11:00"), reply("boris", at="11:10"),
    ).shows("reopen_rate", of="anna", value=1).shows("reopen_rate", of="boris", value=None)  # fmt: skip


def test_said_after_the_ending_that_no_reply_was_needed_it_holds_too() -> None:
    timeline(
        message(at="09:00"), reply("anna", at="09:10"), resolved("anna", at="09:20"),
        message(at="10:00"), resolved("anna", at="10:06"), no_reply_needed("anna", at="10:07"),
    ).shows("first_contact_resolution", of="anna", value=1).shows("resolved", of="anna", value=2)  # fmt: skip


def test_the_cohorts_share_counts_what_is_still_resolved() -> None:
    history = (message(at="09:00"), reply("anna", at="09:10"), resolved("anna", at="+2 09:00"))
    timeline(*history).shows("resolved_share", value=1).shows("resolved_share_within_1_days", value=0).shows(
        "resolved_share_within_3_days", value=1
    )
    timeline(*history, reopened("lead", at="+9 09:00")).shows("resolved_share", value=0)
    timeline(*history, reopened("lead", at="+9 09:00"), resolved(system(), at="+9 10:00")).shows(
        "resolved_share", value="0.5"
    )


def test_escalating_counts_as_handing_over() -> None:
    timeline(message(at="09:00"), claimed("anna", at="09:05"), escalated("anna", team="second", at="09:10")).shows(
        "handover_rate", value=1, of="anna"
    )


def test_of_what_an_operator_ever_had_the_resolvers_share_counts() -> None:
    told = timeline(
        message(at="09:00"), claimed("anna", at="09:05"), transferred("anna", to="boris", at="09:10"),
        resolved("boris", at="09:20"),
    )  # fmt: skip
    told.shows("resolved_share_of_held", of="anna", value=0).shows("resolved_share_of_held", of="boris", value=1)
    told.shows("resolved_share_of_held", value=1)


def test_what_nobody_had_is_in_nobodys_share_and_what_one_resolves_at_once_in_ones_own() -> None:
    timeline(message(at="09:00")).shows("resolved_share_of_held", value=None)
    timeline(message(at="09:00"), resolved("anna", at="09:20")).shows("resolved_share_of_held", of="anna", value=1)
