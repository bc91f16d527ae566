"""From the domain's event declarations to GraphQL: which fields a payload has there, and of which types.

A field name has one type in all events that have it, and is nullable in all where it is in one, so that a query may ask
for it on many types at once (`... on ReplySent { kind } ... on ItemReceived { kind }`).
"""

from collections.abc import Iterator
from dataclasses import dataclass
from enum import Enum
from functools import cache
from types import NoneType
from typing import Any, get_args, get_type_hints

import msgspec
import strawberry

import domain.events  # noqa: F401 - fills the registry
from api.schema.scalars import DateTime, GivenDateTime
from domain.event import DECLARATIONS, Declaration, Event

ID, TEXT = strawberry.ID, str

MEANINGS: dict[str, tuple[Any, str]] = {
    "assignee": (ID, "The operator that it was given to."),
    "automated": (bool, "Whether a rule or campaign sent it under the actor's name."),
    "call": (ID, "Which call."),
    "channel": (ID, "The channel, by the desk's id."),
    "comment": (TEXT, "What the customer wrote with the rating; null where nothing was written, or it was forgotten."),
    "community": (ID, "The page, group, number or mailbox, by the desk's id."),
    "complexity": (None, "How hard the desk says it is."),
    "conversation": (ID, "The conversation in which it happened."),
    "customer": (ID, "The customer: written by the desk's id, read as the pseudonym that stands for it."),
    "heading": (TEXT, "The subject line; null where there is none, or it was forgotten."),
    "in_reply_to": (ID, "The item or reply that it answers."),
    "into": (ID, "The conversation or customer that goes on."),
    "item": (ID, "The customer's item."),
    "kept": (bool, "Whether the promise was kept, as the desk's software says."),
    "kind": (None, "What sort of item it is."),
    "metric": (TEXT, "Which promise."),
    "name": (TEXT, "What it or somebody is called; null where a person's name was forgotten."),
    "note": (ID, "Which note."),
    "outcome": (None, "What it ended in."),
    "presence": (None, "Whether the operator is there to work."),
    "primary": (bool, "Whether it is the operator's main team."),
    "priority": (None, "How urgent the desk says it is."),
    "proactive": (bool, "Whether the desk began it."),
    "reason": (TEXT, "Why, by a code or short name of the desk's."),
    "reply": (ID, "The desk's reply."),
    "scale": (None, "Which question the survey asks."),
    "score": (int, "The rating: 1 to 5; thumbs 0 or 1; NPS 0 to 10."),
    "survey": (ID, "Which survey."),
    "tag": (TEXT, "The tag."),
    "team": (ID, "The team or queue, by the desk's id."),
    "template": (TEXT, "The template that the reply was made from."),
    "text": (TEXT, "What was written; null where it is not known, or was forgotten."),
    "to_operator": (ID, "The operator that it went to."),
    "to_team": (ID, "The team or queue that it went to."),
    "topic": (TEXT, "The matter, by a short name of the desk's."),
    "until": (DateTime, "Until when."),
    "waiting_for": (None, "Whom the desk waits for."),
    "zone": (TEXT, "The IANA time zone in which the desk counts its days."),
}
"""What every payload field means, and its type where the declaration's own does not say (an enum says)."""


@dataclass(frozen=True, slots=True)
class PayloadField:
    """One field of one event type, as the API shows it."""

    name: str
    type: Any
    meaning: str
    nullable: bool
    """In answers."""
    required: bool
    """In what is recorded."""
    personal: bool

    @property
    def answered(self) -> Any:
        return self.type | None if self.nullable else self.type

    @property
    def given(self) -> Any:
        kind = GivenDateTime if self.type is DateTime else self.type
        return kind if self.required else kind | None


def payload_fields(declaration: Declaration) -> tuple[PayloadField, ...]:
    """The fields of an event type's payload, in order of declaration."""
    return tuple(
        PayloadField(
            name=field.name,
            type=_type(declaration, field.name),
            meaning=MEANINGS[field.name][1],
            nullable=field.name in _nullable(),
            required=field.required,
            personal=field.name in declaration.personal,
        )
        for field in msgspec.structs.fields(declaration.payload)
    )


def type_name(declaration: Declaration) -> str:
    """What the event type is called in GraphQL, such as `ConversationClosed`."""
    return declaration.payload.__name__


def _type(declaration: Declaration, field: str) -> Any:
    told = MEANINGS[field][0]
    if told is not None:
        return told
    return next(
        part for part in _parts(declaration.payload)[field] if isinstance(part, type) and issubclass(part, Enum)
    )


@cache
def _nullable() -> frozenset[str]:
    """Field names that are optional, or personal and so may be forgotten, in any event type."""
    return frozenset(
        name
        for declaration in DECLARATIONS.values()
        for name, parts in _parts(declaration.payload).items()
        if NoneType in parts or name in declaration.personal
    )


@cache
def _parts(payload: type[Event]) -> dict[str, tuple[Any, ...]]:
    """The alternatives of each field's type."""
    hints = get_type_hints(payload)
    return {field.name: tuple(_alternatives(hints[field.name])) for field in msgspec.structs.fields(payload)}


def _alternatives(hint: Any) -> Iterator[Any]:
    parts = get_args(hint)
    if not parts:
        yield hint
    for part in parts:
        yield from _alternatives(part)
