"""The room's tables."""

from sqlalchemy import (
    BigInteger,
    Boolean,
    Column,
    Date,
    Index,
    Integer,
    LargeBinary,
    SmallInteger,
    Table,
    Text,
    Uuid,
)
from sqlalchemy.dialects.postgresql import ARRAY

from eventstore.tables import SHARD, Instants, metadata
from projections.promises.tables import due_instants

conversations = Table(
    "conversations",
    metadata,
    Column("workspace_id", Uuid, primary_key=True),
    Column("generation", Integer, primary_key=True, autoincrement=False),
    Column("conversation", Text, primary_key=True),
    Column("number", BigInteger, nullable=False),
    Column("opened_at", Instants, nullable=False),
    Column("last_at", Instants, nullable=False),
    Column("ended_at", Instants, nullable=True),
    Column("waiting_since", Instants, nullable=True),
    Column("episode", Integer, nullable=False),
    Column("items", Integer, nullable=False),
    Column("replies", Integer, nullable=False),
    Column("first_response", BigInteger, nullable=True),
    Column("proactive", Boolean, nullable=False),
    Column("standing", Text, nullable=False),
    Column("outcome", Text, nullable=True),
    Column("on_hold", Text, nullable=True),
    Column("holder", Text, nullable=True),
    Column("team", Text, nullable=True),
    Column("channel", Text, nullable=True),
    Column("community", Text, nullable=True),
    Column("kind", Text, nullable=True),
    Column("priority", Text, nullable=True),
    Column("topic", Text, nullable=True),
    Column("customer", Text, nullable=True),
    Index("conversations_number_key", "workspace_id", "generation", "number", unique=True),
    info=SHARD,
)
"""How each conversation stands. `number` is what samples call it: the ledger position of its first event there."""

places = Table(
    "places",
    metadata,
    Column("workspace_id", Uuid, primary_key=True),
    Column("generation", Integer, primary_key=True, autoincrement=False),
    Column("place", Integer, primary_key=True, autoincrement=False),
    Column("digest", Uuid, nullable=False),
    Column("inferred", Boolean, nullable=False),
    Column("queued", Boolean, nullable=False),
    Column("in_hours", Boolean, nullable=True),
    Column("actor_type", Text, nullable=False),
    Column("standing", Text, nullable=False),
    Column("operator", Text, nullable=True),
    Column("team", Text, nullable=True),
    Column("channel", Text, nullable=True),
    Column("community", Text, nullable=True),
    Column("kind", Text, nullable=True),
    Column("priority", Text, nullable=True),
    Column("complexity", Text, nullable=True),
    Column("segment", Text, nullable=True),
    Column("tags", ARRAY(Text), nullable=False),
    Index("places_digest_key", "workspace_id", "generation", "digest", unique=True),
    info=SHARD,
)
"""The dictionary of places (`domain.conversation.sample.Place`), numbered as the ledger brought them. Places of
roll-ups stand among them, with nothing said along what the roll-up does not keep apart. `digest` is of all that follows
it. `queued`: the team is that of the conversation's queue, not the operator's."""

samples = Table(
    "samples",
    metadata,
    Column("workspace_id", Uuid, primary_key=True),
    Column("generation", Integer, primary_key=True, autoincrement=False),
    Column("measure", SmallInteger, primary_key=True, autoincrement=False),
    Column("flags", SmallInteger, nullable=False),
    Column("at", Instants, primary_key=True),
    Column("held_from", BigInteger, primary_key=True, autoincrement=False),
    Column("held_until", BigInteger, nullable=True),
    Column("conversation", BigInteger, nullable=True),
    Column("calendar", BigInteger, nullable=False),
    Column("business", BigInteger, nullable=False),
    Column("ordinal", Integer, primary_key=True, autoincrement=False),
    Column("episode", Integer, nullable=False),
    Column("place", Integer, nullable=False),
    Column("positions", ARRAY(BigInteger), nullable=False),
    info=SHARD,
)
"""Bitemporal: a sample holds for ledger positions from `held_from` on, until `held_until` (excluded) took it back.
`ordinal`: which of the samples that the event at `held_from` brought. `conversation` is its number; there is none where
a sample belongs to an operator alone. The one index, which rows come to nearly in order, finds what a figure is made
of; samples that no longer hold are in it too, for questions as of an earlier position."""

cells = Table(
    "cells",
    metadata,
    Column("workspace_id", Uuid, primary_key=True),
    Column("generation", Integer, primary_key=True, autoincrement=False),
    Column("rollup", SmallInteger, primary_key=True, autoincrement=False),
    Column("measure", SmallInteger, primary_key=True, autoincrement=False),
    Column("day", Date, primary_key=True),
    Column("place", Integer, primary_key=True, autoincrement=False),
    Column("n", BigInteger, nullable=False),
    Column("calendar", BigInteger, nullable=False),
    Column("business", BigInteger, nullable=False),
    Column("whole", LargeBinary, nullable=True),
    Column("quarters", LargeBinary, nullable=False),
    info=SHARD,
)
"""The cube: sums over one UTC day, in one place of a roll-up. There is one index, so that no plan made while the table
was empty can take another. `whole`: the day's histograms, `quarters`: the same sums for its quarter-hours (`cells.py`
packs both)."""

memberships = Table(
    "conversation_memberships",
    metadata,
    Column("workspace_id", Uuid, primary_key=True),
    Column("generation", Integer, primary_key=True, autoincrement=False),
    Column("position", BigInteger, primary_key=True, autoincrement=False),
    info=SHARD,
)
"""The ledger positions of what was said of operators' teams, of calendars and of promises, so far as this projection
has got."""

merges = Table(
    "customer_merges",
    metadata,
    Column("workspace_id", Uuid, primary_key=True),
    Column("generation", Integer, primary_key=True, autoincrement=False),
    Column("customer", Text, primary_key=True),
    Column("other", Text, primary_key=True),
    info=SHARD,
)
"""Customers who are one person with another one, so far as this projection has got."""

contacts = Table(
    "contacts",
    metadata,
    Column("workspace_id", Uuid, primary_key=True),
    Column("generation", Integer, primary_key=True, autoincrement=False),
    Column("customer", Text, primary_key=True),
    Column("conversation", Text, primary_key=True),
    Column("number", BigInteger, nullable=False),
    Column("contact", LargeBinary, nullable=False),
    info=SHARD,
)
"""What a customer's conversations are to each other (`domain.customer.contacts.Contact`, as MessagePack): who comes
back is known without the conversations being folded again."""

costs = Table(
    "recorded_costs",
    metadata,
    Column("workspace_id", Uuid, primary_key=True),
    Column("generation", Integer, primary_key=True, autoincrement=False),
    Column("position", BigInteger, primary_key=True, autoincrement=False),
    info=SHARD,
)
"""The ledger positions of the costs recorded, so far as this projection has got."""

TABLES = (conversations, places, samples, cells, memberships, merges, contacts, due_instants, costs)
