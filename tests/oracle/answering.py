"""Desks in a real PostgreSQL, and where their answers differ from what the oracle finds."""

from collections.abc import Sequence
from random import Random
from uuid import UUID, uuid4

from domain.envelope import NewEvent
from domain.instants import DAY, SECOND, Instant
from domain.kpi.question import Answer, Question, Range
from eventstore.database import Database
from eventstore.store import Store
from projections.conversations.project import Conversations
from projections.conversations.questions import answer
from tests.oracle.desks import BEGINNING
from tests.oracle.oracle import Oracle, pieces
from tests.projections.filling import append, fill

NOW = BEGINNING + 90 * DAY
ALL = Range(BEGINNING - 30 * DAY, BEGINNING + 24 * DAY)


async def filled(
    database: Database, store: Store, events: Sequence[NewEvent], *, shuffled: bool, batches: int = 1_000
) -> tuple[UUID, Oracle]:
    """A desk in the ledger, arrived in order of occurrence or in none, and what the oracle finds in it."""
    workspace = uuid4()
    await store.create_ledger(workspace)
    await append(store, workspace, Random(len(events)).sample(events, len(events)) if shuffled else events)
    await fill(database, store, Conversations(store), workspace, batches=batches)
    return workspace, Oracle(events)


async def ask(database: Database, workspace: UUID, question: Question, now: Instant = NOW) -> Answer:
    async with database.transaction(workspace, snapshot=True) as connection:
        return await answer(connection, workspace, question, now=now)


async def wrong(database: Database, workspace: UUID, oracle: Oracle, question: Question, now: Instant) -> list[str]:
    """Where the product and the oracle differ. Nothing counted, and standing at 0, may both be left out."""
    shown = {
        (row.kpi, row.group, row.range): row.figure for row in (await ask(database, workspace, question, now)).rows
    }
    found = []
    for kpi in question.kpis:
        for group in oracle.groups(question):
            for piece in pieces(question):
                figure = shown.pop((kpi, group, piece), None)
                if figure is not None and figure.withheld is not None:
                    continue
                expected = oracle.value(kpi, question, group, piece, now // SECOND)
                value = None if figure is None else figure.value
                if value != expected and not (figure is None and expected == 0):
                    found.append(f"{kpi} of {group} in {piece}: it is {value}, not {expected}; {question}")
    return found + [f"{place}: {figure.value} of nothing" for place, figure in shown.items() if figure.value]
