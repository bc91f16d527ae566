"""The ledger's bytes: what an event's canonical content is, its leaf and hash, and the way back to an event.

Content is canonical JSON (RFC 8785), made before the lane; under the lane it is spliced into the leaf, which adds what
is known only there. `docs/ledger.md` describes both for whoever wants to verify them without us.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import lru_cache
from hashlib import sha256
from operator import attrgetter
from typing import Any, Generic, TypeVar
from uuid import UUID

import msgspec
from msgspec import Struct, defstruct, inspect, structs

import domain.events  # noqa: F401 - fills the registry of event types
from domain.envelope import Envelope, RecordedEvent, Stream
from domain.event import DECLARATIONS, Belongs, Declaration, Event, Personal, marks, upcast
from domain.instants import Instant, instant_of
from domain.words import ActorType, Confidence, Signature, Subject

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
    values: Callable[[Event], Sequence[object]]
    """Those of a payload's fields, in the order of their names, which is canonical."""
    places: Mapping[str, int]
    """Where among them a path (`payload.text`) is found."""
    written: type[Struct]
    """What a payload is written as: its values in that order, without those that are None."""
    personal: tuple[tuple[str, str, tuple[Belongs, ...]], ...]
    """Personal fields: name, path, and whose data they are."""
    pseudonyms: tuple[str, ...]
    integers: tuple[str, ...]
    """Fields whose type does not bound its integers."""
    validator: "msgspec.json.Decoder[Any]"
    """Decodes a new event as JSON, and thereby checks it."""
    reader: "msgspec.json.Decoder[_Body[Any]]"


def _form(declaration: Declaration) -> Form:
    payload = declaration.payload
    names = sorted(payload.__struct_fields__)
    return Form(
        declaration=declaration,
        values=_values(names),
        places={f"payload.{name}": place for place, name in enumerate(names)},
        written=defstruct("Written", [(name, Any, None) for name in names], omit_defaults=True, gc=False),
        personal=tuple((name, f"payload.{name}", mark.of) for name, mark in sorted(declaration.personal.items())),
        pseudonyms=declaration.pseudonyms,
        integers=tuple(field.name for field in structs.fields(payload) if _unbounded(field.type)),
        validator=msgspec.json.Decoder(defstruct("New", [("envelope", Envelope), ("payload", payload)])),
        reader=msgspec.json.Decoder(_Body[payload]),  # type: ignore[valid-type]  # a type made when the program runs
    )


def _values(names: Sequence[str]) -> Callable[[Event], Sequence[object]]:
    if len(names) > 1:
        return attrgetter(*names)
    return lambda payload: [getattr(payload, name) for name in names]


def _unbounded(kind: Any) -> bool:
    described = inspect.type_info(kind)
    parts = described.types if isinstance(described, inspect.UnionType) else (described,)
    return any(isinstance(part, inspect.IntType) and part.le is None and part.lt is None for part in parts)


FORMS: Mapping[type[Event], Form] = {one.payload: _form(one) for one in DECLARATIONS.values()}
_READERS = {form.declaration.name: form.reader.decode for form in FORMS.values() if form.declaration.version == 1}
"""Types that have had one version only: their stored payloads are decoded straight into the class."""


class _Who(Struct, gc=False):
    confidence: Confidence
    id: str
    type: ActorType


class _Where(Struct, gc=False):
    id: str
    subject: Subject


class _Content(Struct, omit_defaults=True, gc=False):
    """A content on its way to bytes, in the order of names, which is canonical; what is None is left out. (Filled by
    position, which costs a third of doing so by name.)"""

    actor: _Who | None = None
    causation: UUID | None = None
    correlation: str | None = None
    id: UUID | None = None
    interface: str | None = None
    ip: object = None
    occurred_at: Instant | None = None
    on_behalf_of: str | None = None
    payload: Struct | None = None
    raw: object = None
    schema: int | None = None
    session: str | None = None
    signature: Signature | None = None
    source: str | None = None
    source_order: int | None = None
    stream: _Where | None = None
    type: str | None = None
    user_agent: object = None


def content_of(
    form: Form, envelope: Envelope, payload: Event, replaced: Mapping[str, object], stream: str, actor: str
) -> bytes:
    """The canonical content of a checked event. `replaced` holds what stands in place of personal words and customers'
    ids, by path (`ip`, `payload.text`); `stream` and `actor` are those ids as stored."""
    values = form.values(payload)
    if replaced:
        values = list(values)
        for path, value in replaced.items():
            if (place := form.places.get(path)) is not None:
                values[place] = value
    return _encode(
        _Content(
            _Who(envelope.actor.confidence, actor, envelope.actor.type),
            envelope.causation,
            envelope.correlation,
            envelope.id,
            envelope.interface,
            replaced.get("ip"),
            envelope.occurred_at,
            envelope.on_behalf_of,
            form.written(*values),
            replaced.get("raw"),
            form.declaration.version,
            envelope.session,
            envelope.signature,
            envelope.source,
            envelope.source_order,
            _Where(stream, envelope.stream.subject),
            form.declaration.name,
            replaced.get("user_agent"),
        )
    )


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
