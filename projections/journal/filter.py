"""What the journal is asked for, and the same as conditions in SQL."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Any

from domain.instants import Instant, moment_of
from domain.words import ActorType, Kind
from projections.journal.flags import Flag

BEGINNING = moment_of(0)
END = datetime(9999, 1, 1, tzinfo=BEGINNING.tzinfo)


class Order(StrEnum):
    """How entries follow each other."""

    LEDGER = "ledger"
    """By position: as they became known. New ones come at the end only."""
    OCCURRENCE = "occurrence"
    """As they happened (occurrence, the source's order, event id). A late one may appear anywhere."""


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
    if "occurred_at" not in apart_from:
        since, until = filter_.moments
        if filter_.since is not None:
            wanted.append(f"occurred_at >= {arguments.add(since)}")
        if filter_.until is not None:
            wanted.append(f"occurred_at < {arguments.add(until)}")
    return wanted
