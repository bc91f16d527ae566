"""From a new event to what is stored of it: checked, its personal words committed to and sealed, its customers'
ids replaced, its content canonical. All of that happens before the lane.

Sealed words lie beside the content as MessagePack: a list of boxes `[subjects, nonce, ciphertext]`, one for each
distinct set of data subjects that words of this event belong to. `subjects` are their 16-byte ids, joined; the
ciphertext is AES-256-GCM over a map from paths (`ip`, `payload.text`) to `[salt, words]`, bound to workspace and
event.
"""

import os
from collections.abc import Iterator, Mapping, Sequence
from functools import lru_cache
from uuid import UUID

import msgspec
import structlog
from cryptography.exceptions import InvalidTag
from msgspec import Struct

from domain.conversion import convert
from domain.envelope import Actor, Envelope, NewEvent, Stream
from domain.errors import InvalidEvent
from domain.event import Belongs, Event, Payload
from domain.instants import AHEAD, EARLIEST, Instant, format_instant
from domain.words import ActorType, Subject
from eventstore.codec import ENVELOPE_PERSONAL, FORMS, Form, commitment, content_of, stream_key
from eventstore.vault import DataSubject, Keyring, Name

log = structlog.get_logger(__name__)

MAX_BYTES = 64 * 1024
"""An event's canonical content and its personal words together."""
_LARGEST_INTEGER = 2**53 - 1
_SALT = 32
_NONCE = 12

_BY_OPERATOR, _BY_CUSTOMER, _OF_CUSTOMER = ActorType.OPERATOR, ActorType.CUSTOMER, Subject.CUSTOMER
_WRITER, _ANSWERED = Belongs.WRITER, Belongs.ANSWERED
"""Until Python 3.12 a member that is looked up in its class costs a quarter of a microsecond, in every event."""

_as_json = msgspec.json.Encoder().encode
_pack = msgspec.msgpack.Encoder().encode
_unpack_boxes = msgspec.msgpack.Decoder(list[tuple[bytes, bytes, bytes]]).decode
words_of = msgspec.msgpack.Decoder(dict[str, tuple[bytes, str]]).decode
"""Salt and words by path, of an opened box."""

Opened = Mapping[str, tuple[bytes, str]]
"""Salt and words, by path."""


class Checked(Struct, frozen=True, gc=False):
    """A new event that is well-formed, and whose data it holds."""

    new: NewEvent
    form: Form
    words: tuple[tuple[str, str, tuple[Name, ...]], ...]
    """Personal words: path, words, and whose they are."""
    names: tuple[Name, ...]
    """All data subjects that storing it needs, each once."""


class Prepared(Struct, frozen=True, gc=False):
    """A new event as it will stand in the ledger, but for its place there."""

    checked: Checked
    event_id: UUID
    stream_key: bytes
    type: str
    occurred_at: Instant
    content: bytes
    sealed: bytes | None


def check(new: NewEvent, now: Instant) -> Checked:
    """Refuse what is malformed, saying where and why (`InvalidEvent`)."""
    form = FORMS.get(type(new.payload))
    if form is None:
        raise InvalidEvent("this is no event type", path=("type",), detail="UNKNOWN_TYPE")
    try:
        encoded = _as_json(new)
        form.validator.decode(encoded)
    except (msgspec.ValidationError, UnicodeEncodeError, TypeError, OverflowError) as error:
        raise _diagnosed(new, form) or InvalidEvent("the event is malformed", detail="WRONG_VALUE") from error
    _check_text(encoded, new, form)
    _check_numbers(new, form)
    _check_place(new, form, now)
    words = _personal_words(new, form)
    names = _customers(new, form)
    for _, _, owners in words:
        names += owners
    return Checked(new, form, words, tuple(dict.fromkeys(names)) if len(names) > 1 else names)


def prepare(workspace: UUID, checked: Checked, known: Mapping[Name, DataSubject], keyring: Keyring) -> Prepared:
    """Make what is stored. All of the event's data subjects are known. Raises `InvalidEvent` (`TOO_LARGE`)."""
    envelope, payload = checked.new.envelope, checked.new.payload
    replaced: dict[str, object] = {}
    actor, stream = envelope.actor.id, envelope.stream
    if checked.names:
        if envelope.actor.type is _BY_CUSTOMER:
            actor = known["customer", actor].text
        if stream.subject is _OF_CUSTOMER:
            stream = Stream(Subject.CUSTOMER, known["customer", stream.id].text)
        for name in checked.form.pseudonyms:
            external = getattr(payload, name)
            if external is not None:
                replaced[f"payload.{name}"] = known["customer", external].text
    sealed, size = _seal(workspace, checked, known, keyring, replaced) if checked.words else (None, 0)
    content = content_of(checked.form, envelope, payload, replaced, stream.id, actor)
    if len(content) + size > MAX_BYTES:
        raise InvalidEvent(
            f"the event has {len(content) + size} bytes with its words; {MAX_BYTES} are the limit", detail="TOO_LARGE"
        )
    return Prepared(
        checked,
        envelope.id,
        stream_key(stream),
        checked.form.declaration.name,
        envelope.occurred_at,
        content,
        sealed,
    )


def open_words(
    workspace: UUID, event_id: UUID, sealed: bytes, subjects: Mapping[UUID, DataSubject], keyring: Keyring
) -> Opened:
    """The words whose keys stand. `subjects` are those that `subjects_of` names, as far as there are such."""
    opened: dict[str, tuple[bytes, str]] = {}
    for _, words in open_boxes(workspace, event_id, sealed, subjects, keyring):
        opened.update(words)
    return opened


def open_boxes(
    workspace: UUID, event_id: UUID, sealed: bytes, subjects: Mapping[UUID, DataSubject], keyring: Keyring
) -> Iterator[tuple[Sequence[UUID], Opened]]:
    """The same box by box, each with those whose words are in it."""
    for ids, nonce, box in boxes_of(sealed):
        owners = [subjects[one] for one in ids if one in subjects]
        cipher = keyring.cipher(owners)[1] if len(owners) == len(ids) else None
        if cipher is not None:
            try:
                yield ids, words_of(cipher.decrypt(nonce, box, workspace.bytes + event_id.bytes))
            except InvalidTag:
                log.error("sealed words were altered; their commitment is what remains", event_id=str(event_id))


def subjects_of(sealed: bytes) -> list[UUID]:
    """Whose keys sealed words need."""
    return [one for ids, _, _ in boxes_of(sealed) for one in ids]


def boxes_of(sealed: bytes) -> list[tuple[tuple[UUID, ...], bytes, bytes]]:
    """The boxes: whose keys they need, nonce and ciphertext."""
    return [(_split(ids), nonce, box) for ids, nonce, box in _unpack_boxes(sealed)]


@lru_cache(maxsize=1 << 14)
def _split(ids: bytes) -> tuple[UUID, ...]:
    return tuple([UUID(bytes=ids[start : start + 16]) for start in range(0, len(ids), 16)])


def _seal(
    workspace: UUID,
    checked: Checked,
    known: Mapping[Name, DataSubject],
    keyring: Keyring,
    replaced: dict[str, object],
) -> tuple[bytes | None, int]:
    """The boxes, and how many bytes of words are in them; commitments go into `replaced`. Words of a forgotten subject
    are committed to and forgotten at once."""
    boxes: dict[tuple[Name, ...], dict[str, tuple[bytes, str]]] = {}
    size = 0
    for path, words, owners in checked.words:
        salt, encoded = os.urandom(_SALT), words.encode()
        size += len(encoded)
        replaced[path] = {"commitment": commitment(salt, encoded)}
        if owners in boxes:
            boxes[owners][path] = (salt, words)
        else:
            boxes[owners] = {path: (salt, words)}
    bound_to = workspace.bytes + checked.new.envelope.id.bytes
    sealed = []
    for owners, contents in boxes.items():
        ids, cipher = keyring.cipher([known[owner] for owner in owners])
        if cipher is not None:
            nonce = os.urandom(_NONCE)
            sealed.append((ids, nonce, cipher.encrypt(nonce, _pack(contents), bound_to)))
    return (_pack(sealed) if sealed else None), size


def _personal_words(new: NewEvent, form: Form) -> tuple[tuple[str, str, tuple[Name, ...]], ...]:
    envelope, payload = new.envelope, new.payload
    found: list[tuple[str, str, tuple[Name, ...]]] = []
    for name, path, of in form.personal:
        words = getattr(payload, name)
        if words is not None:
            found.append((path, _text(words, ("payload", name)), owners_of(of, envelope, payload)))
    for name, of in _ENVELOPE_PERSONAL:
        words = getattr(envelope, name)
        if words is not None:
            found.append((name, _text(words, (name,)), owners_of(of, envelope, payload)))
    return tuple(found)


_ENVELOPE_PERSONAL = tuple((name, mark.of) for name, mark in ENVELOPE_PERSONAL.items())


def _text(words: object, path: tuple[str, ...]) -> str:
    if not isinstance(words, str):
        raise InvalidEvent(f"`{path[-1]}` must be text", path=path, detail="WRONG_TYPE")
    return words


def owners_of(of: tuple[Belongs, ...], envelope: Envelope, payload: Event) -> tuple[Name, ...]:
    """Whose words these are. A bot or system that wrote is nobody's data; what only it wrote belongs to the stream."""
    owners: tuple[Name, ...] = ()
    for belongs in of:
        owner = _owner(belongs, envelope, payload)
        if owner is not None and owner not in owners:
            owners = (*owners, owner)
    return owners or (_stream_name(envelope),)


def _owner(belongs: Belongs, envelope: Envelope, payload: Event) -> Name | None:
    if belongs is _WRITER:
        writer = envelope.actor
        if writer.type is _BY_OPERATOR:
            return ("operator", writer.id)
        return ("customer", writer.id) if writer.type is _BY_CUSTOMER else None
    customer = getattr(payload, "customer", None) if belongs is _ANSWERED else None
    return _stream_name(envelope) if customer is None else ("customer", customer)


def _stream_name(envelope: Envelope) -> Name:
    return envelope.stream.subject.value, envelope.stream.id


def _customers(new: NewEvent, form: Form) -> tuple[Name, ...]:
    """The customers that the event names, who get pseudonyms."""
    actor, stream = new.envelope.actor, new.envelope.stream
    names: tuple[Name, ...] = ()
    if actor.type is _BY_CUSTOMER:
        names = (("customer", actor.id),)
    if stream.subject is _OF_CUSTOMER:
        names = (*names, ("customer", stream.id))
    for field in form.pseudonyms:
        external = getattr(new.payload, field)
        if external is not None:
            names = (*names, ("customer", external))
    return names


def _check_text(encoded: bytes, new: NewEvent, form: Form) -> None:
    """NUL characters are refused, which PostgreSQL's text cannot hold; a backslash before `u0000` looks like one."""
    if b"\\u0000" in encoded and (found := _diagnosed(new, form)):
        raise found
    if len(encoded) > 8 * MAX_BYTES:  # JSON writes a byte as six at the most; the exact count is made in `prepare`
        raise InvalidEvent(f"the event has more than the {MAX_BYTES} bytes that are the limit", detail="TOO_LARGE")


def _check_numbers(new: NewEvent, form: Form) -> None:
    for name in form.integers:
        value = getattr(new.payload, name)
        if value is not None and abs(value) > _LARGEST_INTEGER:
            raise InvalidEvent(
                f"`{name}`: integers go up to {_LARGEST_INTEGER}", path=("payload", name), detail="OUT_OF_RANGE"
            )
    order = new.envelope.source_order
    if order is not None and abs(order) > _LARGEST_INTEGER:
        raise InvalidEvent(
            f"`source_order`: integers go up to {_LARGEST_INTEGER}", path=("source_order",), detail="OUT_OF_RANGE"
        )


def _check_place(new: NewEvent, form: Form, now: Instant) -> None:
    envelope = new.envelope
    if not EARLIEST <= envelope.occurred_at <= now + AHEAD:
        raise InvalidEvent(
            f"it is said to have happened outside {format_instant(EARLIEST)} to a day from now",
            path=("occurred_at",),
            detail="OUT_OF_RANGE",
        )
    if envelope.stream.subject is not form.declaration.subject:
        raise InvalidEvent(
            f"`{form.declaration.name}` belongs into the stream of a {form.declaration.subject.value}, "
            f"not of a {envelope.stream.subject.value}",
            path=("stream", "subject"),
            detail="WRONG_VALUE",
        )


def _diagnosed(new: NewEvent, form: Form) -> InvalidEvent | None:
    """Where and why an event is malformed, found field by field."""
    try:
        convert(_fields(new.payload), form.declaration.payload, refuse=InvalidEvent, at=("payload",))
        convert(_fields(new.envelope.stream), Stream, refuse=InvalidEvent, at=("stream",))
        convert(_fields(new.envelope.actor), Actor, refuse=InvalidEvent, at=("actor",))
        convert(_fields(new.envelope), Envelope, refuse=InvalidEvent)
    except InvalidEvent as error:
        return error
    return None


def _fields(struct: object) -> Payload:
    """A struct as plain data. Whatever is no struct is no fields at all."""
    return msgspec.structs.asdict(struct) if isinstance(struct, msgspec.Struct) else {}
