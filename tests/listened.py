"""A connection that notes the text of every statement, for the lint of SQL."""

import re
from typing import Any, ClassVar

from asyncpg import Record

from eventstore.database import PooledConnection

_QUOTED = re.compile(r"'[^']*'")


class Listened(PooledConnection):
    """`statements` are those of all connections."""

    statements: ClassVar[set[str]] = set()

    async def execute(self, query: str, *args: Any, **options: Any) -> str:
        self.statements.add(_QUOTED.sub("''", query))
        return await super().execute(query, *args, **options)

    async def executemany(self, command: str, *args: Any, **options: Any) -> None:
        self.statements.add(command)
        await super().executemany(command, *args, **options)

    async def fetch(self, query: str, *args: Any, **options: Any) -> list[Record]:  # type: ignore[override]  # record classes are not ours to choose
        self.statements.add(query)
        return await super().fetch(query, *args, **options)

    async def fetchrow(self, query: str, *args: Any, **options: Any) -> Record | None:  # type: ignore[override]  # the same
        self.statements.add(query)
        row: Record | None = await super().fetchrow(query, *args, **options)
        return row

    async def fetchval(self, query: str, *args: Any, **options: Any) -> Any:
        self.statements.add(query)
        return await super().fetchval(query, *args, **options)

    async def _copy_in(self, statements: str, *args: Any) -> str:
        self.statements.add(_QUOTED.sub("''", statements))
        ended: str = await super()._copy_in(statements, *args)  # type: ignore[misc]  # no public way, so no type
        return ended
