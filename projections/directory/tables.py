"""The directory's tables: who and what there is, and where in the ledger stands what was said of them. No words."""

from sqlalchemy import BigInteger, Boolean, Column, Integer, Table, Text, Uuid

from eventstore.tables import SHARD, Instants, metadata

members = Table(
    "directory_members",
    metadata,
    Column("workspace_id", Uuid, primary_key=True),
    Column("generation", Integer, primary_key=True, autoincrement=False),
    Column("kind", Text, primary_key=True),
    Column("id", Text, primary_key=True),
    Column("first_at", Instants, nullable=False),
    Column("last_at", Instants, nullable=False),
    Column("first_act_at", Instants, nullable=True),
    Column("last_act_at", Instants, nullable=True),
    Column("acts", BigInteger, nullable=False),
    info=SHARD,
)
"""Everybody and everything that events name: `kind` is a `Kind`, `id` the desk's own (a customer's: the pseudonym).
`first_at` and `last_at`: between which instants events name them; `*_act_at`, `acts`: where they are who acted."""

facts = Table(
    "directory_facts",
    metadata,
    Column("workspace_id", Uuid, primary_key=True),
    Column("generation", Integer, primary_key=True, autoincrement=False),
    Column("kind", Text, primary_key=True),
    Column("id", Text, primary_key=True),
    Column("position", BigInteger, primary_key=True, autoincrement=False),
    Column("event_id", Uuid, nullable=False),
    Column("occurred_at", Instants, nullable=False),
    Column("source_order", BigInteger, nullable=False),
    Column("named", Boolean, nullable=False),
    Column("type", Text, nullable=False),
    info=SHARD,
)
"""What was said of a member: the event's place in the ledger and in the fold's order. `named`: it says a name."""
