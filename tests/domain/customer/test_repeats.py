"""Who comes back, and to whose account."""

from itertools import permutations

from domain.conversation.sample import Sample
from domain.customer.contacts import Contact, Person, contact_of
from domain.envelope import NewEvent
from domain.kpi import measures as m
from tests.timeline import (
    at,
    closed,
    escalated,
    message,
    no_reply_needed,
    opened,
    reply,
    resolved,
    spam,
    timeline,
    topic,
)

SOLVED = (message(at="09:00"), reply("anna", at="09:05"), resolved("anna", at="09:10"))
WITHIN = m.FOLLOWED_UP_WITHIN


def contact(*history: NewEvent) -> Contact | None:
    return contact_of(timeline(*history).history.state)


def found(**contacts: Contact | None) -> dict[str, list[Sample]]:
    """The samples by conversation; whatever the order in which the contacts become known, and telling only changes."""
    there: list[dict[str, list[Sample]]] = []
    for order in permutations(contacts):
        person = Person()
        told: list[tuple[str, Sample]] = []
        for name in order:
            for conversation, changes in person.put(name, contacts[name]):
                for sample in changes.ceased:
                    told.remove((conversation, sample))
                told += [(conversation, sample) for sample in changes.begun]
        assert sorted(told, key=repr) == sorted(person.samples().elements(), key=repr)
        there.append({name: [sample for of, sample in told if of == name] for name in contacts})
    assert all(each == there[0] for each in there)
    return {name: samples for name, samples in there[0].items() if samples}


def counted(measure: m.Measure, **contacts: Contact | None) -> int:
    return sum(measure.counts(each.measure, each.flags) for samples in found(**contacts).values() for each in samples)


def test_another_conversation_counts_to_whoever_had_resolved_at_the_instant_of_the_resolution() -> None:
    first = contact(*SOLVED)
    ((sample,),) = found(c1=first, c2=contact(message(at="+1 09:10"))).values()
    assert (sample.at, sample.place.operator, sample.episode) == (at("09:10"), "anna", 1)


def test_within_each_window_to_the_second() -> None:
    def after(clock: str) -> list[int]:
        first, second = contact(*SOLVED), contact(message(at=clock))
        return [counted(WITHIN[days].any, c1=first, c2=second) for days in (1, 7, 30)]

    assert after("09:09") == [0, 0, 0]
    assert after("09:10") == [0, 0, 0]
    assert after("+1 09:10") == [1, 1, 1]
    assert after("+1 09:10:01") == [0, 1, 1]
    assert after("+7 09:10") == [0, 1, 1]
    assert after("+7 09:10:01") == [0, 0, 1]
    assert after("+30 09:10") == [0, 0, 1]
    assert after("+30 09:10:01") == [0, 0, 0]


def test_two_that_follow_are_one_return_and_the_first_of_them_says_within_what_time() -> None:
    three = {"c1": contact(*SOLVED), "c2": contact(message(at="10:00")), "c3": contact(message(at="+8 10:00"))}
    assert counted(m.FOLLOWED_UP, **three) == 1
    assert counted(WITHIN[1].any, **three) == 1


def test_each_resolution_is_followed_by_itself() -> None:
    """Reopened and solved again: the next conversation is held against both who had resolved."""
    twice = contact(*SOLVED, message(at="10:00"), reply("boris", at="10:05"), resolved("boris", at="10:10"))
    samples = found(c1=twice, c2=contact(message(at="+1 08:00")))["c1"]
    assert [(sample.place.operator, sample.episode) for sample in samples] == [("anna", 1), ("boris", 2)]


def test_the_topic_is_the_same_only_where_both_say_so() -> None:
    about = contact(*SOLVED, topic("anna", "delivery", at="09:11"))
    same = contact(message(at="10:00"), topic("boris", "delivery", at="10:01"))
    other = contact(message(at="10:00"), topic("boris", "refund", at="10:01"))
    assert counted(m.FOLLOWED_UP_SAME_TOPIC, c1=about, c2=same) == 1
    assert counted(m.FOLLOWED_UP_SAME_TOPIC, c1=about, c2=other) == 0
    assert counted(m.FOLLOWED_UP_SAME_TOPIC, c1=contact(*SOLVED), c2=contact(message(at="10:00"))) == 0
    later = contact(message(at="+2 10:00"), topic("boris", "delivery", at="+2 10:01"))
    assert counted(m.FOLLOWED_UP_SAME_TOPIC, c1=about, c2=other, c3=later) == 1


def test_what_the_desk_began_and_what_is_spam_is_no_return() -> None:
    assert found(c1=contact(*SOLVED), c2=contact(reply("boris", at="10:00"))) == {}
    assert contact(message(at="10:00"), spam("anna", at="10:05")) is None
    assert found(c1=contact(*SOLVED), c2=None) == {}


def test_a_thank_you_as_a_conversation_of_its_own_is_no_return_until_it_goes_on() -> None:
    thanks = (message(at="10:00"), no_reply_needed("anna", at="10:01"), closed("anna", at="10:01"))
    assert found(c1=contact(*SOLVED), c2=contact(*thanks)) == {}
    assert counted(m.FOLLOWED_UP, c1=contact(*SOLVED), c2=contact(*thanks, message(at="11:00"))) == 1
    answered = (message(at="10:00"), reply("anna", at="10:01"), no_reply_needed("anna", at="10:02"),
                closed("anna", at="10:03"))  # fmt: skip
    assert counted(m.FOLLOWED_UP, c1=contact(*SOLVED), c2=contact(*answered)) == 1


def test_what_was_opened_again_is_not_taken_away_twice() -> None:
    """The reopening already spoils the first contact; the thank-you that needed no answer does not."""
    follower = contact(message(at="+1 10:00"))
    reopened = contact(*SOLVED, message(at="10:00"), closed("anna", at="11:00"))
    assert counted(WITHIN[7].first, c1=reopened, c2=follower) == 0
    thanked = contact(*SOLVED, message(at="10:00"), no_reply_needed("anna", at="10:01"), closed("anna", at="10:01"))
    assert counted(WITHIN[7].first, c1=thanked, c2=follower) == 1


def test_a_reopening_outside_a_window_leaves_the_first_contact_to_be_spoiled_by_a_return_within_it() -> None:
    reopened = contact(*SOLVED, message(at="+3 10:00"))
    follower = contact(message(at="10:00"))
    assert [counted(WITHIN[days].first, c1=reopened, c2=follower) for days in (1, 7, 30)] == [1, 0, 0]


def test_net_of_what_was_escalated() -> None:
    follower = contact(message(at="+1 10:00"))
    lifted = contact(message(at="09:00"), escalated("anna", at="09:05"), resolved("vera", at="09:10"))
    assert counted(m.FOLLOWED_UP_FIRST_AT_TIER, c1=contact(*SOLVED), c2=follower) == 1
    assert counted(m.FOLLOWED_UP_FIRST_AT_TIER, c1=lifted, c2=follower) == 0


def test_an_opening_told_after_its_own_resolution_does_not_follow_itself() -> None:
    absurd = contact(message(at="09:00"), resolved("anna", at="09:10"), opened(at="10:00"))
    assert found(c1=absurd) == {}
    assert counted(m.FOLLOWED_UP, c1=absurd, c2=contact(message(at="11:00"))) == 1


def test_a_conversation_that_turns_out_to_be_spam_takes_back_what_it_was_held_against() -> None:
    person = Person()
    person.put("c1", contact(*SOLVED))
    person.put("c2", contact(message(at="10:00")))
    ((conversation, changes),) = person.put("c2", None)
    assert (conversation, len(changes.ceased), len(changes.begun)) == ("c1", 1, 0)
    assert not person.samples()


def test_first_contact_resolution_without_a_return_is_the_first_episode_that_stayed_solved() -> None:
    timeline(*SOLVED).shows("first_contact_resolution", of="anna", value=1)
    again = (*SOLVED, message(at="+2 10:00"), reply("anna", at="+2 10:05"), resolved("anna", at="+2 10:10"))
    timeline(*again).shows("first_contact_resolution", of="anna", value=0).shows(
        "first_contact_resolution_within_1_days", of="anna", value="0.5"
    ).shows("first_contact_resolution_net", of="anna", value=0)
    timeline(message(at="09:00"), escalated("anna", at="09:05"), resolved("vera", at="09:10")).shows(
        "first_contact_resolution", value=1
    ).shows("first_contact_resolution_net", value=None)
