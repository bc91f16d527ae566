"""What has a name (a team, a channel, a community, the workspace), as decisions see it."""

from dataclasses import dataclass

from domain.envelope import RecordedEvent
from domain.events import directory


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
    """The desk's own settings; None as long as nobody set them."""

    name: str | None = None
    zone: str | None = None

    def take(self, event: RecordedEvent) -> None:
        """Go on by one event."""
        match event.payload:
            case directory.WorkspaceConfigured() as payload:
                self.name, self.zone = payload.name, payload.zone
