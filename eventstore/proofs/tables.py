"""The tables of the tree: inner nodes, signed heads, and who signs. The leaves stand in `events`."""

from sqlalchemy import BigInteger, Column, Integer, LargeBinary, SmallInteger, Table, Text, Uuid

from eventstore.tables import SHARD, Instants, metadata
from eventstore.watch import table_of_watches

tree_nodes = Table(
    "tree_nodes",
    metadata,
    Column("workspace_id", Uuid, primary_key=True),
    Column("level", SmallInteger, primary_key=True, autoincrement=False),
    Column("index", BigInteger, primary_key=True, autoincrement=False),
    Column("hash", LargeBinary, nullable=False),
    info=SHARD,
)
"""Every eighth level of inner nodes: at level L the root over each 256^L leaves. Levels in between are computed."""

tree_heads = Table(
    "tree_heads",
    metadata,
    Column("workspace_id", Uuid, primary_key=True),
    Column("run", Integer, primary_key=True, autoincrement=False),
    Column("size", BigInteger, primary_key=True, autoincrement=False),
    Column("root", LargeBinary, nullable=False),
    Column("signed_at", Instants, nullable=False),
    Column("checkpoint", Text, nullable=False),
    info=SHARD,
)
"""Signed heads. `run` is 1 until a ledger that went backwards was accepted; each acceptance begins another one."""

tree_runs = Table(
    "tree_runs",
    metadata,
    Column("workspace_id", Uuid, primary_key=True),
    Column("run", Integer, primary_key=True, autoincrement=False),
    Column("begun_at", Instants, nullable=False),
    Column("size", BigInteger, nullable=False),
    Column("lost", Text, nullable=False),
    Column("reason", Text, nullable=False),
    info=SHARD,
)
"""Acceptances that a ledger had gone backwards: at which size, the checkpoint that was lost, and why."""

tree_signers = table_of_watches("tree_signers")
"""Which process signs a ledger's heads."""
