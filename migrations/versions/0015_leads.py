"""A lead's token says which teams are led."""

from alembic import op

revision = "0015_leads"
down_revision = "0014_journal_flags"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.execute("ALTER TABLE access_tokens ADD COLUMN teams text[]")


def downgrade() -> None:
    op.execute("ALTER TABLE access_tokens DROP COLUMN teams")
