"""A command from plain data is a command or is refused, with where and why."""

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

import domain.commands  # noqa: F401 - fills the registry
from domain.command import COMMANDS, Command, command_of
from domain.commands.conversations import CloseConversation
from domain.errors import InvalidInput
from domain.words import Outcome, Subject
from tests.domain.test_payloads import ANY_JSON

CLOSING = {"conversation": "c1", "outcome": "solved"}


def refused(name: str, fields: Any) -> InvalidInput:
    with pytest.raises(InvalidInput) as refusal:
        command_of(name, fields, fresh="made")
    return refusal.value


def test_plain_data_becomes_a_command() -> None:
    made = command_of("CloseConversation", CLOSING, fresh="made")
    assert made == CloseConversation(conversation="c1", outcome=Outcome.SOLVED)


@pytest.mark.parametrize(
    ("name", "fields", "path", "detail"),
    [
        ("CloseConversation", {**CLOSING, "mood": "good"}, ("mood",), "UNKNOWN_FIELD"),
        ("CloseConversation", {"outcome": "solved"}, ("conversation",), "MISSING_FIELD"),
        ("CloseConversation", {**CLOSING, "outcome": "done"}, ("outcome",), "UNKNOWN_WORD"),
        ("CloseConversation", {**CLOSING, "conversation": ""}, ("conversation",), "TOO_SHORT"),
        ("CloseConversation", {**CLOSING, "reason": "r" * 201}, ("reason",), "TOO_LONG"),
        ("CloseConversation", {**CLOSING, "reason": "\0"}, ("reason",), "ILL_FORMED_TEXT"),
        ("AddNote", {"conversation": "c1", "text": ""}, ("text",), "TOO_SHORT"),
        ("SendReply", {"conversation": "c1", "text": "Hi", "and_resolve": 1}, ("and_resolve",), "WRONG_TYPE"),
        ("PutConversationOnHold", {"conversation": "c1", "until": 5}, ("until",), "OUT_OF_RANGE"),
        ("BlockCustomer", {"customer": 7}, ("customer",), "WRONG_TYPE"),
    ],
)
def test_a_malformed_wish_is_refused_with_where_and_why(
    name: str, fields: Any, path: tuple[str, ...], detail: str
) -> None:
    error = refused(name, fields)
    assert (error.path, error.detail) == (path, detail)


@given(data=st.data(), name=st.sampled_from(sorted(COMMANDS)))
def test_any_values_become_a_command_and_its_events_or_are_refused(data: st.DataObject, name: str) -> None:
    known = COMMANDS[name].command.__struct_fields__
    fields = data.draw(st.dictionaries(st.sampled_from(known), ANY_JSON | st.text(min_size=1, max_size=9)))
    try:
        command = command_of(name, fields, fresh="made")
    except InvalidInput as error:
        refusal = error
    else:
        assert [type(event) for event in COMMANDS[name].granted(command)] == [*COMMANDS[name].becomes][
            : 1 + _resolves(command)
        ]
        return
    assert refusal.detail
    assert refusal.path[0] in known


def _resolves(command: Command) -> bool:
    return getattr(command, "and_resolve", False)


@pytest.mark.parametrize("name", sorted(COMMANDS))
def test_a_command_names_what_it_is_about(name: str) -> None:
    """By a field called like the subject; of the workspace there is one only."""
    declared = COMMANDS[name]
    fields = declared.command.__struct_fields__
    assert (declared.subject.value in fields) == (declared.subject is not Subject.WORKSPACE)
    assert declared.meaning.endswith(".")
    assert name.isascii()
