"""The journal knows sessions, interfaces, and what makes an act worth a second look; the search knows addresses.

A column more asks for a new filling of the journal, which a worker begins by itself.
"""

from alembic import op

from migrations.helpers import distribute, grant

revision = "0014_journal_flags"
down_revision = "0013_proofs"
branch_labels = None
depends_on = None

_COLUMNS = ("session", "interface", "flag")
_POINTED = ("session", "flag")


def upgrade() -> None:
    for column in _COLUMNS:
        op.execute(f"ALTER TABLE journal_entries ADD COLUMN {column} text")
    op.execute("""
        CREATE TABLE search_addresses (
            workspace_id uuid NOT NULL,
            generation integer NOT NULL,
            address text COLLATE "C" NOT NULL,
            position bigint NOT NULL,
            CONSTRAINT search_addresses_pkey PRIMARY KEY (workspace_id, generation, address, position)
        )
    """)
    distribute("search_addresses")
    grant("search_addresses", "SELECT", "INSERT", "UPDATE", "DELETE")
    for column in _POINTED:
        op.execute(f"""
            CREATE INDEX journal_entries_{column}_idx
                ON journal_entries (workspace_id, generation, {column}, position) WHERE {column} IS NOT NULL
        """)


def downgrade() -> None:
    op.execute("DROP TABLE search_addresses")
    for column in _POINTED:
        op.execute(f"DROP INDEX journal_entries_{column}_idx")
    for column in reversed(_COLUMNS):
        op.execute(f"ALTER TABLE journal_entries DROP COLUMN {column}")
