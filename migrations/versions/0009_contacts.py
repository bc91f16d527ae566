"""Customers' contacts are kept, so that nothing is folded again when a customer comes back."""

from alembic import op

from migrations.helpers import distribute, grant

revision = "0009_contacts"
down_revision = "0008_returns"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.execute("DROP INDEX conversations_customer_idx")
    op.execute("""
        CREATE TABLE contacts (
            workspace_id uuid NOT NULL,
            generation integer NOT NULL,
            customer text NOT NULL,
            conversation text NOT NULL,
            number bigint NOT NULL,
            contact bytea NOT NULL,
            CONSTRAINT contacts_pkey PRIMARY KEY (workspace_id, generation, customer, conversation)
        )
    """)
    distribute("contacts")
    grant("contacts", "SELECT", "INSERT", "UPDATE", "DELETE")


def downgrade() -> None:
    op.execute("DROP TABLE contacts")
    op.execute("CREATE INDEX conversations_customer_idx ON conversations (workspace_id, generation, customer)")
