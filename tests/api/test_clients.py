"""From where a command was sent: kept with what it became, under the actor's key, and shown to investigators."""

from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any
from uuid import uuid4

import httpx
import pytest
from starlette.requests import HTTPConnection

from api.auth.roles import Role
from api.client import Client, client_of
from tests.api.desk import Desk, received
from tests.api.server import Server
from tests.api.socket import let_in

CLAIM = """
mutation Claim($input: ClaimConversationInput!) {
  claimConversation(input: $input) { position repeated errors { code } }
}
"""
ORIGINS = """
query Origins($at: BigInt) {
  journal(filter: { types: ["conversation.claimed"] }, first: 9, atLeast: $at) {
    nodes { origin { ip userAgent interface session } }
  }
}
"""
DESKTOP = {"User-Agent": "Desktop/1.0", "X-Forwarded-For": "203.0.113.9"}


def claim(**fields: Any) -> dict[str, Any]:
    return {"input": {"idempotencyKey": str(uuid4()), "conversation": "c1", **fields}}


async def sent(url: str, token: str, variables: dict[str, Any], headers: dict[str, str]) -> dict[str, Any]:
    """What `claimConversation` answers to a client with headers of its own."""
    async with httpx.AsyncClient(headers={"Authorization": f"Bearer {token}", **headers}) as client:
        response = await client.post(url, json={"query": CLAIM, "variables": variables})
    answer = response.json()
    assert "errors" not in answer, answer
    claimed: dict[str, Any] = answer["data"]["claimConversation"]
    assert claimed["errors"] == []
    return claimed


@pytest.fixture
async def anna(desk: Desk) -> str:
    """Anna's token, where a customer waits."""
    await desk.recorded(received("c1", "i1", at="2026-03-02T09:00:00Z"))
    return await desk.token_of(Role.OPERATOR, "anna")


async def test_an_investigator_sees_where_a_command_came_from_and_nobody_else_does(desk: Desk, anna: str) -> None:
    claimed = await sent(desk.server.url, anna, claim(session="s1"), DESKTOP)
    seen = await desk.ask(ORIGINS, {"at": claimed["position"]})
    assert [node["origin"] for node in seen["journal"]["nodes"]] == [
        {"ip": "127.0.0.1", "userAgent": "Desktop/1.0", "interface": "api", "session": "s1"}
    ]
    for token in (anna, await desk.token_of(Role.MANAGER)):
        masked = await desk.ask(ORIGINS, token=token)
        assert [node["origin"] for node in masked["journal"]["nodes"]] == [
            {"ip": None, "userAgent": None, "interface": "api", "session": "s1"}
        ]


async def test_a_command_sent_again_from_elsewhere_is_the_same_command(desk: Desk, anna: str) -> None:
    same = claim()
    first = await sent(desk.server.url, anna, same, DESKTOP)
    again = await sent(desk.server.url, anna, same, {"User-Agent": "Phone/2.0"})
    assert (again["position"], again["repeated"]) == (first["position"], True)
    seen = await desk.ask(ORIGINS, {"at": first["position"]})
    assert [node["origin"]["userAgent"] for node in seen["journal"]["nodes"]] == ["Desktop/1.0"]


async def test_a_command_over_a_socket_comes_from_where_the_socket_was_opened(desk: Desk, anna: str) -> None:
    async with let_in(desk.server.websocket_url, anna) as socket:
        await socket.subscribe(CLAIM, claim())
        claimed = (await socket.next())["claimConversation"]
    seen = await desk.ask(ORIGINS, {"at": claimed["position"]})
    (origin,) = [node["origin"] for node in seen["journal"]["nodes"]]
    assert origin["ip"] == "127.0.0.1"
    assert origin["userAgent"].startswith("Python/")


@pytest.fixture
async def behind_a_proxy(api_database_url: str, run_folder: Path) -> AsyncIterator[Server]:
    """A server that believes what a proxy on this machine says, and leaves the projections to the other one."""
    settings = {"DESKLEDGER_TRUSTED_PROXIES": "127.0.0.1, 10.0.0.0/8", "DESKLEDGER_WORKERS": "false"}
    server = Server(run_folder, api_database_url, settings).start()
    await server.ready()
    yield server
    assert server.stop() == 0


async def test_a_proxy_is_believed_where_a_setting_says_so(desk: Desk, anna: str, behind_a_proxy: Server) -> None:
    """What the client itself put in front is its own invention; the nearest that is no proxy of ours is the client."""
    forwarded = {**DESKTOP, "X-Forwarded-For": "192.0.2.66, 203.0.113.9, 10.1.2.3"}
    claimed = await sent(behind_a_proxy.url, anna, claim(), forwarded)
    seen = await desk.ask(ORIGINS, {"at": claimed["position"]})
    assert [node["origin"]["ip"] for node in seen["journal"]["nodes"]] == ["203.0.113.9"]


@pytest.mark.parametrize(
    ("host", "user_agent", "known"),
    [
        ("203.0.113.9", b"Desktop/1.0", Client("203.0.113.9", "Desktop/1.0")),
        ("::ffff:203.0.113.9", None, Client("203.0.113.9", None)),
        ("2001:DB8:0:0:0:0:0:1", b"", Client("2001:db8::1", None)),
        ("unknown", b"\x1b[2J\tTab\xa0le\x85t", Client(None, "[2JTablet")),
        ("1" * 10_000, b"x" * 10_000, Client(None, "x" * 500)),
    ],
)
def test_what_a_client_says_of_itself_is_kept_as_far_as_it_can_be_shown(
    host: str, user_agent: bytes | None, known: Client
) -> None:
    headers = [] if user_agent is None else [(b"user-agent", user_agent)]
    assert client_of(HTTPConnection({"type": "http", "client": (host, 1), "headers": headers})) == known


def test_a_connection_without_an_address_has_none() -> None:
    assert client_of(HTTPConnection({"type": "http", "headers": []})) == Client()
