"""Heads sent elsewhere: posted to addresses, and stamped by time-stamping authorities (RFC 3161).

Only the newest head of a ledger counts, since it goes on from all others: what could not be sent is sent with the next
one. A stamp says that the head, and so everything under it, was there at a time that somebody else vouches for; it lies
in the folder of exported heads, with the head that it is of.
"""

import asyncio
from collections.abc import Sequence
from dataclasses import dataclass
from hashlib import sha512
from http.client import HTTPException
from pathlib import Path
from time import monotonic
from urllib.parse import urlsplit
from urllib.request import Request, urlopen
from uuid import UUID

import structlog
from rfc3161_client import PKIStatus, TimestampRequestBuilder, decode_timestamp_response

from eventstore.proofs.checkpoint import parsed
from eventstore.proofs.exported import keep

log = structlog.get_logger(__name__)

_LOOK = 0.5
"""Seconds between looks for what is to be sent."""
_PATIENCE = 10.0
"""Seconds that an address has to answer."""
_REFUSED = (OSError, HTTPException, ValueError)
"""What an address that is away, or answers nonsense, ends in."""


@dataclass(frozen=True, slots=True)
class Outlets:
    """Where heads go. `authorities` stamp the newest one every `seconds`; `folder` keeps the stamps."""

    webhooks: Sequence[str] = ()
    authorities: Sequence[str] = ()
    folder: Path | None = None
    seconds: float = 3_600.0


class Courier:
    """Sends what it is given, in its own time: whoever signs does not wait for anybody."""

    def __init__(self, outlets: Outlets, *, look: float = _LOOK) -> None:
        self._outlets = outlets
        self._look = look
        self._newest: dict[UUID, str] = {}
        self._posted: dict[tuple[str, UUID], str] = {}
        self._stamped: dict[tuple[str, UUID], tuple[str, float]] = {}

    def give(self, workspace: UUID, note: str) -> None:
        """A head that was just signed."""
        self._newest[workspace] = note

    async def run(self) -> None:
        """Until cancelled."""
        while True:
            try:
                await self.send()
            except Exception as error:
                log.error("heads cannot be sent", exc_info=error)
            await asyncio.sleep(self._look)

    async def send(self) -> None:
        """Send what is new, to each address at once."""
        newest = list(self._newest.items())
        await asyncio.gather(
            *(self._post(url, newest) for url in self._outlets.webhooks),
            *(self._stamp(url, newest) for url in self._outlets.authorities),
        )

    async def _post(self, url: str, newest: Sequence[tuple[UUID, str]]) -> None:
        for workspace, note in newest:
            if self._posted.get((url, workspace)) == note:
                continue
            try:
                await asyncio.to_thread(_asked, url, note.encode(), "text/plain; charset=utf-8")
            except _REFUSED as error:
                log.warning("a head cannot be posted", host=urlsplit(url).hostname, error=str(error))
                return
            self._posted[url, workspace] = note

    async def _stamp(self, url: str, newest: Sequence[tuple[UUID, str]]) -> None:
        for workspace, note in newest:
            stamped, at = self._stamped.get((url, workspace), ("", 0.0))
            if stamped == note or (stamped and monotonic() < at + self._outlets.seconds):
                continue
            try:
                await asyncio.to_thread(self._stamp_now, url, workspace, note)
            except _REFUSED as error:
                log.warning("a head cannot be stamped", host=urlsplit(url).hostname, error=str(error))
                return
            self._stamped[url, workspace] = note, monotonic()

    def _stamp_now(self, url: str, workspace: UUID, note: str) -> None:
        """Ask, see that the answer is about this head and this request, and keep it."""
        request = TimestampRequestBuilder().data(note.encode()).build()
        answer = _asked(url, request.as_bytes(), "application/timestamp-query")
        response = decode_timestamp_response(answer)
        if PKIStatus(response.status) not in (PKIStatus.GRANTED, PKIStatus.GRANTED_WITH_MODS):
            raise ValueError(f"it refuses with status {response.status}")
        told = response.tst_info
        if told.message_imprint.message != sha512(note.encode()).digest() or told.nonce != request.nonce:
            raise ValueError("it stamped something else")
        if self._outlets.folder is not None:
            size = parsed(note).size
            keep(self._outlets.folder, workspace, f"{size}.checkpoint", note.encode())
            keep(self._outlets.folder, workspace, f"{size}.{urlsplit(url).hostname}.tsr", answer)


def _asked(url: str, body: bytes, media: str) -> bytes:
    request = Request(url, body, {"Content-Type": media})  # noqa: S310 - settings let through http and https alone
    with urlopen(request, timeout=_PATIENCE) as answer:  # noqa: S310 - the same
        return bytes(answer.read())
