"""The journal's tables. Entries hold what is filtered by, and pointers into the ledger; never words."""

from sqlalchemy import BigInteger, Boolean, Column, Index, Integer, Table, Text, Uuid, text

from eventstore.tables import SHARD, Instants, metadata

entries = Table(
    "journal_entries",
    metadata,
    Column("workspace_id", Uuid, primary_key=True),
    Column("generation", Integer, primary_key=True, autoincrement=False),
    Column("position", BigInteger, primary_key=True, autoincrement=False),
    Column("event_id", Uuid, nullable=False),
    Column("occurred_at", Instants, nullable=False),
    Column("recorded_at", Instants, nullable=False),
    Column("source_order", BigInteger, nullable=False),
    Column("before_position", BigInteger, nullable=True),
    Column("answers_position", BigInteger, nullable=True),
    Column("inferred", Boolean, nullable=False),
    Column("queued", Boolean, nullable=False),
    Column("type", Text, nullable=False),
    Column("actor_type", Text, nullable=False),
    Column("actor_id", Text, nullable=False),
    Column("operator", Text, nullable=True),
    Column("team", Text, nullable=True),
    Column("conversation", Text, nullable=True),
    Column("customer", Text, nullable=True),
    Column("channel", Text, nullable=True),
    Column("community", Text, nullable=True),
    Column("kind", Text, nullable=True),
    Column("item", Text, nullable=True),
    Column("source", Text, nullable=True),
    Column("session", Text, nullable=True),
    Column("interface", Text, nullable=True),
    Column("flag", Text, nullable=True),
    info=SHARD,
)
"""`source_order` is -1 where the source has none, as in the fold's order. `operator`: who acted, or on whose behalf.
`queued`: `team` is the queue that the conversation was in; else it is the operator's primary team at that instant.
`before_position`: the event that holds the content as it was before this one changed or removed it.
`answers_position`: the event that holds what is answered, as it was then. `flag`: a `flags.Flag`."""

POINTED = ("operator", "team", "channel", "community", "customer", "conversation", "session", "flag")
"""Columns with an index by position over the entries where they are known."""

Index(
    "journal_entries_occurrence_idx",
    *(entries.c[name] for name in ("workspace_id", "generation", "occurred_at", "source_order", "event_id")),
)
Index(
    "journal_entries_operator_occurrence_idx",
    *(
        entries.c[name]
        for name in ("workspace_id", "generation", "operator", "occurred_at", "source_order", "event_id")
    ),
    postgresql_where=text("operator IS NOT NULL"),
)
Index("journal_entries_type_idx", *(entries.c[name] for name in ("workspace_id", "generation", "type", "position")))
for _column in POINTED:
    Index(
        f"journal_entries_{_column}_idx",
        *(entries.c[name] for name in ("workspace_id", "generation", _column, "position")),
        postgresql_where=text(f"{_column} IS NOT NULL"),
    )

hours = Table(
    "journal_hours",
    metadata,
    Column("workspace_id", Uuid, primary_key=True),
    Column("generation", Integer, primary_key=True, autoincrement=False),
    Column("hour", Instants, primary_key=True),
    Column("first_position", BigInteger, nullable=False),
    Column("last_position", BigInteger, nullable=False),
    Column("entries", BigInteger, nullable=False),
    info=SHARD,
)
"""Which positions the entries of an hour (of occurrence, UTC) lie between, and how many they are: so that a time range
is looked for among its own positions, in a ledger of any length."""
