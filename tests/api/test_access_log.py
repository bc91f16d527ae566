"""Reading leaves a trace, or does not happen."""

import json
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from typing import Any
from uuid import UUID

import asyncpg
import pytest

from api.auth.roles import Role
from api.traces import Traces
from eventstore.access import access_ledger, is_access_ledger
from eventstore.store import Store
from tests.api.desk import Desk, action, received, replied
from tests.api.socket import FOLLOW, Follower, let_in
from tests.api.test_journal import JOURNAL
from tests.api.test_search import REMOVED, SEARCH

LOG = """
query Log($filter: AccessLogFilter, $first: Int, $after: String, $last: Int, $before: String) {
  accessLog(filter: $filter, first: $first, after: $after, last: $last, before: $before) {
    nodes { operation role rows question position token reader { type key name } ip userAgent }
    pageInfo { hasNextPage hasPreviousPage startCursor endCursor }
    scannedUntil
  }
}
"""


async def traces(desk: Desk, token: str | None = None, **filter_: Any) -> list[dict[str, Any]]:
    """The traces that fit, without those of looking at them."""
    data = await desk.ask(LOG, {"filter": filter_ or None, "last": 100}, token=token)
    return [node for node in data["accessLog"]["nodes"] if node["operation"] != "accessLog"]


async def begun(desk: Desk) -> str:
    """Record something, and wait until it can be read; where it stands."""
    last = str(await desk.recorded(replied("c1", "r1", at="2026-03-02T09:00:00Z")))
    anna = await desk.token_of(Role.OPERATOR, "anna")
    asked = "query($at: BigInt) { operators(first: 1, atLeast: $at) { nodes { key } } }"
    await desk.ask(asked, {"at": last}, token=anna)
    await desk.ask(JOURNAL, {"first": 10, "atLeast": last}, token=anna)
    return last


async def test_whoever_reads_others_journals_searches_or_opens_what_was_removed_is_on_record(desk: Desk) -> None:
    last = await desk.recorded(
        action({"operatorJoined": {"operator": "vera", "name": "Vera Orlova"}}, by="boss"),
        received("c1", "i1", "You are thieves!", at="2026-03-02T09:00:00Z"),
        action({"commentDeleted": {"conversation": "c1", "item": "i1"}}, by="anna", at="2026-03-02T09:07:00Z"),
    )
    vera = await desk.token_of(Role.INVESTIGATOR, "vera")
    at_least = {"atLeast": str(last)}
    await desk.ask(JOURNAL, {"filter": {"operators": ["anna"]}, "first": 10, **at_least}, token=vera)
    await desk.ask(SEARCH, {"text": "thieves", "filter": {"customers": ["maria"]}, "first": 10, **at_least}, token=vera)
    await desk.ask(REMOVED, {"filter": {"removers": ["anna"]}, "first": 10, **at_least}, token=vera)
    entry = (await desk.ask("{ journal(last: 1) { nodes { id } } }", token=vera))["journal"]["nodes"][0]["id"]
    await desk.ask("query($id: ID!) { node(id: $id) { id } }", {"id": entry}, token=vera)
    await desk.ask('{ conversation(id: "c1") { history(first: 5) { nodes { type } } } }', token=vera)

    found = await traces(desk, readers=["vera"])
    assert [(one["operation"], one["rows"]) for one in found] == [
        ("journal", 1), ("search", 1), ("removedContent", 1), ("journal", 1), ("node", 1), ("journal", 2)
    ]  # fmt: skip
    journal, search, removed = (json.loads(one["question"]) for one in found[:3])
    assert journal == {"operators": ["anna"]}
    assert search["text"] == "thieves"
    assert search["customers"] != ["maria"]
    assert removed == {"removers": ["anna"]}
    assert found[0]["reader"] == {"type": "OPERATOR", "key": "vera", "name": "Vera Orlova"}
    assert found[0]["role"] == "INVESTIGATOR"
    assert found[0]["ip"] == "127.0.0.1"
    assert found[0]["userAgent"].startswith("python-httpx")


async def test_ones_own_journal_and_figures_leave_no_trace(desk: Desk) -> None:
    await begun(desk)
    anna = await desk.token_of(Role.OPERATOR, "anna")
    await desk.ask("{ actions { rows { events } } }", token=anna)
    assert await traces(desk) == []


async def test_the_access_log_is_for_investigators_and_administrators_and_knows_its_readers(desk: Desk) -> None:
    await begun(desk)
    for role in (Role.LEAD, Role.MANAGER, Role.QUALITY, Role.OPERATOR, Role.SUBSCRIBER):
        refusal = await desk.refusal(LOG, {"first": 10}, token=await desk.token_of(role, "anna"))
        assert refusal["code"] == "FORBIDDEN"
    administrator = await desk.token_of(Role.ADMINISTRATOR)
    for _ in range(5):
        await traces(desk, token=administrator)
    data = await desk.ask(LOG, {"first": 10})
    (told,) = data["accessLog"]["nodes"]
    assert (told["operation"], told["role"], told["reader"]["type"]) == ("accessLog", "ADMINISTRATOR", "INTEGRATION")
    assert told["reader"]["key"] == told["token"]


async def test_pages_of_the_access_log_are_all_that_was_read(desk: Desk) -> None:
    await begun(desk)
    for number in range(7):
        await desk.ask(JOURNAL, {"filter": {"operators": [f"o{number}"]}, "first": 10})
    whole = [one["position"] for one in await traces(desk, operations=["journal"])]
    assert len(whole) == 7
    for size, cursor, way in (("first", "after", 1), ("last", "before", -1)):
        seen: list[str] = []
        place: str | None = None
        more = True
        while more:
            asked = {size: 3, cursor: place, "filter": {"operations": ["journal"]}}
            page = (await desk.ask(LOG, asked))["accessLog"]
            positions = [node["position"] for node in page["nodes"]]
            seen = seen + positions if way == 1 else positions + seen
            more = page["pageInfo"]["hasNextPage" if way == 1 else "hasPreviousPage"]
            place = page["pageInfo"]["endCursor" if way == 1 else "startCursor"]
        assert seen == whole


async def test_whoever_follows_the_journal_is_on_record(desk: Desk) -> None:
    await begun(desk)
    follower = Follower(desk.token, None, {"operators": ["anna"]})
    async with let_in(desk.server.websocket_url, desk.token) as socket:
        await socket.subscribe(FOLLOW, {"filter": {"operators": ["anna"]}})
        follower.cursor = (await socket.next())["journalStream"]["cursor"]
    assert await traces(desk) == []
    last = await desk.recorded(replied("c1", "r2", at="2026-03-02T09:05:00Z"))
    await follower.follow(desk.server.websocket_url, until=last)
    (told,) = await traces(desk)
    assert (told["operation"], told["rows"], json.loads(told["question"])) == (
        "journalStream", 1, {"operators": ["anna"]}
    )  # fmt: skip


async def test_an_export_is_on_record_before_it_begins(desk: Desk) -> None:
    last = await desk.recorded(received("c1", "i1", at="2026-03-02T09:00:00Z"))
    await desk.ask('query($at: BigInt) { conversation(id: "c1", atLeast: $at) { key } }', {"at": str(last)})
    response = await desk.client.get(
        f"{desk.server.root}/export/conversations.csv",
        params={"since": "2026-03-01T00:00:00Z", "until": "2026-04-01T00:00:00Z"},
        headers={"Authorization": f"Bearer {desk.token}"},
    )
    assert response.status_code == 200
    (told,) = await traces(desk)
    assert told["operation"] == "export conversations"
    assert json.loads(told["question"])["since"] == "2026-03-01T00:00:00Z"


@asynccontextmanager
async def full_disk(url: str, ledger: UUID) -> AsyncIterator[None]:
    """Nothing can be appended to one ledger, as when the disk is full."""
    name = f"full_{ledger.hex}"
    connection = await asyncpg.connect(url)
    try:
        await connection.execute(f"""
            CREATE FUNCTION {name}() RETURNS trigger LANGUAGE plpgsql AS $$
            BEGIN RAISE EXCEPTION 'no space left on device' USING ERRCODE = 'disk_full'; END $$
        """)
        await connection.execute(
            f"CREATE TRIGGER {name} BEFORE INSERT ON events FOR EACH ROW "
            f"WHEN (NEW.workspace_id = '{ledger}') EXECUTE FUNCTION {name}()"
        )
        yield
    finally:
        await connection.execute(f"DROP TRIGGER IF EXISTS {name} ON events")
        await connection.execute(f"DROP FUNCTION IF EXISTS {name}()")
        await connection.close()


async def test_what_leaves_a_trace_is_refused_when_none_can_be_written_and_all_else_goes_on(
    desk: Desk, api_database_url: str
) -> None:
    last = await begun(desk)
    export = f"{desk.server.root}/export/conversations.csv?since=2026-03-01T00:00:00Z&until=2026-04-01T00:00:00Z"
    async with full_disk(api_database_url, access_ledger(desk.workspace)):
        for query, variables in (
            (JOURNAL, {"first": 10}),
            (SEARCH, {"text": "thieves", "first": 10, "atLeast": last}),
            (REMOVED, {"first": 10, "atLeast": last}),
            (LOG, {"first": 10}),
        ):
            refusal = await desk.refusal(query, variables)
            assert (refusal["code"], refusal["detail"]) == ("UNAVAILABLE", "NO_TRACE"), query
        response = await desk.client.get(export, headers={"Authorization": f"Bearer {desk.token}"})
        assert response.status_code == 503
        await desk.recorded(replied("c1", "r2", at="2026-03-02T09:05:00Z"))
        anna = await desk.token_of(Role.OPERATOR, "anna")
        assert (await desk.ask(JOURNAL, {"first": 10}, token=anna))["journal"]["nodes"] is not None
        await desk.ask("{ operators(first: 10) { nodes { key } } actions { rows { events } } }")
    await desk.ask(JOURNAL, {"first": 10})
    assert [one["operation"] for one in await traces(desk)] == ["journal"]


async def test_what_is_read_within_the_minute_is_added_up_and_told_at_its_end(
    api_store: Store, desk: Desk, make_principal: Callable[[Desk], Awaitable[Any]]
) -> None:
    await begun(desk)
    principal, client = await make_principal(desk)
    traces_ = Traces(api_store, seconds=0.05)
    for rows in (3, 4, 5):
        await traces_.read(principal, client, "journal", {"operators": ["anna"]}, rows)
    await traces_.close()
    told = await traces(desk)
    assert [one["rows"] for one in told] == [3, 9]


def test_an_access_ledger_is_known_by_its_id(desk: Desk) -> None:
    ledger = access_ledger(desk.workspace)
    assert is_access_ledger(ledger)
    assert not is_access_ledger(desk.workspace)
    assert ledger == access_ledger(desk.workspace)
    assert ledger.variant == desk.workspace.variant


@pytest.fixture
def make_principal(api_database: Any) -> Callable[[Desk], Awaitable[Any]]:
    async def make(desk: Desk) -> Any:
        from api.auth.tokens import Authenticator
        from api.client import UNKNOWN

        return await Authenticator(api_database, seconds=1).authenticate(desk.token), UNKNOWN

    return make
