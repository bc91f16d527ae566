"""In what role the work is done.

Two roles that nobody can log in as: the owner, who owns the schema and migrates it, and the application, which reads
and appends and can change nothing that was appended. Whoever logs in (the embedded engine's superuser, a company's own
account) only steps into one of them, with the first thing that a connection says. A superuser could step out again:
what notices that is the tree of hashes, not the roles.
"""

from collections.abc import Mapping

import asyncpg
from asyncpg import Connection, Record

from domain.errors import Unavailable

OWNER = "deskledger_owner"
APP = "deskledger_app"

_COMMON: Mapping[str, str] = {
    "application_name": "deskledger",
    "timezone": "UTC",
    # Known to Citus, accepted and ignored by PostgreSQL: SET LOCAL reaches the workers; array parameters stay fast.
    "citus.propagate_set_commands": "local",
    "citus.override_table_visibility": "off",
}
AS_APP: Mapping[str, str] = {
    **_COMMON,
    "role": APP,
    # A process that hangs in the lane would hold up everybody: others stop waiting, and then it is cut off.
    "lock_timeout": "30s",
    "idle_in_transaction_session_timeout": "60s",
}
"""What a connection says when it opens."""
AS_OWNER: Mapping[str, str] = {**_COMMON, "role": OWNER}
AS_LOGIN: Mapping[str, str] = _COMMON


async def prepare(connection: "Connection[Record]") -> None:
    """Make the roles where they are missing, let this login into them, and the owner into the schema. Idempotent.

    Raises `Unavailable` with the statements to run where the login may not do so.
    """
    try:
        for role in (OWNER, APP):
            await _create(connection, role)
            await _join(connection, role)
        await _let_into_schema(connection)
    except asyncpg.InsufficientPrivilegeError as error:
        raise Unavailable(
            f"this login may not set up Deskledger's roles ({error}); have an administrator run: {_BY_HAND}"
        ) from error


_ONE_AT_A_TIME = 0x726F6C65  # "role": two processes granting at once is an error in PostgreSQL
_BY_HAND = (
    f"CREATE ROLE {OWNER} NOLOGIN; CREATE ROLE {APP} NOLOGIN; GRANT {OWNER}, {APP} TO <login>; "
    f"GRANT USAGE, CREATE ON SCHEMA public TO {OWNER}; GRANT USAGE ON SCHEMA public TO {APP}"
)


async def _create(connection: "Connection[Record]", role: str) -> None:
    if await connection.fetchval("SELECT 1 FROM pg_roles WHERE rolname = $1", role):
        return
    try:
        await connection.execute(f"CREATE ROLE {role} NOLOGIN")
    except (asyncpg.DuplicateObjectError, asyncpg.UniqueViolationError):
        return  # somebody else made it at the same moment: roles belong to the whole server


async def _join(connection: "Connection[Record]", role: str) -> None:
    if not await connection.fetchval("SELECT pg_has_role(current_user, $1, 'MEMBER')", role):
        await connection.execute(f"GRANT {role} TO CURRENT_USER")


async def _let_into_schema(connection: "Connection[Record]") -> None:
    async with connection.transaction():
        await connection.execute(f"SELECT pg_advisory_xact_lock({_ONE_AT_A_TIME})")
        if not await connection.fetchval("SELECT has_schema_privilege($1, 'public', 'CREATE')", OWNER):
            await connection.execute(f"GRANT USAGE, CREATE ON SCHEMA public TO {OWNER}")
        if not await connection.fetchval("SELECT has_schema_privilege($1, 'public', 'USAGE')", APP):
            await connection.execute(f"GRANT USAGE ON SCHEMA public TO {APP}")
