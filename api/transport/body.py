"""No request is larger than we are ready to read."""

from starlette.responses import JSONResponse
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from domain.errors import InvalidInput


class TooLarge(InvalidInput):
    """The request's body is larger than is read."""

    code = "REQUEST_TOO_LARGE"


class BodyLimit:
    """Refuses larger bodies with 413: at once where the length is announced, else when the limit is passed."""

    def __init__(self, app: ASGIApp, limit: int) -> None:
        self._app = app
        self._limit = limit

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        refusal = JSONResponse({"errors": [self._error()]}, status_code=413, headers={"Connection": "close"})
        if self._announced(scope) > self._limit:
            await refusal(scope, receive, send)
            return
        read = 0

        async def counted() -> Message:
            nonlocal read
            message = await receive()
            read += len(message.get("body", b""))
            if read > self._limit:
                raise TooLarge(self._sentence)
            return message

        try:
            await self._app(scope, counted, send)
        except TooLarge:
            await refusal(scope, receive, send)

    @property
    def _sentence(self) -> str:
        return f"a request's body may have {self._limit:,} bytes; send smaller batches"

    def _error(self) -> dict[str, object]:
        return {"message": self._sentence, "extensions": {"code": TooLarge.code}}

    def _announced(self, scope: Scope) -> int:
        lengths = [value for name, value in scope["headers"] if name == b"content-length"]
        return int(lengths[0]) if lengths and lengths[0].isdigit() else 0
