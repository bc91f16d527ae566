"""Customers' conversations are found by customer; who is one person with whom is remembered."""

from alembic import op

from migrations.helpers import distribute, grant

revision = "0008_returns"
down_revision = "0007_places"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.execute("CREATE INDEX conversations_customer_idx ON conversations (workspace_id, generation, customer)")
    op.execute("""
        CREATE TABLE customer_merges (
            workspace_id uuid NOT NULL,
            generation integer NOT NULL,
            customer text NOT NULL,
            other text NOT NULL,
            CONSTRAINT customer_merges_pkey PRIMARY KEY (workspace_id, generation, customer, other)
        )
    """)
    distribute("customer_merges")
    grant("customer_merges", "SELECT", "INSERT", "UPDATE", "DELETE")


def downgrade() -> None:
    op.execute("DROP TABLE customer_merges")
    op.execute("DROP INDEX conversations_customer_idx")
