"""The input of `recordActions`: a fact in the domain's vocabulary, generated from its declarations."""

from enum import StrEnum
from typing import Any
from uuid import UUID

import strawberry
from strawberry import UNSET
from strawberry.utils.str_converters import to_camel_case

from api.schema.ids import NodeKind, key_of
from api.schema.scalars import DateTime, GivenDateTime
from api.schema.vocabulary import ID, payload_fields, type_name
from domain.envelope import Actor, Envelope, NewEvent, Stream
from domain.errors import InvalidEvent, InvalidInput
from domain.event import DECLARATIONS, Declaration, payload_of
from domain.instants import Instant, parse_instant
from domain.words import ActorType, Confidence, Subject

_NODE_KINDS = {
    Subject.CONVERSATION: NodeKind.CONVERSATION,
    Subject.OPERATOR: NodeKind.OPERATOR,
    Subject.TEAM: NodeKind.TEAM,
    Subject.CHANNEL: NodeKind.CHANNEL,
    Subject.COMMUNITY: NodeKind.COMMUNITY,
}
_WORKSPACE_STREAM = "workspace"
"""The id of the one stream that is about the workspace itself."""


def _input_type(declaration: Declaration) -> Any:
    """The input of one event type: the id of what it is about, and the payload's fields."""
    annotations: dict[str, Any] = {}
    defaults: dict[str, Any] = {}
    subject = declaration.subject
    if subject is not Subject.WORKSPACE:
        annotations[subject.value] = ID
        defaults[subject.value] = strawberry.field(
            description=f"The {subject.value} that it is about, by the desk's id."
        )
    for field in payload_fields(declaration):
        if field.name in annotations:
            raise TypeError(f"{declaration.name} has a field named like its subject, {field.name!r}")
        annotations[field.name] = field.given
        default = {} if field.required else {"default": UNSET}
        defaults[field.name] = strawberry.field(description=field.meaning, **default)
    made = type(f"{type_name(declaration)}Input", (), {"__annotations__": annotations, **defaults})
    return strawberry.input(made, description=f"{declaration.title.en}: {declaration.meaning}")


def _field_name(declaration: Declaration) -> str:
    """Of `conversation.closed`: `conversation_closed`."""
    return declaration.name.replace(".", "_")


def _action_type() -> Any:
    """`ActionInput`: one of all event types."""
    annotations: dict[str, Any] = {}
    defaults: dict[str, Any] = {}
    for name, declaration in DECLARATIONS.items():
        key = _field_name(declaration)
        annotations[key] = _input_type(declaration) | None
        defaults[key] = strawberry.field(description=f"`{name}`: {declaration.meaning}", default=UNSET)
    made = type("ActionInput", (), {"__annotations__": annotations, **defaults})
    return strawberry.input(made, one_of=True, description="What was done: exactly one of these.")


ActionInput: Any = _action_type()
_BY_FIELD = {_field_name(declaration): declaration for declaration in DECLARATIONS.values()}


def _optional(description: str) -> Any:
    return strawberry.field(default=None, description=description)


@strawberry.input(description="Who acted.")
class ActorInput:
    type: ActorType = strawberry.field(description="What kind of somebody.")
    id: strawberry.ID = strawberry.field(description="By the desk's id.")
    confidence: Confidence = strawberry.field(
        default=Confidence.ASSERTED, description="INFERRED where the source does not say and you concluded it."
    )


@strawberry.input(description="A fact: something that was done at the desk.")
class RecordedActionInput:
    id: strawberry.ID = strawberry.field(
        description="A UUID of your making, unique in the workspace: the same fact sent again under it is a duplicate."
    )
    occurred_at: GivenDateTime = strawberry.field(description="When it happened, by the desk's clock.")
    actor: ActorInput = strawberry.field(description="Who did it.")
    action: ActionInput = strawberry.field(description="What was done.")
    expected_version: int | None = _optional("Refuse with CONFLICT unless the stream's last version is this; -1: none.")
    on_behalf_of: str | None = _optional("The operator in whose name a rule, bot or integration acted.")
    source: str | None = _optional("Where the fact comes from: an integration's name.")
    source_order: int | None = _optional("The source's own order among facts of the same instant.")
    interface: str | None = _optional("Through what it was done: an application's or rule's name.")
    session: str | None = _optional("The actor's session.")
    causation: strawberry.ID | None = _optional("The id of the fact that made this one happen.")
    correlation: str | None = _optional("What one request, call or delivery brought together.")
    ip: str | None = _optional("The actor's address. Personal: kept under their key.")
    user_agent: str | None = _optional("The actor's program. Personal: kept under their key.")
    raw: str | None = _optional(
        "What the source delivered, as it came. Personal: kept under the keys of those concerned."
    )


def event_of(recorded: RecordedActionInput) -> NewEvent:
    """The fact in the domain's words. Raises InvalidInput with a path inside the input, in its own names."""
    field, given = _chosen(recorded.action)
    declaration = _BY_FIELD[field]
    stream = Stream(declaration.subject, _stream_key(declaration.subject, given))
    payload = payload_of(declaration.name, _with_instants(declaration, given))
    actor = recorded.actor
    envelope = Envelope(
        id=_uuid("id", recorded.id),
        stream=stream,
        actor=Actor(actor.type, _actor_key(actor), actor.confidence),
        occurred_at=_instant(recorded.occurred_at, "occurred_at"),
        on_behalf_of=recorded.on_behalf_of,
        source=recorded.source,
        source_order=recorded.source_order,
        interface=recorded.interface,
        session=recorded.session,
        causation=None if recorded.causation is None else _uuid("causation", recorded.causation),
        correlation=recorded.correlation,
        ip=recorded.ip,
        user_agent=recorded.user_agent,
        raw=recorded.raw,
    )
    return NewEvent(envelope, payload)


def placed(error: InvalidInput, recorded: RecordedActionInput, *before: str | int) -> InvalidInput:
    """The error with its path in the input's own names, below `before`."""
    field, _ = _chosen(recorded.action)
    match error.path:
        case ("payload", *inside):
            path: tuple[str | int, ...] = ("action", field, *inside)
        case ("stream", *_):
            path = ("action", field, _BY_FIELD[field].subject.value)
        case _:
            path = error.path
    return _at(error, *before, *(to_camel_case(part) if isinstance(part, str) else part for part in path))


def _chosen(action: Any) -> tuple[str, dict[str, Any]]:
    """Which event type it is, by the field of `ActionInput`, and what was said of it: enums as their stored words."""
    field, chosen = next((name, value) for name, value in vars(action).items() if value is not UNSET)
    given = {name: value for name, value in vars(chosen).items() if value is not UNSET and value is not None}
    return field, {name: value.value if isinstance(value, StrEnum) else value for name, value in given.items()}


def _stream_key(subject: Subject, given: dict[str, Any]) -> str:
    """The id of what it is about, taken out of what was said."""
    if subject is Subject.WORKSPACE:
        return _WORKSPACE_STREAM
    key: str = given.pop(subject.value)
    return key_of(_NODE_KINDS[subject], key) if subject in _NODE_KINDS else key


def _actor_key(actor: ActorInput) -> str:
    return key_of(NodeKind.OPERATOR, actor.id) if actor.type is ActorType.OPERATOR else actor.id


def _with_instants(declaration: Declaration, given: dict[str, Any]) -> dict[str, Any]:
    texts = {field.name for field in payload_fields(declaration) if field.type is DateTime} & given.keys()
    return given | {name: _instant(given[name], "payload", name) for name in texts}


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


def _at(error: InvalidInput, *path: str | int) -> InvalidInput:
    return type(error)(error.message, path=path, detail=error.detail)
