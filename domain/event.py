"""How a fact is declared, and the registry of all facts.

An event class is declared once, with `@event`: its stored name and version are literals that never change, whatever
becomes of the class. Its fields are the payload; who, when and where stand in the envelope (`domain.envelope`).

Personal words are declared where they stand: `text: WrittenText` says that the canonical bytes hold only a
commitment, that the words lie beside it sealed, and under whose keys. A field read before it was opened, or after it
was forgotten, holds that `Commitment` in place of the words, so nobody can mistake one for the other.
"""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from enum import StrEnum
from types import MappingProxyType
from typing import Annotated, Any, ClassVar, TypeVar, dataclass_transform, get_args, get_origin, get_type_hints

from msgspec import Meta, Struct, StructMeta

from domain.conversion import convert, quoted
from domain.errors import InvalidEvent
from domain.text import Text
from domain.words import Subject


class Commitment(Struct, frozen=True, forbid_unknown_fields=True):
    """What stands in the canonical bytes for personal words: hex SHA-256 of a 32-byte salt and the UTF-8 words."""

    commitment: Annotated[str, Meta(pattern="^[0-9a-f]{64}$")]


Words = str | Commitment
"""Personal words: opened, or the commitment to them where they are sealed or forgotten."""


class Belongs(StrEnum):
    """Whose personal data words are (`Personal`). Erasing any one of them forgets the words."""

    WRITER = "writer"
    """Whoever acted: the envelope's actor."""
    ANSWERED = "answered"
    """The customer that the event's `customer` field names; where it names none, the stream (a conversation, which is
    forgotten with its customer)."""
    SUBJECT = "subject"
    """The person that the stream is about."""


@dataclass(frozen=True, slots=True)
class Personal:
    """Annotation of a personal field."""

    of: tuple[Belongs, ...]


@dataclass(frozen=True, slots=True)
class Pseudonym:
    """Annotation of a customer's id in the desk's own words. The ledger holds a random id in its place, which only the
    vault can lead back, so that erasure forgets who it was."""


Id = Annotated[str, Meta(min_length=1, max_length=200)]
"""An id in the desk's own words, kept in plain for ever: it must not be personal data in itself."""
CustomerId = Annotated[str, Meta(min_length=1, max_length=200), Pseudonym()]
"""A customer's id in the desk's own words; what is stored is its pseudonym."""
Label = Annotated[str, Meta(min_length=1, max_length=200)]
"""A short name of a thing, not of a person: a tag, a topic, a reason code."""
Labels = Annotated[tuple[Label, ...], Meta(max_length=100)]
WrittenText = Annotated[Words, Personal((Belongs.WRITER,))]
"""What the actor wrote."""
AnswerText = Annotated[Words, Personal((Belongs.WRITER, Belongs.ANSWERED))]
"""What the actor wrote to or about a customer."""
PersonName = Annotated[Words, Personal((Belongs.SUBJECT,))]
"""What somebody is called, or words about them alone."""
Count = Annotated[int, Meta(ge=0, le=2**31 - 1)]
Seconds = Annotated[int, Meta(ge=1, le=366 * 24 * 3600)]
"""How long something may take: up to a year."""
Score = Annotated[int, Meta(ge=0, le=10)]


@dataclass_transform(frozen_default=True, kw_only_default=True)
class _EventMeta(StructMeta):
    """Tells type checkers that what inherits from `Event` is frozen and keyword-only, as it is."""


class Event(Struct, metaclass=_EventMeta, frozen=True, kw_only=True, forbid_unknown_fields=True, gc=False):
    """A payload. Flat: scalars, enums and tuples of labels, no floats; personal fields at the top level only."""

    declaration: ClassVar["Declaration"]


@dataclass(frozen=True, slots=True)
class Declaration:
    """What the registry knows of an event type."""

    name: str
    version: int
    subject: Subject
    title: Text
    told: bool
    """Whether a desk may tell of it as a fact. What is arranged here, and what we conclude, comes of commands and of
    ourselves alone."""
    payload: type[Event]
    personal: Mapping[str, Personal]
    """Personal fields of the payload, by name."""
    pseudonyms: tuple[str, ...]
    """Fields of the payload that hold a customer's id."""

    @property
    def meaning(self) -> str:
        """The class's docstring: one sentence of what happened."""
        return (self.payload.__doc__ or "").strip()


Payload = dict[str, Any]
Upcaster = Callable[[Payload], Payload]
E_ = TypeVar("E_", bound=type[Event])

_declarations: dict[str, Declaration] = {}
_upcasters: dict[tuple[str, int], Upcaster] = {}

DECLARATIONS: Mapping[str, Declaration] = MappingProxyType(_declarations)
"""All event types by stored name, in order of declaration. Filled by importing `domain.events`."""


def event(name: str, *, of: Subject, title: Text, version: int = 1, told: bool = True) -> Callable[[E_], E_]:
    """Declare an event type: its stored name, the subject of its stream, its title, its newest schema version, and
    whether desks tell of it."""

    def declare(payload: E_) -> E_:
        if name in _declarations:
            raise TypeError(f"the event name {name!r} is declared twice: {_declarations[name].payload} and {payload}")
        annotations = dict(marks(payload))
        payload.declaration = _declarations[name] = Declaration(
            name=name,
            version=version,
            subject=of,
            title=title,
            told=told,
            payload=payload,
            personal={field: mark for field, mark in annotations.items() if isinstance(mark, Personal)},
            pseudonyms=tuple(field for field, mark in annotations.items() if isinstance(mark, Pseudonym)),
        )
        return payload

    return declare


def upcaster(name: str, *, from_version: int) -> Callable[[Upcaster], Upcaster]:
    """Declare the pure function that turns a stored payload of `from_version` into one of the version after it."""

    def declare(function: Upcaster) -> Upcaster:
        if (name, from_version) in _upcasters:
            raise TypeError(f"two upcasters for {name!r} from version {from_version}")
        _upcasters[name, from_version] = function
        return function

    return declare


def upcast(name: str, version: int, payload: Payload) -> Payload:
    """A stored payload in the newest version's shape. Stored bytes never change; reading brings them up to date."""
    newest = declaration(name).version
    while version < newest:
        payload = _upcasters[name, version](payload)
        version += 1
    return payload


def declaration(name: str) -> Declaration:
    """The declaration of a stored event name."""
    found = _declarations.get(name) if isinstance(name, str) else None
    if found is None:
        raise InvalidEvent(
            f"there is no event type `{quoted(name)}`; `deskledger schema events` lists all",
            path=("type",),
            detail="UNKNOWN_TYPE",
        )
    return found


def payload_of(name: str, fields: Payload) -> Event:
    """A payload from plain data, such as parsed JSON. Everything malformed is refused with where and why.

    Commitments are refused here: they come from the ledger only. So are events that no desk can tell of.
    """
    declared = declaration(name)
    if not declared.told:
        raise InvalidEvent(
            f"`{name}` is no fact of a desk's: it comes of a command, or of Deskledger itself",
            path=("type",),
            detail="NOT_TOLD",
        )
    payload = convert(fields, declared.payload, refuse=InvalidEvent, at=("payload",))
    for field in declared.personal:
        if isinstance(getattr(payload, field), Commitment):
            raise InvalidEvent(f"`{field}` must be text", path=("payload", field), detail="WRONG_TYPE")
    return payload


def marks(declared: type[Struct]) -> Iterator[tuple[str, object]]:
    """Annotations of the fields, also within `Optional[...]`."""
    for field, hint in get_type_hints(declared, include_extras=True).items():
        if get_origin(hint) is not ClassVar:
            for candidate in (hint, *get_args(hint)):
                if get_origin(candidate) is Annotated:
                    for mark in candidate.__metadata__:
                        yield field, mark
