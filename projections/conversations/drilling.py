"""The samples that a figure is made of, page by page: the KPI's formula, applied to them, gives the figure."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from enum import StrEnum
from uuid import UUID

from asyncpg import Record

from domain.conversation.sample import Standing
from domain.instants import DAY, EARLIEST, Instant, instant_of, moment_of
from domain.kpi.formula import Aggregate, Mean, Ratio, Term, measure_for, terms_of
from domain.kpi.kpi import Kpi
from domain.kpi.measures import MEASURES, Measure
from domain.kpi.question import Anchor, Question, Range
from domain.words import ActorType, Complexity, Kind, Priority
from eventstore.database import Session
from projections.conversations.figures import actor_types_of, is_distinct, slice_of
from projections.conversations.project import NAME
from projections.conversations.sampled import anchored
from projections.conversations.slices import (
    PLACED_SAMPLES,
    Arguments,
    Slice,
    equals,
    place_conditions,
    sample_conditions,
)
from projections.conversations.stretches import within
from projections.serving import serving

Key = tuple[Instant, int, int, int]
"""By what samples are ordered: instant, measure, position from which it holds, and which of those it is."""


class Side(StrEnum):
    """Of a figure."""

    NUMERATOR = "numerator"
    DENOMINATOR = "denominator"


@dataclass(frozen=True, slots=True)
class Opened:
    """One figure: of a question that was answered at some position of the ledger, one group, one piece of the range as
    far as it was counted."""

    question: Question
    group: tuple[str, ...]
    range: Range
    as_of: int
    now: Instant


@dataclass(frozen=True, slots=True)
class Counts:
    """In what a sample counts: a term of the formula."""

    side: Side
    aggregate: Aggregate
    sign: int
    measure: Measure


@dataclass(frozen=True, slots=True)
class OpenedSample:
    """One sample, as a figure counts it."""

    key: Key
    measure: Measure
    """The one it was observed as."""
    counts: tuple[Counts, ...]
    at: Instant
    calendar: int
    """Seconds, or a value; of a stretch of time, those within the figure's range."""
    business: int
    conversation: str | None
    episode: int
    positions: tuple[int, ...]
    operator: str | None
    actor_type: ActorType
    inferred: bool
    standing: Standing
    team: str | None
    channel: str | None
    community: str | None
    kind: Kind | None
    priority: Priority | None
    complexity: Complexity | None
    segment: str | None
    tags: tuple[str, ...]
    in_hours: bool | None


async def opened_samples(
    connection: Session,
    workspace: UUID,
    kpi: Kpi,
    opened: Opened,
    *,
    sides: Sequence[Side] = tuple(Side),
    after: Key | None = None,
    limit: int,
) -> list[OpenedSample]:
    """The samples after a key, in order, at most so many, that count on any of these sides."""
    state = await serving(connection, workspace, NAME)
    counts = [each for each in _counts(kpi, opened.question) if each.side in sides]
    if not counts:
        return []
    slice_ = replace(
        slice_of(workspace, state.generation, opened.question),
        measures=tuple(dict.fromkeys(each.measure for each in counts)),
        actor_types=actor_types_of(kpi, opened.question),
        as_of=opened.as_of,
    )
    range_ = Range(opened.range.since, min(opened.range.until, opened.now - kpi.matures_after))
    distinct = any(is_distinct(term.observed, opened.question) for term in terms_of(kpi.formula))
    rows = await _read(connection, slice_, opened, range_, counts, distinct, after, limit)
    return [_sample(row, counts, range_) for row in rows]


def _counts(kpi: Kpi, question: Question) -> list[Counts]:
    match kpi.formula:
        case Ratio(part, whole):
            sided = [(Side.NUMERATOR, term) for term in part.terms]
            sided += [(Side.DENOMINATOR, term) for term in whole.terms]
        case Mean(measure):
            sided = [
                (Side.NUMERATOR, Term(Aggregate.TOTAL, measure)),
                (Side.DENOMINATOR, Term(Aggregate.COUNT, measure)),
            ]
        case _:
            sided = [(Side.NUMERATOR, term) for term in terms_of(kpi.formula)]
    dimensions = {*question.group_by, *question.where}
    return [Counts(side, term.aggregate, term.sign, measure_for(term.observed, dimensions)) for side, term in sided]


async def _read(
    connection: Session,
    slice_: Slice,
    opened: Opened,
    range_: Range,
    counts: Sequence[Counts],
    distinct: bool,
    after: Key | None,
    limit: int,
) -> list[Record]:
    arguments = Arguments(slice_.workspace, slice_.generation)
    conditions = [sample_conditions(slice_, arguments), place_conditions(slice_, arguments)]
    for dimension, value in zip(opened.question.group_by, opened.group, strict=True):
        conditions.append(equals(dimension, arguments.add(value)))
    terms = " OR ".join(dict.fromkeys(_counted(each, range_, slice_.anchor, arguments) for each in counts))
    later = ""
    if after is not None:
        at, *rest = after
        key = ", ".join(arguments.add(value) for value in (moment_of(at), *rest))
        later = f"AND (at, measure, held_from, ordinal) > ({key})"
    once = "nth = 1" if distinct else "TRUE"
    return await connection.fetch(
        f"""
        SELECT found.*, named.conversation AS name
        FROM (
            SELECT samples.*, {_PLACE},
                   row_number() OVER (PARTITION BY measure, conversation, episode ORDER BY {_ORDER}) AS nth
            FROM {PLACED_SAMPLES}
            WHERE workspace_id = $1 AND generation = $2 AND {" AND ".join(conditions)} AND ({terms})
        ) AS found
        LEFT JOIN conversations AS named
            ON named.workspace_id = $1 AND named.generation = $2 AND named.number = found.conversation
        WHERE {once} {later}
        ORDER BY {_ORDER} LIMIT {arguments.add(limit)}
        """,
        *arguments.values,
    )


def _counted(counts: Counts, range_: Range, anchor: Anchor, arguments: Arguments) -> str:
    """That a sample counts in a term, its place aside."""
    measure = counts.measure
    code = (measure.within or measure).code
    conditions = [f"measure = {code}"]
    if measure.within is not None:
        conditions.append(f"flags & {measure.flag} <> 0")
    since = EARLIEST if counts.aggregate is Aggregate.SO_FAR else range_.since
    if measure.spread:
        # no longer than a day, so what reaches into the range ends within a day after it
        start, end = arguments.add(moment_of(since)), arguments.add(moment_of(range_.until))
        conditions.append(f"at > {start} AND at <= {arguments.add(moment_of(range_.until + DAY))}")
        conditions.append(f"at - calendar * interval '1 second' < {end}")
    else:
        placed = anchored(anchor)
        start, end = arguments.add(moment_of(since)), arguments.add(moment_of(range_.until))
        conditions.append(f"{placed} >= {start} AND {placed} < {end} AND at >= {start}")
    return f"({' AND '.join(conditions)})"


def _sample(row: Record, counts: Sequence[Counts], range_: Range) -> OpenedSample:
    measure, at = MEASURES[row["measure"]], instant_of(row["at"])
    calendar, business = row["calendar"], row["business"]
    if measure.spread:
        calendar, business = within(at, calendar, business, range_.since, range_.until)
    return OpenedSample(
        key=(at, row["measure"], row["held_from"], row["ordinal"]),
        measure=measure,
        counts=tuple(each for each in counts if each.measure.counts(measure.code, row["flags"])),
        at=at,
        calendar=calendar,
        business=business,
        conversation=row["name"],
        episode=row["episode"],
        positions=tuple(row["positions"]),
        operator=row["operator"],
        actor_type=ActorType(row["actor_type"]),
        inferred=row["inferred"],
        standing=Standing(row["standing"]),
        team=row["team"],
        channel=row["channel"],
        community=row["community"],
        kind=None if row["kind"] is None else Kind(row["kind"]),
        priority=None if row["priority"] is None else Priority(row["priority"]),
        complexity=None if row["complexity"] is None else Complexity(row["complexity"]),
        segment=row["segment"],
        tags=tuple(row["tags"]),
        in_hours=row["in_hours"],
    )


_ORDER = "at, measure, held_from, ordinal"
_PLACE = ", ".join(
    (
        "inferred", "in_hours", "actor_type", "standing", "operator", "team", "channel", "community", "kind",
        "priority", "complexity", "segment", "tags",
    )
)  # fmt: skip
