"""Questions in four languages, each with what it must find."""

from uuid import UUID

from domain.events.items import ItemReceived
from eventstore.database import Database
from eventstore.store import Store
from projections.search import query
from projections.search.filter import Filter
from projections.search.projection import Search
from projections.search.question import question_of
from tests.events import customer, event
from tests.projections.filling import append, fill
from tests.projections.histories import MONDAY
from tests.projections.search.corpus import QUESTIONS, TEXTS


async def test_every_question_finds_what_was_meant_and_nothing_else(
    database: Database, store: Store, workspace: UUID
) -> None:
    said = [
        event(ItemReceived(item=name, text=text), by=customer("maria"), at=MONDAY, conversation=name)
        for name, text in TEXTS.items()
    ]
    names = dict(zip(await append(store, workspace, said), TEXTS, strict=True))
    await fill(database, store, Search(store), workspace)
    wrong = {}
    async with database.transaction(workspace, snapshot=True) as connection:
        for text, expected in QUESTIONS:
            page = await query.texts(connection, store, workspace, question_of(text), Filter(), limit=100)
            found = {names[hit.position] for hit in page.hits}
            if found != expected:
                wrong[text] = (found, expected)
            assert all(any(fragment.matched for fragment in hit.fragments) for hit in page.hits), text
    assert wrong == {}
