"""What a contact cost, from recorded costs to the answer."""

from decimal import Decimal
from uuid import uuid4

import pytest

from domain.envelope import NewEvent
from domain.errors import InvalidQuestion
from domain.events.calls import CallAnswered, CallEnded, CallOffered
from domain.events.costs import CostRecorded
from domain.instants import parse_instant
from domain.kpi.question import Dimension, Question, Range
from domain.words import CostKind
from eventstore.database import Database
from eventstore.store import Store
from projections.conversations.project import Conversations
from tests.events import customer, event
from tests.projections.conversations.counting import ask
from tests.projections.filling import append, fill

MARCH = Range(parse_instant("2026-03-01T00:00:00Z"), parse_instant("2026-04-01T00:00:00Z"))
LATER = parse_instant("2026-06-01T00:00:00Z")
KPIS = ("cost_per_contact", "cost_per_resolved", "cost_per_handled_minute")


def cost(amount: int, kind: CostKind, **where: str) -> NewEvent:
    payload = CostRecorded(month="2026-03", cost=kind, amount=amount, currency="MDL", **where)
    return event(payload, of="workspace", by="manager", at="2026-04-02T09:00:00Z")


def call(name: str, day: int) -> list[NewEvent]:
    """Two minutes of talk, in the first line's queue."""
    on = f"2026-03-{day:02}T10"
    return [
        event(CallOffered(call=name, team="first"), conversation=name, by=customer("maria"), at=f"{on}:00:00Z"),
        event(CallAnswered(call=name), conversation=name, by="anna", at=f"{on}:00:10Z"),
        event(CallEnded(call=name), conversation=name, by="anna", at=f"{on}:02:10Z"),
    ]


async def told(database: Database, store: Store, *events: NewEvent) -> dict[tuple[str, ...], Decimal | None]:
    """By KPI, and by KPI and team."""
    workspace = uuid4()
    await store.create_ledger(workspace)
    await append(store, workspace, events)
    await fill(database, store, Conversations(store), workspace, batches=2)
    found = {}
    for by in ((), (Dimension.TEAM,)):
        given = await ask(database, workspace, Question(kpis=KPIS, range=MARCH, group_by=by), now=LATER)
        found.update({(row.kpi, *row.group): row.figure.value for row in given.rows})
    return found


async def test_costs_over_contacts_and_minutes(database: Database, store: Store) -> None:
    figures = await told(
        database, store, *call("k1", 2), *call("k2", 20),
        cost(9_000, CostKind.SALARY, team="first"), cost(1_000, CostKind.LICENCES),
    )  # fmt: skip
    assert figures[("cost_per_contact",)] == 5_000
    assert figures["cost_per_contact", "first"] == 4_500
    assert figures[("cost_per_handled_minute",)] == 2_500
    assert figures[("cost_per_resolved",)] is None


async def test_what_was_not_recorded_is_unknown_and_not_free(database: Database, store: Store) -> None:
    figures = await told(database, store, *call("k1", 2))
    assert figures[("cost_per_contact",)] is None
    assert figures["cost_per_contact", "first"] is None


async def test_a_figure_of_an_operator_is_refused_with_its_reason(database: Database, store: Store) -> None:
    workspace = uuid4()
    await store.create_ledger(workspace)
    await fill(database, store, Conversations(store), workspace)
    question = Question(kpis=("cost_per_contact",), range=MARCH, group_by=(Dimension.OPERATOR,))
    with pytest.raises(InvalidQuestion, match="salary"):
        await ask(database, workspace, question, now=LATER)
