"""Workspaces by their short names, which stand in addresses and commands."""

import re
from datetime import UTC, datetime
from uuid import UUID, uuid4

from domain.errors import InvalidInput
from eventstore.database import Database
from eventstore.store import Store

_SLUG = re.compile(r"[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?")


async def find_workspace(database: Database, slug: str) -> UUID | None:
    """The workspace of that short name, if there is one."""
    async with database.session() as connection:
        found: UUID | None = await connection.fetchval("SELECT workspace_id FROM workspaces WHERE slug = $1", slug)
    return found


async def create_workspace(database: Database, store: Store, slug: str) -> UUID:
    """The workspace of that short name, made with an empty ledger where there is none. Safe to do twice at once."""
    if not _SLUG.fullmatch(slug):
        raise InvalidInput(f"{slug!r} is no short name: 1 to 63 of a-z, 0-9 and -, such as `acme-support`")
    async with database.session() as connection:
        await connection.execute(
            "INSERT INTO workspaces (workspace_id, slug, created_at) VALUES ($1, $2, $3) ON CONFLICT (slug) DO NOTHING",
            uuid4(),
            slug,
            datetime.now(UTC),
        )
        workspace: UUID = await connection.fetchval("SELECT workspace_id FROM workspaces WHERE slug = $1", slug)
    await store.create_ledger(workspace)
    return workspace
