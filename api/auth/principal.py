"""The asker of one request: a workspace, a role, and for operators and leads whose rows are theirs."""

from dataclasses import dataclass
from uuid import UUID

from api.auth.roles import RIGHTS, Reach, Right, Role, reach_of, roles_with
from domain.errors import Forbidden
from domain.instants import Instant
from projections.sight import EVERYTHING, Sight


@dataclass(frozen=True, slots=True)
class Principal:
    """What a valid token says. `token` names it in logs and metrics; it is no secret."""

    token: UUID
    workspace: UUID
    slug: str
    role: Role
    operator: str | None
    """The operator whose token it is: always said for the role of that name."""
    expires_at: Instant | None
    teams: tuple[str, ...] = ()
    """The teams that a lead leads."""

    def may(self, right: Right) -> bool:
        return right in RIGHTS[self.role]

    def require(self, *rights: Right) -> None:
        """Refuse unless the role has any of `rights`."""
        if not any(self.may(right) for right in rights):
            roles = ", ".join(role.upper() for role in roles_with(*rights))
            raise Forbidden(f"a token of role {self.role.upper()} may not ask this; it needs one of {roles}")

    @property
    def sees_own_only(self) -> bool:
        """Whether the entries that may be seen are of one's own work, so that reading them leaves no trace."""
        return reach_of(self.role, Right.JOURNAL, Right.CONVERSATIONS) is Reach.OWN

    def sight(self, right: Right) -> Sight:
        """Whose rows a right lets be seen. Refuses where the role has not got it, or the token names nobody."""
        self.require(right)
        match RIGHTS[self.role][right]:
            case Reach.OWN:
                if self.operator is None:
                    raise Forbidden("this token does not say whose it is; make one that names its operator")
                return Sight(operator=self.operator)
            case Reach.TEAM:
                if not self.teams:
                    raise Forbidden("this token names no team, so there is nothing to see; make one that names teams")
                return Sight(teams=self.teams)
            case Reach.ALL:
                return EVERYTHING
