"""Two generations of a projection, compared at the same position: what a rebuild would change.

Where only the technique changed they are equal; where the rules changed, the differences are the report.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from sqlalchemy import Table

from domain.errors import Conflict, NotFound
from eventstore.database import Database, Session
from projections import generations
from projections.generations import LIVE, Generation
from projections.projection import Projection

_SHOWN = 10


@dataclass(frozen=True, slots=True)
class Difference:
    """One row: its key, and what each generation holds in the columns that differ (None: no such row)."""

    key: dict[str, Any]
    old: dict[str, Any] | None
    new: dict[str, Any] | None


@dataclass(frozen=True, slots=True)
class TableReport:
    """How many rows only one of the generations has, how many both have with other values, and some of each."""

    table: str
    rows: int
    only_old: int
    only_new: int
    changed: int
    examples: tuple[Difference, ...]

    @property
    def equal(self) -> bool:
        return not (self.only_old or self.only_new or self.changed)


@dataclass(frozen=True, slots=True)
class Report:
    """What two generations differ in, both having folded everything up to `position`."""

    projection: str
    old: int
    new: int
    position: int
    tables: tuple[TableReport, ...]

    @property
    def equal(self) -> bool:
        return all(table.equal for table in self.tables)


async def compare(database: Database, workspace: UUID, projection: Projection) -> Report:
    """Compare the generation that serves with the one that is being filled beside it.

    Raises `NotFound` unless there are two, `Conflict` unless both have got to the same position just now: while events
    keep coming that is a matter of trying again, or of holding the events back.
    """
    async with database.transaction(workspace, snapshot=True) as connection:
        old, new = await _pair(connection, workspace, projection.name)
        if old.checkpoint != new.checkpoint:
            raise Conflict(
                f"generation {old.number} is at position {old.checkpoint}, generation {new.number} at "
                f"{new.checkpoint}: they can be compared only at the same one"
            )
        reports = [await _table(connection, table, old, new) for table in projection.tables]
    return Report(projection.name, old.number, new.number, old.checkpoint, tuple(reports))


async def _pair(connection: Session, workspace: UUID, projection: str) -> tuple[Generation, Generation]:
    live = [one for one in await generations.of(connection, workspace, projection) if one.state in LIVE]
    if len(live) != 2:
        raise NotFound(f"{projection} has no second generation; `deskledger project rebuild --hold` begins one")
    return live[0], live[1]


async def _table(connection: Session, table: Table, old: Generation, new: Generation) -> TableReport:
    names = [column.name for column in table.columns if column.name not in {"workspace_id", "generation"}]
    keys = [column.name for column in table.primary_key.columns if column.name in names]
    values = [name for name in names if name not in keys]
    parameters = (old.workspace, old.number, new.number)
    (counted,) = await connection.fetch(_counts(table.name, keys, values), *parameters)
    rows, only_old, only_new, changed = counted
    examples = [
        _difference(dict(row), keys, values)
        for row in await connection.fetch(_differing(table.name, keys, values), *parameters, _SHOWN)
    ]
    return TableReport(table.name, rows, only_old, only_new, changed, tuple(examples))


def _joined(table: str, keys: Sequence[str], columns: Sequence[str]) -> str:
    listed = ", ".join(columns)
    return f"""
        (SELECT true AS is_there, {listed} FROM {table} WHERE workspace_id = $1 AND generation = $2) AS old
        FULL JOIN (SELECT true AS is_there, {listed} FROM {table} WHERE workspace_id = $1 AND generation = $3) AS new
        USING ({", ".join(keys)})
    """


def _changed(values: Sequence[str]) -> str:
    either = " OR ".join(f"old.{name} IS DISTINCT FROM new.{name}" for name in values) or "false"
    return f"(old.is_there AND new.is_there AND ({either}))"


def _counts(table: str, keys: Sequence[str], values: Sequence[str]) -> str:
    return f"""
        SELECT count(old.is_there), count(*) FILTER (WHERE new.is_there IS NULL),
            count(*) FILTER (WHERE old.is_there IS NULL), count(*) FILTER (WHERE {_changed(values)})
        FROM {_joined(table, keys, [*keys, *values])}
    """


def _differing(table: str, keys: Sequence[str], values: Sequence[str]) -> str:
    shown = "".join(f', old.{name} AS "old {name}", new.{name} AS "new {name}"' for name in values)
    return f"""
        SELECT {", ".join(keys)}, old.is_there AS "in old", new.is_there AS "in new"{shown}
        FROM {_joined(table, keys, [*keys, *values])}
        WHERE old.is_there IS NULL OR new.is_there IS NULL OR {_changed(values)}
        ORDER BY {", ".join(keys)} LIMIT $4
    """


def _difference(row: dict[str, Any], keys: Sequence[str], values: Sequence[str]) -> Difference:
    both = row["in old"] and row["in new"]
    told = [name for name in values if not both or row[f"old {name}"] != row[f"new {name}"]]
    return Difference(
        key={name: row[name] for name in keys},
        old={name: row[f"old {name}"] for name in told} if row["in old"] else None,
        new={name: row[f"new {name}"] for name in told} if row["in new"] else None,
    )
