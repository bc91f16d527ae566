"""An operator, as decisions see them: whether they belong to the desk, to which teams, and whether they are there."""

from dataclasses import dataclass, field

from domain.envelope import RecordedEvent
from domain.events import directory, presence
from domain.words import Presence


@dataclass(slots=True)
class OperatorState:
    """Somebody of whom no joining is known may work all the same: a desk's log need not say who joined."""

    joined: bool = False
    left: bool = False
    primary_team: str | None = None
    teams: set[str] = field(default_factory=set)
    presence: Presence | None = None

    def take(self, event: RecordedEvent) -> None:
        """Go on by one event."""
        match event.payload:
            case directory.OperatorJoined() as payload:
                self.joined, self.left = True, False
                if payload.team is not None:
                    self._join_team(payload.team, primary=True)
            case directory.OperatorLeft():
                self.joined, self.left, self.presence = False, True, None
            case directory.OperatorJoinedTeam() as payload:
                self._join_team(payload.team, primary=payload.primary)
            case directory.OperatorLeftTeam() as payload:
                self._leave_team(payload.team)
            case presence.PresenceChanged() as payload:
                self.presence = payload.presence

    def _join_team(self, team: str, *, primary: bool) -> None:
        self.teams.add(team)
        if primary:
            self.primary_team = team

    def _leave_team(self, team: str) -> None:
        self.teams.discard(team)
        if self.primary_team == team:
            self.primary_team = None
