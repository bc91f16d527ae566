"""The directory: everybody and everything there is, and what was said of them over time."""

from alembic import op

from migrations.helpers import distribute, grant

revision = "0004_directory"
down_revision = "0003_journal"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.execute("""
        CREATE TABLE directory_members (
            workspace_id uuid NOT NULL,
            generation integer NOT NULL,
            kind text NOT NULL,
            id text NOT NULL,
            first_at timestamptz NOT NULL,
            last_at timestamptz NOT NULL,
            first_act_at timestamptz,
            last_act_at timestamptz,
            acts bigint NOT NULL,
            CONSTRAINT directory_members_pkey PRIMARY KEY (workspace_id, generation, kind, id)
        )
    """)
    distribute("directory_members")
    grant("directory_members", "SELECT", "INSERT", "UPDATE", "DELETE")
    op.execute("""
        CREATE TABLE directory_facts (
            workspace_id uuid NOT NULL,
            generation integer NOT NULL,
            kind text NOT NULL,
            id text NOT NULL,
            position bigint NOT NULL,
            event_id uuid NOT NULL,
            occurred_at timestamptz NOT NULL,
            source_order bigint NOT NULL,
            named boolean NOT NULL,
            type text NOT NULL,
            CONSTRAINT directory_facts_pkey PRIMARY KEY (workspace_id, generation, kind, id, position)
        )
    """)
    distribute("directory_facts")
    grant("directory_facts", "SELECT", "INSERT", "UPDATE", "DELETE")


def downgrade() -> None:
    for table in ("directory_facts", "directory_members"):
        op.execute(f"DROP TABLE {table}")
