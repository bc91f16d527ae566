"""Samples and cells refer to places by number; conversations have numbers.

All of it is made from the ledger, so the tables are made anew, empty, and the projection begins from the beginning.
"""

from importlib import import_module

from alembic import op

from migrations.helpers import distribute, grant

revision = "0007_places"
down_revision = "0006_access"
branch_labels = None
depends_on = None

_TABLES = ("conversations", "places", "samples", "cells", "conversation_memberships")


def upgrade() -> None:
    _before.downgrade()
    _begin_anew()
    _conversations()
    _places()
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
    _begin_anew()
    _before.upgrade()


_before = import_module("migrations.versions.0005_conversations")


def _begin_anew() -> None:
    """Nothing may answer from emptied tables as if they held what the checkpoint says."""
    op.execute("DELETE FROM projection_generations WHERE projection = 'conversations'")


def _conversations() -> None:
    op.execute("""
        CREATE TABLE conversations (
            workspace_id uuid NOT NULL,
            generation integer NOT NULL,
            conversation text NOT NULL,
            number bigint NOT NULL,
            opened_at timestamptz NOT NULL,
            last_at timestamptz NOT NULL,
            ended_at timestamptz,
            waiting_since timestamptz,
            episode integer NOT NULL,
            items integer NOT NULL,
            replies integer NOT NULL,
            first_response bigint,
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
    op.execute("CREATE UNIQUE INDEX conversations_number_key ON conversations (workspace_id, generation, number)")


def _places() -> None:
    op.execute("""
        CREATE TABLE places (
            workspace_id uuid NOT NULL,
            generation integer NOT NULL,
            place integer NOT NULL,
            digest uuid NOT NULL,
            inferred boolean NOT NULL,
            queued boolean NOT NULL,
            in_hours boolean,
            actor_type text NOT NULL,
            standing text NOT NULL,
            operator text,
            team text,
            channel text,
            community text,
            kind text,
            priority text,
            complexity text,
            segment text,
            tags text[] NOT NULL,
            CONSTRAINT places_pkey PRIMARY KEY (workspace_id, generation, place)
        )
    """)
    op.execute("CREATE UNIQUE INDEX places_digest_key ON places (workspace_id, generation, digest)")


def _samples() -> None:
    """One index: by measure and instant, which finds what a figure is made of. It has no condition, so that a sample
    that is taken back stays where it is on its page."""
    op.execute("""
        CREATE TABLE samples (
            workspace_id uuid NOT NULL,
            generation integer NOT NULL,
            measure smallint NOT NULL,
            flags smallint NOT NULL,
            at timestamptz NOT NULL,
            held_from bigint NOT NULL,
            held_until bigint,
            conversation bigint,
            calendar bigint NOT NULL,
            business bigint NOT NULL,
            ordinal integer NOT NULL,
            episode integer NOT NULL,
            place integer NOT NULL,
            positions bigint[] NOT NULL,
            CONSTRAINT samples_pkey PRIMARY KEY (workspace_id, generation, measure, at, held_from, ordinal)
        )
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
            place integer NOT NULL,
            n bigint NOT NULL,
            calendar bigint NOT NULL,
            business bigint NOT NULL,
            whole bytea,
            quarters bytea NOT NULL,
            CONSTRAINT cells_pkey PRIMARY KEY (workspace_id, generation, rollup, measure, day, place)
        ) WITH (fillfactor = 70)
    """)
