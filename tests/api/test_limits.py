"""Documents that would cost much are refused before they cost anything, each with a code of its own."""

import asyncio
import json
from collections.abc import AsyncIterator
from time import perf_counter
from typing import Any

import asyncpg
import pytest

from api.auth.roles import Role
from domain.errors import Unavailable
from eventstore.database import Database
from eventstore.store import Store
from tests.api.conftest import _home, open_desk
from tests.api.desk import Desk, replied
from tests.api.server import Server

FAST = 0.020
"""Seconds: what a hostile document may cost, the way there and back included."""
LARGE = "QUERY_TOO_LARGE"
INVALID = "GRAPHQL_VALIDATION_FAILED"


def _chain(levels: int, spreads: int, end: str = "{ workspace { slug } }") -> str:
    links = (f"fragment F{n} on Query {{ {f'...F{n + 1} ' * spreads}}}" for n in range(levels))
    return "{ ...F0 } " + " ".join(links) + f" fragment F{levels} on Query {end}"


HOSTILE: dict[str, tuple[str, str, str]] = {
    "exponential fragments": (_chain(60, 2), LARGE, "TOO_MANY_FIELDS"),
    "fragments spread ten times": (_chain(60, 10), LARGE, "TOO_MANY_SPREADS"),
    "10,000 aliases": ("{" + " ".join(f"a{n}: __typename" for n in range(10_000)) + "}", LARGE, "TOO_MANY_ALIASES"),
    "5,000 aliases": ("{" + " ".join(f"a{n}: __typename" for n in range(5_000)) + "}", LARGE, "TOO_MANY_ALIASES"),
    "aliases by fragments": (
        _chain(7, 2, "{ " + " ".join(f"a{n}: __typename" for n in range(9)) + " }"), LARGE, "TOO_MANY_ALIASES",
    ),
    "3,000 levels": ("{ workspace " + "{ a " * 3_000 + "}" * 3_001, LARGE, "TOO_DEEP"),
    "3,000 levels of a list": ('{ node(id: ' + "[" * 3_000 + "]" * 3_000 + ") { id } }", LARGE, "TOO_DEEP"),
    "21 levels": ("{ workspace " + "{ a " * 21 + "}" * 22, LARGE, "TOO_DEEP"),
    "a fragment within itself": ("{ ...A } fragment A on Query { ...A }", INVALID, "FRAGMENT_WITHIN_ITSELF"),
    "a ring of fragments": (
        "{ ...F0 } " + " ".join(f"fragment F{n} on Query {{ ...F{(n + 1) % 99} }}" for n in range(99)),
        INVALID, "FRAGMENT_WITHIN_ITSELF",
    ),
    "1,000 fragments": (_chain(1_000, 1), LARGE, "TOO_MANY_FRAGMENTS"),
    "a flood of directives": (
        "{ workspace " + "@skip(if: false) " * 1_500 + "{ slug } }", LARGE, "TOO_MANY_DIRECTIVES",
    ),
    "10,000 unknown directives": ("{ __typename " + "@a" * 10_000 + " }", LARGE, "TOO_MANY_DIRECTIVES"),
    "one field 300 times": ("{ workspace { " + "slug " * 300 + "} }", LARGE, "TOO_MANY_FIELDS"),
    "30 root fields": ("{" + " ".join(["workspace { slug }"] * 30) + "}", LARGE, "TOO_MANY_ROOT_FIELDS"),
    "tokens without end": ("{ workspace(" + "a " * 20_000 + ") }", LARGE, "TOO_MANY_TOKENS"),
    "comments without end": ("{ __typename }" + "#\n" * 40_000, LARGE, "TOO_MANY_TOKENS"),
    "a text without end": ('{ node(id: """' + '\\"""' * 20_000, LARGE, "TOO_LONG"),
    "texts without end": ('{ node(id: ' + '"' * 90_000, LARGE, "TOO_MANY_TOKENS"),
    "a megabyte": ("{ __typename } #" + "x" * 1_000_000, LARGE, "TOO_LONG"),
}  # fmt: skip


@pytest.mark.parametrize("name", HOSTILE)
async def test_a_hostile_document_is_refused_at_once_with_its_own_code(desk: Desk, name: str) -> None:
    query, code, detail = HOSTILE[name]
    times = []
    for attempt in range(20):
        body = json.dumps({"query": f"{query} #{attempt}" if len(query) < 190_000 else query})
        began = perf_counter()
        response = await desk.client.post(
            desk.server.url,
            content=body,
            headers={"Authorization": f"Bearer {desk.token}", "Content-Type": "application/json"},
        )
        times.append(perf_counter() - began)
        (error,) = response.json()["errors"]
        assert (error["extensions"]["code"], error["extensions"].get("detail", "")) == (code, detail), error["message"]
    assert min(times) < FAST, f"{min(times) * 1000:.1f} ms"


NESTED = "{ journal(first: 100) { nodes { context { conversation { history(first: 100) { nodes { id } } } } } } }"


@pytest.fixture(scope="module")
async def strict(api_database_url: str) -> AsyncIterator[Server]:
    """A server that gives little."""
    few = {
        "MAX_COST": "10000",
        "RATE_POINTS": "3000",
        "RATE_RESTORED": "1",
        "MAX_STREAMS": "2",
        "WORKERS": "false",
        "STATEMENT_SECONDS": "0.5",
    }
    settings = {f"DESKLEDGER_{name}": value for name, value in few.items()}
    server = Server(_home(), api_database_url, settings).start()
    await server.ready()
    yield server
    assert server.stop() == 0


@pytest.fixture
async def poor(strict: Server, api_database: Database, api_store: Store) -> AsyncIterator[Desk]:
    desk = await open_desk(strict, api_database, api_store)
    yield desk
    await desk.close()


async def test_an_operation_says_what_it_costs_and_the_token_what_it_has_left(poor: Desk) -> None:
    query = """query($ids: [ID!]!) { nodes(ids: $ids) { id }
               rateLimit { limit remaining cost restoredPerSecond } }"""
    for count, expected in ((2, 5), (50, 53)):
        answer = await poor.post(query, {"ids": ["x"] * count})
        assert answer["extensions"] == {"cost": {"requested": expected}}
        limit = answer["data"]["rateLimit"]
        assert limit["cost"] == str(expected)
        assert expected <= int(limit["limit"]) - int(limit["remaining"]) <= 60


async def test_what_costs_too_much_is_told_its_cost_before_anything_is_read(poor: Desk) -> None:
    refusal = await poor.refusal(NESTED)
    assert refusal["code"] == "QUERY_TOO_COSTLY"
    assert "10,000" in refusal["message"]


async def test_a_token_that_has_used_up_its_points_waits_and_others_do_not(poor: Desk) -> None:
    query = "{ operators(first: 100) { nodes { id } } }"
    codes: list[Any] = []
    for _ in range(20):
        answer = await poor.post(query)
        codes.append(answer["errors"][0]["extensions"]["code"] if "errors" in answer else None)
    assert codes[0] != "RATE_LIMITED"
    assert codes[-1] == "RATE_LIMITED"
    response = await poor.client.post(
        poor.server.url, json={"query": query}, headers={"Authorization": f"Bearer {poor.token}"}
    )
    assert (response.status_code, response.headers["retry-after"]) == (429, "1")
    other = await poor.token_of(Role.INVESTIGATOR)
    assert "RATE_LIMITED" not in json.dumps(await poor.post(query, token=other))


async def test_a_token_has_so_many_streams_at_once(poor: Desk) -> None:
    query = "subscription { journalStream { __typename } }"
    headers = {"Authorization": f"Bearer {poor.token}", "Accept": "text/event-stream"}

    async def opened(hold: asyncio.Event, ready: asyncio.Event) -> str:
        async with poor.client.stream("POST", poor.server.url, json={"query": query}, headers=headers) as response:
            async for line in response.aiter_lines():
                if line.startswith("data: "):
                    ready.set()
                    await hold.wait()
                    return line
        return ""

    hold, ready = asyncio.Event(), [asyncio.Event() for _ in range(2)]
    held = [asyncio.create_task(opened(hold, each)) for each in ready]
    await asyncio.gather(*(each.wait() for each in ready))
    third = await opened(hold=_set(), ready=asyncio.Event())
    hold.set()
    await asyncio.gather(*held)
    assert "TOO_MANY_AT_ONCE" in third


def _set() -> asyncio.Event:
    event = asyncio.Event()
    event.set()
    return event


async def test_a_statement_that_takes_too_long_is_broken_off(api_database: Database, desk: Desk) -> None:
    async with api_database.transaction(desk.workspace, snapshot=True, seconds=0.5) as connection:
        assert await connection.fetchval("SELECT current_setting('statement_timeout')") == "500ms"
    began = perf_counter()
    with pytest.raises(Unavailable) as raised:
        async with api_database.transaction(desk.workspace, snapshot=True, seconds=0.05) as connection:
            await connection.execute("SELECT pg_sleep(20)")
    assert raised.value.detail == "TOO_SLOW"
    assert perf_counter() - began < 10
    async with api_database.session() as connection:
        assert await connection.fetchval("SELECT current_setting('statement_timeout')") == "0"


async def test_a_question_gets_the_time_that_the_settings_give_it(
    server: Server,  # noqa: ARG001 - its workers fill the directory
    poor: Desk,
    api_database_url: str,
) -> None:
    query = "query($at: BigInt) { operators(first: 1, atLeast: $at) { nodes { key } } }"
    last = await poor.recorded(replied("c1", "r1", at="2026-03-02T09:00:00Z"))
    assert (await poor.ask(query, {"at": str(last)}))["operators"]["nodes"] == [{"key": "anna"}]
    superuser = await asyncpg.connect(api_database_url)
    try:
        async with superuser.transaction():
            await superuser.execute("LOCK TABLE directory_members IN ACCESS EXCLUSIVE MODE")
            refusal = await poor.refusal(query)
    finally:
        await superuser.close()
    assert (refusal["code"], refusal["detail"]) == ("UNAVAILABLE", "TOO_SLOW")
