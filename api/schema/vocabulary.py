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
from domain import words
from domain.event import DECLARATIONS, Declaration, Event

ID, TEXT = strawberry.ID, str

MEANINGS: dict[str, tuple[Any, str]] = {
    "assignee": (ID, "The operator that it was given to."),
    "amount": (int, "How much, in minor units of the currency."),
    "automated": (bool, "Whether a rule or campaign sent it under the actor's name."),
    "call": (ID, "Which call."),
    "channel": (ID, "The channel, by the desk's id."),
    "channels": (list[strawberry.ID], "The channels for which it holds, by the desk's ids; none: for all."),
    "clock": (ID, "Which clock of the conversation."),
    "closed_on": (list[str], "Local dates that are not worked, as 2026-01-01."),
    "closes": (
        list[int],
        "Beside `opens`: the minute at which each interval ends, past 10,080 where it runs into Monday.",
    ),
    "comment": (TEXT, "What the customer wrote with the rating; null where nothing was written, or it was forgotten."),
    "communities": (list[strawberry.ID], "The communities for which it holds, by the desk's ids; none: for all."),
    "community": (ID, "The page, group, number or mailbox, by the desk's id."),
    "complexity": (None, "How hard the desk says it is."),
    "conversation": (ID, "The conversation in which it happened."),
    "counted_in": (None, "Whether it is counted around the clock or while the desk is at work."),
    "cost": (None, "What the money was spent on."),
    "currency": (TEXT, "The currency, by ISO 4217."),
    "customer": (ID, "The customer: written by the desk's id, read as the pseudonym that stands for it."),
    "due_at": (DateTime, "When it falls due."),
    "first_response": (int, "Within how many seconds a first answer is promised; null: none is."),
    "heading": (TEXT, "The subject line; null where there is none, or it was forgotten."),
    "holidays_of": (TEXT, "The country whose public holidays stand among the dates."),
    "in_reply_to": (ID, "The item or reply that it answers."),
    "into": (ID, "The conversation or customer that goes on."),
    "item": (ID, "The customer's item."),
    "kept": (bool, "Whether the promise was kept, as the desk's software says."),
    "kind": (None, "What sort of item it is."),
    "kinds": (list[words.Kind], "The kinds of conversations for which it holds; none: for all."),
    "live_since": (DateTime, "From when on somebody is told when a promise runs out."),
    "metric": (TEXT, "Which promise."),
    "month": (TEXT, "The calendar month that it was spent for, as 2026-03."),
    "name": (TEXT, "What it or somebody is called; null where a person's name was forgotten."),
    "next_response": (int, "Within how many seconds every later answer is promised; null: none is."),
    "note": (ID, "Which note."),
    "opens": (list[int], "When each interval of work begins, in minutes since Monday 00:00, local."),
    "operation": (TEXT, "What was asked for."),
    "outcome": (None, "What it ended in."),
    "pauses_for": (list[words.WaitingFor], "For whom a conversation on hold waits while its clocks stand still."),
    "presence": (None, "Whether the operator is there to work."),
    "primary": (bool, "Whether it is the operator's main team."),
    "priorities": (list[words.Priority], "The priorities for which it holds; none: for all."),
    "priority": (None, "How urgent the desk says it is."),
    "proactive": (bool, "Whether the desk began it."),
    "promise": (ID, "Which promise, by the desk's id."),
    "promised": (None, "What was promised to happen in time."),
    "promises": (list[strawberry.ID], "Promises, the first that fits first, by the desk's ids."),
    "quietly": (bool, "Whether nobody was alerted, since it fell due in an import that was still open."),
    "reason": (TEXT, "Why, by a code or short name of the desk's."),
    "reply": (ID, "The desk's reply."),
    "resolution": (int, "Within how many seconds a resolution is promised; null: none is."),
    "role": (TEXT, "The role of the token that asked."),
    "rows": (int, "How many rows were answered."),
    "scale": (None, "Which question the survey asks."),
    "score": (int, "The rating: 1 to 5; thumbs 0 or 1; NPS 0 to 10."),
    "segment": (TEXT, "The customer's segment, by the desk's name."),
    "segments": (list[str], "The customers' segments for which it holds; none: for all."),
    "survey": (ID, "Which survey."),
    "tag": (TEXT, "The tag."),
    "team": (ID, "The team or queue, by the desk's id."),
    "template": (TEXT, "The template that the reply was made from."),
    "text": (TEXT, "What was written; null where it is not known, or was forgotten."),
    "to_operator": (ID, "The operator that it went to."),
    "to_team": (ID, "The team or queue that it went to."),
    "topic": (TEXT, "The matter, by a short name of the desk's."),
    "until": (DateTime, "Until when."),
    "valid_from": (DateTime, "From when it holds; null: from the moment it was said."),
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
