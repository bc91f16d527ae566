"""What is to be told of promises when their time comes, and who tells it."""

from alembic import op

from migrations.helpers import distribute, grant

revision = "0010_promises"
down_revision = "0009_contacts"
branch_labels = None
depends_on = None

_TABLES = ("due_instants", "promise_watches", "open_imports")


def upgrade() -> None:
    op.execute("""
        CREATE TABLE due_instants (
            workspace_id uuid NOT NULL,
            generation integer NOT NULL,
            conversation text NOT NULL,
            clock text NOT NULL,
            event text NOT NULL,
            due_at timestamptz NOT NULL,
            at timestamptz NOT NULL,
            promised text NOT NULL,
            promise text NOT NULL,
            CONSTRAINT due_instants_pkey PRIMARY KEY (workspace_id, generation, conversation, clock, event, due_at)
        )
    """)
    # The scheduler looks over all workspaces for what is due.
    op.execute("CREATE INDEX due_instants_at_idx ON due_instants (workspace_id, generation, at)")
    op.execute("""
        CREATE TABLE promise_watches (
            workspace_id uuid NOT NULL,
            epoch bigint NOT NULL,
            holder text,
            leased_until timestamptz,
            CONSTRAINT promise_watches_pkey PRIMARY KEY (workspace_id)
        ) WITH (fillfactor = 50)
    """)
    op.execute("""
        CREATE TABLE open_imports (
            workspace_id uuid NOT NULL,
            import_id uuid NOT NULL,
            alive_until timestamptz NOT NULL,
            ended_at timestamptz,
            position bigint,
            CONSTRAINT open_imports_pkey PRIMARY KEY (workspace_id, import_id)
        )
    """)
    for table in _TABLES:
        distribute(table)
        grant(table, "SELECT", "INSERT", "UPDATE", "DELETE")


def downgrade() -> None:
    for table in reversed(_TABLES):
        op.execute(f"DROP TABLE {table}")
