"""Events counted by type, for any filter and grouping: what no KPI counts, and what checks the KPIs."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from uuid import UUID

from asyncpg import Record

from domain.errors import InvalidQuestion
from domain.instants import HOUR, Instant, instant_of, moment_of
from domain.kpi.periods import pieces, zone_of
from domain.kpi.question import Interval, Range
from domain.words import ActorType
from eventstore.database import Session
from projections.journal.filter import Filter, conditions
from projections.journal.paths import Scope
from projections.journal.projection import NAME
from projections.serving import Serving, serving

MOST_COUNTED = 5_000_000
"""Entries that one question may look at: some two seconds of them."""
MOST_ROWS = 100_000
"""Rows that one answer may have: customers are many."""


class Group(StrEnum):
    """By what actions are counted apart: each a column of the journal's entries."""

    TYPE = "type"
    OPERATOR = "operator"
    TEAM = "team"
    CHANNEL = "channel"
    COMMUNITY = "community"
    KIND = "kind"
    ACTOR_TYPE = "actor_type"
    ACTOR = "actor_id"
    """Whoever acted, of every type: operators, bots, systems, customers by pseudonym. Two of different types are two,
    whatever they are called."""


@dataclass(frozen=True, slots=True)
class Row:
    """How many events there were, and in how many distinct conversations.

    `group`: a value for each `Group` asked for, in that order; `""` is "none". `actor_type`: what kind of somebody the
    actor is, where it is counted by actor. `range`: the piece of the time range, where an interval was asked for; else
    the range asked for, or the one that the journal covers.
    """

    group: tuple[str, ...]
    actor_type: ActorType | None
    range: Range
    events: int
    conversations: int


@dataclass(frozen=True, slots=True)
class Actions:
    """Rows ordered by group, then time; what did not happen has none. `as_of`: the ledger position counted up to, -1
    for none; `as_of_recorded_at`: when that event was recorded."""

    rows: tuple[Row, ...]
    as_of: int
    as_of_recorded_at: Instant | None


async def actions(
    connection: Session,
    workspace: UUID,
    filter_: Filter,
    *,
    group_by: Sequence[Group] = (Group.TYPE,),
    interval: Interval | None = None,
    zone: str = "UTC",
) -> Actions:
    """Count events of every actor type (unless the filter says which). Without groups and interval there is one row,
    if anything was counted.

    Raises `InvalidQuestion` where the time range holds more than `MOST_COUNTED` entries, where the answer would have
    more than `MOST_ROWS` rows, where a range of nothing is asked for, or the zone is unknown.
    """
    if filter_.since is not None and filter_.until is not None and filter_.since >= filter_.until:
        raise InvalidQuestion("the range ends before it begins", detail="RANGE")
    if filter_.sought or filter_.on_shift is not None:
        raise InvalidQuestion("no action is counted by words, addresses or shifts", detail="NOT_COUNTED")
    state = await serving(connection, workspace, NAME)
    scope = Scope(connection, workspace, state.generation)
    whole = await _covered(scope, filter_)
    if whole is None:
        return _answer((), state)
    cut = pieces(whole, interval, zone_of(zone))
    rows = await _counted(scope, filter_, group_by, cut)
    return _answer(rows, state)


def _answer(rows: tuple[Row, ...], state: Serving) -> Actions:
    return Actions(rows, state.checkpoint, state.recorded_at)


_HOURS = """
    SELECT min(hour) AS first, max(hour) AS last, sum(entries) AS entries FROM journal_hours
    WHERE workspace_id = $1 AND generation = $2 AND hour >= $3 AND hour < $4
"""


async def _covered(scope: Scope, filter_: Filter) -> Range | None:
    """The time range, its open ends where the journal's are; None where there is nothing in it."""
    since, until = filter_.moments
    first_hour = moment_of(instant_of(since) // HOUR * HOUR)
    row = await scope.connection.fetchrow(_HOURS, scope.workspace, scope.generation, first_hour, until)
    if row is None or not row["entries"]:
        return None
    if row["entries"] > MOST_COUNTED and not filter_.conversations and not filter_.customers:
        raise InvalidQuestion(
            f"the range holds {row['entries']} entries, and one question may count {MOST_COUNTED}; ask for less of it",
            detail="TOO_MUCH",
        )
    return Range(
        instant_of(row["first"]) if filter_.since is None else filter_.since,
        instant_of(row["last"]) + HOUR if filter_.until is None else filter_.until,
    )


async def _counted(scope: Scope, filter_: Filter, group_by: Sequence[Group], cut: list[Range]) -> tuple[Row, ...]:
    arguments = scope.arguments()
    edges: list[datetime] = [moment_of(piece.since) for piece in cut]
    columns = [f"coalesce({group.value}, '') AS group_{number}" for number, group in enumerate(group_by)]
    columns.append(f"{'actor_type' if Group.ACTOR in group_by else 'NULL::text'} AS acted_as")
    columns.append(f"width_bucket(occurred_at, {arguments.add(edges)}::timestamptz[]) - 1 AS piece")
    groups = ", ".join([*(f"group_{number}" for number in range(len(group_by))), "acted_as", "piece"])
    wanted = "".join(f" AND {condition}" for condition in conditions(filter_, arguments))
    rows = await scope.connection.fetch(
        f"""
        SELECT {groups}, sum(events)::bigint, count(conversation) FROM (
            SELECT {", ".join(columns)}, conversation, count(*) AS events FROM journal_entries
            WHERE workspace_id = $1 AND generation = $2{wanted} GROUP BY {groups}, conversation) AS by_conversation
        GROUP BY {groups} ORDER BY {groups} LIMIT {arguments.add(MOST_ROWS + 1)}
        """,
        *arguments.values,
    )
    if len(rows) > MOST_ROWS:
        raise InvalidQuestion(
            f"the answer has more than {MOST_ROWS} rows; ask for fewer groups or pieces, or for less of the time",
            path=("group_by",),
            detail="TOO_MUCH",
        )
    return tuple(_row(row, cut) for row in rows)


def _row(row: Record, cut: list[Range]) -> Row:
    *group, acted_as, piece, events, conversations = tuple(row)
    return Row(tuple(group), None if acted_as is None else ActorType(acted_as), cut[piece], events, conversations)
