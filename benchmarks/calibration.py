"""What the machine alone gives, in this run: the figures that absolute bars scale with."""

import asyncio
import re
import socket
from collections.abc import Awaitable, Callable
from math import log
from multiprocessing import get_context
from time import perf_counter
from typing import Any
from uuid import UUID

import asyncpg
import msgspec
import uvicorn
import uvloop

from benchmarks.apart import apart
from benchmarks.desk import events
from benchmarks.figures import Calibration
from benchmarks.harness import Bench
from benchmarks.http import Client
from benchmarks.server import Server
from domain.instants import HOUR

PGBENCH = "calibration.pgbench"
FOLD = "calibration.fold"
HTTP = "calibration.http"

BY_PGBENCH = Calibration(PGBENCH, 14_100)
"""Single-row inserts a second by 64 clients: `measured.md`'s."""
BY_FOLD = Calibration(FOLD, 236_000)
"""Events a second read from a table, decoded by msgspec, and counted into hourly cells by one Python process."""

FOLDED = 200_000
REQUESTS = 5_000
DATABASE = "calibration"
"""It stays for the whole run: what is compared with pgbench runs beside it."""


def measure(bench: Bench) -> None:
    url = bench.server.database(DATABASE)
    asyncio.run(_prepare(url))
    script = bench.server.folder / "insert.sql"
    script.write_text(INSERT)
    for _ in range(bench.repetitions):
        bench.book.add(PGBENCH, "events/s", pgbench(bench.server, 64, bench.seconds), "64 clients, three unique keys")
        bench.book.add(FOLD, "events/s", apart(_fold, url).result, f"{FOLDED:,} events of a desk")
        bench.book.add(HTTP, "requests/s", _constant_response(), "one connection")


INSERT = """
INSERT INTO inserted (workspace_id, event_id, stream_key, version, type, occurred_at, recorded_at, content)
VALUES ('00000000-0000-0000-0000-000000000001', uuidv7(), gen_random_uuid(), 0, 'item.received', now(), now(),
        convert_to(repeat('x', 450), 'UTF8'));
"""


def pgbench(server: Server, clients: int, seconds: int) -> float:
    """Single-row inserts a second, prepared, into a table with the keys that the ledger's has."""
    load = ["-n", "-M", "prepared", "-c", str(clients), "-j", str(min(2, clients)), "-T", str(seconds)]
    output = server.pgbench(DATABASE, *load, "-f", str(server.folder / "insert.sql"))
    found = re.search(r"tps = ([\d.]+)", output)
    if not found:
        raise ValueError(f"pgbench said nothing of its speed: {output}")
    return float(found[1])


async def _prepare(url: str) -> None:
    connection = await asyncpg.connect(url)
    try:
        await connection.execute(
            """
            CREATE TABLE inserted (
                workspace_id uuid, position bigint GENERATED ALWAYS AS IDENTITY, event_id uuid, stream_key uuid,
                version int, type text, occurred_at timestamptz, recorded_at timestamptz, content bytea,
                PRIMARY KEY (workspace_id, position), UNIQUE (workspace_id, event_id),
                UNIQUE (workspace_id, stream_key, version));
            CREATE TABLE folded (position bigint PRIMARY KEY, content bytea);
            """
        )
        rows = [(position, msgspec.json.encode(event)) for position, event in enumerate(events(FOLDED))]
        await connection.copy_records_to_table("folded", records=rows)
    finally:
        await connection.close()


class _Actor(msgspec.Struct):
    id: str


class _Envelope(msgspec.Struct):
    id: UUID
    actor: _Actor
    occurred_at: int


class _Event(msgspec.Struct):
    envelope: _Envelope
    payload: dict[str, Any]


def _fold(url: str) -> float:
    return uvloop.run(_fold_all(url))


async def _fold_all(url: str) -> float:
    """Events a second, folded into hourly cells by actor."""
    connection = await asyncpg.connect(url)
    decode = msgspec.json.Decoder(_Event).decode
    cells: dict[tuple[int, str], list[Any]] = {}
    last, count = -1, 0
    began = perf_counter()
    while rows := await connection.fetch(
        "SELECT position, content FROM folded WHERE position > $1 ORDER BY position LIMIT $2", last, 5_000
    ):
        for _, content in rows:
            envelope = decode(content).envelope
            count_in(cells, (envelope.occurred_at // HOUR, envelope.actor.id), envelope.occurred_at % HOUR)
        last, count = rows[-1][0], count + len(rows)
    took = perf_counter() - began
    await connection.close()
    return count / took


def count_in(cells: dict[tuple[int, str], list[Any]], cell: tuple[int, str], value: int) -> None:
    """A cell holds a count, a sum, and a logarithmic histogram."""
    found = cells.get(cell)
    if found is None:
        found = cells[cell] = [0, 0, {}]
    found[0] += 1
    found[1] += value
    bucket = int(log(value + 1) * 50)
    found[2][bucket] = found[2].get(bucket, 0) + 1


Send = Callable[[dict[str, Any]], Awaitable[None]]


async def _constant(scope: dict[str, Any], receive: object, send: Send) -> None:  # noqa: ARG001  # ASGI's signature
    headers = [(b"content-type", b"application/json"), (b"content-length", b"2")]
    await send({"type": "http.response.start", "status": 200, "headers": headers})
    await send({"type": "http.response.body", "body": b"{}"})


def _constant_response() -> float:
    with socket.socket() as listening:
        listening.bind(("127.0.0.1", 0))
        listening.listen()
        server = get_context("spawn").Process(target=_serve, args=(listening,))
        server.start()
        try:
            return uvloop.run(_ask(f"http://127.0.0.1:{listening.getsockname()[1]}"))
        finally:
            server.terminate()
            server.join()


def _serve(listening: socket.socket) -> None:
    config = uvicorn.Config(_constant, lifespan="off", log_level="error", access_log=False)
    uvicorn.Server(config).run(sockets=[listening])


async def _ask(base: str) -> float:
    async with Client(base) as client:
        await client.get("/")
        began = perf_counter()
        for _ in range(REQUESTS):
            await client.get("/")
        return REQUESTS / (perf_counter() - began)
