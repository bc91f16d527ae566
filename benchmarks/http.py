"""The least client that asks over one kept-alive HTTP/1.1 connection, so that what is timed is the server."""

import asyncio
from dataclasses import dataclass
from time import perf_counter
from types import TracebackType
from typing import Self
from urllib.parse import urlsplit


@dataclass(frozen=True, slots=True)
class Response:
    status: int
    body: bytes
    seconds: float


class Client:
    """One connection to the server of `base`, such as `http://127.0.0.1:8000`."""

    def __init__(self, base: str, headers: dict[str, str] | None = None) -> None:
        where = urlsplit(base)
        self._host, self._port = str(where.hostname), where.port or 80
        lines = {"Host": f"{self._host}:{self._port}", **(headers or {})}
        self._headers = "".join(f"{name}: {value}\r\n" for name, value in lines.items())

    async def __aenter__(self) -> Self:
        self._reader, self._writer = await asyncio.open_connection(self._host, self._port, limit=16 * 1024 * 1024)
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._writer.close()
        await self._writer.wait_closed()

    async def get(self, path: str) -> Response:
        return await self._ask(f"GET {path} HTTP/1.1\r\n{self._headers}\r\n".encode())

    async def post(self, path: str, body: bytes) -> Response:
        head = f"POST {path} HTTP/1.1\r\n{self._headers}Content-Type: application/json\r\nContent-Length: {len(body)}"
        return await self._ask(f"{head}\r\n\r\n".encode() + body)

    async def _ask(self, request: bytes) -> Response:
        began = perf_counter()
        self._writer.write(request)
        head = (await self._reader.readuntil(b"\r\n\r\n")).lower()
        status = int(head[9:12])
        _, _, length = head.partition(b"content-length:")
        if not length:
            raise ValueError("the answer has no Content-Length")
        body = await self._reader.readexactly(int(length.split(b"\r\n", 1)[0]))
        return Response(status, body, perf_counter() - began)
