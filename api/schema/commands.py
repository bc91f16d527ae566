"""The mutations by which operators act: one for each command of the domain, all made of its declaration."""

from collections.abc import Mapping
from enum import StrEnum
from types import MappingProxyType
from typing import Annotated, Any

import strawberry
from msgspec import structs
from strawberry.utils.str_converters import to_camel_case, to_snake_case

import domain.commands  # noqa: F401 - fills the registry
from api.auth.principal import Principal
from api.auth.roles import Right
from api.commands import Done, Request, fresh_id
from api.context import Context, Info
from api.schema.access import Needs
from api.schema.command_types import MALFORMED, SHOWN, CommandTypes, fields_of, marked, parts_of, types_of
from api.schema.fields import argument
from api.schema.ids import NodeKind, global_id, key_of
from api.schema.scalars import BigInt, DateTime
from domain.command import COMMANDS, Command, CommandDeclaration, Identifies, Moment, command_of
from domain.conversion import text_fault
from domain.envelope import Actor
from domain.errors import CommandRefused, Conflict, DeskledgerError, Forbidden, InvalidInput
from domain.instants import parse_instant
from domain.words import ActorType, Subject

_LONGEST_KEY = 200


def _mutation(declared: CommandDeclaration) -> Any:
    """The root field of a command."""
    types = types_of(declared)

    async def resolve(info: Info, input: Any) -> Any:  # noqa: A002 - as Relay calls it
        context = info.context
        try:
            request = structs.replace(_request(declared, context.principal, input), client=context.client)
            done = await context.services.commands.carry_out(context.principal.workspace, request)
        except (CommandRefused, InvalidInput, Conflict) as error:
            return _refused(declared, types, error)
        return await _carried_out(types, context, request.command, done)

    resolve.__annotations__ |= {"input": Annotated[types.input, argument("What is wanted.")], "return": types.payload}
    made = ", ".join(f"`{event.declaration.name}`" for event in declared.becomes)
    return strawberry.field(
        resolve, description=f"{declared.meaning}\n\nAs events: {made}.", extensions=[Needs(_right(declared))]
    )


def _right(declared: CommandDeclaration) -> Right:
    """What is done to conversations and customers, and one's own presence, is an operator's work; what no desk's log
    can tell of is configured; the rest arranges the desk."""
    if not declared.becomes[0].declaration.told:
        return Right.CONFIGURE
    acts = declared.subject in (Subject.CONVERSATION, Subject.CUSTOMER) or declared.name == "ChangePresence"
    return Right.COMMAND if acts else Right.ARRANGE


COMMAND_MUTATIONS: Mapping[str, Any] = MappingProxyType(
    {to_snake_case(name): _mutation(declared) for name, declared in COMMANDS.items()}
)
"""The root fields of all commands, by name."""


# What comes in


def _request(declared: CommandDeclaration, principal: Principal, given: Any) -> Request:
    """The wish, and who has it. Raises InvalidInput with a path in the command's own names, and Forbidden."""
    key = _key(given.idempotency_key)
    fields = {field.name: _value(field, getattr(given, field.name)) for field in fields_of(declared)}
    said = {name: value for name, value in fields.items() if value is not None}
    command = command_of(declared.name, said, fresh=fresh_id(principal.workspace, key))
    by = _actor(principal, given.as_operator)
    if declared.subject is Subject.OPERATOR and command.stream.id != by.id:
        principal.require(Right.ARRANGE)
    return Request(command, by, key, given.session)


def _key(key: str) -> str:
    if not 1 <= len(key) <= _LONGEST_KEY:
        detail = "TOO_LONG" if key else "TOO_SHORT"
        raise InvalidInput(f"a key has 1 to {_LONGEST_KEY} characters", path=("idempotency_key",), detail=detail)
    fault = text_fault(key)
    if fault is not None:
        raise InvalidInput(fault, path=("idempotency_key",), detail="ILL_FORMED_TEXT")
    return key


def _value(field: Any, given: Any) -> Any:
    """A field's value in the domain's terms: ids as the desk knows them, instants, stored words."""
    return [_one(field, each) for each in given] if isinstance(given, list) else _one(field, given)


def _one(field: Any, given: Any) -> Any:
    identifies = marked(field, Identifies)
    try:
        if identifies is not None and given is not None and identifies.subject in SHOWN:
            return key_of(SHOWN[identifies.subject].node, given)
        if marked(field, Moment) and given is not None:
            return parse_instant(given)
    except InvalidInput as error:
        raise type(error)(error.message, path=(field.name,), detail=error.detail or "MALFORMED_INSTANT") from None
    return given.value if isinstance(given, StrEnum) else given


def _actor(principal: Principal, as_operator: str | None) -> Actor:
    """An operator's token acts as that operator, one that may record facts as whomever it names; else it is the token
    itself that acts, which is all that is known."""
    named = None if as_operator is None else key_of(NodeKind.OPERATOR, as_operator)
    if named is not None and named != principal.operator and not principal.may(Right.RECORD):
        raise Forbidden("only a token that may record facts acts in somebody else's name")
    operator = named or principal.operator
    if operator is None:
        return Actor(ActorType.INTEGRATION, f"token:{principal.token}")
    return Actor(ActorType.OPERATOR, operator)


# What goes out


async def _carried_out(types: CommandTypes, context: Context, command: Command, done: Done) -> Any:
    return types.payload(
        entries=[strawberry.ID(global_id(NodeKind.ENTRY, str(event))) for event in done.events],
        position=BigInt(done.position),
        occurred_at=DateTime(done.occurred_at),
        repeated=done.repeated,
        errors=[],
        subject=await _subject(context, command),
        **{part: strawberry.ID(getattr(command, part)) for part in parts_of(command.declaration)},
    )


async def _subject(context: Context, command: Command) -> str | None:
    """The id, in the ledger, of what the command is about: a customer's is the pseudonym."""
    stream = command.stream
    if stream.subject is not Subject.CUSTOMER:
        return stream.id
    pseudonym = await context.services.vault.find(context.principal.workspace, stream.id)
    return None if pseudonym is None else str(pseudonym)


def _refused(declared: CommandDeclaration, types: CommandTypes, error: DeskledgerError) -> Any:
    return types.payload(
        entries=[],
        position=None,
        occurred_at=None,
        repeated=None,
        errors=[types.error(code=_code(types, error), message=error.message, path=_path(declared, error))],
        subject=None,
        **dict.fromkeys(parts_of(declared)),
    )


def _code(types: CommandTypes, error: DeskledgerError) -> Any:
    """The error's narrower code where the mutation has that one, else its class's, else that it is malformed."""
    known = types.codes.__members__
    return next(known[code] for code in (error.detail, error.code, MALFORMED) if code in known)


def _path(declared: CommandDeclaration, error: DeskledgerError) -> list[str]:
    """Where in the input: the ledger's words for parts of an event are led back to the fields that they came from."""
    match error.path:
        case ():
            return []
        case ("payload", *inside):
            within = inside
        case ("actor", *_):
            within = ["as_operator"]
        case ("stream", *_):
            within = [declared.subject.value]
        case path:
            within = [*path]
    return ["input", *(to_camel_case(str(part)) for part in within)]
