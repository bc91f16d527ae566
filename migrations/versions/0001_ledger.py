"""The ledger, its lane, the vault, and what workspaces are called."""

from alembic import op

from migrations.helpers import distribute, grant, protect, replicate

revision = "0001_ledger"
down_revision = None
branch_labels = None
depends_on = None


def upgrade() -> None:
    _workspaces()
    op.execute(_REFUSE)
    _ledgers()
    _events()
    _vault()


def downgrade() -> None:
    for table in ("vault_subjects", "events", "ledgers", "workspaces"):
        op.execute(f"DROP TABLE {table}")
    op.execute("DROP FUNCTION deskledger_refuse()")


_REFUSE = """
CREATE FUNCTION deskledger_refuse() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION '% on % is refused: the ledger is append-only', TG_OP, TG_TABLE_NAME
        USING ERRCODE = 'restrict_violation';
END $$
"""


def _workspaces() -> None:
    op.execute("""
        CREATE TABLE workspaces (
            workspace_id uuid NOT NULL,
            slug text NOT NULL,
            created_at timestamptz NOT NULL,
            CONSTRAINT workspaces_pkey PRIMARY KEY (workspace_id),
            CONSTRAINT workspaces_slug_key UNIQUE (slug)
        )
    """)
    replicate("workspaces")
    grant("workspaces", "SELECT", "INSERT")


def _ledgers() -> None:
    """Locking a row FOR UPDATE asks for the right to update it, which the trigger then refuses."""
    op.execute("""
        CREATE TABLE ledgers (
            workspace_id uuid NOT NULL,
            CONSTRAINT ledgers_pkey PRIMARY KEY (workspace_id)
        )
    """)
    distribute("ledgers")
    grant("ledgers", "SELECT", "INSERT", "UPDATE")
    protect("ledgers", "UPDATE", "DELETE", "TRUNCATE")


def _events() -> None:
    """Columns of fixed width come first. Bytes are kept as they are: content compresses badly at this size, and a
    leaf is read whole or not at all."""
    op.execute("""
        CREATE TABLE events (
            workspace_id uuid NOT NULL,
            position bigint NOT NULL,
            event_id uuid NOT NULL,
            stream_key uuid NOT NULL,
            version integer NOT NULL,
            type text NOT NULL,
            occurred_at timestamptz NOT NULL,
            recorded_at timestamptz NOT NULL,
            content bytea NOT NULL,
            leaf_hash bytea NOT NULL,
            sealed bytea,
            CONSTRAINT events_pkey PRIMARY KEY (workspace_id, position),
            CONSTRAINT events_workspace_id_event_id_key UNIQUE (workspace_id, event_id),
            CONSTRAINT events_workspace_id_stream_key_version_key UNIQUE (workspace_id, stream_key, version)
        )
    """)
    distribute("events")
    grant("events", "SELECT", "INSERT")
    protect("events", "UPDATE", "DELETE", "TRUNCATE")


def _vault() -> None:
    op.execute("""
        CREATE TABLE vault_subjects (
            workspace_id uuid NOT NULL,
            subject_id uuid NOT NULL,
            kind text NOT NULL,
            lookup bytea,
            wrapped_key bytea,
            external bytea,
            CONSTRAINT vault_subjects_pkey PRIMARY KEY (workspace_id, subject_id),
            CONSTRAINT vault_subjects_workspace_id_lookup_key UNIQUE (workspace_id, lookup)
        )
    """)
    distribute("vault_subjects")
    grant("vault_subjects", "SELECT", "INSERT")
