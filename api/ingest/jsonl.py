"""JSON Lines of events: the plain format, which needs no mapping. One event a line:

{"type": "reply.sent", "conversation": "c1", "actor": {"type": "operator", "id": "anna"},
 "occurred_at": "2026-03-02T09:00:00+02:00", "payload": {"reply": "r1", "text": "Hello"}}

What the event is about stands under its subject's name (`conversation`, `customer`, `operator`, ...). An event without
`id` gets one that is made of what it says, so the same line is the same event in whatever file it comes.
"""

from collections.abc import Mapping
from typing import Annotated, Any
from uuid import UUID, uuid5

import msgspec
from msgspec import Meta, Struct

import domain.events  # noqa: F401 - fills the registry of event types
from api.ingest.rules import INTERFACE, NAMESPACE
from domain.conversion import convert
from domain.envelope import Actor, Envelope, NewEvent, Stream
from domain.errors import InvalidEvent, InvalidInput
from domain.event import DECLARATIONS, Commitment, Declaration, Id, Label, declaration, payload_of
from domain.instants import parse_instant
from domain.words import ActorType, Confidence, Subject

LONGEST_LINE = 1_048_576
"""Bytes. An event's limit is lower; this one guards the memory."""
SOURCE = "jsonl"
"""Of events that do not say where they come from."""

_SUBJECTS = {subject.value: subject for subject in Subject}
_LONGEST_WORDS = 65_536


class LineActor(Struct, frozen=True, forbid_unknown_fields=True):
    """Who acted; a customer by their id in the desk's own words."""

    type: ActorType
    id: Id
    confidence: Confidence = Confidence.ASSERTED


class LineEnvelope(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Who, when, where: all of a line besides its type, what it is about, its actor and its payload."""

    occurred_at: Annotated[
        str, Meta(description="RFC 3339 with an offset or Z", extra_json_schema={"format": "date-time"})
    ]
    id: UUID | None = None
    on_behalf_of: Id | None = None
    source: Label = SOURCE
    source_order: Annotated[int, Meta(ge=0, le=2**53 - 1)] | None = None
    interface: Label = INTERFACE
    session: Id | None = None
    causation: UUID | None = None
    correlation: Id | None = None
    ip: Annotated[str, Meta(max_length=_LONGEST_WORDS)] | None = None
    user_agent: Annotated[str, Meta(max_length=_LONGEST_WORDS)] | None = None
    raw: Annotated[str, Meta(max_length=_LONGEST_WORDS)] | None = None


_decode = msgspec.json.Decoder(dict[str, Any]).decode
_canonical = msgspec.json.Encoder(order="sorted").encode


def parse_line(line: bytes) -> NewEvent:
    """The event that a line says. Raises InvalidEvent with where and why."""
    fields = _decoded(line)
    given = dict(fields)
    kind = given.pop("type", None)
    if not isinstance(kind, str):
        raise InvalidEvent("`type` is missing, or no string", path=("type",), detail="MISSING_FIELD")
    declared = declaration(kind)
    stream = Stream(declared.subject, _subject_id(given, declared))
    actor = convert(_taken(given, "actor"), LineActor, refuse=InvalidEvent, at=("actor",))
    payload = payload_of(kind, _taken(given, "payload"))
    said = convert(given, LineEnvelope, refuse=InvalidEvent)
    try:
        occurred_at = parse_instant(said.occurred_at)
    except InvalidInput as error:
        raise InvalidEvent(error.message, path=("occurred_at",), detail="BAD_TIME") from None
    envelope = Envelope(
        id=said.id or uuid5(NAMESPACE, _canonical(fields).decode()),
        stream=stream,
        actor=Actor(actor.type, actor.id, actor.confidence),
        occurred_at=occurred_at,
        on_behalf_of=said.on_behalf_of,
        source=said.source,
        source_order=said.source_order,
        interface=said.interface,
        session=said.session,
        causation=said.causation,
        correlation=said.correlation,
        ip=said.ip,
        user_agent=said.user_agent,
        raw=said.raw,
    )
    return NewEvent(envelope, payload)


def json_schema() -> dict[str, Any]:
    """The JSON Schema (2020-12) of a line, made of the vocabulary: one alternative for each event type
    that desks tell of."""
    told = [declared for declared in DECLARATIONS.values() if declared.told]
    types = [declared.payload for declared in told]
    (envelope, actor, *payloads), definitions = msgspec.json.schema_components(
        [LineEnvelope, LineActor, *types], ref_template="#/$defs/{name}"
    )
    definitions.pop(Commitment.__name__)
    common = definitions.pop(LineEnvelope.__name__)
    lines = [_line_schema(declared, common, actor, payload) for declared, payload in zip(told, payloads, strict=True)]
    del envelope
    return {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "title": "A line of Deskledger's event format",
        "description": "One event. Its types, what they mean and what they say.",
        "oneOf": lines,
        "$defs": _without_commitments(definitions),
    }


def _decoded(line: bytes) -> dict[str, Any]:
    try:
        return _decode(line)
    except msgspec.ValidationError:
        raise InvalidEvent("a line is a JSON object", detail="WRONG_TYPE") from None
    except (msgspec.DecodeError, UnicodeDecodeError) as error:
        raise InvalidEvent(f"the line is no JSON: {error}", detail="NOT_JSON") from None
    except RecursionError:
        raise InvalidEvent("the line is nested too deeply", detail="NOT_JSON") from None


def _taken(fields: dict[str, Any], name: str) -> Any:
    if name not in fields:
        raise InvalidEvent(f"`{name}` is missing", path=(name,), detail="MISSING_FIELD")
    return fields.pop(name)


def _subject_id(fields: dict[str, Any], declared: Declaration) -> str:
    """The id of what the event is about, which stands under its subject's name and no other."""
    wanted = declared.subject.value
    for name in _SUBJECTS.keys() & fields.keys() - {wanted}:
        problem = f"{declared.name} is about a {wanted}, not a {name}"
        raise InvalidEvent(problem, path=(name,), detail="UNKNOWN_FIELD")
    found = _taken(fields, wanted)
    if not isinstance(found, str) or not 1 <= len(found) <= 200:
        raise InvalidEvent(f"`{wanted}` is an id of 1 to 200 characters", path=(wanted,), detail="WRONG_TYPE")
    return found


def _line_schema(
    declared: Declaration, envelope: Mapping[str, Any], actor: Mapping[str, Any], payload: Mapping[str, Any]
) -> dict[str, Any]:
    subject = declared.subject.value
    properties = {
        "type": {"const": declared.name},
        subject: {"type": "string", "minLength": 1, "maxLength": 200, "description": f"The {subject}'s id"},
        "actor": actor,
        **envelope["properties"],
        "payload": payload,
    }
    return {
        "title": declared.title.en,
        "description": declared.meaning,
        "type": "object",
        "properties": properties,
        "required": ["type", subject, "actor", "occurred_at", "payload"],
        "additionalProperties": False,
    }


def _without_commitments(schema: Any) -> Any:
    """The same schema for words that come in: text, never a commitment, which only the ledger makes."""
    if isinstance(schema, dict):
        kept = {key: _without_commitments(part) for key, part in schema.items()}
        if "anyOf" in kept:
            kept["anyOf"] = [part for part in kept["anyOf"] if part != {"$ref": f"#/$defs/{Commitment.__name__}"}]
        return kept
    return [_without_commitments(part) for part in schema] if isinstance(schema, list) else schema
