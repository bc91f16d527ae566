"""From what `recordActions` was given to events of the domain."""

from collections.abc import Callable, Mapping
from enum import StrEnum
from functools import cache
from typing import Any
from uuid import UUID

from strawberry.utils.str_converters import to_camel_case

from api.schema.actions_input import CHOICES, Given
from api.schema.ids import NodeKind, key_of
from api.schema.scalars import DateTime
from api.schema.vocabulary import payload_fields
from domain.envelope import Actor, Envelope, NewEvent, Stream
from domain.errors import InvalidEvent, InvalidInput
from domain.event import payload_of
from domain.instants import Instant, parse_instant
from domain.words import ActorType, Confidence, Subject

_WORKSPACE_STREAM = "workspace"
"""The id of the one stream that is about the workspace itself."""
_KINDS: Mapping[str, NodeKind] = {
    "assignee": NodeKind.OPERATOR,
    "channel": NodeKind.CHANNEL,
    "community": NodeKind.COMMUNITY,
    "conversation": NodeKind.CONVERSATION,
    "customer": NodeKind.CUSTOMER,
    "operator": NodeKind.OPERATOR,
    "team": NodeKind.TEAM,
    "to_operator": NodeKind.OPERATOR,
    "to_team": NodeKind.TEAM,
}
"""Fields that hold ids, which may be global ones."""


def event_of(given: Given) -> NewEvent:
    """The fact in the domain's words. Raises InvalidInput with a path in the domain's names, as the ledger does."""
    choice, said = _chosen(given)
    declaration = CHOICES[choice]
    stream = Stream(declaration.subject, _stream_key(declaration.subject, said))
    payload = payload_of(declaration.name, said)
    causation = given.get("causation")
    envelope = Envelope(
        id=_uuid("id", given["id"]),
        stream=stream,
        actor=_actor(given["actor"]),
        occurred_at=_instant(given["occurredAt"], "occurred_at"),
        on_behalf_of=_key("operator", given.get("onBehalfOf")),
        source=given.get("source"),
        source_order=given.get("sourceOrder"),
        interface=given.get("interface"),
        session=given.get("session"),
        causation=None if causation is None else _uuid("causation", causation),
        correlation=given.get("correlation"),
        ip=given.get("ip"),
        user_agent=given.get("userAgent"),
        raw=given.get("raw"),
    )
    return NewEvent(envelope, payload)


def placed(error: InvalidInput, given: Given, *before: str | int) -> InvalidInput:
    """The error with its path in the input's own names, below `before`."""
    (choice,) = given["action"]
    match error.path:
        case ("payload", *inside):
            path: tuple[str | int, ...] = ("action", choice, *inside)
        case ("stream", *_):
            path = ("action", choice, CHOICES[choice].subject.value)
        case _:
            path = error.path
    told = (to_camel_case(part) if isinstance(part, str) else part for part in path)
    return type(error)(error.message, path=(*before, *told), detail=error.detail)


def _chosen(given: Given) -> tuple[str, dict[str, Any]]:
    """The field of `ActionInput` that says which event type it is, and what was said of it, in the domain's words."""
    ((choice, chosen),) = given["action"].items()
    said = {}
    for name, value in chosen.items():
        if value is not None:
            field, read = _readers(choice)[name]
            said[field] = read(field, value)
    return choice, said


@cache
def _readers(choice: str) -> dict[str, tuple[str, Callable[[str, Any], Any]]]:
    """For each field of an event type's input: its name in the domain, and what reads its value."""
    declaration = CHOICES[choice]
    instants = {field.name for field in payload_fields(declaration) if field.type is DateTime}
    names = [declaration.subject.value, *(field.name for field in payload_fields(declaration))]
    read = {name: _key if name in _KINDS else _moment if name in instants else _word for name in names}
    return {to_camel_case(name): (name, read[name]) for name in names}


def _key(name: str, value: str | None) -> str | None:
    return None if value is None else key_of(_KINDS[name], value)


def _moment(name: str, value: str) -> Instant:
    return _instant(value, "payload", name)


def _word(_name: str, value: Any) -> Any:
    """Enums as their stored words; anything else as it is."""
    return value.value if isinstance(value, StrEnum) else value


def _stream_key(subject: Subject, said: dict[str, Any]) -> str:
    """The id of what it is about, taken out of what was said."""
    return _WORKSPACE_STREAM if subject is Subject.WORKSPACE else str(said.pop(subject.value))


def _actor(given: Given) -> Actor:
    type_: ActorType = given["type"]
    key = given["id"]
    if type_ in (ActorType.OPERATOR, ActorType.CUSTOMER):
        key = key_of(_KINDS[type_.value], key)
    return Actor(type_, key, given.get("confidence") or Confidence.ASSERTED)


def _instant(text: str, *path: str) -> Instant:
    try:
        return parse_instant(text)
    except InvalidInput as error:
        raise InvalidEvent(error.message, path=path, detail="MALFORMED_INSTANT") from None


def _uuid(field: str, text: str) -> UUID:
    try:
        return UUID(text)
    except ValueError:
        raise InvalidEvent(f"`{field}` must be a UUID", path=(field,), detail="MALFORMED_ID") from None
