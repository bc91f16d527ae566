"""The tree of hashes over each ledger: its inner nodes, its signed heads, and who signs them."""

from alembic import op

from migrations.helpers import distribute, grant, protect

revision = "0013_proofs"
down_revision = "0012_search"
branch_labels = None
depends_on = None

_KEPT = ("tree_nodes", "tree_heads", "tree_runs")


def upgrade() -> None:
    op.execute("""
        CREATE TABLE tree_nodes (
            workspace_id uuid NOT NULL,
            level smallint NOT NULL,
            index bigint NOT NULL,
            hash bytea NOT NULL,
            CONSTRAINT tree_nodes_pkey PRIMARY KEY (workspace_id, level, index)
        )
    """)
    op.execute("""
        CREATE TABLE tree_heads (
            workspace_id uuid NOT NULL,
            run integer NOT NULL,
            size bigint NOT NULL,
            root bytea NOT NULL,
            signed_at timestamptz NOT NULL,
            checkpoint text NOT NULL,
            CONSTRAINT tree_heads_pkey PRIMARY KEY (workspace_id, run, size)
        )
    """)
    op.execute("""
        CREATE TABLE tree_runs (
            workspace_id uuid NOT NULL,
            run integer NOT NULL,
            begun_at timestamptz NOT NULL,
            size bigint NOT NULL,
            lost text NOT NULL,
            reason text NOT NULL,
            CONSTRAINT tree_runs_pkey PRIMARY KEY (workspace_id, run)
        )
    """)
    for table in _KEPT:
        distribute(table)
        grant(table, "SELECT", "INSERT")
        protect(table, "UPDATE", "DELETE", "TRUNCATE")
    _signers()


def _signers() -> None:
    op.execute("""
        CREATE TABLE tree_signers (
            workspace_id uuid NOT NULL,
            epoch bigint NOT NULL,
            holder text,
            leased_until timestamptz,
            CONSTRAINT tree_signers_pkey PRIMARY KEY (workspace_id)
        ) WITH (fillfactor = 50)
    """)
    distribute("tree_signers")
    grant("tree_signers", "SELECT", "INSERT", "UPDATE")


def downgrade() -> None:
    for table in ("tree_signers", *reversed(_KEPT)):
        op.execute(f"DROP TABLE {table}")
