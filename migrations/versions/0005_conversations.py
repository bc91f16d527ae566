"""Conversations, samples and the cube."""

from alembic import op

from migrations.helpers import distribute, grant

revision = "0005_conversations"
down_revision = "0004_directory"
branch_labels = None
depends_on = None

_TABLES = ("conversations", "samples", "cells", "conversation_memberships")


def upgrade() -> None:
    _conversations()
    _samples()
    _cells()
    op.execute("""
        CREATE TABLE conversation_memberships (
            workspace_id uuid NOT NULL,
            generation integer NOT NULL,
            position bigint NOT NULL,
            CONSTRAINT conversation_memberships_pkey PRIMARY KEY (workspace_id, generation, position)
        )
    """)
    for table in _TABLES:
        distribute(table)
        grant(table, "SELECT", "INSERT", "UPDATE", "DELETE")


def downgrade() -> None:
    for table in reversed(_TABLES):
        op.execute(f"DROP TABLE {table}")


def _conversations() -> None:
    op.execute("""
        CREATE TABLE conversations (
            workspace_id uuid NOT NULL,
            generation integer NOT NULL,
            conversation text NOT NULL,
            opened_at timestamptz NOT NULL,
            last_at timestamptz NOT NULL,
            ended_at timestamptz,
            waiting_since timestamptz,
            episode integer NOT NULL,
            items integer NOT NULL,
            replies integer NOT NULL,
            first_response bigint,
            samples integer NOT NULL,
            proactive boolean NOT NULL,
            standing text NOT NULL,
            outcome text,
            on_hold text,
            holder text,
            team text,
            channel text,
            community text,
            kind text,
            priority text,
            topic text,
            customer text,
            CONSTRAINT conversations_pkey PRIMARY KEY (workspace_id, generation, conversation)
        )
    """)


def _samples() -> None:
    """The index by measure and instant finds what a figure is made of; the other, whom a change of team concerns."""
    op.execute("""
        CREATE TABLE samples (
            workspace_id uuid NOT NULL,
            generation integer NOT NULL,
            conversation text NOT NULL,
            number integer NOT NULL,
            measure smallint NOT NULL,
            at timestamptz NOT NULL,
            calendar bigint NOT NULL,
            business bigint NOT NULL,
            held_from bigint NOT NULL,
            held_until bigint,
            positions bigint[] NOT NULL,
            episode integer NOT NULL,
            queued boolean NOT NULL,
            inferred boolean NOT NULL,
            actor_type text NOT NULL,
            standing text NOT NULL,
            operator text,
            team text,
            channel text,
            community text,
            kind text,
            priority text,
            CONSTRAINT samples_pkey PRIMARY KEY (workspace_id, generation, conversation, number)
        )
    """)
    op.execute("""
        CREATE INDEX samples_measure_at_idx ON samples (workspace_id, generation, measure, at)
            WHERE held_until IS NULL
    """)
    op.execute("""
        CREATE INDEX samples_unqueued_idx ON samples (workspace_id, generation, operator, at)
            WHERE held_until IS NULL AND NOT queued AND operator IS NOT NULL
    """)


def _cells() -> None:
    """What changes stands in no index, and pages have room for it: so an update stays on its page."""
    op.execute("""
        CREATE TABLE cells (
            workspace_id uuid NOT NULL,
            generation integer NOT NULL,
            rollup smallint NOT NULL,
            measure smallint NOT NULL,
            day date NOT NULL,
            cell_id uuid NOT NULL,
            n bigint NOT NULL,
            calendar bigint NOT NULL,
            business bigint NOT NULL,
            actor_type text NOT NULL,
            operator text NOT NULL,
            team text NOT NULL,
            channel text NOT NULL,
            community text NOT NULL,
            kind text NOT NULL,
            priority text NOT NULL,
            whole bytea,
            quarters bytea NOT NULL,
            CONSTRAINT cells_pkey PRIMARY KEY (workspace_id, generation, rollup, measure, day, cell_id)
        ) WITH (fillfactor = 70)
    """)
