"""Documents that ask for every field there is below a root field, made from the schema alone."""

from collections.abc import Iterator, Mapping
from typing import Any

from graphql import (
    GraphQLArgument,
    GraphQLEnumType,
    GraphQLField,
    GraphQLInputObjectType,
    GraphQLInterfaceType,
    GraphQLList,
    GraphQLNonNull,
    GraphQLSchema,
    GraphQLUnionType,
    get_named_type,
    is_leaf_type,
    is_required_argument,
    is_required_input_field,
)

_PAGE = "first: 10"
MOST_TYPES = 17
"""How deep a document can go, in types: the server answers 20 levels of fields."""
_MOST = 2_500
"""Fields of a document: what the server answers at once, with room to spare."""
_ALIAS = 27

Tree = dict[str, "Tree"]
"""A selection: what is written for each field, and what is selected below it."""


def documents(schema: GraphQLSchema, named: Any, *, shown: frozenset[str], depth: int) -> Iterator[str]:
    """Selections that together ask for everything below a type. On one path each type comes once; of the types of an
    interface those in `shown` are gone into; `depth`: how many types deep."""
    for part in _split(_tree(schema, named, shown, ("",) * (MOST_TYPES - depth))):
        yield _written(part)


def _tree(schema: GraphQLSchema, named: Any, shown: frozenset[str], path: tuple[str, ...]) -> Tree:
    if is_leaf_type(named):
        return {}
    if named.name in path or len(path) == MOST_TYPES:
        return {"__typename": {}}
    within = (*path, named.name)
    tree: Tree = {"__typename": {}}
    if not isinstance(named, GraphQLUnionType):
        tree |= {_asked(name, field): _below(schema, field, shown, within) for name, field in named.fields.items()}
    if isinstance(named, GraphQLUnionType | GraphQLInterfaceType):
        for each in schema.get_possible_types(named):
            own = {name: field for name, field in each.fields.items() if name not in getattr(named, "fields", {})}
            if own and (isinstance(named, GraphQLUnionType) or each.name in shown):
                tree[f"... on {each.name}"] = {
                    f"{each.name}_{name}: {_asked(name, field)}": _below(schema, field, shown, within)
                    for name, field in own.items()
                }
    return tree


def _below(schema: GraphQLSchema, field: GraphQLField, shown: frozenset[str], path: tuple[str, ...]) -> Tree:
    return _tree(schema, get_named_type(field.type), shown, path)


def _asked(name: str, field: GraphQLField) -> str:
    arguments = [f"{key}: {literal(one.type)}" for key, one in field.args.items() if is_required_argument(one)]
    if "first" in field.args:
        arguments.append(_PAGE)
    return f"{name}({', '.join(arguments)})" if arguments else name


def _size(tree: Tree) -> int:
    """In fields; of aliases fewer are answered, so they weigh more."""
    return sum((_ALIAS if ": " in asked.partition("(")[0] else 1) + _size(below) for asked, below in tree.items())


def _split(tree: Tree) -> Iterator[Tree]:
    if _size(tree) <= _MOST:
        yield tree
        return
    together: Tree = {}
    for asked, below in tree.items():
        if _size(together) + _size(below) < _MOST:
            together[asked] = below
        else:
            yield from ({asked: part} for part in _split(below))
    yield together


def _written(tree: Tree) -> str:
    if not tree:
        return ""
    return "{ " + " ".join(f"{asked} {_written(below)}" for asked, below in tree.items()) + " }"


def literal(kind: Any) -> str:
    """A value of an input type, as small as it can be."""
    if isinstance(kind, GraphQLNonNull):
        return literal(kind.of_type)
    if isinstance(kind, GraphQLList):
        return f"[{literal(kind.of_type)}]"
    if isinstance(kind, GraphQLEnumType):
        return str(next(iter(kind.values)))
    if isinstance(kind, GraphQLInputObjectType):
        fields = [(name, one) for name, one in kind.fields.items() if is_required_input_field(one)]
        if kind.is_one_of:
            fields = list(kind.fields.items())[:1]
        return "{" + ", ".join(f"{name}: {literal(one.type)}" for name, one in fields) + "}"
    return _LITERALS[kind.name]


_LITERALS: Mapping[str, str] = {
    "BigInt": '"1"',
    "Boolean": "true",
    "Date": '"2026-03-02"',
    "DateTime": '"2026-03-02T12:00:00Z"',
    "Decimal": '"1"',
    "Float": "1",
    "ID": '"x"',
    "Int": "1",
    "JSON": '"x"',
    "String": '"x"',
}


def required(arguments: Mapping[str, GraphQLArgument]) -> str:
    """Values for the arguments that must be given."""
    given = [f"{name}: {literal(one.type)}" for name, one in arguments.items() if is_required_argument(one)]
    return f"({', '.join(given)})" if given else ""


def texts(value: Any) -> Iterator[str]:
    """Every text in an answer, wherever it stands."""
    match value:
        case str():
            yield value
        case dict():
            for one in value.values():
                yield from texts(one)
        case list():
            for one in value:
                yield from texts(one)
