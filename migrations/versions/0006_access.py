"""Bearer tokens. They are read before a workspace is known, so the table stands outside row-level security."""

from alembic import op

from migrations.helpers import grant, replicate

revision = "0006_access"
down_revision = "0005_conversations"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.execute("""
        CREATE TABLE access_tokens (
            workspace_id uuid NOT NULL,
            token_id uuid NOT NULL,
            digest bytea NOT NULL,
            role text NOT NULL,
            operator_id text,
            label text,
            created_at timestamptz NOT NULL,
            expires_at timestamptz,
            revoked_at timestamptz,
            CONSTRAINT access_tokens_pkey PRIMARY KEY (workspace_id, token_id)
        )
    """)
    replicate("access_tokens")
    grant("access_tokens", "SELECT", "INSERT", "UPDATE")


def downgrade() -> None:
    op.execute("DROP TABLE access_tokens")
