"""Events of every declared type: generated ones, with whatever text and numbers their types allow, and a fixed one."""

from typing import Any
from uuid import UUID

from hypothesis import strategies as st
from hypothesis.strategies import SearchStrategy
from msgspec import inspect

from domain.envelope import Actor, Envelope, NewEvent, Stream
from domain.event import DECLARATIONS, Declaration
from domain.instants import EARLIEST, parse_instant
from domain.words import ActorType, Confidence, Signature

_LARGEST = 2**53 - 1
_LATEST = parse_instant("2026-01-01T00:00:00Z")

_PATTERNED = {"month": "2026-03", "currency": "MDL"}
"""What fits the patterns of fields that have one."""

words = st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\0"), max_size=40)
"""All of Unicode that can be stored."""
labels = st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\0"), min_size=1, max_size=40)


def new_events() -> SearchStrategy[NewEvent]:
    """A new event of any type."""
    return st.sampled_from(list(DECLARATIONS.values())).flatmap(
        lambda declared: st.builds(NewEvent, _envelopes(declared), st.builds(declared.payload, **_fields(declared)))
    )


def sample(declared: Declaration) -> NewEvent:
    """One event of a type, always the same, with every field filled."""
    envelope = Envelope(
        id=UUID(int=1),
        stream=Stream(declared.subject, "s1"),
        actor=Actor(ActorType.OPERATOR, "anna", Confidence.INFERRED),
        occurred_at=parse_instant("2026-03-02T09:00:00.000001Z"),
        on_behalf_of="boris",
        source="desk",
        source_order=7,
        interface="api",
        session="session 1",
        causation=UUID(int=2),
        correlation="request 1",
        signature=Signature.VERIFIED,
        ip="192.0.2.7",
        user_agent="Desk/1.0",
        raw='{"as": "it came"}',
    )
    return NewEvent(envelope, declared.payload(**{field.name: _fixed(field) for field in _declared_fields(declared)}))


def _envelopes(declared: Declaration) -> SearchStrategy[Envelope]:
    return st.builds(
        Envelope,
        id=st.uuids(),
        stream=st.builds(Stream, st.just(declared.subject), labels),
        actor=st.builds(Actor, st.sampled_from(ActorType), labels, st.sampled_from(Confidence)),
        occurred_at=st.integers(EARLIEST, _LATEST),
        on_behalf_of=st.none() | labels,
        source=st.none() | labels,
        source_order=st.none() | st.integers(-_LARGEST, _LARGEST),
        interface=st.none() | labels,
        session=st.none() | labels,
        causation=st.none() | st.uuids(),
        correlation=st.none() | labels,
        signature=st.sampled_from(Signature),
        ip=st.none() | words,
        user_agent=st.none() | words,
        raw=st.none() | words,
    )


def _fields(declared: Declaration) -> dict[str, SearchStrategy[Any]]:
    return {field.name: _values(field.type) for field in _declared_fields(declared)}


def _declared_fields(declared: Declaration) -> tuple[inspect.Field, ...]:
    described = inspect.type_info(declared.payload)
    assert isinstance(described, inspect.StructType)
    return described.fields


def _values(kind: inspect.Type) -> SearchStrategy[Any]:
    match kind:
        case inspect.UnionType():
            return st.one_of([_values(part) for part in _plain(kind)])
        case inspect.NoneType():
            return st.none()
        case inspect.BoolType():
            return st.booleans()
        case inspect.EnumType(cls=cls):
            return st.sampled_from(cls)
        case inspect.IntType(ge=low, le=high):
            return st.integers(-_LARGEST if low is None else low, _LARGEST if high is None else high)
        case inspect.StrType(pattern=str(pattern)):
            return st.from_regex(pattern, fullmatch=True).filter(str.isascii)
        case inspect.StrType(max_length=None):
            return words
        case inspect.StrType():
            return labels
        case inspect.VarTupleType(item_type=part):
            return st.lists(_values(part), max_size=3).map(tuple)
    raise TypeError(f"the tests know no values of {kind}; events hold scalars and tuples of them only")


def _plain(kind: inspect.Type) -> list[inspect.Type]:
    """The scalars that a type allows; commitments come from the ledger only."""
    if isinstance(kind, inspect.UnionType):
        return [part for inner in kind.types for part in _plain(inner)]
    return [] if isinstance(kind, inspect.StructType) else [kind]


def _fixed(field: inspect.Field) -> Any:
    kind = _plain(field.type)[0]
    return (_one(field, kind.item_type),) if isinstance(kind, inspect.VarTupleType) else _one(field, kind)


def _one(field: inspect.Field, kind: inspect.Type) -> Any:
    match kind:
        case inspect.BoolType():
            return True
        case inspect.EnumType(cls=cls):
            return list(cls)[-1]
        case inspect.IntType():
            return 5
        case inspect.StrType(pattern=str()):
            return _PATTERNED[field.name]
        case inspect.StrType():
            return f"{field.name} «1»"
    raise TypeError(f"the tests know no value of {field}")
