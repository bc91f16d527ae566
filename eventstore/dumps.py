"""A dump of a database, restored into an engine of its own for as long as it is looked at."""

import asyncio
import subprocess
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import asyncpg

from domain.errors import InvalidInput
from eventstore.cluster import programs
from eventstore.embedded import embedded
from eventstore.roles import AS_LOGIN, prepare

_ARCHIVE = b"PGDMP"
"""What `pg_dump --format=custom` begins with."""
_QUICK = {"fsync": "off", "synchronous_commit": "off", "full_page_writes": "off"}
"""Nothing here has to survive."""


@contextmanager
def restored(dump: Path) -> Iterator[str]:
    """The URL of a database with what the dump holds: `pg_dump`'s own format, or plain SQL. Raises `InvalidInput`
    where it cannot be restored, with what PostgreSQL says."""
    if not dump.is_file():
        raise InvalidInput(f"{dump} is no file")
    with (
        tempfile.TemporaryDirectory(prefix="deskledger-dump-") as home,
        embedded(Path(home), settings=_QUICK) as engine,
    ):
        asyncio.run(_with_roles(engine.url))
        with dump.open("rb") as file:
            archive = file.read(len(_ARCHIVE)) == _ARCHIVE
        command = (
            ["pg_restore", "--exit-on-error", "--dbname", engine.url, str(dump)]
            if archive
            else ["psql", "--no-psqlrc", "--quiet", "--set=ON_ERROR_STOP=1", "--file", str(dump), engine.url]
        )
        done = subprocess.run(  # noqa: S603 - programs of ours, and a file that the caller names
            [str(programs() / command[0]), *command[1:]], capture_output=True, text=True, check=False
        )
        if done.returncode:
            raise InvalidInput(f"{dump} cannot be restored: {done.stderr.strip()[-1_000:]}")
        yield engine.url


async def _with_roles(url: str) -> None:
    connection = await asyncpg.connect(url, server_settings=dict(AS_LOGIN))
    try:
        await prepare(connection)
    finally:
        await connection.close()
