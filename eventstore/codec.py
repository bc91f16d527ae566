"""The ledger's bytes: what an event's canonical content is, its leaf and hash, and the way back to an event.

Content is canonical JSON (RFC 8785), made before the lane; under the lane it is spliced into the leaf, which adds what
is known only there. `docs/ledger.md` describes both for whoever wants to verify them without us.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from functools import lru_cache
from hashlib import sha256
from typing import Any, Generic, TypeVar

import msgspec
from msgspec import Struct, defstruct, inspect, structs

import domain.events  # noqa: F401 - fills the registry of event types
from domain.envelope import Envelope, RecordedEvent, Stream
from domain.event import DECLARATIONS, Declaration, Event, Personal, marks, upcast
from domain.instants import Instant, instant_of

P_ = TypeVar("P_", bound=Event)

_encode = msgspec.json.Encoder().encode
_envelope = msgspec.json.Decoder(Envelope).decode

ENVELOPE_PERSONAL: Mapping[str, Personal] = {name: mark for name, mark in marks(Envelope) if isinstance(mark, Personal)}
"""The envelope's own personal fields: ip, raw, user_agent."""


class _Body(Struct, Generic[P_]):
    """Of a stored content, the payload alone, in the newest version's shape."""

    payload: P_


class _Versioned(Struct):
    """Of a stored content, what upcasting needs."""

    schema: int
    payload: dict[str, Any]


_versioned = msgspec.json.Decoder(_Versioned).decode


@dataclass(frozen=True, slots=True)
class Form:
    """What is worked out once of an event type, so that no event costs it again."""

    declaration: Declaration
    fields: tuple[tuple[str, str], ...]
    """Their names and paths (`payload.text`), in the order of names, which is canonical."""
    personal: tuple[tuple[str, Personal], ...]
    pseudonyms: tuple[str, ...]
    integers: tuple[str, ...]
    """Fields whose type does not bound its integers."""
    validator: "msgspec.json.Decoder[Any]"
    """Decodes a new event as JSON, and thereby checks it."""
    reader: "msgspec.json.Decoder[_Body[Any]]"


def _form(declaration: Declaration) -> Form:
    payload = declaration.payload
    return Form(
        declaration=declaration,
        fields=tuple((name, f"payload.{name}") for name in sorted(payload.__struct_fields__)),
        personal=tuple(sorted(declaration.personal.items())),
        pseudonyms=declaration.pseudonyms,
        integers=tuple(field.name for field in structs.fields(payload) if _unbounded(field.type)),
        validator=msgspec.json.Decoder(defstruct("New", [("envelope", Envelope), ("payload", payload)])),
        reader=msgspec.json.Decoder(_Body[payload]),  # type: ignore[valid-type]  # a type made when the program runs
    )


def _unbounded(kind: Any) -> bool:
    described = inspect.type_info(kind)
    parts = described.types if isinstance(described, inspect.UnionType) else (described,)
    return any(isinstance(part, inspect.IntType) and part.le is None and part.lt is None for part in parts)


FORMS: Mapping[type[Event], Form] = {one.payload: _form(one) for one in DECLARATIONS.values()}
_READERS = {form.declaration.name: form.reader.decode for form in FORMS.values() if form.declaration.version == 1}
"""Types that have had one version only: their stored payloads are decoded straight into the class."""


def content_of(
    form: Form, envelope: Envelope, payload: Event, replaced: Mapping[str, object], stream: str, actor: str
) -> bytes:
    """The canonical content of a checked event. `replaced` holds what stands in place of personal words and customers'
    ids, by path (`ip`, `payload.text`); `stream` and `actor` are those ids as stored."""
    content: dict[str, object] = {
        "actor": {"confidence": envelope.actor.confidence, "id": actor, "type": envelope.actor.type}
    }
    for name in _BEFORE_PAYLOAD:
        value = getattr(envelope, name)
        if value is not None:
            content[name] = replaced[name] if name in ENVELOPE_PERSONAL else value
    content["payload"] = _payload(form, payload, replaced)
    if envelope.raw is not None:
        content["raw"] = replaced["raw"]
    content["schema"] = form.declaration.version
    for name in _AFTER_SCHEMA:
        value = getattr(envelope, name)
        if value is not None:
            content[name] = value
    content["stream"] = {"id": stream, "subject": envelope.stream.subject}
    content["type"] = form.declaration.name
    if envelope.user_agent is not None:
        content["user_agent"] = replaced["user_agent"]
    return _encode(content)


_BEFORE_PAYLOAD = ("causation", "correlation", "id", "interface", "ip", "occurred_at", "on_behalf_of")
_AFTER_SCHEMA = ("session", "signature", "source", "source_order")


def _payload(form: Form, payload: Event, replaced: Mapping[str, object]) -> dict[str, object]:
    fields: dict[str, object] = {}
    for name, path in form.fields:
        value = getattr(payload, name)
        if value is not None:
            fields[name] = replaced.get(path, value)
    return fields


def commitment(salt: bytes, words: bytes) -> str:
    """What stands in the content for personal words (UTF-8): it binds to them and says nothing of them."""
    return sha256(salt + words).hexdigest()


def leaf(content: bytes, recorded_at: Instant, version: int, workspace: bytes) -> bytes:
    """The leaf's bytes: canonical too, since the four names sort in this order. `workspace` is its uuid in ASCII."""
    return b'{"event":%b,"recorded_at":%d,"version":%d,"workspace":"%b"}' % (content, recorded_at, version, workspace)


def leaf_hash(leaf_bytes: bytes) -> bytes:
    """RFC 6962's hash of a leaf."""
    return sha256(b"\0" + leaf_bytes).digest()


@lru_cache(maxsize=1 << 16)
def stream_key(stream: Stream) -> bytes:
    """A stream's key in the tables, where it is a uuid: 16 bytes, whatever its id."""
    return sha256(f"{stream.subject.value}\0{stream.id}".encode()).digest()[:16]


def recorded(position: int, version: int, type_: str, recorded_at: datetime, content: bytes) -> RecordedEvent:
    """A stored event, in the newest version's shape."""
    reader = _READERS.get(type_)
    payload = _upcast(type_, content) if reader is None else reader(content).payload
    return RecordedEvent(position, version, _instant(recorded_at), _envelope(content), payload)


@lru_cache(maxsize=256)
def _instant(moment: datetime) -> Instant:
    """Events of a batch share their `recorded_at`."""
    return instant_of(moment)


def _upcast(type_: str, content: bytes) -> Event:
    stored = _versioned(content)
    newest = DECLARATIONS[type_].payload
    return msgspec.convert(upcast(type_, stored.schema, stored.payload), newest)


def plain(content: bytes) -> dict[str, Any]:
    """A content as it stands, its payload in the newest version's shape: what two deliveries are compared by."""
    fields: dict[str, Any] = msgspec.json.decode(content)
    fields["payload"] = upcast(fields["type"], fields.pop("schema"), fields["payload"])
    return fields
