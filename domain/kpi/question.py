"""What can be asked of KPIs, and the shape of the answer. Pure data; `projections.conversations` answers."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from enum import StrEnum
from typing import TYPE_CHECKING

from domain.conversation.sample import Standing
from domain.instants import Instant
from domain.words import ActorType

if TYPE_CHECKING:
    from domain.kpi.kpi import Kpi


class Dimension(StrEnum):
    """Along what figures may be grouped and filtered."""

    OPERATOR = "operator"
    TEAM = "team"
    CHANNEL = "channel"
    COMMUNITY = "community"
    PRIORITY = "priority"
    KIND = "kind"
    COMPLEXITY = "complexity"
    SEGMENT = "segment"
    """Of customers, as the source asserts it."""
    TAG = "tag"
    """A conversation with several tags counts in each of them, and once in all."""
    HOURS = "hours"
    """In business hours or out of them, at the sample's instant."""


class Hours(StrEnum):
    """Whether something happened in business hours."""

    IN = "in"
    OUT = "out"


class Interval(StrEnum):
    """How a range is cut, at the boundaries of the question's zone."""

    QUARTER_HOUR = "quarter_hour"
    HOUR = "hour"
    DAY = "day"
    WEEK = "week"
    MONTH = "month"
    QUARTER = "quarter"
    HALF_YEAR = "half_year"
    YEAR = "year"


class Weekday(StrEnum):
    """On which day weeks begin; on Mondays they are those of ISO 8601."""

    MONDAY = "monday"
    TUESDAY = "tuesday"
    WEDNESDAY = "wednesday"
    THURSDAY = "thursday"
    FRIDAY = "friday"
    SATURDAY = "saturday"
    SUNDAY = "sunday"


class Comparison(StrEnum):
    """What stands beside each figure."""

    PREVIOUS_PERIOD = "previous_period"
    """The range of the same length that ends where this one begins; in whole days of the zone where the range is so."""
    YEAR_AGO = "year_ago"
    """The same dates of the year before."""
    TEAM = "team"
    """What the other operators have in the same place and time: only for figures by operator."""


class Anchor(StrEnum):
    """What puts a sample into a period."""

    STOPPED = "stopped"
    """When its clock stopped, or its act happened."""
    STARTED = "started"
    """When its clock started: the cohort of what began in the period."""


class Detail(StrEnum):
    """What can be told beside a figure."""

    SPREAD = "spread"
    """Median, percentiles and histogram of durations and values."""
    EXTREMES = "extremes"
    """The fastest and the slowest, with their conversations."""
    CERTAINTY = "certainty"
    """The interval of a mean (that of a share costs nothing)."""


class Clock(StrEnum):
    """In which time durations are counted. Without a calendar, business time is calendar time."""

    CALENDAR = "calendar"
    BUSINESS = "business"


PRECISION = Decimal("0.000001")


def rounded(value: Decimal) -> Decimal:
    """A figure as it leaves: to a millionth, without trailing zeros, never with an exponent."""
    value = value.quantize(PRECISION)
    return value.quantize(Decimal(1)) if value == value.to_integral_value() else value.normalize()


@dataclass(frozen=True, slots=True)
class Range:
    """Half-open, `[since, until)`."""

    since: Instant
    until: Instant


@dataclass(frozen=True, slots=True)
class Position:
    """A place in the ledger, and when what stands there was recorded."""

    number: int
    recorded_at: Instant


@dataclass(frozen=True, slots=True)
class Question:
    """Several KPIs over one range. `where` holds for each dimension the values wanted (any of them); `""` stands for
    "none" (no team, no priority said)."""

    kpis: tuple[str, ...]
    range: Range
    zone: str = "UTC"
    interval: Interval | None = None
    weeks_begin: Weekday = Weekday.MONDAY
    group_by: tuple[Dimension, ...] = ()
    where: Mapping[Dimension, tuple[str, ...]] = field(default_factory=dict)
    actor_types: tuple[ActorType, ...] | None = None
    """Whose acts count; unsaid, each KPI's own default (operators, or operators and bots)."""
    clock: Clock = Clock.CALENDAR
    anchor: Anchor = Anchor.STOPPED
    compare_to: Comparison | None = None
    standings: tuple[Standing, ...] = (Standing.REGULAR,)
    """Which conversations count: regular ones, or also spam, merged ones, tests."""
    certain: bool = False
    """Only acts of which the source said who did them: what was inferred ranks nobody."""
    as_of: Position | None = None
    """Up to where in the ledger events count; unsaid, all that are known."""
    versions: Mapping[str, int] = field(default_factory=dict)
    """Earlier definitions that are wanted, by KPI; unsaid, those in force."""
    own: tuple["Kpi", ...] = ()
    """Formulas of the asker's own, after the KPIs that are named."""
    details: frozenset[Detail] = frozenset()
    """What is wanted beside each figure and costs more."""


def without_operator(where: Mapping[Dimension, tuple[str, ...]]) -> dict[Dimension, tuple[str, ...]]:
    """The same filters for everybody."""
    others = dict(where)
    others.pop(Dimension.OPERATOR, None)
    return others


@dataclass(frozen=True, slots=True)
class Extreme:
    """The fastest or slowest sample: what it carries (seconds, or a value), and where it was."""

    amount: Decimal
    conversation: str | None
    """None for what belongs to no conversation."""
    at: Instant


@dataclass(frozen=True, slots=True)
class Bucket:
    """How many samples carry at least `since` and less than `until`."""

    since: Decimal
    until: Decimal
    n: int


@dataclass(frozen=True, slots=True)
class Spread:
    """How durations (or values) are spread. `percentile_error` is 0 where percentiles come from the samples, else the
    bound of their relative error."""

    mean: Decimal
    median: Decimal
    p90: Decimal
    p95: Decimal
    percentile_error: Decimal
    variance: Decimal
    """Of the samples; where there are very many, of their histogram."""
    histogram: tuple[Bucket, ...]
    fastest: Extreme | None = None
    slowest: Extreme | None = None
    """Both only where the question asks for extremes."""


@dataclass(frozen=True, slots=True)
class Certainty:
    """The interval in which the true value lies, 95 times in a hundred."""

    low: Decimal
    high: Decimal


@dataclass(frozen=True, slots=True)
class PartOf:
    """A part of a figure that its definition publishes."""

    name: str
    value: Decimal | None


@dataclass(frozen=True, slots=True)
class Figure:
    """One KPI over one slice. `value` is null where nothing was counted (n = 0)."""

    value: Decimal | None
    numerator: int
    """What was counted, or the sum (of seconds for a mean)."""
    denominator: int | None
    """Of how many; null for counts."""
    n: int
    """How many samples the figure rests on: the denominator's for ratios, the durations' for means."""
    certainty: Certainty | None = None
    """For shares and points always; for means where the question asks for the spread or for certainty."""
    withheld: str | None = None
    """Why `value` is not told though something was counted."""
    provisional: bool = False
    """Whether samples of the range are still too young to count."""
    parts: tuple[PartOf, ...] = ()
    spread: Spread | None = None
    """For means only, and only where the question asks for it."""


@dataclass(frozen=True, slots=True)
class TeamComparison:
    """How an operator's figure stands to those of the others in the same place and time."""

    mean: Decimal | None
    """Of the others."""
    median: Decimal | None
    """Of the others."""
    peers: int
    """How many others have a figure."""
    robust_z: Decimal | None
    """How far from the median of all, in robust standard deviations (MAD)."""
    team_wide: bool | None
    """Whether the median operator moved the same way since the period before, at least half as far. Null where one of
    the two periods has no figure."""


@dataclass(frozen=True, slots=True)
class Row:
    """One KPI, one group, one piece of the range."""

    kpi: str
    group: tuple[str, ...]
    """A value for each dimension of `group_by`, in that order; `""` is "none"."""
    range: Range
    figure: Figure
    previous: Figure | None = None
    previous_range: Range | None = None
    """Of what that is the figure; null where that period has no piece in this place."""
    team: TeamComparison | None = None


@dataclass(frozen=True, slots=True)
class Answer:
    """The rows, ordered by KPI as asked, group, time; and the ledger's state that they hold for."""

    as_of: int
    """The ledger position up to which events are counted; -1 for none."""
    as_of_recorded_at: Instant | None
    """When the event at that position was recorded."""
    now: Instant
    """What counted as now."""
    rows: tuple[Row, ...]
