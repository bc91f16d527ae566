"""From the domain's command declarations to GraphQL: each command's input, the codes of its errors, what it answers."""

from dataclasses import dataclass
from enum import Enum
from typing import Any, get_args, get_origin

import msgspec
import strawberry
from msgspec import Meta
from msgspec.structs import FieldInfo
from strawberry import Private

from api.auth.roles import Right
from api.context import Info
from api.schema.conversations import Conversation
from api.schema.directory import Channel, Community, Customer, Operator, Team
from api.schema.enums import DESCRIBED
from api.schema.ids import NodeKind
from api.schema.reading import reading, selects
from api.schema.scalars import BigInt, DateTime, GivenDateTime
from domain.command import CommandDeclaration, Identifies, Moment
from domain.words import Subject
from projections.conversations.project import NAME as CONVERSATIONS
from projections.directory.projection import NAME as DIRECTORY
from projections.journal.projection import NAME as JOURNAL

MALFORMED = "MALFORMED"
COMMON_CODES = {
    "TOO_LONG": "A text or list is longer than it may be.",
    "TOO_SHORT": "A text is shorter than it may be: empty, where something must be said.",
    "TOO_LARGE": "With its words the event would be larger than an event may be; the message says the limit.",
    "OUT_OF_RANGE": "A number or instant lies outside its bounds.",
    "ILL_FORMED_TEXT": "A text holds what cannot be stored: a NUL character, half a surrogate pair.",
    "MALFORMED_INSTANT": "An instant is not RFC 3339 text with a zone.",
    "ID_OF_ANOTHER_KIND": "A global id is that of another kind of thing than is wanted here.",
    MALFORMED: "The input is malformed in another way, which the message says.",
    "IDEMPOTENCY_KEY_REUSED": "The idempotency key was used for something else.",
    "CONFLICT": "Others changed it faster every time; look what it is now, and try again.",
}
"""What any command may be answered with; every command adds its own refusals."""


@dataclass(frozen=True, slots=True)
class Shown:
    """How the thing that a command changes is shown afterwards."""

    type: Any
    node: NodeKind
    right: Right
    """Who may see more of it than its id."""
    awaited: tuple[tuple[str, str], ...]
    """Which projection has to have got there before which of its fields tells of the change."""


_PLACE = (("name", DIRECTORY), ("names", DIRECTORY))
SHOWN = {
    Subject.CONVERSATION: Shown(
        Conversation, NodeKind.CONVERSATION, Right.CONVERSATIONS, (("state", CONVERSATIONS), ("history", JOURNAL))
    ),
    Subject.CUSTOMER: Shown(
        Customer, NodeKind.CUSTOMER, Right.CONVERSATIONS, (("name", DIRECTORY), ("blocked", DIRECTORY))
    ),
    Subject.OPERATOR: Shown(
        Operator,
        NodeKind.OPERATOR,
        Right.DIRECTORY,
        (*((name, DIRECTORY) for name in ("name", "team", "teams", "joinedAt", "leftAt")), ("journal", JOURNAL)),
    ),
    Subject.TEAM: Shown(Team, NodeKind.TEAM, Right.DIRECTORY, _PLACE),
    Subject.CHANNEL: Shown(Channel, NodeKind.CHANNEL, Right.DIRECTORY, _PLACE),
    Subject.COMMUNITY: Shown(Community, NodeKind.COMMUNITY, Right.DIRECTORY, (*_PLACE, ("channel", DIRECTORY))),
}


@strawberry.interface(description="Why a command was not carried out. Faults of ours are top-level errors instead.")
class CommandError:
    """Each command's own type of error adds its `code`."""

    message: str = strawberry.field(description="A sentence for people: what, and what to do.")
    path: list[str] = strawberry.field(description="Where in the input, from the outside in; empty: the whole of it.")


@strawberry.interface(description="What became of a command. Either it has errors, or all the rest.")
class CommandPayload:
    """Each command's own type of payload adds the object that changed."""

    entries: list[strawberry.ID] = strawberry.field(description="The global ids of the journal entries that it made.")
    position: BigInt | None = strawberry.field(
        description="The ledger position of the last of them: give it to queries as `atLeast`."
    )
    occurred_at: DateTime | None = strawberry.field(description="When it was done.")
    repeated: bool | None = strawberry.field(
        description="Whether the same key had done it before; this is what it did the first time."
    )
    errors: list[CommandError] = strawberry.field(description="Why it was not carried out; empty where it was.")
    subject: Private[str | None]
    """The id, in the ledger, of what the command is about."""


@dataclass(frozen=True, slots=True)
class CommandTypes:
    """A command's types."""

    input: Any
    payload: Any
    error: Any
    codes: Any


def types_of(declared: CommandDeclaration) -> CommandTypes:
    """The types that a command needs in the schema."""
    codes = _codes(declared)
    error = _made(
        f"{declared.name}Error",
        (CommandError,),
        {"code": codes},
        {"code": strawberry.field(description="Stable and for programs.")},
    )
    return CommandTypes(
        input=strawberry.input(_input(declared), description=f"What `{camel_name(declared)}` needs to know."),
        payload=strawberry.type(_payload(declared, error), description=f"What became of `{camel_name(declared)}`."),
        error=strawberry.type(error, description=f"Why `{camel_name(declared)}` was not carried out."),
        codes=codes,
    )


def camel_name(declared: CommandDeclaration) -> str:
    """Of `CloseConversation`: `closeConversation`."""
    return declared.name[0].lower() + declared.name[1:]


def marked(field: FieldInfo, mark: type[Any]) -> Any:
    """The field's annotation of that sort, or None."""
    return next((one for one in _metadata(field.type) if isinstance(one, mark)), None)


def fields_of(declared: CommandDeclaration) -> tuple[FieldInfo, ...]:
    """The command's fields, in order of declaration."""
    return msgspec.structs.fields(declared.command)


def parts_of(declared: CommandDeclaration) -> tuple[str, ...]:
    """Fields with ids that a command may make, of things within the stream: a reply, a note, a survey."""
    return tuple(name for name in declared.fresh if name != declared.subject.value)


def _codes(declared: CommandDeclaration) -> Any:
    meanings = {**declared.codes, **COMMON_CODES}
    values = {code: strawberry.enum_value(code, description=meaning) for code, meaning in meanings.items()}
    made = Enum(f"{declared.name}ErrorCode", values)  # type: ignore[misc]  # the names are known when it runs
    return strawberry.enum(made, description=f"Why `{camel_name(declared)}` may not be carried out.")


def _input(declared: CommandDeclaration) -> type:
    annotations: dict[str, Any] = {}
    defaults: dict[str, Any] = {}
    for field in fields_of(declared):
        annotations[field.name], default = _given(declared, field)
        defaults[field.name] = strawberry.field(description=_meaning(field), **default)
    annotations |= {"idempotency_key": str, "as_operator": strawberry.ID | None, "session": str | None}
    defaults |= {
        "idempotency_key": strawberry.field(
            description="Yours, unique in the workspace for each wish, such as a UUID: sent again under it, the same "
            "wish is carried out once and answered as the first time."
        ),
        "as_operator": strawberry.field(
            default=None,
            description="The operator who acts, by the desk's id or the global one: for tokens that may record facts. "
            "An operator's token acts as that operator; others act in their own name.",
        ),
        "session": strawberry.field(default=None, description="The actor's session, in your own words."),
    }
    return _made(f"{declared.name}Input", (), annotations, defaults)


def _given(declared: CommandDeclaration, field: FieldInfo) -> tuple[Any, dict[str, Any]]:
    """An input field's type, and its default where it has one."""
    kind = _kind(field)
    if field.name in declared.fresh:
        return kind | None, {"default": None}
    if field.required:
        return kind, {}
    if is_list(field.type):
        return kind, {"default_factory": list}
    return (kind | None, {"default": None}) if field.default is None else (kind, {"default": field.default})


def _kind(field: FieldInfo) -> Any:
    single = _single(field)
    return list[single] if is_list(field.type) else single  # type: ignore[valid-type]  # made when the program runs


def _single(field: FieldInfo) -> Any:
    if marked(field, Identifies):
        return strawberry.ID
    if marked(field, Moment):
        return GivenDateTime
    plain = _plain(field.type)
    return plain if plain in (bool, int) or plain in DESCRIBED else str


def is_list(kind: Any) -> bool:
    """Whether a field holds several values."""
    return get_origin(kind) is tuple or any(is_list(part) for part in get_args(kind))


def _meaning(field: FieldInfo) -> str:
    """What the field's own annotation says, else what its closed list of words is."""
    told = next((one.description for one in _metadata(field.type) if isinstance(one, Meta) and one.description), None)
    return told or DESCRIBED[_plain(field.type)]


def _metadata(kind: Any) -> tuple[Any, ...]:
    """The annotations of a type, also within `Optional[...]` and of what a list holds; the outer ones first."""
    own = getattr(kind, "__metadata__", ())
    if own and not is_list(kind):
        return tuple(own)
    return (
        *own,
        *(one for part in get_args(kind) if isinstance(part, type) or get_args(part) for one in _metadata(part)),
    )


def _plain(kind: Any) -> Any:
    """The type without annotations and None."""
    parts = [part for part in get_args(kind) if part is not type(None)]
    return _plain(parts[0]) if parts else kind


def _payload(declared: CommandDeclaration, error: type) -> type:
    annotations: dict[str, Any] = {"errors": list[error]}  # type: ignore[valid-type]  # made when the program runs
    fields: dict[str, Any] = {"errors": strawberry.field(description="Why it was not carried out; empty where it was.")}
    for part in parts_of(declared):
        annotations[part] = strawberry.ID | None
        fields[part] = strawberry.field(description=f"The {part}'s id: yours, or the one that was made.")
    shown = SHOWN.get(declared.subject)
    if shown is not None:
        fields[declared.subject.value] = _changed(declared.subject, shown)
    return _made(f"{declared.name}Payload", (CommandPayload,), annotations, fields)


def _changed(subject: Subject, shown: Shown) -> Any:
    """The field with the object that changed, as it is after the change."""

    async def resolve(self: CommandPayload, info: Info) -> Any:
        context = info.context
        if self.subject is None or self.position is None or not context.principal.may(shown.right):
            return None
        for projection in sorted({projection for field, projection in shown.awaited if selects(info, field)}):
            async with reading(context, projection, self.position):
                pass
        if subject is Subject.CONVERSATION:
            return Conversation.of(self.subject, granted=True)  # whoever acted in it sees it
        return shown.type.of(self.subject)

    resolve.__annotations__["return"] = shown.type | None
    return strawberry.field(
        resolve,
        description=f"The {subject.value}, as it is after the change; null where nothing was changed, or your token "
        "may not see it.",
    )


def _made(name: str, bases: tuple[type, ...], annotations: dict[str, Any], fields: dict[str, Any]) -> type:
    return type(name, bases, {"__annotations__": annotations, "__module__": __name__, **fields})
