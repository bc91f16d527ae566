"""The journal: an entry for every event, and which positions lie in which hour."""

from alembic import op

from migrations.helpers import distribute, grant

revision = "0003_journal"
down_revision = "0002_projections"
branch_labels = None
depends_on = None


def upgrade() -> None:
    _entries()
    _hours()


def downgrade() -> None:
    for table in ("journal_hours", "journal_entries"):
        op.execute(f"DROP TABLE {table}")


def _entries() -> None:
    """Columns of fixed width come first. An index on a column that is often empty leaves the empty ones out."""
    op.execute("""
        CREATE TABLE journal_entries (
            workspace_id uuid NOT NULL,
            generation integer NOT NULL,
            position bigint NOT NULL,
            event_id uuid NOT NULL,
            occurred_at timestamptz NOT NULL,
            recorded_at timestamptz NOT NULL,
            source_order bigint NOT NULL,
            before_position bigint,
            answers_position bigint,
            inferred boolean NOT NULL,
            queued boolean NOT NULL,
            type text NOT NULL,
            actor_type text NOT NULL,
            actor_id text NOT NULL,
            operator text,
            team text,
            conversation text,
            customer text,
            channel text,
            community text,
            kind text,
            item text,
            source text,
            CONSTRAINT journal_entries_pkey PRIMARY KEY (workspace_id, generation, position)
        )
    """)
    op.execute("""
        CREATE INDEX journal_entries_occurrence_idx
            ON journal_entries (workspace_id, generation, occurred_at, source_order, event_id)
    """)
    op.execute("""
        CREATE INDEX journal_entries_operator_occurrence_idx
            ON journal_entries (workspace_id, generation, operator, occurred_at, source_order, event_id)
            WHERE operator IS NOT NULL
    """)
    op.execute("CREATE INDEX journal_entries_type_idx ON journal_entries (workspace_id, generation, type, position)")
    for column in ("operator", "team", "channel", "community", "customer", "conversation"):
        op.execute(f"""
            CREATE INDEX journal_entries_{column}_idx
                ON journal_entries (workspace_id, generation, {column}, position) WHERE {column} IS NOT NULL
        """)
    distribute("journal_entries")
    grant("journal_entries", "SELECT", "INSERT", "UPDATE", "DELETE")


def _hours() -> None:
    op.execute("""
        CREATE TABLE journal_hours (
            workspace_id uuid NOT NULL,
            generation integer NOT NULL,
            hour timestamptz NOT NULL,
            first_position bigint NOT NULL,
            last_position bigint NOT NULL,
            entries bigint NOT NULL,
            CONSTRAINT journal_hours_pkey PRIMARY KEY (workspace_id, generation, hour)
        )
    """)
    distribute("journal_hours")
    grant("journal_hours", "SELECT", "INSERT", "UPDATE", "DELETE")
