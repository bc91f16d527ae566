"""The scalars beside GraphQL's own five."""

from collections.abc import Mapping
from decimal import Decimal as Number
from typing import NewType

import strawberry
from graphql import GraphQLError
from strawberry.types.scalar import ScalarDefinition

from domain.instants import format_instant

DateTime = NewType("DateTime", int)
"""An instant going out: `domain.instants.Instant`."""
GivenDateTime = NewType("GivenDateTime", str)
"""An instant coming in, as it was written: whether it is one is said where it is used, so that one malformed instant
refuses one fact, not the batch around it."""
BigInt = NewType("BigInt", int)
Decimal = NewType("Decimal", Number)
JSON = NewType("JSON", object)


def _text(value: object) -> str:
    if not isinstance(value, str):
        raise GraphQLError(f"a DateTime is written as text such as 2026-03-01T09:00:00Z, not as {value!r:.100}")
    return value


def _integer(value: object) -> int:
    if isinstance(value, int) and not isinstance(value, bool):
        return value
    if isinstance(value, str) and len(value) <= 20:
        try:
            return int(value)
        except ValueError:
            pass
    raise GraphQLError(f'a BigInt is an integer written as text, such as "41", not {value!r:.100}')


def _never(value: object) -> object:
    raise GraphQLError(f"{value!r:.100} cannot be given here")


_DATE_TIME = strawberry.scalar(
    name="DateTime",
    description="An instant: RFC 3339 text. Answers are in UTC with microseconds, such as "
    "`2026-03-01T09:00:00.000000Z`; input may have any offset, but must have one.",
    specified_by_url="https://datatracker.ietf.org/doc/html/rfc3339",
    serialize=format_instant,
    parse_value=_text,
)
SCALARS: Mapping[object, ScalarDefinition] = {
    DateTime: _DATE_TIME,
    GivenDateTime: _DATE_TIME,
    BigInt: strawberry.scalar(
        name="BigInt",
        description="An integer as text, since it may be larger than Int's 32 bits: a count, a position in the ledger.",
        specified_by_url="https://www.w3.org/TR/xmlschema-2/#integer",
        serialize=str,
        parse_value=_integer,
    ),
    Decimal: strawberry.scalar(
        name="Decimal",
        description="A decimal number as text, exact.",
        specified_by_url="https://www.w3.org/TR/xmlschema-2/#decimal",
        serialize=lambda value: format(value, "f"),
        parse_value=_never,
    ),
    JSON: strawberry.scalar(
        name="JSON",
        description="A JSON object: the payload of an event as the JSON Lines format writes it, whose JSON Schema "
        "`deskledger schema events` prints.",
        specified_by_url="https://datatracker.ietf.org/doc/html/rfc8259",
        serialize=lambda value: value,
        parse_value=_never,
    ),
}
