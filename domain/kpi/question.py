"""What can be asked of KPIs, and the shape of the answer. Pure data; `projections.conversations` answers."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from enum import StrEnum

from domain.instants import Instant
from domain.words import ActorType


class Dimension(StrEnum):
    """Along what figures may be grouped and filtered."""

    OPERATOR = "operator"
    TEAM = "team"
    CHANNEL = "channel"
    COMMUNITY = "community"
    PRIORITY = "priority"
    KIND = "kind"


class Interval(StrEnum):
    """How a range is cut, at the boundaries of the question's zone."""

    QUARTER_HOUR = "quarter_hour"
    HOUR = "hour"
    DAY = "day"
    WEEK = "week"
    MONTH = "month"
    YEAR = "year"


class Comparison(StrEnum):
    """What stands beside each figure."""

    PREVIOUS_PERIOD = "previous_period"
    """The range of the same length that ends where this one begins; in whole days of the zone where the range is so."""


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
class Question:
    """Several KPIs over one range. `where` holds for each dimension the values wanted (any of them); `""` stands for
    "none" (no team, no priority said)."""

    kpis: tuple[str, ...]
    range: Range
    zone: str = "UTC"
    interval: Interval | None = None
    group_by: tuple[Dimension, ...] = ()
    where: Mapping[Dimension, tuple[str, ...]] = field(default_factory=dict)
    actor_types: tuple[ActorType, ...] | None = None
    """Whose acts count; unsaid, each KPI's own default (operators, or operators and bots)."""
    clock: Clock = Clock.CALENDAR
    compare_to: Comparison | None = None
    spread: bool = False
    """Whether durations come with their percentiles and extremes, which cost more."""


@dataclass(frozen=True, slots=True)
class Extreme:
    """The fastest or slowest sample: its duration in seconds, and where it was."""

    seconds: int
    conversation: str
    at: Instant


@dataclass(frozen=True, slots=True)
class Spread:
    """How durations are spread, in seconds. `percentile_error` is 0 where percentiles come from the samples, else the
    bound of their relative error."""

    mean: Decimal
    median: Decimal
    p90: Decimal
    p95: Decimal
    percentile_error: Decimal
    fastest: Extreme
    slowest: Extreme


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
    spread: Spread | None = None
    """For durations only, and only where the question asks for it."""


@dataclass(frozen=True, slots=True)
class Row:
    """One KPI, one group, one piece of the range."""

    kpi: str
    group: tuple[str, ...]
    """A value for each dimension of `group_by`, in that order; `""` is "none"."""
    range: Range
    figure: Figure
    previous: Figure | None = None


@dataclass(frozen=True, slots=True)
class Answer:
    """The rows, ordered by KPI as asked, group, time; and the ledger's state that they hold for."""

    as_of: int
    """The ledger position up to which events are counted; -1 for none."""
    as_of_recorded_at: Instant | None
    """When the event at that position was recorded."""
    rows: tuple[Row, ...]
