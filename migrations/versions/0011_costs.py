"""Which events recorded costs is remembered beside the samples that they make."""

from alembic import op

from migrations.helpers import distribute, grant

revision = "0011_costs"
down_revision = "0010_promises"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.execute("""
        CREATE TABLE recorded_costs (
            workspace_id uuid NOT NULL,
            generation integer NOT NULL,
            position bigint NOT NULL,
            CONSTRAINT recorded_costs_pkey PRIMARY KEY (workspace_id, generation, position)
        )
    """)
    distribute("recorded_costs")
    grant("recorded_costs", "SELECT", "INSERT", "UPDATE", "DELETE")


def downgrade() -> None:
    op.execute("DROP TABLE recorded_costs")
