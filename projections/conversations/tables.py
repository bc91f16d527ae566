"""The room's tables."""

from sqlalchemy import (
    BigInteger,
    Boolean,
    Column,
    Date,
    Index,
    Integer,
    LargeBinary,
    SmallInteger,
    Table,
    Text,
    Uuid,
    text,
)
from sqlalchemy.dialects.postgresql import ARRAY

from eventstore.tables import SHARD, Instants, metadata

conversations = Table(
    "conversations",
    metadata,
    Column("workspace_id", Uuid, primary_key=True),
    Column("generation", Integer, primary_key=True, autoincrement=False),
    Column("conversation", Text, primary_key=True),
    Column("opened_at", Instants, nullable=False),
    Column("last_at", Instants, nullable=False),
    Column("ended_at", Instants, nullable=True),
    Column("waiting_since", Instants, nullable=True),
    Column("episode", Integer, nullable=False),
    Column("items", Integer, nullable=False),
    Column("replies", Integer, nullable=False),
    Column("first_response", BigInteger, nullable=True),
    Column("samples", Integer, nullable=False),
    Column("proactive", Boolean, nullable=False),
    Column("standing", Text, nullable=False),
    Column("outcome", Text, nullable=True),
    Column("on_hold", Text, nullable=True),
    Column("holder", Text, nullable=True),
    Column("team", Text, nullable=True),
    Column("channel", Text, nullable=True),
    Column("community", Text, nullable=True),
    Column("kind", Text, nullable=True),
    Column("priority", Text, nullable=True),
    Column("topic", Text, nullable=True),
    Column("customer", Text, nullable=True),
    info=SHARD,
)
"""How each conversation stands. `samples`: how many were ever numbered in it."""

samples = Table(
    "samples",
    metadata,
    Column("workspace_id", Uuid, primary_key=True),
    Column("generation", Integer, primary_key=True, autoincrement=False),
    Column("conversation", Text, primary_key=True),
    Column("number", Integer, primary_key=True, autoincrement=False),
    Column("measure", SmallInteger, nullable=False),
    Column("at", Instants, nullable=False),
    Column("calendar", BigInteger, nullable=False),
    Column("business", BigInteger, nullable=False),
    Column("held_from", BigInteger, nullable=False),
    Column("held_until", BigInteger, nullable=True),
    Column("positions", ARRAY(BigInteger), nullable=False),
    Column("episode", Integer, nullable=False),
    Column("queued", Boolean, nullable=False),
    Column("inferred", Boolean, nullable=False),
    Column("actor_type", Text, nullable=False),
    Column("standing", Text, nullable=False),
    Column("operator", Text, nullable=True),
    Column("team", Text, nullable=True),
    Column("channel", Text, nullable=True),
    Column("community", Text, nullable=True),
    Column("kind", Text, nullable=True),
    Column("priority", Text, nullable=True),
    Index(
        "samples_measure_at_idx",
        "workspace_id",
        "generation",
        "measure",
        "at",
        postgresql_where=text("held_until IS NULL"),
    ),
    Index(
        "samples_unqueued_idx",
        "workspace_id",
        "generation",
        "operator",
        "at",
        postgresql_where=text("held_until IS NULL AND NOT queued AND operator IS NOT NULL"),
    ),
    info=SHARD,
)
"""Bitemporal: a sample holds for ledger positions from `held_from` on, until `held_until` (excluded) took it back.
`queued`: the team is that of the conversation's queue, not the operator's."""

cells = Table(
    "cells",
    metadata,
    Column("workspace_id", Uuid, primary_key=True),
    Column("generation", Integer, primary_key=True, autoincrement=False),
    Column("rollup", SmallInteger, primary_key=True, autoincrement=False),
    Column("measure", SmallInteger, primary_key=True, autoincrement=False),
    Column("day", Date, primary_key=True),
    Column("cell_id", Uuid, primary_key=True),
    Column("n", BigInteger, nullable=False),
    Column("calendar", BigInteger, nullable=False),
    Column("business", BigInteger, nullable=False),
    Column("actor_type", Text, nullable=False),
    Column("operator", Text, nullable=False),
    Column("team", Text, nullable=False),
    Column("channel", Text, nullable=False),
    Column("community", Text, nullable=False),
    Column("kind", Text, nullable=False),
    Column("priority", Text, nullable=False),
    Column("whole", LargeBinary, nullable=True),
    Column("quarters", LargeBinary, nullable=False),
    info=SHARD,
)
"""The cube: sums over one UTC day, cut by the dimensions of a roll-up ('' where it has not that one, or nothing was
said), which `cell_id` is a digest of. There is one index, so that no plan made while the table was empty can take
another. `whole`: the day's histograms, `quarters`: the same sums for its quarter-hours (`cells.py` packs both)."""

memberships = Table(
    "conversation_memberships",
    metadata,
    Column("workspace_id", Uuid, primary_key=True),
    Column("generation", Integer, primary_key=True, autoincrement=False),
    Column("position", BigInteger, primary_key=True, autoincrement=False),
    info=SHARD,
)
"""The ledger positions of what was said of operators' teams, so far as this projection has got."""

TABLES = (conversations, samples, cells, memberships)
