"""A process that appends, for tests that start many and kill some.

    python -m tests.eventstore.appender URL HOME WORKSPACE SEED COUNT

prints the ids of events, one a line, each as soon as it was acknowledged. Events come in units of one to three with a
common correlation, so that half a unit would be seen; the ids of SEED are the same in every run.
"""

import asyncio
import random
import sys
from collections.abc import Iterator
from itertools import islice
from pathlib import Path
from uuid import UUID

from msgspec import structs

from domain.envelope import NewEvent
from eventstore.database import Database
from eventstore.store import Append, Outcome, Store
from eventstore.vault import Vault, master_key
from tests.eventstore.desk import busy_desk

CALLERS = 8


def units(seed: int, count: int) -> Iterator[tuple[NewEvent, ...]]:
    """The units of one seed. A correlation names seed, unit, and how many events it has."""
    chance = random.Random(seed)
    events = busy_desk(chance, count * 3)
    for number in range(count):
        unit = tuple(islice(events, chance.choice((1, 1, 2, 3))))
        correlation = f"{seed}/{number}/{len(unit)}"
        yield tuple(NewEvent(structs.replace(one.envelope, correlation=correlation), one.payload) for one in unit)


async def run(url: str, home: Path, workspace: UUID, seed: int, count: int) -> None:
    database = await Database.open(url, size=3)
    store = Store(database, Vault(database, master_key(home)))
    waiting = units(seed, count)

    async def caller() -> None:
        for unit in waiting:
            (appended,) = await store.append(workspace, [Append(unit)])
            if appended.outcome not in (Outcome.APPENDED, Outcome.DUPLICATE):
                raise RuntimeError(f"{appended}")
            sys.stdout.write("".join(f"{one.envelope.id}\n" for one in unit))
            sys.stdout.flush()

    await asyncio.gather(*(caller() for _ in range(CALLERS)))
    await store.close()
    await database.close()


if __name__ == "__main__":
    asyncio.run(run(sys.argv[1], Path(sys.argv[2]), UUID(sys.argv[3]), int(sys.argv[4]), int(sys.argv[5])))
