"""How a wish is declared, and how it is decided.

A command class is declared once, with `@command`: the refusals that may stand in its way, in the order in which they
are looked at, and the events that it becomes. What a command becomes follows from the command alone; the state of
affairs can only refuse it. So the same command repeated makes the same events, and a repetition can be told from
another wish under the same key.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import Any, ClassVar, Generic, TypeVar, dataclass_transform

from msgspec import Struct, StructMeta

from domain.conversion import convert
from domain.envelope import THE_WORKSPACE, Actor, Stream
from domain.errors import CommandRefused, InvalidInput
from domain.event import Event, Pseudonym, marks
from domain.instants import Instant
from domain.words import Subject


@dataclass(frozen=True, slots=True)
class Identifies:
    """Annotation of an id; `subject` where it is a stream's, None where it is that of something within a stream."""

    subject: Subject | None = None


@dataclass(frozen=True, slots=True)
class Consults:
    """Annotation of an id whose stream the decision reads, besides the one that the command is about."""

    subject: Subject


@dataclass(frozen=True, slots=True)
class Fresh:
    """Annotation of an id that is made where the asker names none."""


@dataclass(frozen=True, slots=True)
class Moment:
    """Annotation of an integer that is an instant."""


@dataclass_transform(frozen_default=True, kw_only_default=True)
class _CommandMeta(StructMeta):
    """Tells type checkers that what inherits from `Command` is frozen and keyword-only, as it is."""


class Command(Struct, metaclass=_CommandMeta, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A wish. The field named like the subject holds the id of the stream that the wish is about."""

    declaration: ClassVar["CommandDeclaration"]

    @property
    def stream(self) -> Stream:
        """What the wish is about."""
        subject = self.declaration.subject
        return THE_WORKSPACE if subject is Subject.WORKSPACE else Stream(subject, getattr(self, subject.value))

    @property
    def consulted(self) -> Mapping[str, Stream]:
        """The other streams that the decision reads, by the field that names them."""
        named = ((field, subject, getattr(self, field)) for field, subject in self.declaration.consults.items())
        return {field: Stream(subject, other) for field, subject, other in named if other is not None}


S_ = TypeVar("S_")
C_ = TypeVar("C_", bound=Command)


@dataclass(frozen=True, slots=True)
class Wish(Generic[S_, C_]):
    """All that a decision may look at."""

    state: S_
    command: C_
    by: Actor
    at: Instant
    others: Mapping[str, Any]
    """The states of the streams that the command consults, by the field that names them."""
    judged: bool = False
    """Of a baseline: whether promises in its scope were judged since the instant from which it is to hold."""


Objection = Callable[[Wish[Any, Any]], str | None]


@dataclass(frozen=True, slots=True)
class Refusal:
    """A reason for which a command may be refused. `objection` answers with a sentence where it applies."""

    code: str
    objection: Objection

    @property
    def meaning(self) -> str:
        """The objection's docstring: when this applies."""
        return (self.objection.__doc__ or "").strip()


def refusal(code: str) -> Callable[[Objection], Refusal]:
    """Declare a refusal under a code that is stable and part of the API."""
    return lambda objection: Refusal(code, objection)


@dataclass(frozen=True, slots=True)
class CommandDeclaration:
    """What the registry knows of a command."""

    name: str
    subject: Subject
    command: type[Command]
    becomes: tuple[type[Event], ...]
    """The events that it may become."""
    refusals: tuple[Refusal, ...]
    consults: Mapping[str, Subject]
    """Fields that name other streams which the decision reads."""
    fresh: tuple[str, ...]
    """Fields that are filled with a made id where the asker names none."""
    pseudonyms: tuple[str, ...]
    """Fields that hold a customer's id."""
    granted: Callable[[Any], tuple[Event, ...]]

    @property
    def meaning(self) -> str:
        """The class's docstring: what the asker wants."""
        return (self.command.__doc__ or "").strip()

    @property
    def codes(self) -> Mapping[str, str]:
        """The codes with which it may be refused, each with its meaning."""
        return {refusal.code: refusal.meaning for refusal in self.refusals}


D_ = TypeVar("D_", bound=type[Command])

_declarations: dict[str, CommandDeclaration] = {}

COMMANDS: Mapping[str, CommandDeclaration] = MappingProxyType(_declarations)
"""All commands by the name of their class, in order of declaration. Filled by importing `domain.commands`."""


def command(
    *becomes: type[Event],
    of: Subject,
    refused: tuple[Refusal, ...],
    granted: Callable[[Any], tuple[Event, ...]] | None = None,
) -> Callable[[D_], D_]:
    """Declare a command: the events that it may become, and the refusals that may stand in its way.

    Unless `granted` says otherwise, it becomes one event whose fields are the command's fields of the same names.
    """

    def declare(wish: D_) -> D_:
        name = wish.__name__
        if name in _declarations:
            raise TypeError(f"the command {name!r} is declared twice: {_declarations[name].command} and {wish}")
        annotations = tuple(marks(wish))
        wish.declaration = _declarations[name] = CommandDeclaration(
            name=name,
            subject=of,
            command=wish,
            becomes=becomes,
            refusals=refused,
            consults={field: mark.subject for field, mark in annotations if isinstance(mark, Consults)},
            fresh=tuple(field for field, mark in annotations if isinstance(mark, Fresh)),
            pseudonyms=tuple(field for field, mark in annotations if isinstance(mark, Pseudonym)),
            granted=granted or _copied(wish, of, *becomes),
        )
        return wish

    return declare


def _copied(wish: type[Command], of: Subject, *becomes: type[Event]) -> Callable[[Command], tuple[Event, ...]]:
    """The usual way of becoming an event: field by field."""
    (made,) = becomes
    fields = tuple(field for field in wish.__struct_fields__ if field != of.value)
    if strangers := set(fields) - set(made.__struct_fields__):
        raise TypeError(f"{wish.__name__} has fields that {made.__name__} has not: {sorted(strangers)}")
    return lambda wished: (made(**{field: getattr(wished, field) for field in fields}),)


def command_of(name: str, fields: Mapping[str, Any], *, fresh: str) -> Command:
    """A command from plain data, such as a parsed input. `fresh` becomes the id of what it makes, where the asker names
    none. Everything malformed is refused with where and why."""
    declared = COMMANDS[name]
    filled = {**fields, **{field: fresh for field in declared.fresh if fields.get(field) is None}}
    return convert(filled, declared.command, refuse=InvalidInput)


def decide(wish: Wish[Any, Any]) -> tuple[Event, ...]:
    """The events that the wish becomes, or `CommandRefused` with the code of the first refusal that applies."""
    declared: CommandDeclaration = wish.command.declaration
    for candidate in declared.refusals:
        sentence = candidate.objection(wish)
        if sentence is not None:
            raise CommandRefused(sentence, detail=candidate.code)
    return declared.granted(wish.command)
