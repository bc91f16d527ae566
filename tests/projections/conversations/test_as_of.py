"""As of an earlier position, figures are those of a ledger that ended there."""

from dataclasses import replace
from random import Random
from uuid import uuid4

import pytest

from domain.kpi.question import Position
from eventstore.database import Database
from eventstore.store import Store
from projections.conversations.project import Conversations
from tests.desk import random_desk
from tests.projections.conversations.counting import NOW, ask, random_question
from tests.projections.filling import append, fill


@pytest.mark.parametrize("seed", range(3))
async def test_an_earlier_position_is_a_ledger_that_ended_there(database: Database, store: Store, seed: int) -> None:
    r = Random(seed)
    events = random_desk(seed + 200, events=120, conversations=8)
    r.shuffle(events)
    whole, ended = uuid4(), uuid4()
    place = r.randrange(20, 100)
    for workspace, told in ((whole, events), (ended, events[:place])):
        await store.create_ledger(workspace)
        await append(store, workspace, told)
        await fill(database, store, Conversations(store), workspace)
    as_of = Position(place - 1, NOW)
    for _ in range(12):
        question = random_question(r)
        then = await ask(database, whole, replace(question, as_of=as_of))
        assert then.as_of == place - 1
        cut_off = await ask(database, ended, question)
        assert [row for row in then.rows if row.figure.value is not None] == [
            row for row in cut_off.rows if row.figure.value is not None
        ]
