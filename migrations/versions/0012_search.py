"""The search: texts, what was done to them, the words in them, and whose words those are."""

from alembic import op

from migrations.helpers import distribute, grant

revision = "0012_search"
down_revision = "0011_costs"
branch_labels = None
depends_on = None

_TABLES = ("search_lemmas", "search_owners", "search_texts", "search_changes", "search_hours")


def upgrade() -> None:
    _words()
    _texts()
    _changes()
    for table in _TABLES:
        distribute(table)
        grant(table, "SELECT", "INSERT", "UPDATE", "DELETE")


def downgrade() -> None:
    for table in reversed(_TABLES):
        op.execute(f"DROP TABLE {table}")


def _words() -> None:
    """Row-level security keeps text operators from indexes; equality and ranges over bytes it does not."""
    op.execute("""
        CREATE TABLE search_lemmas (
            workspace_id uuid NOT NULL,
            generation integer NOT NULL,
            lemma text COLLATE "C" NOT NULL,
            position bigint NOT NULL,
            CONSTRAINT search_lemmas_pkey PRIMARY KEY (workspace_id, generation, lemma, position)
        )
    """)
    op.execute("""
        CREATE TABLE search_owners (
            workspace_id uuid NOT NULL,
            generation integer NOT NULL,
            subject_id uuid NOT NULL,
            position bigint NOT NULL,
            CONSTRAINT search_owners_pkey PRIMARY KEY (workspace_id, generation, subject_id, position)
        )
    """)


def _texts() -> None:
    op.execute("""
        CREATE TABLE search_texts (
            workspace_id uuid NOT NULL,
            generation integer NOT NULL,
            position bigint NOT NULL,
            occurred_at timestamptz NOT NULL,
            changed_position bigint,
            changed_at timestamptz,
            state text NOT NULL,
            writer_type text NOT NULL,
            operator text,
            conversation text,
            customer text,
            channel text,
            community text,
            kind text,
            remover text,
            CONSTRAINT search_texts_pkey PRIMARY KEY (workspace_id, generation, position)
        )
    """)
    for column in ("conversation", "customer", "operator"):
        op.execute(f"""
            CREATE INDEX search_texts_{column}_idx
                ON search_texts (workspace_id, generation, {column}, position) WHERE {column} IS NOT NULL
        """)
    op.execute("""
        CREATE TABLE search_hours (
            workspace_id uuid NOT NULL,
            generation integer NOT NULL,
            hour timestamptz NOT NULL,
            first_position bigint NOT NULL,
            last_position bigint NOT NULL,
            CONSTRAINT search_hours_pkey PRIMARY KEY (workspace_id, generation, hour)
        )
    """)


def _changes() -> None:
    op.execute("""
        CREATE TABLE search_changes (
            workspace_id uuid NOT NULL,
            generation integer NOT NULL,
            position bigint NOT NULL,
            event_id uuid NOT NULL,
            occurred_at timestamptz NOT NULL,
            source_order bigint NOT NULL,
            text_position bigint,
            change text NOT NULL,
            actor_type text NOT NULL,
            operator text,
            conversation text,
            customer text,
            channel text,
            community text,
            kind text,
            CONSTRAINT search_changes_pkey PRIMARY KEY (workspace_id, generation, position)
        )
    """)
    for column in ("operator", "text_position"):
        op.execute(f"""
            CREATE INDEX search_changes_{column}_idx
                ON search_changes (workspace_id, generation, {column}, position) WHERE {column} IS NOT NULL
        """)
    op.execute("CREATE INDEX search_changes_change_idx ON search_changes (workspace_id, generation, change, position)")
