"""`/tlog/{workspace}/...`: the ledger's tree as C2SP's tlog-tiles, proofs of entries as files, evidence in one file.

- `checkpoint`: the newest signed head
- `tile/<L>/<N>[.p/<W>]`: hashes of the tree
- `tile/entries/<N>[.p/<W>]`: leaves, each after its length
- `proof/<position>.tlog-proof`, and `proof/<position>.leaf`: the proof of one entry, and what it is about
- `evidence.json?positions=1,2&since=<size>&words=true`: entries, proofs, and words that are disclosed
"""

import re
import struct
from collections.abc import Awaitable, Callable, Sequence
from contextlib import AbstractAsyncContextManager
from uuid import UUID

import msgspec
from starlette.requests import Request
from starlette.responses import Response

from api.auth.roles import Right
from api.client import client_of
from api.context import Context
from api.execution.errors import refusal
from api.schema.reading import reading
from api.schema.sight import entries_seen
from api.transport.request import BadRequest
from api.transport.session import Sessions
from api.transport.statuses import headers_of, status_of
from domain.errors import DeskledgerError, Forbidden, NotFound
from domain.instants import instant_of
from eventstore.codec import leaf
from eventstore.database import Session
from eventstore.proofs import heads
from eventstore.proofs.evidence import evidence_of
from eventstore.proofs.nodes import TILE, hashes_at, tile, tile_path
from eventstore.proofs.proving import Proof, proofs_of
from projections.journal import query as journal
from projections.journal.projection import NAME as JOURNAL

_MOST = 1_000
"""Entries in one evidence file."""
_KEEP = "private, max-age=31536000, immutable"
_NUMBER = r"((?:x\d{3}/)*\d{3})(?:\.p/([1-9]\d{0,2}))?"
_LONGEST_LEAF = 0xFFFF

Answer = Callable[[Request, Context, re.Match[str]], Awaitable[Response]]


class TlogEndpoint:
    """Answers `/tlog/{workspace}/{what}`."""

    def __init__(self, sessions: Sessions) -> None:
        self._sessions = sessions

    async def respond(self, request: Request) -> Response:
        try:
            session = await self._sessions.of_header(request.headers.get("authorization"), client_of(request))
            with session.operation("tlog", "evidence") as context:
                named = request.path_params["workspace"]
                if named not in (context.principal.slug, str(context.principal.workspace)):
                    raise NotFound("this token is for another workspace")
                context.principal.require(Right.JOURNAL)
                for pattern, answer in _PATHS:
                    if (found := pattern.fullmatch(request.path_params["what"])) is not None:
                        return await answer(request, context, found)
                raise NotFound("there are checkpoint, tile/..., proof/... and evidence.json")
        except DeskledgerError as error:
            status = 404 if isinstance(error, NotFound) else status_of(error)
            body = msgspec.json.encode({"errors": [refusal(error)]})
            return Response(body, status, media_type="application/json", headers=dict(headers_of(status)))


async def _checkpoint(_request: Request, context: Context, _found: re.Match[str]) -> Response:
    head = await _head(context)
    return Response(head.checkpoint, media_type="text/plain", headers={"Cache-Control": "no-store"})


async def _tile(_request: Request, context: Context, found: re.Match[str]) -> Response:
    level = int(found[1])
    number, width = await _existing(context, level, found[2], found[3])
    async with _reading(context) as connection:
        hashes = await tile(connection, context.principal.workspace, (level, number), width)
    return _bytes(b"".join(hashes))


async def _entries(_request: Request, context: Context, found: re.Match[str]) -> Response:
    number, width = await _existing(context, 0, found[1], found[2])
    await _demand_sight(context, range(number * TILE, number * TILE + width))
    workspace = context.principal.workspace
    async with _reading(context) as connection:
        leaves = await _leaves(connection, workspace, number * TILE, width)
    if any(len(one) > _LONGEST_LEAF for one in leaves):
        raise NotFound("an entry in it is longer than this format can say; ask for its proof and leaf")
    await context.trace("tlog entries", {"bundle": number}, width)
    return _bytes(b"".join(struct.pack(">H", len(one)) + one for one in leaves))


async def _proof(_request: Request, context: Context, found: re.Match[str]) -> Response:
    proof = await _proof_of(context, int(found[1]))
    return Response(proof.text, media_type="text/plain", headers={"Cache-Control": "no-store"})


async def _leaf(_request: Request, context: Context, found: re.Match[str]) -> Response:
    proof = await _proof_of(context, int(found[1]))
    await context.trace("tlog leaf", {"position": proof.position}, 1)
    return _bytes(proof.leaf)


async def _demand_sight(context: Context, positions: Sequence[int]) -> None:
    """Refuse unless the asker sees the entries at all these positions."""
    if context.principal.sight(Right.JOURNAL).everything:
        return
    store, workspace = context.services.store, context.principal.workspace
    async with reading(context, JOURNAL) as connection:
        found = await journal.entries_at(connection, store, workspace, positions, words=False)
    if len(await entries_seen(context, found.values())) < len(set(positions)):
        raise Forbidden("evidence is for those who see the entries that it is about, and some are not for you to see")


async def _evidence(request: Request, context: Context, _found: re.Match[str]) -> Response:
    asked = request.query_params
    positions = [_integer("positions", one) for one in asked.get("positions", "").split(",")]
    since = _integer("since", asked["since"]) if "since" in asked else None
    disclosed = asked.get("words") == "true"
    if len(positions) > _MOST:
        raise BadRequest(f"`positions` are {len(positions)}; {_MOST} are the limit of one file", path=("positions",))
    if disclosed:
        context.principal.require(Right.REMOVED_CONTENT)
    await _demand_sight(context, positions)
    services, workspace = context.services, context.principal.workspace
    async with _reading(context) as connection:
        bundle = await evidence_of(
            connection,
            services.vault,
            workspace,
            positions,
            since=since,
            disclosed=disclosed,
            publics=services.signing.publics,
        )
    await context.trace("evidence", {"positions": positions, "words": disclosed}, len(positions))
    headers = {"Content-Disposition": 'attachment; filename="evidence.json"', "Cache-Control": "no-store"}
    return Response(msgspec.json.encode(bundle), media_type="application/json", headers=headers)


_PATHS: tuple[tuple[re.Pattern[str], Answer], ...] = (
    (re.compile(r"checkpoint"), _checkpoint),
    (re.compile(rf"tile/(\d|[1-5]\d|6[0-3])/{_NUMBER}"), _tile),
    (re.compile(rf"tile/entries/{_NUMBER}"), _entries),
    (re.compile(r"proof/(\d{1,18})\.tlog-proof"), _proof),
    (re.compile(r"proof/(\d{1,18})\.leaf"), _leaf),
    (re.compile(r"evidence\.json"), _evidence),
)
"""What there is, and who answers. Hashes say nothing of what they were taken of, so they are for all who see entries;
leaves and proofs are for those who see the entries that they are of."""


def _reading(context: Context) -> AbstractAsyncContextManager[Session]:
    return context.services.database.transaction(context.principal.workspace, snapshot=True)


async def _head(context: Context) -> heads.Head:
    async with _reading(context) as connection:
        head = await heads.last(connection, context.principal.workspace)
    if head is None:
        raise NotFound("nothing was signed yet")
    return head


async def _existing(context: Context, level: int, number: str, width: str | None) -> tuple[int, int]:
    """The tile's number and width, where there is such a tile under the newest head."""
    place, wide = int(number.replace("x", "").replace("/", "")), int(width or TILE)
    there = hashes_at((await _head(context)).size, level)
    if place * TILE + wide > there or (width is not None and wide >= TILE) or tile_path(place) != number:
        raise NotFound(f"the tree has no such tile yet: {there} hashes stand at level {level}")
    return place, wide


async def _leaves(connection: Session, workspace: UUID, start: int, count: int) -> list[bytes]:
    rows = await connection.fetch(
        "SELECT content, recorded_at, version FROM events "
        "WHERE workspace_id = $1 AND position >= $2 AND position < $3 ORDER BY position",
        workspace,
        start,
        start + count,
    )
    name = str(workspace).encode()
    return [leaf(content, instant_of(at), version, name) for content, at, version in rows]


async def _proof_of(context: Context, position: int) -> Proof:
    await _demand_sight(context, [position])
    async with _reading(context) as connection:
        found = await proofs_of(connection, context.principal.workspace, [position])
    if position not in found:
        raise NotFound(f"there is no signed entry at position {position}; what is new is signed within a second")
    return found[position]


def _bytes(content: bytes) -> Response:
    return Response(content, media_type="application/octet-stream", headers={"Cache-Control": _KEEP})


def _integer(name: str, text: str) -> int:
    if not (text.isascii() and text.isdecimal() and len(text) <= 18):
        raise BadRequest(f"`{name}` is made of integers, not of {text!r:.60}", path=(name,))
    return int(text)
