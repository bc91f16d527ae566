"""Hours that become known after work did: it is cut anew, and what is put together of it over all conversations."""

import pytest

from domain.kpi.question import Dimension, Question
from eventstore.database import Database
from eventstore.store import Store
from tests.oracle.answering import ALL, NOW, filled, wrong
from tests.oracle.desks import random_desk


@pytest.mark.parametrize("batches", [7, 1_000])
@pytest.mark.parametrize("seed", [5, 11])
async def test_work_is_cut_by_hours_told_later(database: Database, store: Store, seed: int, batches: int) -> None:
    workspace, oracle = await filled(database, store, random_desk(seed, number=50), shuffled=True, batches=batches)
    question = Question(kpis=("occupancy", "utilisation", "concurrency"), range=ALL, group_by=(Dimension.OPERATOR,))
    assert await wrong(database, workspace, oracle, question, NOW) == []
