"""Words go out of the search with those whose words they are, and never come in again."""

from collections.abc import Awaitable, Callable
from uuid import UUID

import asyncpg

from domain.envelope import NewEvent
from domain.events.items import ItemReceived
from domain.events.replies import ReplySent
from eventstore.database import Database
from eventstore.store import Store
from projections import generations
from projections.search import query, tables
from projections.search.filter import Filter
from projections.search.forgetting import forget
from projections.search.projection import Search
from projections.search.question import question_of
from tests.events import customer, event
from tests.projections.filling import Filled, append, fill
from tests.projections.histories import MONDAY

AsLogin = Callable[[], Awaitable["asyncpg.Connection[asyncpg.Record]"]]


def history() -> list[NewEvent]:
    said = (
        (ItemReceived(item="i1", text="zebra unicorn"), customer("maria")),
        (ReplySent(reply="r1", text="zebra griffin", customer="maria"), "anna"),
        (ItemReceived(item="i2", text="zebra dragon"), customer("ivan")),
    )
    return [event(payload, by=by, at=MONDAY, conversation="c1") for payload, by in said]


async def found(database: Database, store: Store, workspace: UUID, text: str) -> list[int]:
    async with database.transaction(workspace, snapshot=True) as connection:
        page = await query.texts(connection, store, workspace, question_of(text), Filter(), limit=10)
    return [hit.position for hit in page.hits]


async def lemmas(filled: Filled) -> set[str]:
    return {row["lemma"] for row in await filled.rows(tables.lemmas)}


async def test_what_a_forgotten_customer_wrote_and_was_written_is_found_no_more(
    database: Database, store: Store, workspace: UUID, as_login: AsLogin
) -> None:
    await append(store, workspace, history())
    filled = await fill(database, store, Search(store), workspace)
    assert await found(database, store, workspace, "zebra") == [0, 1, 2]
    maria = (await store.vault.pseudonyms(workspace, ["maria"]))["maria"]

    async with database.transaction(workspace) as connection:
        await forget(connection, workspace, [maria])
    login = await as_login()
    await login.execute(
        "UPDATE vault_subjects SET lookup = NULL, wrapped_key = NULL, external = NULL "
        "WHERE workspace_id = $1 AND subject_id = $2",
        workspace,
        maria,
    )
    await login.close()
    store.vault.forget(workspace)

    assert await found(database, store, workspace, "zebra") == [2]
    assert {"unicorn", "griffin"}.isdisjoint(await lemmas(filled))
    await generations.begin(database, workspace, Search(store))
    rebuilt = await fill(database, store, Search(store), workspace)
    assert rebuilt.generation > filled.generation
    assert await rebuilt.rows(tables.lemmas) == await filled.rows(tables.lemmas)
    assert await rebuilt.rows(tables.owners) == await filled.rows(tables.owners)
