"""The schema: written down, described, and changed on purpose only."""

import re
from pathlib import Path

from graphql import (
    GraphQLNamedType,
    GraphQLSchema,
    build_schema,
    find_schema_changes,
    is_input_object_type,
    is_interface_type,
    is_introspection_type,
    is_object_type,
    is_specified_scalar_type,
)

import api.schema
import api.transport
from api.execution.engine import Engine, Operation
from api.schema import sdl

WRITTEN = Path(api.schema.__file__).with_name("schema.graphql")


def test_the_schema_is_the_one_that_is_written_down() -> None:
    written, served = WRITTEN.read_text(), sdl()
    changes = [change.description for change in find_schema_changes(build_schema(written), build_schema(served))]
    assert written == served, "\n".join(
        ["the schema changed; if that is meant: deskledger schema graphql > api/schema/schema.graphql", *changes]
    )


def test_every_type_field_argument_and_value_is_described() -> None:
    undescribed = []
    for name, type_ in _types(build_schema(sdl())):
        if not type_.description:
            undescribed.append(name)
        if is_object_type(type_) or is_interface_type(type_) or is_input_object_type(type_):
            for field_name, field in type_.fields.items():
                if not field.description:
                    undescribed.append(f"{name}.{field_name}")
                for argument, asked in getattr(field, "args", {}).items():
                    if not asked.description:
                        undescribed.append(f"{name}.{field_name}({argument})")
    assert undescribed == []


def test_every_root_field_says_for_which_roles_it_is() -> None:
    schema = build_schema(sdl())
    for root in (schema.query_type, schema.mutation_type, schema.subscription_type):
        assert root is not None
        for name, field in root.fields.items():
            assert "For tokens of role " in (field.description or ""), name


def test_our_scalars_say_where_they_are_specified() -> None:
    for name, type_ in _types(build_schema(sdl())):
        if hasattr(type_, "specified_by_url") and not is_specified_scalar_type(type_):
            assert type_.specified_by_url, name


def _types(schema: GraphQLSchema) -> list[tuple[str, GraphQLNamedType]]:
    return [
        (name, type_)
        for name, type_ in schema.type_map.items()
        if not is_introspection_type(type_) and not is_specified_scalar_type(type_)
    ]


def test_the_explorers_examples_are_valid() -> None:
    page = (Path(api.transport.__file__).parent / "explorer.html").read_text()
    examples = re.findall(r": \[`([^`]*)`", page)
    assert len(examples) == 7
    for example in examples:
        Engine(api.schema.schema).prepare(Operation(example))
