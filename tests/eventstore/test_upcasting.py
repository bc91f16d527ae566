"""Stored bytes never change: what an older version of an event type stored is brought up to date when it is read."""

from dataclasses import replace
from uuid import UUID

import pytest

import domain.event
from domain.event import DECLARATIONS, Payload
from domain.events.conversations import ConversationTagged
from domain.instants import moment_of
from eventstore import codec
from eventstore.codec import recorded
from eventstore.database import Database
from eventstore.store import Outcome, Store
from tests.eventstore.desk import append, outcomes, tagged

NAME = "conversation.tagged"


@pytest.fixture
def third_version(monkeypatch: pytest.MonkeyPatch) -> None:
    """The type as if its tag had first been called `label`, then `mark`."""
    newest = replace(DECLARATIONS[NAME], version=3)
    monkeypatch.setitem(domain.event._declarations, NAME, newest)
    monkeypatch.setitem(domain.event._upcasters, (NAME, 1), _renamed("label", "mark"))
    monkeypatch.setitem(domain.event._upcasters, (NAME, 2), _renamed("mark", "tag"))
    monkeypatch.delitem(codec._READERS, NAME)


def _renamed(old: str, new: str) -> domain.event.Upcaster:
    def upcast(payload: Payload) -> Payload:
        return {new if name == old else name: value for name, value in payload.items()}

    return upcast


def stored(schema: int, field: str) -> bytes:
    new = tagged(1)
    return (
        f'{{"actor":{{"confidence":"asserted","id":"anna","type":"operator"}},"id":"{new.envelope.id}",'
        f'"occurred_at":{new.envelope.occurred_at},"payload":{{"{field}":"t1"}},"schema":{schema},"signature":"none",'
        f'"stream":{{"id":"c1","subject":"conversation"}},"type":"{NAME}"}}'
    ).encode()


@pytest.mark.usefixtures("third_version")
@pytest.mark.parametrize(("schema", "field"), [(1, "label"), (2, "mark"), (3, "tag")])
def test_every_older_version_is_read_in_the_newest_shape(schema: int, field: str) -> None:
    event = recorded(0, 0, NAME, moment_of(0), stored(schema, field))

    assert event.payload == ConversationTagged(tag="t1")
    assert event.envelope == tagged(1).envelope


@pytest.mark.usefixtures("third_version")
async def test_a_redelivery_is_compared_in_the_newest_shape(store: Store, database: Database, workspace: UUID) -> None:
    """What was stored by version 1 comes again after the type has changed."""
    async with database.transaction(workspace) as connection:
        await connection.execute(
            "INSERT INTO events (workspace_id, position, event_id, stream_key, version, type, occurred_at, recorded_at,"
            " content, leaf_hash) VALUES ($1, 0, $2, $3, 0, $4, $5, $5, $6, '')",
            workspace,
            tagged(1).envelope.id,
            UUID(bytes=codec.stream_key(tagged(1).envelope.stream)),
            NAME,
            moment_of(tagged(1).envelope.occurred_at),
            stored(1, "label"),
        )

    assert outcomes(await append(store, workspace, tagged(1))) == [Outcome.DUPLICATE]
