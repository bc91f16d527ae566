"""States that commands are decided upon, kept from one command to the next.

Without that every command would read its stream from the beginning: an operator's has all of their comings and goings.
What is kept is brought up to date each time from what the stream got since, so it never decides on less than it read.
"""

from collections import OrderedDict
from collections.abc import Sequence
from dataclasses import dataclass
from uuid import UUID

from domain.commands.state import State, initial
from domain.envelope import Order, RecordedEvent, Stream
from domain.instants import Instant
from eventstore.database import Session
from eventstore.store import Store

_KEPT = 20_000
"""How many streams' states a process keeps; those that nobody asked for longest go first."""
_PAGE = 1_000


@dataclass(slots=True)
class Known:
    """A stream's state of affairs, up to a version. It changes only between awaits, and as a whole."""

    state: State
    version: int = -1
    order: Order | None = None
    """The place of the latest event among what happened."""

    @property
    def latest(self) -> Instant:
        """When something last happened in it; 0 where nothing did."""
        return 0 if self.order is None else self.order[0]

    def follows(self, events: Sequence[RecordedEvent]) -> bool:
        """Go on by what the stream got since. False, and nothing done, where some of it happened earlier than what is
        in the state already: then the state has to be made anew."""
        fresh = sorted((event for event in events if event.version > self.version), key=lambda event: event.order)
        if not fresh:
            return True
        if self.order is not None and fresh[0].order < self.order:
            return False
        for event in fresh:
            self.state.take(event)
        self.version += len(fresh)
        self.order = fresh[-1].order
        return True


class States:
    """What this process knows of streams."""

    def __init__(self, store: Store) -> None:
        self._store = store
        self._kept: OrderedDict[tuple[UUID, Stream], Known] = OrderedDict()

    async def of(self, connection: Session, workspace: UUID, stream: Stream) -> Known:
        """The stream as it is now, or was a moment ago: whoever appends says at which version."""
        key = workspace, stream
        known = self._kept.get(key) or Known(initial(stream.subject))
        events = await self._since(connection, workspace, stream, known.version)
        if not known.follows(events):
            known = Known(initial(stream.subject))
            known.follows(await self._since(connection, workspace, stream, -1))
        self._kept[key] = known
        self._kept.move_to_end(key)
        while len(self._kept) > _KEPT:
            self._kept.popitem(last=False)
        return known

    async def _since(self, connection: Session, workspace: UUID, stream: Stream, version: int) -> list[RecordedEvent]:
        events: list[RecordedEvent] = []
        while True:
            page = await self._store.read_stream(
                workspace, stream, after_version=version, limit=_PAGE, connection=connection
            )
            events += page
            if len(page) < _PAGE:
                return events
            version = page[-1].version
