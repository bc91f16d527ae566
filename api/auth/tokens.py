"""Bearer tokens: made once, shown once, kept as a digest.

A token names its workspace, so finding it is a read by primary key. It holds 200 random bits, which nobody can guess,
so a plain SHA-256 is as safe as a slow hash and costs nothing per request.
"""

import hashlib
import hmac
import secrets
from base64 import urlsafe_b64decode, urlsafe_b64encode
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from time import monotonic
from uuid import UUID, uuid4

from api.auth.principal import Principal
from api.auth.roles import Role
from domain.errors import DeskledgerError, InvalidInput, NotFound
from domain.instants import instant_of
from eventstore.database import Database

_PREFIX = "desk_"
_SECRET_BYTES = 25
"""With the two ids 57 bytes, which base64 writes without padding."""

_INSERT = """
    INSERT INTO access_tokens (workspace_id, token_id, digest, role, operator_id, label, created_at, expires_at, teams)
    VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9)
"""
_FIND = """
    SELECT t.digest, t.role, t.operator_id, t.teams, t.expires_at, t.revoked_at, w.slug
    FROM access_tokens t JOIN workspaces w ON w.workspace_id = t.workspace_id
    WHERE t.workspace_id = $1 AND t.token_id = $2
"""
_LIST = """
    SELECT token_id, role, operator_id, teams, label, created_at, expires_at, revoked_at
    FROM access_tokens WHERE workspace_id = $1 ORDER BY created_at, token_id
"""
_REVOKE = """
    UPDATE access_tokens SET revoked_at = coalesce(revoked_at, $3)
    WHERE workspace_id = $1 AND token_id = $2 RETURNING revoked_at
"""


class Unauthenticated(DeskledgerError):
    """No token, an unknown one, or one that has expired or was revoked: who asks is not known."""

    code = "UNAUTHENTICATED"


@dataclass(frozen=True, slots=True)
class Token:
    """What the list of tokens shows. The token itself is not kept."""

    id: UUID
    role: Role
    operator: str | None
    teams: tuple[str, ...]
    label: str | None
    created_at: datetime
    expires_at: datetime | None
    revoked_at: datetime | None


async def create_token(
    database: Database,
    workspace: UUID,
    role: Role,
    *,
    operator: str | None = None,
    teams: Sequence[str] = (),
    label: str | None = None,
    expires_at: datetime | None = None,
) -> str:
    """Make a token and answer its text, which cannot be had again."""
    if role is Role.OPERATOR and not operator:
        raise InvalidInput("a token of role operator says whose it is: --operator ID", path=("operator",))
    if role is Role.LEAD and not teams:
        raise InvalidInput("a token of role lead says which teams are led: --team ID, for each", path=("teams",))
    token_id = uuid4()
    text = _PREFIX + urlsafe_b64encode(workspace.bytes + token_id.bytes + secrets.token_bytes(_SECRET_BYTES)).decode()
    async with database.session() as connection:
        created_at = datetime.now(UTC)
        values = (token_id, _digest(text), str(role), operator, label, created_at, expires_at, list(teams) or None)
        await connection.execute(_INSERT, workspace, *values)
    return text


async def list_tokens(database: Database, workspace: UUID) -> list[Token]:
    """All tokens of the workspace, revoked ones included, oldest first."""
    async with database.session() as connection:
        rows = await connection.fetch(_LIST, workspace)
    return [
        Token(
            id=row["token_id"],
            role=Role(row["role"]),
            operator=row["operator_id"],
            teams=tuple(row["teams"] or ()),
            label=row["label"],
            created_at=row["created_at"],
            expires_at=row["expires_at"],
            revoked_at=row["revoked_at"],
        )
        for row in rows
    ]


async def revoke_token(database: Database, workspace: UUID, token: UUID) -> None:
    """Take a token's validity away; every process knows within `Settings.token_seconds`."""
    async with database.session() as connection:
        if not await connection.fetchval(_REVOKE, workspace, token, datetime.now(UTC)):
            raise NotFound(f"there is no token {token} in this workspace")


class Authenticator:
    """Turns a token's text into the asker, and remembers it for a few seconds."""

    _LIMIT = 10_000

    def __init__(self, database: Database, *, seconds: float) -> None:
        self._database = database
        self._seconds = seconds
        self._known: dict[bytes, tuple[float, Principal]] = {}

    async def authenticate(self, text: str) -> Principal:
        """The asker. Raises Unauthenticated; Unavailable while the database is away and the token not remembered."""
        digest = _digest(text)
        known = self._known.get(digest)
        if known is None or monotonic() >= known[0]:
            principal = await self._find(text, digest)
            self._remember(digest, principal)
        else:
            principal = known[1]
        if principal.expires_at is not None and instant_of(datetime.now(UTC)) >= principal.expires_at:
            raise Unauthenticated("this token has expired; ask for a new one")
        return principal

    def _remember(self, digest: bytes, principal: Principal) -> None:
        if len(self._known) >= self._LIMIT:
            self._known.clear()
        self._known[digest] = (monotonic() + self._seconds, principal)

    async def _find(self, text: str, digest: bytes) -> Principal:
        workspace, token = _ids(text)
        async with self._database.session() as connection:
            row = await connection.fetchrow(_FIND, workspace, token)
        if row is None or not hmac.compare_digest(row["digest"], digest):
            raise Unauthenticated(_UNKNOWN)
        if row["revoked_at"] is not None:
            raise Unauthenticated("this token was revoked; ask for a new one")
        expires_at = row["expires_at"]
        return Principal(
            token=token,
            workspace=workspace,
            slug=row["slug"],
            role=Role(row["role"]),
            operator=row["operator_id"],
            expires_at=None if expires_at is None else instant_of(expires_at),
            teams=tuple(row["teams"] or ()),
        )


_UNKNOWN = "this token is not known; make one with `deskledger token create`"


def _ids(text: str) -> tuple[UUID, UUID]:
    """Workspace and token id, as the text claims them."""
    try:
        raw = urlsafe_b64decode(text.removeprefix(_PREFIX).encode("ascii"))
    except ValueError:
        raise Unauthenticated(_UNKNOWN) from None
    if not text.startswith(_PREFIX) or len(raw) != 32 + _SECRET_BYTES:
        raise Unauthenticated(_UNKNOWN)
    return UUID(bytes=raw[:16]), UUID(bytes=raw[16:32])


def _digest(text: str) -> bytes:
    return hashlib.sha256(text.encode()).digest()
