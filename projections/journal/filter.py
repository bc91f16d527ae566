"""What the journal is asked for, and the same as conditions in SQL."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Any, NamedTuple

from domain.instants import Instant, instant_of, moment_of
from domain.words import ActorType, Kind
from projections.journal.flags import Flag

BEGINNING = moment_of(0)
END = datetime(9999, 1, 1, tzinfo=BEGINNING.tzinfo)
_LAST = instant_of(END)


class Order(StrEnum):
    """How entries follow each other."""

    LEDGER = "ledger"
    """By position: as they became known. New ones come at the end only."""
    OCCURRENCE = "occurrence"
    """As they happened (occurrence, the source's order, event id). A late one may appear anywhere."""


class Shift(NamedTuple):
    """An operator was at work from an instant until another one, by what they said of their presence."""

    operator: str
    since: Instant
    until: Instant


@dataclass(frozen=True, slots=True)
class Filter:
    """Which entries are wanted: those that fit in all that is said. Of a tuple any value will do; in an empty one there
    is none that could."""

    operators: tuple[str, ...] | None = None
    """Who acted, or in whose name."""
    teams: tuple[str, ...] | None = None
    types: tuple[str, ...] | None = None
    """Stored names of event types."""
    channels: tuple[str, ...] | None = None
    communities: tuple[str, ...] | None = None
    customers: tuple[str, ...] | None = None
    """Pseudonyms."""
    conversations: tuple[str, ...] | None = None
    items: tuple[str, ...] | None = None
    """Items, replies, notes, calls, surveys that it was done to, by the desk's ids."""
    kinds: tuple[Kind, ...] | None = None
    actor_types: tuple[ActorType, ...] | None = None
    sessions: tuple[str, ...] | None = None
    sources: tuple[str, ...] | None = None
    """Integrations and imports that facts came by."""
    interfaces: tuple[str, ...] | None = None
    """Through what it was done."""
    flags: tuple[Flag, ...] | None = None
    text: str | None = None
    """Words that are said in it, as `projections.search.question` reads them."""
    addresses: tuple[str, ...] | None = None
    """IP addresses that it was done from."""
    on_shift: bool | None = None
    """Only what the operators did while they were at work by their presence, or only what while they were not; it is
    asked of `operators` that are named."""
    shifts: "tuple[Shift, ...] | None" = None
    """When those were at work, once that was looked up (`shifts.py`); no part of what is asked."""
    inferred: bool | None = None
    """Only entries whose actor was inferred, or only those whose actor was said."""
    since: Instant | None = None
    """Occurred at this instant or later."""
    until: Instant | None = None
    """Occurred before this instant."""

    @property
    def columns(self) -> dict[str, list[str]]:
        """The values wanted, by column, each once."""
        return {
            column: list(dict.fromkeys(str(value) for value in values))
            for name, column in _COLUMNS.items()
            if (values := getattr(self, name)) is not None
        }

    @property
    def sought(self) -> bool:
        """Whether something is wanted that only the search knows."""
        return self.text is not None or self.addresses is not None

    @property
    def timed(self) -> bool:
        return self.since is not None or self.until is not None

    @property
    def moments(self) -> tuple[datetime, datetime]:
        """Between which moments entries occurred, the second excluded."""
        return (
            BEGINNING if self.since is None else moment_of(self.since),
            END if self.until is None else moment_of(self.until),
        )


_COLUMNS = {
    "operators": "operator",
    "teams": "team",
    "types": "type",
    "channels": "channel",
    "communities": "community",
    "customers": "customer",
    "conversations": "conversation",
    "items": "item",
    "kinds": "kind",
    "actor_types": "actor_type",
    "sessions": "session",
    "sources": "source",
    "interfaces": "interface",
    "flags": "flag",
}


class Arguments:
    """The numbered parameters of a statement in the making."""

    def __init__(self, *values: Any) -> None:
        self.values: list[Any] = list(values)

    def add(self, value: Any) -> str:
        """The parameter's name in SQL."""
        self.values.append(value)
        return f"${len(self.values)}"


def conditions(filter_: Filter, arguments: Arguments, *, apart_from: frozenset[str] = frozenset()) -> list[str]:
    """The filter as conditions on the columns of an entry, apart from those that a path has seen to (`occurred_at`
    stands for the time range)."""
    wanted = [
        f"{column} = ANY({arguments.add(values)}::text[])"
        for column, values in filter_.columns.items()
        if column not in apart_from
    ]
    if filter_.inferred is not None:
        wanted.append("inferred" if filter_.inferred else "NOT inferred")
    if filter_.on_shift is not None:
        wanted.append(_on_shift(filter_, arguments))
    if "occurred_at" not in apart_from:
        since, until = filter_.moments
        if filter_.since is not None:
            wanted.append(f"occurred_at >= {arguments.add(since)}")
        if filter_.until is not None:
            wanted.append(f"occurred_at < {arguments.add(until)}")
    return wanted


def _on_shift(filter_: Filter, arguments: Arguments) -> str:
    if filter_.shifts is None:
        raise ValueError("shifts are to be looked up before entries are")
    operators = arguments.add([shift.operator for shift in filter_.shifts])
    since = arguments.add([moment_of(shift.since) for shift in filter_.shifts])
    until = arguments.add([moment_of(min(shift.until, _LAST)) for shift in filter_.shifts])
    there = f"""EXISTS (
        SELECT 1 FROM unnest({operators}::text[], {since}::timestamptz[], {until}::timestamptz[])
            AS shift (who, since, until)
        WHERE shift.who = operator AND occurred_at >= shift.since AND occurred_at < shift.until)"""
    return there if filter_.on_shift else f"NOT {there}"
