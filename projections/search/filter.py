"""Which texts and removals are wanted, and the same as conditions in SQL."""

from dataclasses import dataclass
from datetime import datetime

from domain.instants import Instant, moment_of
from domain.words import ActorType, Kind
from projections.journal.filter import Arguments
from projections.search.states import State

BEGINNING = moment_of(0)
END = datetime(9999, 1, 1, tzinfo=BEGINNING.tzinfo)


@dataclass(frozen=True, slots=True)
class Filter:
    """Those that fit in all that is said. Of a tuple any value will do; in an empty one there is none that could."""

    operators: tuple[str, ...] | None = None
    """Who of the desk wrote it, or in whose name it was written."""
    writer_types: tuple[ActorType, ...] | None = None
    customers: tuple[str, ...] | None = None
    """Pseudonyms: who wrote it, or to whom it was written."""
    conversations: tuple[str, ...] | None = None
    channels: tuple[str, ...] | None = None
    communities: tuple[str, ...] | None = None
    kinds: tuple[Kind, ...] | None = None
    states: tuple[State, ...] | None = None
    removers: tuple[str, ...] | None = None
    """Who hid or deleted it, or put other words in its place."""
    since: Instant | None = None
    """Written at this instant or later."""
    until: Instant | None = None
    """Written before this instant."""
    removed_since: Instant | None = None
    removed_until: Instant | None = None

    @property
    def impossible(self) -> bool:
        return any(getattr(self, name) == () for name in _COLUMNS)

    @property
    def timed(self) -> bool:
        return self.since is not None or self.until is not None


_COLUMNS = {
    "operators": "operator",
    "writer_types": "writer_type",
    "customers": "customer",
    "conversations": "conversation",
    "channels": "channel",
    "communities": "community",
    "kinds": "kind",
    "states": "state",
    "removers": "remover",
}
_TIMES = {"since": "occurred_at >=", "until": "occurred_at <", "removed_since": "changed_at >=",
          "removed_until": "changed_at <"}  # fmt: skip


def on_texts(filter_: Filter, arguments: Arguments) -> str:
    """The filter on the columns of `search_texts`."""
    wanted = []
    for name, column in _COLUMNS.items():
        values = getattr(filter_, name)
        if values is not None:
            wanted.append(f"{column} = ANY({arguments.add([str(value) for value in values])}::text[])")
    for name, compared in _TIMES.items():
        instant = getattr(filter_, name)
        if instant is not None:
            wanted.append(f"{compared} {arguments.add(moment_of(instant))}")
    return " AND ".join(wanted) or "true"
