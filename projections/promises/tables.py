"""The room's tables. None of them holds personal data, so that workers may look for work over all workspaces."""

from sqlalchemy import BigInteger, Column, Index, Integer, Table, Text, Uuid

from eventstore.tables import SHARD, Instants, metadata
from eventstore.watch import table_of_watches

due_instants = Table(
    "due_instants",
    metadata,
    Column("workspace_id", Uuid, primary_key=True),
    Column("generation", Integer, primary_key=True, autoincrement=False),
    Column("conversation", Text, primary_key=True),
    Column("clock", Text, primary_key=True),
    Column("event", Text, primary_key=True),
    Column("due_at", Instants, primary_key=True),
    Column("at", Instants, nullable=False),
    Column("promised", Text, nullable=False),
    Column("promise", Text, nullable=False),
    Index("due_instants_at_idx", "workspace_id", "generation", "at"),
    info=SHARD,
)
"""What is still to be told of conversations' clocks, each at an instant. The projection of conversations fills it, as
one of its tables."""

promise_watches = table_of_watches("promise_watches")
"""Which process tells of a workspace's promises."""

open_imports = Table(
    "open_imports",
    metadata,
    Column("workspace_id", Uuid, primary_key=True),
    Column("import_id", Uuid, primary_key=True),
    Column("alive_until", Instants, nullable=False),
    Column("ended_at", Instants, nullable=True),
    Column("position", BigInteger, nullable=True),
    info=SHARD,
)
"""Imports under way, as long as they live, and those that ended (up to a ledger position) but were not told yet."""
