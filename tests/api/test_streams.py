"""Subscriptions: followed, cut off, resumed; nothing missed, nothing doubled."""

import asyncio
from typing import Any

import pytest
from websockets.exceptions import ConnectionClosed, InvalidStatus

from api.auth.roles import Role
from api.auth.tokens import list_tokens, revoke_token
from domain.instants import SECOND, format_instant
from eventstore.clock import now
from eventstore.database import Database
from tests.api.desk import Desk, replied
from tests.api.server import Server
from tests.api.socket import FOLLOW, Follower, let_in, opened

KPI_UPDATES = """
subscription Figures($input: KpisInput!, $after: String) {
  kpiUpdates(input: $input, after: $after) {
    __typename
    ... on KpiUpdate { cursor answer { asOf { position } rows { figure { value n } } } }
    ... on Heartbeat { cursor }
    ... on StreamReset { reason resumeAfter }
  }
}
"""


async def test_a_follower_that_is_cut_off_again_and_again_misses_and_doubles_nothing(desk: Desk) -> None:
    total = 300
    follower = Follower(desk.token)
    follower.cursor = await _now(desk)

    async def act() -> None:
        for n in range(0, total, 10):
            await desk.record(*(replied(f"c{n}", f"r{n + k}", at="2026-03-02T09:00:00Z") for k in range(10)))
            await asyncio.sleep(0.02)

    async def follow() -> int:
        cuts = 0
        while len(follower.seen) < total:
            try:
                async with asyncio.timeout(0.35):
                    await follower.follow(desk.server.websocket_url, until=total - 1)
            except TimeoutError:
                cuts += 1
        return cuts

    _, cuts = await asyncio.gather(act(), asyncio.wait_for(follow(), 60))
    assert cuts >= 2
    assert follower.seen == list(range(total))


async def test_a_page_and_then_the_stream_leave_no_gap_between_them(desk: Desk) -> None:
    last = await desk.recorded(*(replied("c1", f"r{n}", at="2026-03-02T09:00:00Z") for n in range(5)))
    query = """query($at: BigInt) {
               journal(filter: {operators: ["anna"]}, first: 3, atLeast: $at) { pageInfo { endCursor } } }"""
    cursor = (await desk.ask(query, {"at": str(last)}))["journal"]["pageInfo"]["endCursor"]
    follower = Follower(desk.token, cursor, {"operators": ["anna"]})
    await desk.recorded(
        replied("c1", "r5", at="2026-03-02T09:00:00Z", by="boris"), replied("c1", "r6", at="2026-03-02T09:00:00Z")
    )
    await follower.follow(desk.server.websocket_url, until=6)
    assert follower.seen == [3, 4, 6]


async def test_an_idle_stream_gives_cursors_that_it_can_be_resumed_from(desk: Desk) -> None:
    async with let_in(desk.server.websocket_url, desk.token) as socket:
        await socket.subscribe(FOLLOW)
        first, second = [(await socket.next())["journalStream"] for _ in range(2)]
    assert first["__typename"] == second["__typename"] == "Heartbeat"
    follower = Follower(desk.token, second["cursor"])
    await desk.record(replied("c1", "r1", at="2026-03-02T09:00:00Z"))
    await follower.follow(desk.server.websocket_url, until=0)
    assert follower.seen == [0]


async def test_a_cursor_from_beyond_the_ledgers_end_resets_the_stream(desk: Desk) -> None:
    from api.schema.journal import cursor_space
    from projections.journal.filter import Filter, Order

    await desk.recorded(replied("c1", "r1", at="2026-03-02T09:00:00Z"))
    ahead = cursor_space(desk.workspace, Filter(), Order.LEDGER).cursor(1_000)
    async with let_in(desk.server.websocket_url, desk.token) as socket:
        await socket.subscribe(FOLLOW, {"after": ahead})
        reset = (await socket.next())["journalStream"]
    assert (reset["__typename"], reset["reason"]) == ("StreamReset", "LEDGER_WENT_BACK")
    follower = Follower(desk.token, reset["resumeAfter"])
    await desk.record(replied("c1", "r2", at="2026-03-02T09:00:00Z"))
    await follower.follow(desk.server.websocket_url, until=1)
    assert follower.seen == [1]


async def test_a_foreign_cursor_ends_the_subscription_with_an_error(desk: Desk) -> None:
    cursor = await _now(desk)
    async with let_in(desk.server.websocket_url, desk.token) as socket:
        await socket.subscribe(FOLLOW, {"after": cursor, "filter": {"operators": ["anna"]}})
        message = await socket.receive()
        if message["type"] == "next":
            (error,) = message["payload"]["errors"]
        else:
            (error,) = message["payload"]
        assert error["extensions"]["detail"] == "CURSOR_OF_ANOTHER_FILTER"


async def test_figures_come_now_and_whenever_they_change_and_resume(desk: Desk) -> None:
    last = await desk.recorded(replied("c1", "r1", at="2026-03-02T09:00:00Z"))
    asked = {
        "atLeast": str(last),
        "kpis": ["REPLIES_SENT"],
        "range": {"since": "2026-03-02T00:00:00Z", "until": "2026-03-03T00:00:00Z"},
    }
    async with let_in(desk.server.websocket_url, desk.token) as socket:
        await socket.subscribe(KPI_UPDATES, {"input": asked})
        assert (await _figure(socket))[0] == "1"
        await desk.record(replied("c1", "r2", at="2026-03-02T09:01:00Z"))
        value, cursor = await _figure(socket)
        assert value == "2"
    async with let_in(desk.server.websocket_url, desk.token) as socket:
        await socket.subscribe(KPI_UPDATES, {"input": asked, "after": cursor})
        assert (await socket.next())["kpiUpdates"]["__typename"] == "Heartbeat"
        await desk.record(replied("c1", "r3", at="2026-03-02T09:02:00Z"))
        assert (await _figure(socket))[0] == "3"


async def test_many_followers_of_one_question_get_the_same_answers(desk: Desk) -> None:
    asked = {
        "kpis": ["REPLIES_SENT"],
        "range": {"since": "2026-03-02T00:00:00Z", "until": "2026-03-03T00:00:00Z"},
    }
    await desk.recorded(replied("c1", "r0", at="2026-03-02T09:00:00Z"))

    async def follow() -> str:
        async with let_in(desk.server.websocket_url, desk.token) as socket:
            await socket.subscribe(KPI_UPDATES, {"input": asked})
            value = "0"
            while value != "5":
                value = (await _figure(socket))[0]
            return value

    followers = asyncio.gather(*(follow() for _ in range(20)))
    for n in range(1, 5):
        await desk.record(replied("c1", f"r{n}", at="2026-03-02T09:00:00Z"))
    assert await asyncio.wait_for(followers, 30) == ["5"] * 20


async def test_the_protocol_is_kept(desk: Desk) -> None:
    url = desk.server.websocket_url
    async with opened(url) as socket:
        await socket.subscribe(FOLLOW)
        assert await socket.closed() == 4401
    async with opened(url) as socket:
        await socket.send({"type": "connection_init", "payload": {"Authorization": "Bearer nonsense"}})
        assert await socket.closed() == 4403
    for garbage in ("{", "[]", '{"no": "type"}', b"\x00\x01"):
        async with let_in(url, desk.token) as socket:
            await socket.send(garbage)
            assert await socket.closed() == 4400
    for again, code in (
        ({"type": "connection_init"}, 4429),
        ({"type": "unheard-of"}, 4400),
        ({"type": "subscribe", "payload": {"query": "{ workspace { head } }"}}, 4400),
    ):
        async with let_in(url, desk.token) as socket:
            await socket.send(again)
            assert await socket.closed() == code
    async with let_in(url, desk.token) as socket:
        await socket.subscribe(FOLLOW)
        await socket.subscribe(FOLLOW)
        assert await socket.closed() == 4409
    async with let_in(url, desk.token) as socket:
        await socket.send({"type": "ping"})
        assert await socket.receive() == {"type": "pong"}
        await socket.subscribe("{ workspace { head } }", key="q")
        assert await socket.receive() == {
            "id": "q",
            "type": "next",
            "payload": {"data": {"workspace": {"head": "-1"}}, "extensions": {"cost": {"requested": 2}}},
        }  # fmt: skip
        assert await socket.receive() == {"id": "q", "type": "complete"}
        await socket.subscribe("{ nothing }", key="bad")
        error = await socket.receive()
        assert (error["id"], error["type"]) == ("bad", "error")
        assert error["payload"][0]["extensions"]["code"] == "GRAPHQL_VALIDATION_FAILED"


async def test_the_older_protocol_is_not_spoken(desk: Desk) -> None:
    with pytest.raises((ConnectionClosed, InvalidStatus)):
        async with opened(desk.server.websocket_url, subprotocol="graphql-ws") as socket:
            await socket.receive()


async def test_a_revoked_token_is_dead_within_five_seconds_open_sockets_included(
    desk: Desk, api_database: Database
) -> None:
    token = await desk.token_of(Role.MANAGER)
    (made,) = [one for one in await list_tokens(api_database, desk.workspace) if one.role is Role.MANAGER]
    async with let_in(desk.server.websocket_url, token) as socket:
        await socket.subscribe(FOLLOW)
        await socket.next()
        await revoke_token(api_database, desk.workspace, made.id)
        async with asyncio.timeout(5):
            assert await socket.closed() == 4403
    refusal = await desk.refusal("{ workspace { head } }", token=token)
    assert refusal["code"] == "UNAUTHENTICATED"


async def test_a_client_that_does_not_read_is_not_waited_for_by_others(desk: Desk, server: Server) -> None:
    """A thousand entries with long texts fill a socket's buffers; the server goes on, and the reader gets them all."""
    async with let_in(server.websocket_url, desk.token) as sleeper:
        await sleeper.subscribe(
            "subscription { journalStream { ... on JournalBatch { entries { payload ... on ReplySent { text } } } } }"
        )
        follower = Follower(desk.token, await _now(desk))
        for n in range(20):
            await desk.record(
                *(replied(f"c{n}", f"r{n}.{k}", "x" * 1_500, at="2026-03-02T09:00:00Z") for k in range(50))
            )
        await follower.follow(server.websocket_url, until=999)
        assert follower.seen == list(range(1_000))


async def _now(desk: Desk) -> str:
    """A cursor of the journal's present end."""
    async with let_in(desk.server.websocket_url, desk.token) as socket:
        await socket.subscribe(FOLLOW)
        return str((await socket.next())["journalStream"]["cursor"])


async def _figure(socket: Any) -> tuple[str, str]:
    """The next figure that is none the same, and its cursor."""
    while True:
        update = (await socket.next())["kpiUpdates"]
        if update["__typename"] == "KpiUpdate":
            return update["answer"]["rows"][0]["figure"]["value"], update["cursor"]


async def test_figures_move_when_time_alone_moves_them(desk: Desk, server: Server) -> None:
    """A desk whose clock is ahead tells of an answer that is not yet: it counts when its instant comes."""
    ahead = now() + 3 * SECOND
    since, until = (format_instant(at) for at in (ahead - 60 * SECOND, ahead + 60 * SECOND))
    last = await desk.recorded(replied("c1", "r1", at=format_instant(ahead)))
    asked = {"kpis": ["REPLIES_SENT"], "range": {"since": since, "until": until}, "atLeast": str(last)}
    async with let_in(server.websocket_url, desk.token) as socket:
        await socket.subscribe(KPI_UPDATES, {"input": asked})
        assert (await _figure(socket))[0] is None
        assert now() < ahead
        assert (await _figure(socket))[0] == "1"
        assert ahead < now() < ahead + 2 * SECOND
