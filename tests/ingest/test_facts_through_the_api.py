"""What an independent count found in real desks' logs is what the API answers, once they are imported: over HTTP, from
a server of its own, whose projections fold while the log still comes in."""

import csv
import gzip
import random
from collections.abc import AsyncIterator, Iterator
from dataclasses import dataclass
from decimal import Decimal
from pathlib import Path
from typing import Any

import httpx
import pytest

from api.ingest.importer import import_log
from api.ingest.mapping import read_mapping
from api.ingest.preparation import Job
from api.ingest.report import Report
from eventstore import clock
from eventstore.database import Database
from eventstore.store import Store
from eventstore.vault import Vault, master_key
from tests.api.conftest import open_desk
from tests.api.desk import Desk
from tests.api.server import Server
from tests.conftest import _database, _named
from tests.ingest import real_logs

pytestmark = [real_logs.needed, pytest.mark.timeout(300), pytest.mark.xdist_group("facts through the API")]

ACTIONS = """
query Counted($filter: JournalFilter, $by: [ActionGroup!], $at: BigInt) {
  actions(filter: $filter, groupBy: $by, atLeast: $at) { rows { group { value actorType } events conversations } }
}
"""
KPIS = """
query Figures($input: KpisInput!) {
  kpis(input: $input) { rows { kpi figure { value n spread { mean median percentileError fastest { seconds } } } } }
}
"""
TAGGED = """
query Tagged($after: String, $at: BigInt) {
  journal(filter: { types: ["conversation.tagged"] }, first: 100, after: $after, atLeast: $at) {
    nodes { ... on ConversationTagged { tag } }
    pageInfo { hasNextPage endCursor }
  }
}
"""
CUT = pytest.param(real_logs.UCI_CUT, "uci_fixture_300", id="cut")
ALL = pytest.param(real_logs.UCI, "uci_dev_opened_before_2016-04-01", id="all", marks=pytest.mark.soak)
EVER = {"since": "2000-01-01T00:00:00Z", "until": "2025-01-01T00:00:00Z"}


@dataclass(frozen=True)
class Imported:
    """A desk whose log was imported, and how that went, the last time; `head`: its ledger's last position."""

    desk: Desk
    report: Report
    head: str

    async def counted(self, *by: str, **filter_: Any) -> dict[tuple[str | None, ...], tuple[int, int]]:
        """Events, and distinct conversations, by group; an actor's kind stands after the actor."""
        data = await self.desk.ask(ACTIONS, {"filter": filter_, "by": by, "at": self.head})
        return {
            tuple(said for part in row["group"] for said in part.values() if said is not None): (
                int(row["events"]),
                int(row["conversations"]),
            )
            for row in data["actions"]["rows"]
        }

    async def figures(self, *kpis: str) -> dict[str, Any]:
        """KPIs over all time, whoever acted."""
        asked = {"kpis": kpis, "range": EVER, "actorTypes": ["OPERATOR", "BOT", "SYSTEM"], "atLeast": self.head}
        data = await self.desk.ask(KPIS, {"input": asked})
        return {row["kpi"]: row["figure"] for row in data["kpis"]["rows"]}


@pytest.fixture(scope="module")
def facts_database_url(server_url: str, database_url: str) -> Iterator[str]:  # noqa: ARG001 - it makes the template
    """A database of these tests alone: nobody else waits while a large log is folded."""
    with _database(server_url, "facts", _named("template")) as url:
        yield url


@pytest.fixture(scope="module")
async def facts_database(facts_database_url: str) -> AsyncIterator[Database]:
    database = await Database.open(facts_database_url, size=4)
    yield database
    await database.close()


@pytest.fixture(scope="module")
async def facts_store(facts_database: Database, run_folder: Path) -> AsyncIterator[Store]:
    store = Store(facts_database, Vault(facts_database, master_key(run_folder)))
    yield store
    await store.close()


@pytest.fixture(scope="module")
async def facts_server(facts_database_url: str, run_folder: Path) -> AsyncIterator[Server]:
    server = Server(run_folder, facts_database_url, {"DESKLEDGER_AT_LEAST_SECONDS": "240"}).start()
    await server.ready()
    yield server
    assert server.stop() == 0


@pytest.fixture
async def desk(facts_server: Server, facts_database: Database, facts_store: Store) -> AsyncIterator[Desk]:
    """A fresh workspace."""
    desk = await open_desk(facts_server, facts_database, facts_store)
    await desk.close()
    desk.client = httpx.AsyncClient(timeout=250)
    yield desk
    await desk.close()


async def _imported(desk: Desk, store: Store, log: Path, mapping: str) -> Imported:
    report = await import_log(store, desk.workspace, Job(log, read_mapping(mapping), clock.now()))
    return Imported(desk, report, str(await store.head(desk.workspace)))


async def _servicenow(imported: Imported) -> dict[str, Any]:
    """Everything that is known of the ServiceNow desk, as the API tells it."""
    by_type = await imported.counted("TYPE")
    resolutions = await imported.counted("ACTOR", types=["conversation.resolved"])
    figures = await imported.figures("FULL_RESOLUTION_TIME", "FIRST_RESOLUTION_TIME")
    incidents, resolved = by_type["conversation.opened",], by_type["conversation.resolved",]
    reopened, transferred = by_type["conversation.reopened",], by_type["conversation.transferred",]
    most = sorted(((actor, events) for (actor, _), (events, _) in resolutions.items()), key=lambda one: -one[1])
    return {
        "rows": imported.report.rows_read,
        "incidents": incidents[1],
        "resolutions": resolved[0],
        "incidents_never_resolved": incidents[1] - resolved[1],
        "reopenings": reopened[0],
        "incidents_reopened": reopened[1],
        "group_changes": transferred[0],
        "incidents_with_a_group_change": transferred[1],
        "open_to_last_resolution_hours": _hours(figures["FULL_RESOLUTION_TIME"]),
        "open_to_first_resolution_hours": _hours(figures["FIRST_RESOLUTION_TIME"]),
        "resolutions_by_actor_top5": dict(most[:5]),
        "promise_breaches_reported_by_the_desk": by_type["sla.reported",][0],
        "closings": by_type["conversation.closed",][0],
    }


def _hours(figure: dict[str, Any]) -> dict[str, float]:
    """A figure of durations as the facts tell it. Nothing is negative where the shortest is not."""
    spread = figure["spread"]
    assert spread["percentileError"] == "0"
    assert figure["value"] == spread["mean"]
    return {
        "n": int(figure["n"]),
        "mean_h": float(round(Decimal(figure["value"]) / 3_600, 4)),
        "median_h": float(round(Decimal(spread["median"]) / 3_600, 4)),
        "neg": int(spread["fastest"]["seconds"] < 0),
    }


async def test_the_servicenow_desks_figures_are_answered(desk: Desk, facts_store: Store) -> None:
    imported = await _imported(desk, facts_store, real_logs.UCI, "servicenow")
    assert await _servicenow(imported) == real_logs.facts("uci_dev_opened_before_2016-04-01")
    by_actor = await imported.counted("ACTOR", types=["conversation.resolved"])
    assert by_actor["Updated by 908", "SYSTEM"][0] == 781
    by_operators = await imported.counted("TYPE", types=["conversation.resolved"], actorTypes=["OPERATOR", "BOT"])
    assert by_operators["conversation.resolved",][0] == 8580


@pytest.mark.parametrize(("log", "about"), [CUT, ALL])
async def test_the_log_imported_twice_is_answered_the_same(
    desk: Desk, facts_store: Store, log: Path, about: str
) -> None:
    once = await _imported(desk, facts_store, log, "servicenow")
    assert await _servicenow(once) == real_logs.facts(about)
    again = await _imported(desk, facts_store, log, "servicenow")
    assert (again.report.appended, again.report.already_there) == (0, once.report.appended)
    assert again.head == once.head
    assert await _servicenow(again) == real_logs.facts(about)


@pytest.mark.parametrize(("log", "about"), [CUT, ALL])
async def test_the_log_with_its_rows_shuffled_is_answered_the_same(
    desk: Desk, facts_store: Store, tmp_path: Path, log: Path, about: str
) -> None:
    shuffled = await _imported(desk, facts_store, _shuffled(log, tmp_path), "servicenow")
    assert await _servicenow(shuffled) == real_logs.facts(about)
    in_order = await _imported(desk, facts_store, log, "servicenow")
    assert (in_order.report.appended, in_order.report.refused.count) == (0, 0)


def _shuffled(log: Path, folder: Path) -> Path:
    opened = gzip.open if log.suffix == ".gz" else open
    with opened(log, "rt", encoding="utf-8-sig", newline="") as source:
        header, *rows = list(csv.reader(source))
    random.Random(300).shuffle(rows)
    path = folder / "shuffled.csv"
    with path.open("w", encoding="utf-8", newline="") as target:
        csv.writer(target).writerows([header, *rows])
    return path


async def test_the_italian_help_desks_figures_are_answered(desk: Desk, facts_store: Store) -> None:
    told = real_logs.facts("helpdesk_italy")
    done = told["activities_distinct"]
    imported = await _imported(desk, facts_store, real_logs.HELPDESK, "helpdesk_xes")
    report = imported.report
    assert (report.rows_read, report.cases, report.refused.count) == (told["rows_read"], told["cases"], 0)
    assert (report.duplicates.exact, report.duplicates.same_key) == (told["exact_duplicates"], 0)
    assert report.rows_read - report.duplicates.exact == told["distinct"] == sum(done.values())

    by_type = await imported.counted("TYPE")
    assert by_type["conversation.opened",] == (told["cases"], told["cases"])
    assert {name: by_type[f"conversation.{name}",][0] for name in ("claimed", "put_on_hold", "escalated")} == {
        "claimed": done["Take in charge ticket"],
        "put_on_hold": done["Wait"],
        "escalated": done["Require upgrade"] + done["Create SW anomaly"],
    }
    assert by_type["conversation.resolved",][0] == done["Resolve ticket"] + done["RESOLVED"]
    assert by_type["conversation.closed",][0] == done["Closed"] + done["INVALID"] + done["DUPLICATE"]
    tags = await _tags(imported)
    assert tags == {tag: done[tag] for tag in tags}
    assert len(tags) == 4

    actors = await imported.counted("ACTOR")
    assert len({actor for actor, _ in actors}) == told["resources"]
    assert ("Value 5", "SYSTEM") in actors
    assert {actor for actor, kind in actors if kind == "OPERATOR"} == {actor for actor, _ in actors} - {"Value 5"}


async def _tags(imported: Imported) -> dict[str, int]:
    """How often each tag was set, counted along the journal's pages."""
    tags: dict[str, int] = {}
    after = None
    while True:
        data = await imported.desk.ask(TAGGED, {"after": after, "at": imported.head})
        for node in data["journal"]["nodes"]:
            tags[node["tag"]] = tags.get(node["tag"], 0) + 1
        after = data["journal"]["pageInfo"]["endCursor"]
        if not data["journal"]["pageInfo"]["hasNextPage"]:
            return tags


async def test_the_tweets_figures_are_answered(desk: Desk, facts_store: Store) -> None:
    imported = await _imported(desk, facts_store, real_logs.TWEETS, "twitter")
    by_type = await imported.counted("TYPE")
    figures = await imported.figures("CONVERSATIONS_OPENED", "CONVERSATIONS_STARTED_BY_DESK", "FIRST_RESPONSE_TIME")
    signed = await imported.counted("ACTOR", types=["reply.sent"], inferred=False)
    opened, answered = int(figures["CONVERSATIONS_OPENED"]["value"]), figures["FIRST_RESPONSE_TIME"]
    assert {kind for _, kind in signed} == {"OPERATOR"}
    assert {
        "threads": by_type["conversation.opened",][1],
        "opened_by_customer": opened,
        "brand_first": int(figures["CONVERSATIONS_STARTED_BY_DESK"]["value"]),
        "answered": int(answered["n"]),
        "unanswered": opened - int(answered["n"]),
        "first_answer_median_s": float(answered["spread"]["median"]),
        "first_answer_mean_s": float(round(Decimal(answered["value"]), 2)),
        "inbound": by_type["item.received",][0],
        "outbound": by_type["reply.sent",][0],
        "signed": sum(events for events, _ in signed.values()),
        "brands": len(await imported.counted("COMMUNITY", types=["reply.sent"])),
        "customers": len(await imported.counted("ACTOR", types=["item.received"])),
        "operators_by_signature": len(signed),
    } == real_logs.facts("twitter")
    assert imported.report.refused.by_code == {"MISSING_CELL": 1}
