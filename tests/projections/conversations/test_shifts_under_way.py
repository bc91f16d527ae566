"""Figures of operators who are still online: what has passed of their shift counts, whatever comes of it."""

from decimal import Decimal
from uuid import uuid4

import pytest

from domain.instants import HOUR, Instant
from domain.kpi.question import Question, Range
from eventstore.database import Database
from eventstore.store import Store
from projections.conversations.project import Conversations
from tests.golden.notation import read
from tests.projections.conversations.counting import ask
from tests.projections.filling import append, fill
from tests.timeline import MONDAY

MORNING = """
    Mon 09:00   anna is online
        09:00   maria writes
        09:00   anna takes it up
        09:30   anna puts it down
        10:00   anna is offline
        11:00   anna is online
        11:00   anna takes it up
        12:00   anna puts it down
"""


@pytest.mark.parametrize(
    ("now", "occupancy"),
    [(MONDAY + 12 * HOUR, "0.75"), (MONDAY + 13 * HOUR, "0.5"), (MONDAY + 100 * HOUR, "0.039474")],
    ids=["at noon", "an hour later", "days later, without another word"],
)
async def test_at_noon_the_morning_counts(database: Database, store: Store, now: Instant, occupancy: str) -> None:
    """90 minutes of work: in 2 hours, in 3, and in the hour and the 37 until when a word is believed."""
    workspace = uuid4()
    await store.create_ledger(workspace)
    await append(store, workspace, read(MORNING)[0])
    await fill(database, store, Conversations(store), workspace, batches=3)
    question = Question(kpis=("occupancy",), range=Range(MONDAY, MONDAY + 7 * 24 * HOUR))
    ((row,), *_) = ((await ask(database, workspace, question, now=now)).rows,)
    assert row.figure.value == Decimal(occupancy)
