"""A customer, as decisions see them: what was done to them, and whether they still stand for themselves."""

from dataclasses import dataclass, field

from domain.envelope import RecordedEvent
from domain.events import customers
from domain.instants import Instant

EVERYWHERE = None
"""The place of a block or mute that holds in all communities."""
FOR_GOOD = None
"""The end of a mute that has none."""

Place = str | None


@dataclass(slots=True)
class CustomerState:
    """Places are communities' ids, or `EVERYWHERE`."""

    merged: bool = False
    blocked: set[Place] = field(default_factory=set)
    muted: dict[Place, Instant | None] = field(default_factory=dict)
    """Until when, or `FOR_GOOD`."""

    def take(self, event: RecordedEvent) -> None:
        """Go on by one event. Lifting a block or mute everywhere lifts the narrower ones as well."""
        match event.payload:
            case customers.CustomerBlocked() as payload:
                self.blocked.add(payload.community)
            case customers.CustomerUnblocked(community=None):
                self.blocked.clear()
            case customers.CustomerUnblocked() as payload:
                self.blocked.discard(payload.community)
            case customers.CustomerMuted() as payload:
                self.muted[payload.community] = payload.until
            case customers.CustomerUnmuted(community=None):
                self.muted.clear()
            case customers.CustomerUnmuted() as payload:
                self.muted.pop(payload.community, None)
            case customers.CustomerMerged():
                self.merged = True

    def is_muted(self, place: Place, at: Instant) -> bool:
        """Whether a mute of exactly this place still runs."""
        if place not in self.muted:
            return False
        until = self.muted[place]
        return until is FOR_GOOD or until > at
