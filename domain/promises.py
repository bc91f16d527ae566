"""What is promised to whom and when, from what was arranged. Whatever order events arrive in is the same."""

from bisect import bisect_right, insort
from collections.abc import Mapping
from dataclasses import dataclass

from domain.envelope import Order, RecordedEvent
from domain.events.promises import PromiseSet, PromisesOrdered, PromiseWithdrawn
from domain.instants import SECOND, Instant
from domain.words import Kind, Metric, Priority, PromiseTime, WaitingFor

PROMISE_EVENTS = (PromiseSet, PromiseWithdrawn, PromisesOrdered)


@dataclass(frozen=True, slots=True)
class Place:
    """What of a conversation decides which promise holds for it."""

    channel: str | None = None
    community: str | None = None
    kind: Kind | None = None
    priority: Priority | None = None
    segment: str | None = None


@dataclass(frozen=True, slots=True)
class Promise:
    """One version of a promise. Empty conditions fit everything; what a conversation does not say fits only those."""

    id: str
    name: str
    position: int
    """Of the event that said it: which version it is."""
    valid_from: Instant
    targets: Mapping[Metric, int]
    """Microseconds within which each is promised."""
    counted_in: PromiseTime
    pauses_for: frozenset[WaitingFor]
    channels: frozenset[str]
    communities: frozenset[str]
    kinds: frozenset[Kind]
    priorities: frozenset[Priority]
    segments: frozenset[str]

    def fits(self, place: Place) -> bool:
        return (
            (not self.channels or place.channel in self.channels)
            and (not self.communities or place.community in self.communities)
            and (not self.kinds or place.kind in self.kinds)
            and (not self.priorities or place.priority in self.priorities)
            and (not self.segments or place.segment in self.segments)
        )


@dataclass(frozen=True, slots=True)
class PromiseVersion:
    """A promise, or that it is withdrawn, from an instant on."""

    valid_from: Instant
    order: Order
    promise: Promise | None


@dataclass(frozen=True, slots=True)
class _Ordering:
    valid_from: Instant
    order: Order
    promises: tuple[str, ...]


class PromiseBook:
    """All promises over all time. `changes` are the instants at which any of them, or their order, changes."""

    def __init__(self) -> None:
        self.made = False
        """Whether anything ever was promised."""
        self._of: dict[str, list[PromiseVersion]] = {}
        self._said: list[tuple[Order, str]] = []
        """The ids in the order in which they were first set; later versions stand there too."""
        self._orderings: list[_Ordering] = []
        self._in_force: dict[int, tuple[Promise, ...]] = {}
        self._fitting: dict[tuple[int, Place], Promise | None] = {}
        self.changes: list[Instant] = []

    def learn(self, event: RecordedEvent) -> Instant:
        """Take in an event. Returns from when on it may change something."""
        payload, order = event.payload, event.order
        if not isinstance(payload, PROMISE_EVENTS):
            raise TypeError(f"{payload.declaration.name} arranges no promise")
        valid_from = event.envelope.occurred_at if payload.valid_from is None else payload.valid_from
        match payload:
            case PromisesOrdered(promises=promises):
                insort(self._orderings, _Ordering(valid_from, order, promises), key=_in_order)
            case PromiseSet():
                version = PromiseVersion(valid_from, order, _promise(payload, event.position, valid_from))
                insort(self._of.setdefault(payload.promise, []), version, key=_in_order)
                insort(self._said, (order, payload.promise))
            case PromiseWithdrawn(promise=promise):
                insort(self._of.setdefault(promise, []), PromiseVersion(valid_from, order, None), key=_in_order)
        if valid_from not in self.changes:
            insort(self.changes, valid_from)
        self._in_force.clear()
        self.made = True
        self._fitting.clear()
        return valid_from

    def in_force(self, at: Instant) -> tuple[Promise, ...]:
        """The promises that hold at an instant, in their declared order."""
        return self._at(bisect_right(self.changes, at))

    def fitting(self, place: Place, at: Instant) -> Promise | None:
        """The first in order that fits; it alone decides, also of what it promises nothing."""
        index = bisect_right(self.changes, at)
        key = (index, place)
        if key not in self._fitting:
            self._fitting[key] = next((promise for promise in self._at(index) if promise.fits(place)), None)
        return self._fitting[key]

    @property
    def since(self) -> Instant:
        """When something was first promised: not from when on it was to hold, but when that was said."""
        return self._said[0][0][0] if self._said else 0

    def changes_between(self, after: Instant, upto: Instant | None) -> list[Instant]:
        """The changes after an instant, up to another one (None: all that follow)."""
        changes = self.changes
        if not changes or changes[-1] <= after:
            return []
        return changes[bisect_right(changes, after) : None if upto is None else bisect_right(changes, upto)]

    def versions(self) -> dict[str, tuple[PromiseVersion, ...]]:
        """Everything that was arranged, each promise's in the order in which it holds."""
        return {promise: tuple(versions) for promise, versions in self._of.items()}

    def order_at(self, at: Instant) -> tuple[str, ...]:
        """All ids in their declared order at an instant: those named first, then as they were first set."""
        named = next((each.promises for each in reversed(self._orderings) if each.valid_from <= at), ())
        return tuple(dict.fromkeys((*named, *(promise for _, promise in self._said))))

    def _at(self, index: int) -> tuple[Promise, ...]:
        if index not in self._in_force:
            at = self.changes[index - 1] if index else -1
            held = (self._held(promise, at) for promise in self.order_at(at)) if index else ()
            self._in_force[index] = tuple(promise for promise in held if promise is not None)
        return self._in_force[index]

    def _held(self, promise: str, at: Instant) -> Promise | None:
        versions = reversed(self._of.get(promise, ()))
        return next((version.promise for version in versions if version.valid_from <= at), None)


def _in_order(version: "PromiseVersion | _Ordering") -> tuple[Instant, Order]:
    return version.valid_from, version.order


def _promise(payload: PromiseSet, position: int, valid_from: Instant) -> Promise:
    said = {
        Metric.FIRST_RESPONSE: payload.first_response,
        Metric.NEXT_RESPONSE: payload.next_response,
        Metric.RESOLUTION: payload.resolution,
    }
    return Promise(
        id=payload.promise,
        name=payload.name,
        position=position,
        valid_from=valid_from,
        targets={metric: seconds * SECOND for metric, seconds in said.items() if seconds is not None},
        counted_in=payload.counted_in,
        pauses_for=frozenset(payload.pauses_for),
        channels=frozenset(payload.channels),
        communities=frozenset(payload.communities),
        kinds=frozenset(payload.kinds),
        priorities=frozenset(payload.priorities),
        segments=frozenset(payload.segments),
    )
