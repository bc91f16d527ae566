"""Bearer tokens."""

import sqlalchemy as sa
from alembic import op

revision = "0006_access"
down_revision = "0005_conversations"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "access_tokens",
        sa.Column("workspace_id", sa.Uuid, nullable=False),
        sa.Column("token_id", sa.Uuid, nullable=False),
        sa.Column("digest", sa.LargeBinary, nullable=False, comment="SHA-256 of the whole token"),
        sa.Column("role", sa.Text, nullable=False),
        sa.Column("operator_id", sa.Text, nullable=True),
        sa.Column("label", sa.Text, nullable=True, comment="what it is for, in the words of whoever made it"),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("expires_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("revoked_at", sa.DateTime(timezone=True), nullable=True),
        sa.PrimaryKeyConstraint("workspace_id", "token_id", name="access_tokens_pkey"),
    )


def downgrade() -> None:
    op.drop_table("access_tokens")
