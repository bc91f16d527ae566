"""What holds for every declared event, whoever adds one."""

import re
from enum import Enum
from pathlib import Path
from typing import Any, get_args, get_type_hints

import pytest
from msgspec import structs

import domain.events
from domain.event import DECLARATIONS, Belongs, Commitment, Declaration, Event, Personal, Words, declaration
from domain.events.conversations import ConversationClosed
from domain.text import Locale
from domain.words import Subject

ALL = [pytest.param(declared, id=name) for name, declared in DECLARATIONS.items()]
EVENTS = Path(domain.events.__file__).parent

CYRILLIC = re.compile("[а-яіїєґ']+", re.IGNORECASE)
STORED = """
    access.recorded
    bot.handed_off
    calendar.set calendar.withdrawn
    call.abandoned call.after_work_ended call.answered call.callback_requested
    call.ended call.held call.offered call.queued call.rang call.resumed
    channel.named channel.renamed
    comment.deleted comment.hidden comment.restored comment.unhidden
    community.named community.renamed
    conversation.assigned conversation.claimed conversation.closed conversation.escalated
    conversation.marked_no_reply_needed conversation.marked_spam conversation.merged conversation.opened
    conversation.priority_changed conversation.put_on_hold conversation.reopened conversation.resolved
    conversation.resumed conversation.segment_changed conversation.tagged conversation.topic_changed
    conversation.transferred conversation.unassigned conversation.untagged conversation.viewed
    cost.recorded
    customer.blocked customer.merged customer.muted customer.named customer.noted customer.unblocked
    customer.unmuted
    focus.left focus.taken
    item.edited item.received item.withdrawn
    note.added
    operator.joined operator.joined_team operator.left operator.left_team operator.renamed
    presence.changed
    promise.breach_withdrawn promise.fell_due promise.nearly_due promise.set promise.withdrawn promises.ordered
    reply.deleted reply.edited reply.sent
    sla.reported
    survey.answered survey.sent
    team.named team.renamed
    workspace.configured workspace.went_live
"""
NAME = re.compile("[a-z]+(_[a-z]+)*")


def _alternatives(hint: Any) -> tuple[Any, ...]:
    """The types that a field may have."""
    parts = get_args(hint)
    return tuple(one for part in parts for one in _alternatives(part)) if parts else (hint,)


def _types(declared: Declaration) -> dict[str, tuple[Any, ...]]:
    return {
        name: _alternatives(hint)
        for name, hint in get_type_hints(declared.payload).items()
        if name in declared.payload.__struct_fields__
    }


@pytest.mark.parametrize("declared", ALL)
def test_an_event_is_titled_in_four_languages(declared: Declaration) -> None:
    title = declared.title
    assert all(title.in_(locale).strip() == title.in_(locale) != "" for locale in Locale)
    assert title.en.isascii()
    assert CYRILLIC.search(title.ru)
    assert CYRILLIC.search(title.uk)
    assert not CYRILLIC.search(title.ro.replace("'", ""))


@pytest.mark.parametrize("declared", ALL)
def test_an_event_says_in_a_sentence_what_happened(declared: Declaration) -> None:
    assert declared.meaning[0].isupper()
    assert declared.meaning.endswith(".")
    assert declared.meaning != (Event.__doc__ or "").strip()


@pytest.mark.parametrize("declared", ALL)
def test_names_are_ascii_words(declared: Declaration) -> None:
    thing, happening = declared.name.split(".")
    assert NAME.fullmatch(thing)
    assert NAME.fullmatch(happening)
    assert all(NAME.fullmatch(field) for field in declared.payload.__struct_fields__)


@pytest.mark.parametrize("declared", ALL)
def test_a_payload_is_flat_and_has_no_floats(declared: Declaration) -> None:
    scalars = (str, int, bool, type(None), Commitment)
    for kinds in _types(declared).values():
        assert all(kind in scalars or kind is Ellipsis or issubclass(kind, Enum) for kind in kinds)


@pytest.mark.parametrize("declared", ALL)
def test_ids_and_labels_are_bounded_and_only_personal_words_are_not(declared: Declaration) -> None:
    """Whatever is kept in plain for ever is short; whoever writes at length writes as a person."""
    for field in structs.fields(declared.payload):
        if str in _types(declared)[field.name] and field.name not in declared.personal:
            assert "max_length=200" in str(field.type)


@pytest.mark.parametrize("declared", ALL)
def test_personal_words_and_customers_are_declared(declared: Declaration) -> None:
    sealable = {name for name, kinds in _types(declared).items() if Commitment in kinds}
    assert sealable == set(declared.personal)
    assert all(mark.of for mark in declared.personal.values())
    customers = {name for name in declared.payload.__struct_fields__ if name == "customer"}
    assert customers <= set(declared.pseudonyms)


@pytest.mark.parametrize("declared", ALL)
def test_words_and_names_are_personal_but_for_those_of_things(declared: Declaration) -> None:
    """A field called so holds what somebody wrote or is called; of a thing's name the domain says that it is none."""
    names_of_things = {Subject.TEAM, Subject.CHANNEL, Subject.COMMUNITY, Subject.WORKSPACE}
    worded = {"text", "comment", "heading"} | (set() if declared.subject in names_of_things else {"name"})
    assert worded & set(declared.payload.__struct_fields__) == set(declared.personal)


def test_who_a_customer_was_merged_into_is_a_pseudonym() -> None:
    assert declaration("customer.merged").pseudonyms == ("into",)


def test_a_reply_belongs_to_its_writer_and_to_whom_it_answers() -> None:
    assert declaration("reply.sent").personal == {"text": Personal((Belongs.WRITER, Belongs.ANSWERED))}
    assert declaration("item.received").personal == {"text": Personal((Belongs.WRITER,))}
    assert declaration("operator.renamed").personal == {"name": Personal((Belongs.SUBJECT,))}


def test_stored_names_are_unique_literals() -> None:
    """Read from the source: a name that is computed, or comes from a class, would change with the code."""
    literal = re.compile(r'^@event\(\s*"([a-z_.]+)"', re.MULTILINE)
    sources = [path.read_text("utf-8") for path in sorted(EVENTS.glob("*.py"))]
    written = [name for source in sources for name in literal.findall(source)]
    declarations = sum(source.count("\n@event(") for source in sources)
    assert sorted(written) == sorted(DECLARATIONS)
    assert len(written) == declarations


def test_a_name_is_declared_once() -> None:
    with pytest.raises(TypeError, match=r"'conversation\.closed' is declared twice"):
        domain.event.event(
            "conversation.closed", of=Subject.CONVERSATION, title=declaration("conversation.closed").title
        )(ConversationClosed)


def test_an_event_cannot_be_changed() -> None:
    closed = ConversationClosed(outcome=domain.words.Outcome.SOLVED)
    with pytest.raises(AttributeError):
        setattr(closed, "reason", "other")  # noqa: B010 - written plainly, the type checker refuses it as well


def test_no_stored_name_ever_goes_away() -> None:
    """Ledgers hold these names for ever: whoever adds a type adds its name here, and nobody takes one out."""
    assert sorted(DECLARATIONS) == STORED.split()


def test_words_are_text_or_a_commitment() -> None:
    assert get_args(Words) == (str, Commitment)
