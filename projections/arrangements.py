"""What was said of the desk, in whatever order it came: operators' teams, calendars, promises."""

from domain.calendars import CALENDAR_EVENTS, CalendarBook
from domain.conversation.surroundings import Surroundings
from domain.envelope import RecordedEvent
from domain.instants import Instant
from domain.promises import PROMISE_EVENTS, PromiseBook
from projections.memberships import MEMBERSHIP, Roster

ARRANGING = (*CALENDAR_EVENTS, *PROMISE_EVENTS)
"""What is arranged for conversations, from an instant on."""


class Around:
    """The desk around its conversations, which go on seeing it as it is learned."""

    def __init__(self) -> None:
        self.roster = Roster()
        self._calendars = CalendarBook()
        self._promises = PromiseBook()
        self.seen = Surroundings(self.roster, self._calendars, self._promises)

    def learn(self, event: RecordedEvent) -> None:
        """Take in one thing that is said. What says nothing of these three is left alone."""
        if type(event.payload) in MEMBERSHIP:
            self.roster.learn([event])
        elif isinstance(event.payload, CALENDAR_EVENTS):
            self._calendars.learn(event)
        elif isinstance(event.payload, PROMISE_EVENTS):
            self._promises.learn(event)


def valid_from(event: RecordedEvent) -> Instant:
    """From when on something arranged holds."""
    said: Instant | None = getattr(event.payload, "valid_from", None)
    return event.envelope.occurred_at if said is None else said
