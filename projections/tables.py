"""The one table of the runner: how far each filling of each projection has got, and who works on it.

No personal data stands here, and no row-level security: workers look for work over all workspaces.
"""

from sqlalchemy import BigInteger, Boolean, Column, Index, Integer, Table, Text, Uuid, text
from sqlalchemy.dialects.postgresql import JSONB

from eventstore.tables import SHARD, Instants, metadata

generations = Table(
    "projection_generations",
    metadata,
    Column("workspace_id", Uuid, primary_key=True),
    Column("projection", Text, primary_key=True),
    Column("generation", Integer, primary_key=True, autoincrement=False),
    Column("state", Text, nullable=False),
    Column("fingerprint", Text, nullable=False),
    Column("held_back", Boolean, nullable=False),
    Column("checkpoint", BigInteger, nullable=False),
    Column("recorded_at", Instants, nullable=True),
    Column("folded", JSONB, nullable=False),
    Column("epoch", BigInteger, nullable=False),
    Column("holder", Text, nullable=True),
    Column("leased_until", Instants, nullable=True),
    Column("heartbeat_at", Instants, nullable=True),
    Column("halted_at", Instants, nullable=True),
    Column("halted_position", BigInteger, nullable=True),
    Column("halted_type", Text, nullable=True),
    Column("halted_error", Text, nullable=True),
    Column("created_at", Instants, nullable=False),
    Column("switched_at", Instants, nullable=True),
    Column("retired_at", Instants, nullable=True),
    Index(
        "projection_generations_serving_idx",
        "workspace_id",
        "projection",
        unique=True,
        postgresql_where=text("state = 'serving'"),
    ),
    info=SHARD,
)
"""`state` is a `State`; `held_back`: filled, but not to be switched to until told. `checkpoint` is the position of the
last event folded (-1: none), `recorded_at` that event's, `folded` how many events of each type. `epoch` rises with
every change of holder. `halted_*` name the event that cannot be folded."""
