"""What is summed, and how that is said in SQL."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from uuid import UUID

from asyncpg import Record

from domain.conversation.sample import Standing
from domain.kpi.measures import Measure
from domain.kpi.question import Anchor, Dimension, Hours
from domain.words import ActorType

PLACED_CELLS = "cells JOIN places USING (workspace_id, generation, place)"
PLACED_SAMPLES = "samples JOIN places USING (workspace_id, generation, place)"

Group = tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Slice:
    """What is summed: which measures of whose acts, along which dimensions, with which filters."""

    workspace: UUID
    generation: int
    measures: tuple[Measure, ...]
    actor_types: tuple[ActorType, ...]
    group_by: tuple[Dimension, ...]
    where: Mapping[Dimension, tuple[str, ...]]
    histograms: bool = False
    distinct: bool = False
    """Count each episode once in a group and piece, though several operators or teams may have one sample each."""
    standings: tuple[Standing, ...] = (Standing.REGULAR,)
    anchor: Anchor = Anchor.STOPPED
    as_of: int | None = None
    """The ledger position as of which samples held; None: those that hold now."""
    certain: bool = False
    """Only what is known of whom it is credited to: nothing inferred."""

    @property
    def dimensions(self) -> Collection[Dimension]:
        return {*self.group_by, *self.where}

    @property
    def only_samples_tell(self) -> bool:
        """Whether no cell can answer, whatever its dimensions: cells hold what is regular, stopped then, and holds;
        and only those by operator tell what was inferred."""
        return (
            self.distinct
            or self.anchor is not Anchor.STOPPED
            or self.as_of is not None
            or self.standings != (Standing.REGULAR,)
            or (self.certain and Dimension.OPERATOR not in self.dimensions)
        )


class Arguments:
    """The arguments of a statement, numbered as they come."""

    def __init__(self, *first: object) -> None:
        self.values: list[object] = list(first)

    def add(self, value: object) -> str:
        """The placeholder of one more."""
        self.values.append(value)
        return f"${len(self.values)}"


def cell_conditions(slice_: Slice, arguments: Arguments) -> str:
    """Of `PLACED_CELLS`, beside roll-up and day."""
    codes = [measure.code for measure in slice_.measures]
    return " AND ".join([f"measure = ANY({arguments.add(codes)}::smallint[])", *_places(slice_, arguments)])


def sample_conditions(slice_: Slice, arguments: Arguments) -> str:
    """Of `PLACED_SAMPLES`, beside time. A measure within another may bring samples that are not its own: see
    `Measure.counts`."""
    codes = list(dict.fromkeys((measure.within or measure).code for measure in slice_.measures))
    standings = list(slice_.standings)
    conditions = [
        f"measure = ANY({arguments.add(codes)}::smallint[])",
        f"standing = ANY({arguments.add(standings)}::text[])",
        *_places(slice_, arguments),
    ]
    if slice_.as_of is None:
        conditions.append("held_until IS NULL")
    else:
        position = arguments.add(slice_.as_of)
        conditions.append(f"held_from <= {position} AND (held_until IS NULL OR held_until > {position})")
    return " AND ".join(conditions)


def columns(dimensions: Sequence[Dimension]) -> str:
    """The columns of a group, each called like its dimension, with a comma before each."""
    return "".join(f", {_value(dimension)} AS {dimension}" for dimension in dimensions)


def group_of(row: Record, dimensions: Sequence[Dimension]) -> Group:
    """The group of a row that was read with its `columns`."""
    return tuple([row[dimension] for dimension in dimensions])


def equals(dimension: Dimension, placeholder: str) -> str:
    """That a place has one value along a dimension."""
    if dimension is Dimension.TAG:
        return f"(CASE WHEN {placeholder} = '' THEN tags = '{{}}' ELSE {placeholder} = ANY(tags) END)"
    return f"{_value(dimension)} = {placeholder}"


def _places(slice_: Slice, arguments: Arguments) -> list[str]:
    conditions = [f"actor_type = ANY({arguments.add(list(slice_.actor_types))}::text[])"]
    conditions += [_any_of(dimension, arguments.add(list(values))) for dimension, values in slice_.where.items()]
    if slice_.certain:
        conditions.append("NOT inferred")
    return conditions


def _any_of(dimension: Dimension, placeholder: str) -> str:
    if dimension is Dimension.TAG:
        return f"(tags && {placeholder}::text[] OR tags = '{{}}' AND '' = ANY({placeholder}::text[]))"
    return f"{_value(dimension)} = ANY({placeholder}::text[])"


def _value(dimension: Dimension) -> str:
    """The value along a dimension, '' where nothing was said. Of several tags, one row each."""
    match dimension:
        case Dimension.TAG:
            return "unnest(CASE WHEN tags = '{}' THEN ARRAY[''] ELSE tags END)"
        case Dimension.HOURS:
            return f"CASE WHEN in_hours THEN '{Hours.IN}' WHEN NOT in_hours THEN '{Hours.OUT}' ELSE '' END"
        case _:
            return f"coalesce({dimension}, '')"
