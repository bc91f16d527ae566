"""The ledger's tables, and the metadata that every room's tables are declared on.

Every table says in its `info` where it stands when the database grows over several machines: with its workspace
(`SHARD`: `workspace_id` comes first in every key), or whole on every machine (`REFERENCE`: small, seldom written).
The migrations are written by hand; a test compares what they make with what is declared here.
"""

from typing import Any

from sqlalchemy import BigInteger, Column, Integer, LargeBinary, MetaData, Table, Text, UniqueConstraint, Uuid
from sqlalchemy.dialects.postgresql import TIMESTAMP

SHARD: dict[str, Any] = {"placement": "shard"}
REFERENCE: dict[str, Any] = {"placement": "reference"}

metadata = MetaData(
    naming_convention={
        "pk": "%(table_name)s_pkey",
        "uq": "%(table_name)s_%(column_0_N_name)s_key",
        "ix": "%(table_name)s_%(column_0_N_name)s_idx",
        "ck": "%(table_name)s_%(constraint_name)s_check",
        "fk": "%(table_name)s_%(column_0_N_name)s_fkey",
    }
)

Instants = TIMESTAMP(timezone=True)

workspaces = Table(
    "workspaces",
    metadata,
    Column("workspace_id", Uuid, primary_key=True),
    Column("slug", Text, nullable=False, unique=True),
    Column("created_at", Instants, nullable=False),
    info=REFERENCE,
)
"""What a workspace is called in addresses and tokens."""

ledgers = Table(
    "ledgers",
    metadata,
    Column("workspace_id", Uuid, primary_key=True),
    info=SHARD,
)
"""The lane: a ledger's row is locked while something is appended, and never changed."""

events = Table(
    "events",
    metadata,
    Column("workspace_id", Uuid, primary_key=True),
    Column("position", BigInteger, primary_key=True, autoincrement=False),
    Column("event_id", Uuid, nullable=False),
    Column("stream_key", Uuid, nullable=False),
    Column("version", Integer, nullable=False),
    Column("type", Text, nullable=False),
    Column("occurred_at", Instants, nullable=False),
    Column("recorded_at", Instants, nullable=False),
    Column("content", LargeBinary, nullable=False),
    Column("leaf_hash", LargeBinary, nullable=False),
    Column("sealed", LargeBinary, nullable=True),
    UniqueConstraint("workspace_id", "event_id"),
    UniqueConstraint("workspace_id", "stream_key", "version"),
    info=SHARD,
)
"""The ledger. `content` is canonical and says everything; the other columns repeat what is looked for."""

vault_subjects = Table(
    "vault_subjects",
    metadata,
    Column("workspace_id", Uuid, primary_key=True),
    Column("subject_id", Uuid, primary_key=True),
    Column("kind", Text, nullable=False),
    Column("lookup", LargeBinary, nullable=True),
    Column("wrapped_key", LargeBinary, nullable=True),
    Column("external", LargeBinary, nullable=True),
    UniqueConstraint("workspace_id", "lookup"),
    info=SHARD,
)
"""Whose personal data there is: `lookup` finds a subject by its id in the desk's words, `wrapped_key` is its key
under the master key, `external` that id, sealed. All three are NULL once the subject was erased."""
