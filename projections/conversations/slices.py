"""What is summed, and how that is said in SQL."""

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from uuid import UUID

from asyncpg import Record

from domain.conversation.sample import Standing
from domain.kpi.measures import Measure
from domain.kpi.question import Anchor, Dimension, Hours
from domain.words import ActorType
from eventstore.database import Session

PLACED_SAMPLES = """
    samples CROSS JOIN LATERAL (
        SELECT inferred, in_hours, actor_type, standing, operator, team, channel, community, kind, priority, complexity,
               segment, tags
        FROM places
        WHERE places.workspace_id = $1 AND places.generation = $2 AND places.place = samples.place OFFSET 0
    ) AS place_of
"""
"""Each sample with its place, which is looked up by its key: a join that was planned before there were statistics has
gone through all places for each sample. Sums are grouped by place first, and have none of it (`groups_of`)."""

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
    """Of cells, beside roll-up, day and place."""
    codes = [measure.code for measure in slice_.measures]
    return f"measure = ANY({arguments.add(codes)}::smallint[])"


def sample_conditions(slice_: Slice, arguments: Arguments) -> str:
    """Of samples, beside time and place. A measure within another may bring samples that are not its own: see
    `Measure.counts`."""
    codes = list(dict.fromkeys((measure.within or measure).code for measure in slice_.measures))
    measured = f"measure = ANY({arguments.add(codes)}::smallint[])"
    if slice_.as_of is None:
        return f"{measured} AND held_until IS NULL"
    position = arguments.add(slice_.as_of)
    return f"{measured} AND held_from <= {position} AND (held_until IS NULL OR held_until > {position})"


def place_conditions(slice_: Slice, arguments: Arguments) -> str:
    """Of the places that samples or cells are in."""
    conditions = [
        f"standing = ANY({arguments.add(list(slice_.standings))}::text[])",
        f"actor_type = ANY({arguments.add(list(slice_.actor_types))}::text[])",
    ]
    conditions += [_any_of(dimension, arguments.add(list(values))) for dimension, values in slice_.where.items()]
    if slice_.certain:
        conditions.append("NOT inferred")
    return " AND ".join(conditions)


async def groups_of(connection: Session, slice_: Slice, places: Iterable[int]) -> Mapping[int, list[Group]]:
    """The groups of those places that are in a slice, by number; none for the others. With several tags there may be
    several."""
    arguments = Arguments(slice_.workspace, slice_.generation, list(dict.fromkeys(places)))
    rows = await connection.fetch(
        f"""
        SELECT place{columns(slice_.group_by)} FROM places
        WHERE workspace_id = $1 AND generation = $2 AND place = ANY($3::integer[])
          AND {place_conditions(slice_, arguments)}
        """,
        *arguments.values,
    )
    found: defaultdict[int, list[Group]] = defaultdict(list)
    for row in rows:
        found[row["place"]].append(group_of(row, slice_.group_by))
    return found


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
