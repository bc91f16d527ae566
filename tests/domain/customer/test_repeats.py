"""Who comes back, and to whose account."""

from domain.customer.contacts import Contact, contact_of, repeats
from domain.envelope import NewEvent
from domain.kpi import measures as m
from tests.timeline import closed, message, no_reply_needed, reply, resolved, spam, timeline, topic

SOLVED = (message(at="09:00"), reply("anna", at="09:05"), resolved("anna", at="09:10"))


def contact(name: str, *history: NewEvent) -> Contact:
    made = contact_of(name, timeline(*history).history.state)
    assert made is not None
    return made


def found(*contacts: Contact) -> list[tuple[str, str | None, int]]:
    """Conversation, who is credited, flags."""
    there = [(conversation, sample.place.operator, sample.flags) for conversation, sample in repeats(contacts)]
    back = [(conversation, sample.place.operator, sample.flags) for conversation, sample in repeats(contacts[::-1])]
    assert sorted(there) == sorted(back)
    return there


def test_another_conversation_within_seven_days_counts_to_whoever_had_resolved() -> None:
    first = contact("c1", *SOLVED)
    assert found(first, contact("c2", message(at="+7 09:10"))) == [("c1", "anna", m.FOLLOWED_UP_FIRST.flag)]
    assert found(first, contact("c2", message(at="+7 09:10:01"))) == []
    assert found(first, contact("c2", message(at="09:09"))) == []


def test_two_that_follow_are_one_return() -> None:
    followers = contact("c2", message(at="10:00")), contact("c3", message(at="+1 10:00"))
    assert found(contact("c1", *SOLVED), *followers) == [("c1", "anna", m.FOLLOWED_UP_FIRST.flag)]


def test_the_topic_is_the_same_only_where_both_say_so() -> None:
    about = contact("c1", *SOLVED, topic("anna", "delivery", at="09:11"))
    same = contact("c2", message(at="10:00"), topic("boris", "delivery", at="10:01"))
    other = contact("c2", message(at="10:00"), topic("boris", "refund", at="10:01"))
    assert [flags & m.FOLLOWED_UP_SAME_TOPIC.flag for *_, flags in found(about, same)] == [1]
    assert [flags & m.FOLLOWED_UP_SAME_TOPIC.flag for *_, flags in found(about, other)] == [0]
    assert [flags & 1 for *_, flags in found(contact("c1", *SOLVED), contact("c2", message(at="10:00")))] == [0]


def test_what_the_desk_began_and_what_is_spam_is_no_return() -> None:
    assert found(contact("c1", *SOLVED), contact("c2", reply("boris", at="10:00"))) == []
    assert contact_of("c2", timeline(message(at="10:00"), spam("anna", at="10:05")).history.state) is None


def test_what_was_opened_again_is_not_taken_away_twice() -> None:
    """The reopening already spoils the first contact; the thank-you that needed no answer does not."""
    follower = contact("c2", message(at="+1 10:00"))
    reopened = contact("c1", *SOLVED, message(at="10:00"), closed("anna", at="11:00"))
    assert found(reopened, follower) == [("c1", "anna", 0)]
    thanked = contact("c1", *SOLVED, message(at="10:00"), no_reply_needed("anna", at="10:01"),
                      closed("anna", at="10:01"))  # fmt: skip
    assert found(thanked, follower) == [("c1", "anna", m.FOLLOWED_UP_FIRST.flag)]


def test_first_contact_resolution_without_a_return_is_the_first_episode_that_stayed_solved() -> None:
    timeline(*SOLVED).shows("first_contact_resolution", of="anna", value=1)
    timeline(*SOLVED, message(at="10:00"), reply("anna", at="10:05"), resolved("anna", at="10:10")).shows(
        "first_contact_resolution", of="anna", value=0
    )
