"""The table of tokens. It is read before a workspace is known, so it stands outside row-level security and holds
nothing personal: only digests of tokens, and the desk's own ids of operators."""

from sqlalchemy import Column, LargeBinary, Table, Text, Uuid
from sqlalchemy.dialects.postgresql import ARRAY

from eventstore.tables import REFERENCE, Instants, metadata

access_tokens = Table(
    "access_tokens",
    metadata,
    Column("workspace_id", Uuid, primary_key=True),
    Column("token_id", Uuid, primary_key=True),
    Column("digest", LargeBinary, nullable=False),
    Column("role", Text, nullable=False),
    Column("operator_id", Text, nullable=True),
    Column("teams", ARRAY(Text), nullable=True),
    Column("label", Text, nullable=True),
    Column("created_at", Instants, nullable=False),
    Column("expires_at", Instants, nullable=True),
    Column("revoked_at", Instants, nullable=True),
    info=REFERENCE,
)
"""`digest` is the SHA-256 of the whole token; `label` says what it is for, in the words of whoever made it;
`teams` are those that a lead leads."""
