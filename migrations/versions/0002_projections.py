"""How far the projections have got, and who works on them."""

from alembic import op

from migrations.helpers import distribute, grant

revision = "0002_projections"
down_revision = "0001_ledger"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Rows are few and often updated, so pages keep room for new versions of them beside the old."""
    op.execute("""
        CREATE TABLE projection_generations (
            workspace_id uuid NOT NULL,
            projection text NOT NULL,
            generation integer NOT NULL,
            state text NOT NULL,
            fingerprint text NOT NULL,
            held_back boolean NOT NULL,
            checkpoint bigint NOT NULL,
            recorded_at timestamptz,
            folded jsonb NOT NULL,
            epoch bigint NOT NULL,
            holder text,
            leased_until timestamptz,
            heartbeat_at timestamptz,
            halted_at timestamptz,
            halted_position bigint,
            halted_type text,
            halted_error text,
            created_at timestamptz NOT NULL,
            switched_at timestamptz,
            retired_at timestamptz,
            CONSTRAINT projection_generations_pkey PRIMARY KEY (workspace_id, projection, generation)
        ) WITH (fillfactor = 50)
    """)
    op.execute("""
        CREATE UNIQUE INDEX projection_generations_serving_idx
            ON projection_generations (workspace_id, projection) WHERE state = 'serving'
    """)
    distribute("projection_generations")
    grant("projection_generations", "SELECT", "INSERT", "UPDATE", "DELETE")


def downgrade() -> None:
    op.execute("DROP TABLE projection_generations")
