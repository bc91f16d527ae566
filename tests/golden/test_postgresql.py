"""Every golden timeline once more, through a real PostgreSQL: appended line by line, projected, and asked for."""

from collections.abc import Callable
from importlib import import_module
from pathlib import Path
from uuid import uuid4

import pytest

from domain.kpi.catalogue import CATALOGUE
from domain.kpi.question import Answer
from eventstore.database import Database
from eventstore.store import Store
from projections.conversations.project import Conversations
from projections.conversations.questions import answer
from tests.golden import golden
from tests.golden.notation import EVER, Expected, read
from tests.projections.filling import append, fill


def _golden() -> dict[str, Callable[[], None]]:
    """The tests that tell a timeline, by name."""
    modules = [import_module(f"{__package__}.{path.stem}") for path in sorted(Path(__file__).parent.glob("test_*.py"))]
    telling = [module for module in modules if getattr(module, "shows", None) is golden.shows]
    return {name: test for module in telling for name, test in vars(module).items() if name.startswith("test_")}


GOLDEN = _golden()


def _told(test: Callable[[], None]) -> str:
    with golden.listening() as heard:
        test()
    (text,) = heard
    return text


async def _answers(database: Database, store: Store, text: str) -> list[tuple[Expected, Answer]]:
    events, expected = read(text)
    workspace = uuid4()
    await store.create_ledger(workspace)
    await append(store, workspace, events)
    await fill(database, store, Conversations(store), workspace, batches=3)
    async with database.transaction(workspace, snapshot=True) as connection:
        return [(one, await answer(connection, workspace, one.question, now=EVER.until)) for one in expected]


@pytest.mark.parametrize("test", GOLDEN.values(), ids=list(GOLDEN))
async def test_postgresql_shows_the_same(database: Database, store: Store, test: Callable[[], None]) -> None:
    figures = [
        (one, {row.figure.value for row in given.rows} or {None})
        for one, given in await _answers(database, store, _told(test))
    ]
    wrong = [f"{one.line}: it is {values}" for one, values in figures if values != {one.value}]
    assert not wrong, "\n".join(wrong)


def test_every_kpi_has_a_golden_timeline() -> None:
    told = {one.question.kpis[0] for test in GOLDEN.values() for one in read(_told(test))[1]}
    assert len(GOLDEN) >= 60
    assert set(CATALOGUE) - told == set()
