"""What an investigator asks: pages of the journal by pairs of filters, and texts by their words with two filters."""

import random
from collections.abc import Sequence
from statistics import median, quantiles
from time import perf_counter
from typing import Any

import uvloop

from benchmarks import calibration
from benchmarks.apart import apart
from benchmarks.figures import Bar
from benchmarks.harness import Bench
from benchmarks.ledger import Desk, large, opened
from benchmarks.projecting import catch_up
from domain.instants import DAY, Instant, instant_of
from domain.words import Kind
from eventstore.database import Database, Session
from eventstore.store import Store
from projections.journal import query as journal
from projections.journal.filter import Filter
from projections.search import query as search
from projections.search.filter import Filter as SearchFilter
from projections.search.question import question_of
from projections.search.states import State

_ASKED = 300
_SEED = 11
_FIELDS = {
    "operators": "operator",
    "teams": "team",
    "types": "type",
    "channels": "channel",
    "communities": "community",
    "customers": "customer",
    "conversations": "conversation",
    "kinds": "kind",
}
_PAIRS = tuple((one, other) for one in _FIELDS for other in (*_FIELDS, "since") if one < other)

_BY_FOLD = calibration.BY_FOLD
BARS = (
    Bar("Journal by pairs of filters, page of 50: p95, ms", "find.journal.p95", at_most=30, calibration=_BY_FOLD),
    Bar("Search of a rare word, two filters: p95, ms", "find.rare.p95", at_most=100, calibration=_BY_FOLD),
    Bar("Search of a frequent word, two filters: p95, ms", "find.frequent.p95", at_most=200, calibration=_BY_FOLD),
    Bar("Catching up: search, events/s", "projecting.search", at_least=5_000, calibration=_BY_FOLD),
)


def measure(bench: Bench) -> None:
    desk = large(bench)
    for name in ("journal", "search"):
        rate = desk.events / apart(catch_up, desk, name).result
        bench.book.add(f"projecting.{name}", "events/s", rate, f"{desk.events:,} events, one process, once")
    bench.server.settle()
    for name, times in apart(_ask, desk).result.items():
        what = f"{len(times)} different questions, each once, in one process, words opened"
        bench.book.add(f"find.{name}", "ms", median(times), what)
        bench.book.add(f"find.{name}.p95", "ms", quantiles(times, n=20)[-1], what)


def _ask(desk: Desk) -> dict[str, list[float]]:
    return uvloop.run(_ask_all(desk))


async def _ask_all(desk: Desk) -> dict[str, list[float]]:
    chance = random.Random(_SEED)  # noqa: S311 - the same questions every time
    question_of("жалоба жалоби complaint plângere")  # loads the dictionaries
    async with opened(desk.place) as (database, store):
        async with database.transaction(desk.workspace, snapshot=True) as connection:
            values = await _values(connection, desk)
            rare, frequent = await _lemmas(connection, desk)
        return {
            "journal": [await _page(database, store, desk, _pair(chance, values)) for _ in range(_ASKED)],
            "rare": [await _found(database, store, desk, chance.choice(rare), chance, values) for _ in range(_ASKED)],
            "frequent": [
                await _found(database, store, desk, chance.choice(frequent), chance, values) for _ in range(_ASKED)
            ],
        }


async def _values(connection: Session, desk: Desk) -> dict[str, list[Any]]:
    """For each filter values that occur, the frequent ones and seldom ones alike; and days of the log."""
    found: dict[str, list[Any]] = {}
    for field, column in _FIELDS.items():
        rows = await connection.fetch(
            f"SELECT {column} AS value, count(*) AS n FROM journal_entries "
            f"WHERE workspace_id = $1 AND {column} IS NOT NULL GROUP BY 1 ORDER BY 2 DESC, 1",
            desk.workspace,
        )
        some = [row["value"] for row in (*rows[:10], *rows[:: max(len(rows) // 20, 1)], *rows[-10:])]
        found[field] = [Kind(value) for value in some] if field == "kinds" else some
    edges = await connection.fetchrow(
        "SELECT min(occurred_at), max(occurred_at) FROM journal_entries WHERE workspace_id = $1", desk.workspace
    )
    assert edges is not None
    begin, end = map(instant_of, edges)
    found["since"] = list(range(begin, end, max((end - begin) // 50, DAY)))
    return found


async def _lemmas(connection: Session, desk: Desk) -> tuple[list[str], list[str]]:
    rows = await connection.fetch(
        "SELECT lemma, count(*) AS n FROM search_lemmas WHERE workspace_id = $1 GROUP BY lemma", desk.workspace
    )
    whole = sorted((row["n"], row["lemma"]) for row in rows if row["lemma"].isalpha())
    rare = [lemma for count, lemma in whole if 2 <= count <= max(whole[-1][0] // 200, 2)]
    return rare, [lemma for _, lemma in whole[-40:]]


def _pair(chance: random.Random, values: dict[str, list[Any]]) -> dict[str, Any]:
    one, other = chance.choice(_PAIRS)
    asked: dict[str, Any] = {}
    for field in (one, other):
        if field == "since":
            since: Instant = chance.choice(values["since"])
            asked |= {"since": since, "until": since + chance.choice((1, 7, 30)) * DAY}
        else:
            asked[field] = (chance.choice(values[field]),)
    return asked


async def _page(database: Database, store: Store, desk: Desk, asked: dict[str, Any]) -> float:
    backwards = len(str(asked)) % 2 == 0
    began = perf_counter()
    async with database.transaction(desk.workspace, snapshot=True) as connection:
        await journal.entries(connection, store, desk.workspace, Filter(**asked), limit=50, backwards=backwards)
    return (perf_counter() - began) * 1_000


async def _found(
    database: Database, store: Store, desk: Desk, lemma: str, chance: random.Random, values: dict[str, list[Any]]
) -> float:
    fields: Sequence[str] = chance.sample(("operators", "channels", "communities", "states", "since", "customers"), 2)
    asked: dict[str, Any] = {}
    for field in fields:
        if field == "since":
            asked["since"] = chance.choice(values["since"])
        elif field == "states":
            asked["states"] = (chance.choice((State.CURRENT, State.DELETED, State.HIDDEN)),)
        else:
            asked[field] = (chance.choice(values[field]),)
    began = perf_counter()
    async with database.transaction(desk.workspace, snapshot=True) as connection:
        await search.texts(
            connection, store, desk.workspace, question_of(lemma), SearchFilter(**asked), limit=50, backwards=True
        )
    return (perf_counter() - began) * 1_000
