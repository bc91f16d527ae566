"""The search's tables: the only place besides the sealed ledger where words of people stand in plain, so each row can
be traced to those whose words they are, and goes when they are forgotten (`forgetting.py`)."""

from sqlalchemy import BigInteger, Column, Index, Integer, Table, Text, Uuid, text

from eventstore.tables import SHARD, Instants, metadata

lemmas = Table(
    "search_lemmas",
    metadata,
    Column("workspace_id", Uuid, primary_key=True),
    Column("generation", Integer, primary_key=True, autoincrement=False),
    Column("lemma", Text(collation="C"), primary_key=True),
    Column("position", BigInteger, primary_key=True, autoincrement=False),
    info=SHARD,
)
"""Which texts hold a word: `position` is the event's that said it. Bytes are what a lemma is ordered by, so that a
prefix is a range."""

owners = Table(
    "search_owners",
    metadata,
    Column("workspace_id", Uuid, primary_key=True),
    Column("generation", Integer, primary_key=True, autoincrement=False),
    Column("subject_id", Uuid, primary_key=True),
    Column("position", BigInteger, primary_key=True, autoincrement=False),
    info=SHARD,
)
"""Under whose keys a text's words, or an address, are sealed: whoever of them is forgotten, those go."""

addresses = Table(
    "search_addresses",
    metadata,
    Column("workspace_id", Uuid, primary_key=True),
    Column("generation", Integer, primary_key=True, autoincrement=False),
    Column("address", Text(collation="C"), primary_key=True),
    Column("position", BigInteger, primary_key=True, autoincrement=False),
    info=SHARD,
)
"""From which IP address something was done."""

texts = Table(
    "search_texts",
    metadata,
    Column("workspace_id", Uuid, primary_key=True),
    Column("generation", Integer, primary_key=True, autoincrement=False),
    Column("position", BigInteger, primary_key=True, autoincrement=False),
    Column("occurred_at", Instants, nullable=False),
    Column("changed_position", BigInteger, nullable=True),
    Column("changed_at", Instants, nullable=True),
    Column("state", Text, nullable=False),
    Column("writer_type", Text, nullable=False),
    Column("operator", Text, nullable=True),
    Column("conversation", Text, nullable=True),
    Column("customer", Text, nullable=True),
    Column("channel", Text, nullable=True),
    Column("community", Text, nullable=True),
    Column("kind", Text, nullable=True),
    Column("remover", Text, nullable=True),
    info=SHARD,
)
"""A text as it was once written. `state`: what has become of it (`states.State`), by the event at `changed_position`;
`remover`: the operator who did that. `operator`: who wrote it, or in whose name."""

changes = Table(
    "search_changes",
    metadata,
    Column("workspace_id", Uuid, primary_key=True),
    Column("generation", Integer, primary_key=True, autoincrement=False),
    Column("position", BigInteger, primary_key=True, autoincrement=False),
    Column("event_id", Uuid, nullable=False),
    Column("occurred_at", Instants, nullable=False),
    Column("source_order", BigInteger, nullable=False),
    Column("text_position", BigInteger, nullable=True),
    Column("change", Text, nullable=False),
    Column("actor_type", Text, nullable=False),
    Column("operator", Text, nullable=True),
    Column("conversation", Text, nullable=True),
    Column("customer", Text, nullable=True),
    Column("channel", Text, nullable=True),
    Column("community", Text, nullable=True),
    Column("kind", Text, nullable=True),
    info=SHARD,
)
"""Everything that was done to texts (`states.Change`). `text_position`: the words as they stood then; unknown where
their beginning never reached us."""

for _table, _columns in ((texts, ("conversation", "customer", "operator")), (changes, ("operator", "text_position"))):
    for _column in _columns:
        Index(
            f"{_table.name}_{_column}_idx",
            *(_table.c[name] for name in ("workspace_id", "generation", _column, "position")),
            postgresql_where=text(f"{_column} IS NOT NULL"),
        )
Index("search_changes_change_idx", *(changes.c[name] for name in ("workspace_id", "generation", "change", "position")))

hours = Table(
    "search_hours",
    metadata,
    Column("workspace_id", Uuid, primary_key=True),
    Column("generation", Integer, primary_key=True, autoincrement=False),
    Column("hour", Instants, primary_key=True),
    Column("first_position", BigInteger, nullable=False),
    Column("last_position", BigInteger, nullable=False),
    info=SHARD,
)
"""Which positions the texts and changes of an hour (UTC) lie between: a time range is looked for among those."""
