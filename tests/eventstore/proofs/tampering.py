"""A superuser with the triggers off, who changes a ledger that was signed and whose heads were kept outside."""

import random
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path
from uuid import UUID

import asyncpg

from domain.instants import instant_of, moment_of
from eventstore import clock
from eventstore.codec import leaf, leaf_hash
from eventstore.database import Database
from eventstore.proofs.exported import exported
from eventstore.proofs.keys import SigningKeys
from eventstore.proofs.rows import COLUMNS
from eventstore.proofs.signer import Signer
from eventstore.proofs.verify import Verification, Verified
from eventstore.sealing import check, prepare
from eventstore.store import Append, Store
from eventstore.vault import Keyring, Vault
from tests.eventstore.desk import busy_desk, tagged

Login = Callable[[], Awaitable["asyncpg.Connection[asyncpg.Record]"]]
SIZES = (12, 24, 36)
"""How many events there are under each head."""


@dataclass(frozen=True, slots=True)
class Victim:
    """A ledger of 36 events under three heads."""

    database: Database
    store: Store
    workspace: UUID
    keys: SigningKeys
    master: bytes
    outside: Path
    login: Login

    async def fill(self, sizes: tuple[int, ...] = SIZES, *, seed: int = 3) -> "Victim":
        """Append and sign, all events up to a head in one transaction."""
        chance, signer, size = random.Random(seed), Signer(self.database, self.keys, folder=self.outside), 0
        for upto in sizes:
            await self.store.append(self.workspace, [Append(tuple(busy_desk(chance, upto - size)))])
            await signer.sign(self.workspace)
            size = upto
        await signer.release()
        return self

    async def verify(self, *, outside: bool = True) -> Verified:
        """What a process finds that remembers nothing."""
        vault = Vault(self.database, self.master)
        run = Verification(self.database, vault, self.workspace, self.keys.publics)
        return await run.run(exported(self.outside, self.workspace) if outside else ())

    @asynccontextmanager
    async def attacked(self) -> AsyncIterator["asyncpg.Connection[asyncpg.Record]"]:
        """A transaction in which no trigger fires."""
        superuser = await self.login()
        try:
            async with superuser.transaction():
                await superuser.execute("SET LOCAL session_replication_role = replica")
                yield superuser
        finally:
            await superuser.close()

    async def change(self, statement: str, *values: object) -> None:
        async with self.attacked() as superuser:
            await superuser.execute(statement, self.workspace, *values)

    async def where(self, condition: str) -> list[int]:
        """Positions of events of which this is so."""
        async with self.database.transaction(self.workspace, readonly=True) as connection:
            rows = await connection.fetch(
                f"SELECT position FROM events WHERE workspace_id = $1 AND {condition} ORDER BY position", self.workspace
            )
        return [row[0] for row in rows]

    async def insert(self, position: int) -> None:
        """Make room in the middle, and put an event there that is right in itself."""
        async with self.attacked() as superuser:
            for by in (1_001, -1_000):
                await superuser.execute(
                    "UPDATE events SET position = position + $3 WHERE workspace_id = $1 AND position >= $2",
                    self.workspace,
                    position,
                    by,
                )
            moment = await superuser.fetchval(
                "SELECT recorded_at FROM events WHERE workspace_id = $1 AND position = $2", self.workspace, position - 1
            )
            forged = prepare(self.workspace, check(tagged(1, "forged"), clock.now()), {}, Keyring())
            hash_ = leaf_hash(leaf(forged.content, instant_of(moment), 0, str(self.workspace).encode()))
            await superuser.execute(
                f"INSERT INTO events (workspace_id, {COLUMNS}) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11)",
                *(self.workspace, position, forged.event_id, UUID(bytes=forged.stream_key), 0, forged.type),
                *(moment_of(forged.occurred_at), moment, forged.content, hash_, None),
            )

    async def rewrite(self, position: int) -> None:
        """Change what an event says, and its hash with it."""
        async with self.attacked() as superuser:
            row = await superuser.fetchrow(
                "SELECT content, recorded_at, version FROM events WHERE workspace_id = $1 AND position = $2",
                self.workspace,
                position,
            )
            assert row is not None
            content = row["content"].replace(b'"confidence":"asserted"', b'"confidence":"inferred"')
            assert content != row["content"]
            name = str(self.workspace).encode()
            await superuser.execute(
                "UPDATE events SET content = $3, leaf_hash = $4 WHERE workspace_id = $1 AND position = $2",
                *(self.workspace, position, content),
                leaf_hash(leaf(content, instant_of(row["recorded_at"]), row["version"], name)),
            )

    async def swap(self, one: int, other: int) -> None:
        """Exchange two events, all of their columns."""
        async with self.attacked() as superuser:
            for old, new in ((one, -1), (other, one), (-1, other)):
                await superuser.execute(
                    "UPDATE events SET position = $3 WHERE workspace_id = $1 AND position = $2",
                    *(self.workspace, old, new),
                )

    async def roll_back(self, size: int) -> None:
        """Put everything back to how it was under an older head."""
        async with self.attacked() as superuser:
            for statement in (
                "DELETE FROM events WHERE workspace_id = $1 AND position >= $2",
                "DELETE FROM tree_heads WHERE workspace_id = $1 AND size > $2",
                "DELETE FROM tree_nodes WHERE workspace_id = $1 AND (index + 1 << (8 * level)::int) > $2",
            ):
                await superuser.execute(statement, self.workspace, size)
