"""What has a name (a team, a channel, a community, the workspace), as decisions see it."""

from dataclasses import dataclass, field

from domain.calendars import CalendarBook
from domain.costs import CostBook
from domain.envelope import RecordedEvent
from domain.events import directory
from domain.events.calendars import CalendarSet, CalendarWithdrawn
from domain.events.costs import CostRecorded
from domain.events.promises import PromiseSet, PromisesOrdered, PromiseWithdrawn
from domain.promises import PromiseBook


@dataclass(slots=True)
class NamedState:
    """What it is called; None as long as nobody named it."""

    name: str | None = None

    def take(self, event: RecordedEvent) -> None:
        """Go on by one event."""
        match event.payload:
            case (
                directory.TeamNamed(name=name)
                | directory.TeamRenamed(name=name)
                | directory.ChannelNamed(name=name)
                | directory.ChannelRenamed(name=name)
                | directory.CommunityNamed(name=name)
                | directory.CommunityRenamed(name=name)
            ):
                self.name = name


@dataclass(slots=True)
class WorkspaceState:
    """The desk's own settings, None as long as nobody set them; its calendars, what it promises, and what it costs."""

    name: str | None = None
    zone: str | None = None
    calendars: CalendarBook = field(default_factory=CalendarBook)
    promises: PromiseBook = field(default_factory=PromiseBook)
    costs: CostBook = field(default_factory=CostBook)

    def take(self, event: RecordedEvent) -> None:
        """Go on by one event."""
        match event.payload:
            case directory.WorkspaceConfigured() as payload:
                self.name, self.zone = payload.name, payload.zone
            case CalendarSet() | CalendarWithdrawn():
                self.calendars.learn(event)
            case PromiseSet() | PromiseWithdrawn() | PromisesOrdered():
                self.promises.learn(event)
            case CostRecorded():
                self.costs.learn(event)
