"""GraphQL over HTTP: methods, media types, statuses, limits, and errors that say what is wrong."""

import asyncio
from typing import Any

import httpx
import pytest

from tests.api.desk import RECORD, Desk, replied

HEAD = "{ workspace { head } }"
GRAPHQL = "application/graphql-response+json"


def headers(desk: Desk, **others: str) -> dict[str, str]:
    return {"Authorization": f"Bearer {desk.token}", "Content-Type": "application/json", **others}


async def test_a_query_comes_by_post_or_get_and_is_answered_in_the_media_type_asked_for(desk: Desk) -> None:
    for accept, kind in ((GRAPHQL, GRAPHQL), ("application/json", "application/json"), ("*/*", "application/json")):
        for response in (
            await desk.client.post(desk.server.url, json={"query": HEAD}, headers=headers(desk, Accept=accept)),
            await desk.client.get(desk.server.url, params={"query": HEAD}, headers=headers(desk, Accept=accept)),
        ):
            assert response.status_code == 200
            assert response.headers["content-type"] == f"{kind}; charset=utf-8"
            assert response.json() == {
                "data": {"workspace": {"head": "-1"}},
                "extensions": {"cost": {"requested": 2}},
            }


@pytest.mark.parametrize(
    ("body", "code"),
    [
        (b"{", "BAD_REQUEST"),
        (b"", "BAD_REQUEST"),
        (b"[]", "BAD_REQUEST"),
        (b'[{"query": "{ workspace { head } }"}]', "BAD_REQUEST"),
        (b'"{ workspace { head } }"', "BAD_REQUEST"),
        (b"{}", "BAD_REQUEST"),
        (b'{"query": 7}', "BAD_REQUEST"),
        (b'{"query": "{ a }", "variables": []}', "BAD_REQUEST"),
        (b'{"query": "{ a }", "operationName": 7}', "BAD_REQUEST"),
        (b'{"query": "{ a }", "variables": {"x": NaN}}', "BAD_REQUEST"),
        (b'{"query": "{ a }", "variables": {"x": "\\ud800"}}', "BAD_REQUEST"),
        (b'{"query": "{ a }", "variables": {"x": "\xff"}}', "BAD_REQUEST"),
        (b'{"query": "{ a }", "variables": ' + b"[" * 100_000 + b"]" * 100_000 + b"}", "BAD_REQUEST"),
    ],
)
async def test_a_malformed_request_is_refused_with_400(desk: Desk, body: bytes, code: str) -> None:
    response = await desk.client.post(desk.server.url, content=body, headers=headers(desk))
    assert response.status_code == 400
    assert response.json()["errors"][0]["extensions"]["code"] == code


@pytest.mark.parametrize(
    ("query", "code"),
    [
        ("{ workspace {", "GRAPHQL_PARSE_FAILED"),
        ('{ node(id: "\\ud800") { id } }', "GRAPHQL_PARSE_FAILED"),
        ("{ nothing }", "GRAPHQL_VALIDATION_FAILED"),
        ("query A { workspace { head } } query B { workspace { head } }", "OPERATION_RESOLUTION_FAILURE"),
        ("query($n: Int!) { journal(first: $n) { scannedUntil } }", "BAD_USER_INPUT"),
    ],
)
async def test_what_cannot_be_run_is_400_in_the_new_media_type_and_200_in_plain_json(
    desk: Desk, query: str, code: str
) -> None:
    for accept, status in ((GRAPHQL, 400), ("application/json", 200)):
        response = await desk.client.post(desk.server.url, json={"query": query}, headers=headers(desk, Accept=accept))
        assert response.status_code == status
        assert "data" not in response.json()
        assert response.json()["errors"][0]["extensions"]["code"] == code


async def test_the_answer_says_which_method_media_type_and_size_it_takes(desk: Desk) -> None:
    url, client = desk.server.url, desk.client
    put = await client.put(url, json={"query": HEAD}, headers=headers(desk))
    assert (put.status_code, put.headers["allow"]) == (405, "GET, POST")
    mutation = {"query": "mutation { recordActions(input: {actions: []}) { position } }"}
    get = await client.get(url, params=mutation, headers=headers(desk))
    assert (get.status_code, get.headers["allow"]) == (405, "POST")
    assert (await client.post(url, json={"query": HEAD}, headers=headers(desk, Accept="image/png"))).status_code == 406
    for kind in ("text/plain", "application/x-www-form-urlencoded", "application/json; charset=latin1", ""):
        sent = {**headers(desk), "Content-Type": kind}
        assert (await client.post(url, content=b'{"query": "{ a }"}', headers=sent)).status_code == 415
    big = await client.post(url, content=b" " * 2_000_001, headers=headers(desk))
    assert big.status_code == 413
    assert big.json()["errors"][0]["extensions"]["code"] == "REQUEST_TOO_LARGE"


async def test_a_body_whose_length_is_not_announced_is_cut_off_at_the_limit(desk: Desk) -> None:
    async def body() -> Any:
        for _ in range(300):
            yield b" " * 10_000

    response = await desk.client.post(desk.server.url, content=body(), headers=headers(desk))
    assert response.status_code == 413


async def test_a_text_of_ten_megabytes_is_refused_and_the_limit_is_said(desk: Desk) -> None:
    fact = replied("c1", "r1", "x" * 10_000_000, at="2026-03-02T09:00:00Z")
    response = await desk.client.post(
        desk.server.url, json={"query": RECORD, "variables": {"input": {"actions": [fact]}}}, headers=headers(desk)
    )
    assert response.status_code == 413
    assert "2,000,000 bytes" in response.json()["errors"][0]["message"]


@pytest.mark.parametrize(
    "authorization", [None, "", "Bearer", "Bearer nonsense", "Basic YTpi", "Bearer desk_" + "A" * 76, "Bearer ключ"]
)
async def test_without_a_valid_token_there_is_nothing(desk: Desk, authorization: str | None) -> None:
    sent = {} if authorization is None else {b"Authorization": authorization.encode()}
    response = await desk.client.post(desk.server.url, json={"query": HEAD}, headers=sent)
    assert (response.status_code, response.headers["www-authenticate"]) == (401, "Bearer")
    assert response.json()["errors"][0]["extensions"]["code"] == "UNAUTHENTICATED"


async def test_fragments_spread_into_fragments_cost_nothing_and_large_queries_are_refused(desk: Desk) -> None:
    levels = 40
    bomb = "{ ...F0 } " + " ".join(
        f"fragment F{n} on Query {{ ...F{n + 1} ...F{n + 1} }}" for n in range(levels)
    ) + f" fragment F{levels} on Query {{ workspace {{ head }} }}"  # fmt: skip
    async with asyncio.timeout(3):
        assert (await desk.refusal(bomb))["code"] == "QUERY_TOO_LARGE"
    for query in (
        "{" + " ".join(f"a{n}: workspace {{ head }}" for n in range(101)) + "}",
        "{" + " ".join(["workspace { head }"] * 3_001) + "}",
        "{ workspace " + "{ viewer " * 400 + "{ role }" + "}" * 401,
        "{ workspace { head } }" + " # comment\n" * 20_000,
    ):
        refused = (await desk.post(query))["errors"]
        assert "QUERY_TOO_LARGE" in {error["extensions"]["code"] for error in refused}


async def test_the_introspection_query_of_common_tools_is_answered(desk: Desk) -> None:
    from graphql import build_client_schema, get_introspection_query

    data = await desk.ask(get_introspection_query(input_value_deprecation=True, specified_by_url=True))
    assert "JournalEntry" in build_client_schema(data).type_map


async def test_a_browser_gets_the_explorer_and_a_client_does_not(desk: Desk) -> None:
    async with httpx.AsyncClient() as browser:
        page = await browser.get(desk.server.url, headers={"Accept": "text/html,application/xhtml+xml,*/*;q=0.8"})
        assert (page.status_code, page.headers["content-type"]) == (200, "text/html; charset=utf-8")
        assert "//" not in page.text.split("<script>")[0], "the page fetches nothing from anywhere else"


async def test_the_server_says_that_it_lives_and_is_ready(desk: Desk) -> None:
    assert (await desk.client.get(f"{desk.server.root}/healthz")).json() == {"status": "alive"}
    assert (await desk.client.get(f"{desk.server.root}/readyz")).json() == {"status": "ready", "reasons": []}


async def test_web_pages_of_other_origins_may_ask(desk: Desk) -> None:
    asked = {"Origin": "https://desk.example", "Access-Control-Request-Method": "POST"}
    asked["Access-Control-Request-Headers"] = "authorization,content-type"
    response = await desk.client.options(desk.server.url, headers=asked)
    assert response.status_code == 200
    assert response.headers["access-control-allow-origin"] == "*"


async def test_subscriptions_come_as_server_sent_events(desk: Desk) -> None:
    query = "subscription { journalStream { __typename ... on JournalBatch { entries { type } } } }"
    sent = headers(desk, Accept="text/event-stream")
    async with (
        asyncio.timeout(20),
        desk.client.stream("POST", desk.server.url, json={"query": query}, headers=sent) as events,
    ):
        assert events.headers["content-type"].startswith("text/event-stream")
        lines = events.aiter_lines()
        seen = [await _next_data(lines)]
        await desk.record(replied("c1", "r1", at="2026-03-02T09:00:00Z"))
        while "JournalBatch" not in seen[-1]:
            seen.append(await _next_data(lines))
        assert "reply.sent" in seen[-1]
        assert "Heartbeat" in seen[0]
    plain = await desk.client.post(desk.server.url, json={"query": query}, headers=headers(desk, Accept=GRAPHQL))
    assert plain.status_code == 400
    assert plain.json()["errors"][0]["extensions"]["code"] == "SUBSCRIPTION_NEEDS_STREAM"


async def test_a_query_over_server_sent_events_is_one_event_and_the_end(desk: Desk) -> None:
    response = await desk.client.post(
        desk.server.url, json={"query": HEAD}, headers=headers(desk, Accept="text/event-stream")
    )
    told = '{"data":{"workspace":{"head":"-1"}},"extensions":{"cost":{"requested":2}}}'
    assert response.text == f"event: next\ndata: {told}\n\nevent: complete\ndata:\n\n"


async def _next_data(lines: Any) -> str:
    async for line in lines:
        if line.startswith("data:"):
            return str(line)
    raise EOFError
