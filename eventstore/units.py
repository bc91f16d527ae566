"""Units of appending, and the pure decision what becomes of them.

What there is one of for each event is a `Struct`, which costs a fifth of a dataclass, and nothing to the garbage
collector; so none of it may be part of a cycle.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field
from enum import StrEnum

from msgspec import Struct

from domain.envelope import NewEvent
from domain.errors import InvalidEvent
from domain.instants import Instant
from eventstore.sealing import Checked, Prepared


class Outcome(StrEnum):
    """What became of a unit."""

    APPENDED = "APPENDED"
    DUPLICATE = "DUPLICATE"
    """It was there already, with the same content."""
    CONFLICT = "CONFLICT"
    """The stream is not at the expected version."""
    MISMATCH = "MISMATCH"
    """Its id is there already, with other content."""
    INVALID = "INVALID"
    """It is malformed; `Appended.error` says where and why."""


_APPENDED, _DUPLICATE = Outcome.APPENDED, Outcome.DUPLICATE  # looked up once: until Python 3.12 that is slow


class Append(Struct, frozen=True, gc=False):
    """A unit: all of its events are appended, or none. `expected_version` is that of the first event's stream: the
    version of its last event, -1 where the stream must be new, None where it does not matter."""

    events: tuple[NewEvent, ...]
    expected_version: int | None = None


class Appended(Struct, frozen=True, gc=False):
    """What became of a unit. `position` and `version` are of its last event; at a mismatch, of the event that stands
    under that id; at a conflict, `version` is the stream's present one."""

    outcome: Outcome
    position: int | None = None
    version: int | None = None
    error: InvalidEvent | None = None


class Stored(Struct, frozen=True, gc=False):
    """An event that stands in the ledger."""

    position: int
    version: int
    content: bytes
    sealed: bytes | None


class Item(Struct, gc=False):
    """One event on its way. It is not `prepared` where it is known to stand there."""

    checked: Checked
    prepared: Prepared | None = None
    tried: tuple[bytes, ...] = ()
    """Contents that attempts which broke off may have put into the ledger."""
    stored: Stored | None = None
    """What stands under its id."""
    same: bool = False
    """Whether that says the same."""
    ours: bool = False
    """Whether we put that there ourselves, in an attempt whose end we did not hear."""


class Unit(Struct, gc=False):
    """A unit on its way. `appended` says what became of it, once that is known."""

    items: tuple[Item, ...]
    expected_version: int | None
    appended: Appended | None = None


@dataclass(slots=True)
class Head:
    """What this process knows of a ledger's end. Believed only while the lane is held and `position` still is the
    last one: then nobody else has appended since."""

    position: int | None = None
    """The last one, -1 where the ledger is empty; None where that is not known."""
    recorded_at: Instant = 0
    versions: dict[bytes, int] = field(default_factory=dict)
    """Last versions of streams, by stream key; -1 for those that are known to be new."""


class Row(Struct, frozen=True, gc=False):
    """An event and its place."""

    event: Prepared
    position: int
    version: int


@dataclass(frozen=True, slots=True)
class Decision:
    """What is to be inserted, in order, and what to say to each unit."""

    rows: list[Row]
    appended: list[Appended]
    refused: bool
    """Whether there are units that are not inserted, so that no key would object to them."""


def decide(units: Sequence[Unit], head: Head) -> Decision:
    """Go through the units in order, each seeing what those before it append. `head` has the versions of all streams
    that they are about, and is not changed."""
    course = _Course(head)
    appended = [course.settle(unit) for unit in units]
    return Decision(course.rows, appended, course.refused)


class _Course:
    """The ledger as it will be, while units are settled one after the other."""

    def __init__(self, head: Head) -> None:
        self.rows: list[Row] = []
        self.refused = False
        if head.position is None:
            raise RuntimeError("what becomes of units is decided when the ledger's end is known")
        self._next = head.position + 1
        self._head = head
        self._versions: dict[bytes, int] = {}
        self._placed: dict[int, Row] = {}
        """By event id, as the integer that it is: hashing a UUID is slow."""

    def settle(self, unit: Unit) -> Appended:
        fresh: dict[int, Prepared] = {}
        for item in unit.items:
            mismatch = self._mismatch(item, fresh)
            if mismatch is not None:
                self.refused = True
                return mismatch
        if fresh and unit.expected_version is not None:
            current = self._version(next(iter(fresh.values())).stream_key)
            if current != unit.expected_version:
                self.refused = True
                return Appended(Outcome.CONFLICT, version=current)
        for event_id, event in fresh.items():
            self._place(event_id, event)
        return self._told(unit, appended=bool(fresh))

    def _mismatch(self, item: Item, fresh: dict[int, Prepared]) -> Appended | None:
        """Says so where the event's id stands for another one; else notes the event in `fresh`, if it is new."""
        if item.stored is not None:
            return None if item.same else Appended(Outcome.MISMATCH, item.stored.position, item.stored.version)
        event_id = item.checked.new.envelope.id.int
        placed = self._placed.get(event_id)
        earlier = fresh.get(event_id) if placed is None else placed.event
        if earlier is None:
            if item.prepared is None:
                raise RuntimeError("an event that is not in the ledger was not prepared")
            fresh[event_id] = item.prepared
        elif earlier.checked.new != item.checked.new:
            return (
                Appended(Outcome.MISMATCH)
                if placed is None
                else Appended(Outcome.MISMATCH, placed.position, placed.version)
            )
        return None

    def _version(self, stream: bytes) -> int:
        version = self._versions.get(stream)
        return self._head.versions[stream] if version is None else version

    def _place(self, event_id: int, event: Prepared) -> None:
        stream = event.stream_key
        version = self._versions[stream] = self._version(stream) + 1
        row = self._placed[event_id] = Row(event, self._next, version)
        self._next += 1
        self.rows.append(row)

    def _told(self, unit: Unit, *, appended: bool) -> Appended:
        last = unit.items[-1]
        place = last.stored or self._placed[last.checked.new.envelope.id.int]
        ours = appended or any(item.ours for item in unit.items)
        return Appended(_APPENDED if ours else _DUPLICATE, place.position, place.version)
