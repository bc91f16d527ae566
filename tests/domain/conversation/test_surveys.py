"""What customers say, and whom it is credited to."""

from domain.words import ActorType, SurveyScale
from tests.acts import asked, says
from tests.timeline import assigned, bot, message, reply, resolved, system, timeline

SOLVED = (message(at="09:00"), reply("anna", at="09:10"), resolved("anna", at="09:20"))


def test_a_rating_is_credited_to_whoever_resolved() -> None:
    timeline(*SOLVED, asked(at="09:21"), says(4, at="10:00")).shows("customer_rating", of="anna", value=4).shows(
        "satisfied_share", of="anna", value=1
    ).shows("survey_response_rate", of="anna", value=1)


def test_a_rating_after_a_thank_you_is_of_what_was_done() -> None:
    """Nobody asked for it, and the thanks opened the conversation again, in which nothing was done yet."""
    timeline(
        message(at="09:00"), reply("anna", at="09:10"), resolved("boris", at="09:20"),
        message(at="09:30"), says(5, at="09:31"),
    ).shows("customer_rating", of="boris", value=5).shows("customer_rating", of="anna", value=None)  # fmt: skip


def test_giving_it_to_somebody_else_after_a_bad_rating_changes_nothing() -> None:
    timeline(*SOLVED, asked(at="09:21"), assigned("boris", at="09:30"), says(1, at="10:00")).shows(
        "customer_rating", of="anna", value=1
    ).shows("customer_rating", of="boris", value=None)


def test_resolving_again_after_the_survey_was_sent_changes_nothing() -> None:
    timeline(
        *SOLVED, asked(at="09:21"), message(at="09:30"), reply("boris", at="09:40"), resolved("boris", at="09:50"),
        says(2, at="10:00"),
    ).shows("customer_rating", of="anna", value=2)  # fmt: skip


def test_before_a_resolution_it_is_whoever_answered_last() -> None:
    timeline(
        message(at="09:00"), reply("anna", at="09:10"), reply("boris", at="09:12"), asked(at="09:15"),
        resolved("anna", at="09:20"), says(5, at="10:00"),
    ).shows("customer_rating", of="boris", value=5)  # fmt: skip


def test_a_rating_of_nobody_still_counts_for_the_company() -> None:
    timeline(message(at="09:00"), says(3, at="10:00")).shows("customer_rating", value=3).shows(
        "satisfied_share", value=0
    ).shows("survey_response_rate", value=None)


def test_the_last_answer_of_a_survey_holds_and_its_turning_is_told() -> None:
    timeline(*SOLVED, asked(at="09:21"), says(2, at="10:00"), says(5, at="+2 10:00")).shows(
        "customer_rating", value=5
    ).shows("ratings_turned_good", value=1).shows("ratings_turned_bad", value=None).shows("satisfied_share", value=1)


def test_thumbs_are_one_and_five() -> None:
    up = says(1, "s1", SurveyScale.THUMBS, at="10:00")
    down = says(0, "s2", SurveyScale.THUMBS, at="10:01")
    timeline(*SOLVED, up, down).shows("customer_rating", value=3).shows("satisfied_share", value="0.5")


def test_a_second_survey_of_an_episode_asks_nothing_new() -> None:
    timeline(*SOLVED, asked("s1", at="09:21"), asked("s2", at="09:22"), says(4, "s2", at="10:00")).shows(
        "survey_response_rate", value=1
    )


def test_recommendations_are_promoters_less_detractors() -> None:
    scores = [says(score, f"s{score}", SurveyScale.NPS_0_10, at=f"10:0{score % 10}") for score in (10, 9, 8, 7, 6)]
    timeline(*SOLVED, *scores).shows("nps", value=20).shows("customer_rating", value=None)


def test_a_bots_resolution_is_rated_as_the_bots_and_a_systems_as_the_last_senders() -> None:
    timeline(message(at="09:00"), resolved(bot(), at="09:01"), asked(at="09:02"), says(2, at="09:03")).shows(
        "customer_rating", value=2, actors=(ActorType.BOT,)
    )
    timeline(message(at="09:00"), reply("anna", at="09:05"), resolved(system(), at="10:00"), asked(at="10:01"),
             says(5, at="10:02")).shows("customer_rating", of="anna", value=5)  # fmt: skip
