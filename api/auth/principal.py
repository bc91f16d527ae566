"""The asker of one request: a workspace, a role, and for operators who they are."""

from dataclasses import dataclass
from uuid import UUID

from api.auth.roles import RIGHTS, Right, Role, roles_with
from domain.errors import Forbidden
from domain.instants import Instant


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

    def may(self, right: Right) -> bool:
        return right in RIGHTS[self.role]

    def require(self, *rights: Right) -> None:
        """Refuse unless the role has any of `rights`."""
        if not any(self.may(right) for right in rights):
            roles = ", ".join(role.upper() for role in roles_with(*rights))
            raise Forbidden(f"a token of role {self.role.upper()} may not ask this; it needs one of {roles}")

    def scope(self, wide: Right, own: Right) -> str | None:
        """Whose rows may be seen: None for everybody's (right `wide`), else the operator's own (right `own`)."""
        self.require(wide, own)
        return None if self.may(wide) else self.operator
