"""The rules for tables that let them be spread over machines by workspace. Each test says one rule."""

import pytest
from sqlalchemy import BigInteger, ForeignKeyConstraint, PrimaryKeyConstraint, Table, UniqueConstraint, Uuid

from eventstore.tables import REFERENCE, SHARD, metadata
from tests.schema import declare_all

declare_all()
TABLES = sorted(metadata.tables.values(), key=lambda table: table.name)
SHARDED = [table for table in TABLES if table.info == SHARD]

each_table = pytest.mark.parametrize("table", TABLES, ids=lambda table: table.name)
each_sharded = pytest.mark.parametrize("table", SHARDED, ids=lambda table: table.name)


@each_table
def test_a_table_says_where_it_stands(table: Table) -> None:
    assert table.info in (SHARD, REFERENCE)


@each_table
def test_a_table_has_a_primary_key(table: Table) -> None:
    assert list(table.primary_key.columns)


@each_sharded
def test_the_workspace_is_a_uuid_and_always_there(table: Table) -> None:
    column = table.columns["workspace_id"]

    assert isinstance(column.type, Uuid)
    assert not column.nullable


@each_sharded
def test_the_workspace_comes_first_in_every_key(table: Table) -> None:
    keys = [
        list(constraint.columns)
        for constraint in table.constraints
        if isinstance(constraint, PrimaryKeyConstraint | UniqueConstraint | ForeignKeyConstraint)
    ]
    keys += [list(index.columns) for index in table.indexes if index.unique]

    assert [columns[0].name for columns in keys] == ["workspace_id"] * len(keys)


@each_table
def test_no_foreign_key_sets_null(table: Table) -> None:
    """That would change a distribution column."""
    assert all("SET NULL" not in f"{key.ondelete} {key.onupdate}".upper() for key in table.foreign_key_constraints)


@each_table
def test_foreign_keys_lead_from_spread_tables_or_to_whole_ones(table: Table) -> None:
    for key in table.foreign_key_constraints:
        assert table.info == SHARD or key.referred_table.info == REFERENCE


@each_table
def test_identities_are_bigint(table: Table) -> None:
    """Others do not exist on distributed tables."""
    for column in table.columns:
        if column.identity is not None:
            assert isinstance(column.type, BigInteger)


@each_sharded
def test_no_index_lacks_the_workspace(table: Table) -> None:
    """An index that does not begin with the workspace finds other tenants' rows first."""
    assert all(next(iter(index.columns)).name == "workspace_id" for index in table.indexes if index.columns)
