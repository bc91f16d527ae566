"""Reading what was said of members, and the names in it."""

import time
from collections import OrderedDict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from uuid import UUID

from domain.envelope import RecordedEvent
from domain.event import Commitment
from domain.instants import Instant, instant_of
from eventstore.database import Session
from eventstore.store import Store
from projections.directory.members import Kind, Member

_KEPT = 50_000
_KEPT_FOR = 60.0
"""Seconds that an opened name is kept: so long, at most, is somebody still called by a name that was erased."""


@dataclass(frozen=True, slots=True)
class Scope:
    """What is read: one generation of one workspace's directory, and the ledger that its pointers lead into."""

    connection: Session
    store: Store
    workspace: UUID
    generation: int


class NameBook:
    """Names that were opened lately, by the position of the event that says them. One for a process."""

    def __init__(self) -> None:
        self._names: OrderedDict[tuple[UUID, int], tuple[float, str | None]] = OrderedDict()

    async def look_up(self, scope: Scope, positions: Iterable[int]) -> dict[int, str | None]:
        """The names that events say; None where the words are forgotten."""
        wanted, now = set(positions), time.monotonic()
        known = {position: entry for position in wanted if (entry := self._names.get((scope.workspace, position)))}
        names = {position: name for position, (until, name) in known.items() if until > now}
        missing = sorted(wanted - names.keys())
        if missing:
            for event in await opened(scope, missing):
                name = getattr(event.payload, "name", None)
                names[event.position] = None if isinstance(name, Commitment) else name
                self._names[scope.workspace, event.position] = (now + _KEPT_FOR, names[event.position])
            while len(self._names) > _KEPT:
                self._names.popitem(last=False)
        return names


async def opened(scope: Scope, positions: Sequence[int]) -> list[RecordedEvent]:
    """Events by position, their words opened where keys stand."""
    events = await scope.store.read_at(scope.workspace, positions, connection=scope.connection)
    return await scope.store.open(scope.workspace, list(events.values()), connection=scope.connection)


_FACTS = """
    SELECT kind, id, position FROM directory_facts
    WHERE workspace_id = $1 AND generation = $2 AND kind = $3 AND id = ANY($4::text[])
    ORDER BY id, occurred_at, source_order, event_id
"""


async def facts_of(scope: Scope, kind: Kind, ids: Sequence[str]) -> dict[str, list[RecordedEvent]]:
    """All that was said of members, each in the order in which it happened; personal words stay sealed."""
    rows = await scope.connection.fetch(_FACTS, scope.workspace, scope.generation, kind, list(ids))
    events = await scope.store.read_at(
        scope.workspace, sorted(row["position"] for row in rows), connection=scope.connection
    )
    facts: dict[str, list[RecordedEvent]] = {id_: [] for id_ in ids}
    for row in rows:
        facts[row["id"]].append(events[row["position"]])
    return facts


_NAMINGS = """
    SELECT kind, id, position, occurred_at FROM directory_facts
    WHERE workspace_id = $1 AND generation = $2 AND kind = $3 AND id = ANY($4::text[]) AND named
    ORDER BY id, occurred_at, source_order, event_id
"""
Naming = tuple[Instant, int]
"""Since when a name holds, and the position of the event that says it."""


async def namings_of(scope: Scope, members: Iterable[Member]) -> dict[Member, list[Naming]]:
    """When which name was given, in the order in which it happened."""
    by_kind: dict[Kind, set[str]] = {}
    for kind, id_ in members:
        by_kind.setdefault(kind, set()).add(id_)
    namings: dict[Member, list[Naming]] = {}
    for kind, ids in by_kind.items():
        rows = await scope.connection.fetch(_NAMINGS, scope.workspace, scope.generation, kind, sorted(ids))
        for row in rows:
            namings.setdefault((kind, row["id"]), []).append((instant_of(row["occurred_at"]), row["position"]))
    return namings


def naming_at(namings: Sequence[Naming], at: Instant | None) -> int | None:
    """Where the name stands that held at an instant (None: the latest). Before the first one, the first: whoever was
    called something only later was somebody before, too."""
    if not namings:
        return None
    held = [position for since, position in namings if at is None or since <= at]
    return held[-1] if held else namings[0][1]
