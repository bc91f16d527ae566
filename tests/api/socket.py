"""A client of `graphql-transport-ws`, frame by frame."""

import asyncio
import json
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

from websockets.asyncio.client import ClientConnection, connect
from websockets.exceptions import ConnectionClosed
from websockets.typing import Subprotocol

FOLLOW = """
subscription Follow($filter: JournalFilter, $after: String) {
  journalStream(filter: $filter, after: $after) {
    __typename
    ... on JournalBatch { cursor entries { position type } }
    ... on Heartbeat { cursor }
    ... on StreamReset { reason resumeAfter }
  }
}
"""


class Socket:
    """An open connection."""

    def __init__(self, connection: ClientConnection) -> None:
        self.connection = connection

    async def send(self, message: dict[str, Any] | str | bytes) -> None:
        await self.connection.send(message if isinstance(message, str | bytes) else json.dumps(message))

    async def receive(self) -> dict[str, Any]:
        async with asyncio.timeout(30):
            return dict(json.loads(await self.connection.recv()))

    async def subscribe(self, query: str, variables: dict[str, Any] | None = None, key: str = "1") -> None:
        await self.send({"id": key, "type": "subscribe", "payload": {"query": query, "variables": variables or {}}})

    async def next(self) -> Any:
        """The data of the next answer."""
        message = await self.receive()
        assert message["type"] == "next", message
        assert "errors" not in message["payload"], message
        return message["payload"]["data"]

    async def closed(self) -> int:
        """Wait until the server closes; its code."""
        try:
            async with asyncio.timeout(30):
                while True:
                    await self.connection.recv()
        except ConnectionClosed as closed:
            if closed.rcvd is None:
                raise
            return closed.rcvd.code


@asynccontextmanager
async def opened(url: str, *, subprotocol: str = "graphql-transport-ws") -> AsyncIterator[Socket]:
    async with connect(url, subprotocols=[Subprotocol(subprotocol)], max_size=None) as connection:
        yield Socket(connection)


@asynccontextmanager
async def let_in(url: str, token: str) -> AsyncIterator[Socket]:
    async with opened(url) as socket:
        await socket.send({"type": "connection_init", "payload": {"Authorization": f"Bearer {token}"}})
        assert await socket.receive() == {"type": "connection_ack"}
        yield socket


class Follower:
    """Follows the journal from a cursor on, and remembers what it saw and where it is."""

    def __init__(self, token: str, after: str | None = None, filter_: dict[str, Any] | None = None) -> None:
        self.token = token
        self.cursor = after
        self.filter = filter_
        self.seen: list[int] = []
        self.resets: list[str] = []

    async def follow(self, url: str, *, until: int) -> None:
        """Until an entry at that position has come. Raises ConnectionClosed, OSError where it is cut off."""
        async with let_in(url, self.token) as socket:
            await socket.subscribe(FOLLOW, {"filter": self.filter, "after": self.cursor})
            while not self.seen or self.seen[-1] < until:
                self._take((await socket.next())["journalStream"])

    def _take(self, message: dict[str, Any]) -> None:
        if message["__typename"] == "StreamReset":
            self.resets.append(message["reason"])
            self.cursor = message["resumeAfter"]
            return
        self.seen += [int(entry["position"]) for entry in message.get("entries", ())]
        self.cursor = message["cursor"]
