"""The input of `recordActions`, generated from the domain's vocabulary. `api.schema.facts` makes events of it."""

from collections.abc import Mapping
from types import MappingProxyType
from typing import Any, TypeAlias

import strawberry
from strawberry import UNSET
from strawberry.types.base import StrawberryObjectDefinition
from strawberry.utils.str_converters import to_camel_case

from api.schema.scalars import BigInt, GivenDateTime
from api.schema.vocabulary import ID, payload_fields, type_name
from domain.event import DECLARATIONS, Declaration
from domain.words import ActorType, Confidence, Subject

Given: TypeAlias = Mapping[str, Any]
"""A fact as it came in: values of the schema's types by the schema's names. What was not said is missing, or None."""


_TOLD = {name: declaration for name, declaration in DECLARATIONS.items() if declaration.told}


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
    for name, declaration in _TOLD.items():
        key = _field_name(declaration)
        annotations[key] = _input_type(declaration) | None
        defaults[key] = strawberry.field(description=f"`{name}`: {declaration.meaning}", default=UNSET)
    made = type("ActionInput", (), {"__annotations__": annotations, **defaults})
    return strawberry.input(made, one_of=True, description="What was done: exactly one of these.")


ActionInput: Any = _action_type()
CHOICES: Mapping[str, Declaration] = MappingProxyType(
    {to_camel_case(_field_name(declaration)): declaration for declaration in _TOLD.values()}
)
"""Which event type each field of `ActionInput` is."""


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
    source_order: BigInt | None = _optional("The source's own order among facts of the same instant.")
    interface: str | None = _optional("Through what it was done: an application's or rule's name.")
    session: str | None = _optional("The actor's session.")
    causation: strawberry.ID | None = _optional("The id of the fact that made this one happen.")
    correlation: str | None = _optional("What one request, call or delivery brought together.")
    ip: str | None = _optional("The actor's address. Personal: kept under their key.")
    user_agent: str | None = _optional("The actor's program. Personal: kept under their key.")
    raw: str | None = _optional(
        "What the source delivered, as it came. Personal: kept under the keys of those concerned."
    )


def _as_it_came(_type: type, given: Given, _context: object) -> Given:
    return given


# Strawberry would make objects of it, going through every event type for every fact: a thousand took 0.4 seconds.
_definition: StrawberryObjectDefinition = RecordedActionInput.__strawberry_definition__  # type: ignore[attr-defined]  # put there by strawberry
_definition.from_input = _as_it_came
