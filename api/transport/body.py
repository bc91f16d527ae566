"""No request is larger than we are ready to read."""

from starlette.responses import JSONResponse
from starlette.types import ASGIApp, Message, Receive, Scope, Send

_DRAINED = 64_000_000
"""How much of a body that is too large is still read, and dropped: a client that cannot finish sending does not get to
read why it was refused."""


class TooLarge(Exception):
    """The request's body is larger than is read. It passes through whoever reads it, and is answered here."""


class BodyLimit:
    """Refuses larger bodies with 413, whether or not their length was announced. They are never held in memory."""

    def __init__(self, app: ASGIApp, limit: int) -> None:
        self._app = app
        self._limit = limit

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        body = _Counted(receive, self._limit)
        try:
            if _announced(scope) > self._limit:
                raise TooLarge
            await self._app(scope, body.receive, send)
        except TooLarge:
            await body.drain()
            error = {"message": body.sentence, "extensions": {"code": "REQUEST_TOO_LARGE"}}
            refusal = JSONResponse({"errors": [error]}, status_code=413, headers={"Connection": "close"})
            await refusal(scope, receive, send)


class _Counted:
    """A body that is counted while it is read."""

    def __init__(self, receive: Receive, limit: int) -> None:
        self._receive = receive
        self._limit = limit
        self._read = 0
        self._ended = False

    @property
    def sentence(self) -> str:
        return f"a request's body may have {self._limit:,} bytes; send smaller batches"

    async def receive(self) -> Message:
        message = await self._next()
        if self._read > self._limit:
            raise TooLarge
        return message

    async def drain(self) -> None:
        while not self._ended and self._read < _DRAINED:
            await self._next()

    async def _next(self) -> Message:
        message = await self._receive()
        self._read += len(message.get("body", b""))
        self._ended = not message.get("more_body", False)
        return message


def _announced(scope: Scope) -> int:
    lengths = [value for name, value in scope["headers"] if name == b"content-length"]
    return int(lengths[0]) if lengths and lengths[0].isdigit() else 0
