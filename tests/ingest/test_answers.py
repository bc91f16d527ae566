"""What an independent count found in real desks' logs is what the projections answer, once a log is imported."""

from dataclasses import dataclass
from decimal import Decimal
from pathlib import Path
from uuid import UUID

import pytest

from api.ingest.importer import import_log
from api.ingest.mapping import read_mapping
from api.ingest.preparation import Job
from domain.instants import AHEAD, EARLIEST
from domain.kpi.question import Dimension, Figure, Question, Range
from domain.words import ActorType
from eventstore import clock
from eventstore.database import Database
from eventstore.store import Store
from projections.conversations.project import Conversations
from projections.conversations.questions import answer
from projections.journal.actions import Group, actions
from projections.journal.filter import Filter
from projections.journal.projection import Journal
from tests.ingest import real_logs
from tests.projections.filling import fill

pytestmark = [real_logs.needed, pytest.mark.timeout(300)]

_HOUR = 3_600
_ANYBODY = (ActorType.OPERATOR, ActorType.BOT, ActorType.SYSTEM)


@dataclass(frozen=True)
class Desk:
    """A desk whose log was imported and folded."""

    database: Database
    workspace: UUID

    async def counted(self, filter_: Filter, *groups: Group) -> dict[tuple[str, ...], tuple[int, int]]:
        """Events, and distinct conversations, by group."""
        async with self.database.transaction(self.workspace, snapshot=True) as connection:
            found = await actions(connection, self.workspace, filter_, group_by=groups)
        return {row.group: (row.events, row.conversations) for row in found.rows}

    async def figures(self, *kpis: str, by: tuple[Dimension, ...] = ()) -> dict[tuple[str, ...], Figure]:
        """KPIs over all time and all actors, by name and group."""
        now = clock.now()
        question = Question(kpis, Range(EARLIEST, now + AHEAD), group_by=by, actor_types=_ANYBODY, spread=True)
        async with self.database.transaction(self.workspace, snapshot=True) as connection:
            found = await answer(connection, self.workspace, question, now=now)
        return {(row.kpi, *row.group): row.figure for row in found.rows}


async def _desk(database: Database, store: Store, workspace: UUID, log: Path, mapping: str) -> Desk:
    report = await import_log(store, workspace, Job(log, read_mapping(mapping), clock.now()))
    assert report.appended == await store.head(workspace) + 1
    for projection in (Journal(store), Conversations(store)):
        await fill(database, store, projection, workspace, batches=5_000)
    return Desk(database, workspace)


def _most(counted: dict[tuple[str, ...], tuple[int, int]]) -> dict[str, int]:
    """The five who did it most often; the desk's own system is named by its account."""
    by_actor = {actor or "Updated by 908": events for (actor, _), (events, _) in counted.items()}
    return dict(sorted(by_actor.items(), key=lambda item: -item[1])[:5])


def _hours(figure: Figure) -> dict[str, float]:
    """A figure of durations as the facts tell it."""
    assert figure.value is not None
    assert figure.spread is not None
    return {
        "n": figure.n,
        "mean_h": float(round(figure.value / _HOUR, 4)),
        "median_h": float(round(figure.spread.median / _HOUR, 4)),
        "neg": 0,
    }


@pytest.mark.parametrize(
    ("log", "about"),
    [
        (real_logs.UCI, "uci_dev_opened_before_2016-04-01"),
        (real_logs.UCI_CUT, "uci_fixture_300"),
    ],
    ids=["all", "cut"],
)
async def test_the_servicenow_desks_figures_are_answered(
    database: Database, store: Store, workspace: UUID, log: Path, about: str
) -> None:
    told = real_logs.facts(about)
    desk = await _desk(database, store, workspace, log, "servicenow")
    by_type = await desk.counted(Filter(), Group.TYPE)
    resolved = await desk.counted(Filter(types=("conversation.resolved",)), Group.OPERATOR, Group.ACTOR_TYPE)
    assert by_type["conversation.opened",] == (told["incidents"], told["incidents"])
    assert by_type["conversation.resolved",] == (
        told["resolutions"],
        told["incidents"] - told["incidents_never_resolved"],
    )
    assert by_type["conversation.reopened",] == (told["reopenings"], told["incidents_reopened"])
    assert by_type["conversation.transferred",] == (told["group_changes"], told["incidents_with_a_group_change"])
    assert by_type["conversation.closed",][0] == told["closings"]
    assert by_type["sla.reported",][0] == told["promise_breaches_reported_by_the_desk"]
    assert _most(resolved) == told["resolutions_by_actor_top5"]
    figures = await desk.figures("first_resolution_time", "full_resolution_time")
    assert _hours(figures["first_resolution_time",]) == told["open_to_first_resolution_hours"]
    assert _hours(figures["full_resolution_time",]) == told["open_to_last_resolution_hours"]


async def test_the_italian_help_desks_figures_are_answered(database: Database, store: Store, workspace: UUID) -> None:
    told = real_logs.facts("helpdesk_italy")
    desk = await _desk(database, store, workspace, real_logs.HELPDESK, "helpdesk_xes")
    by_type = await desk.counted(Filter(), Group.TYPE)
    operators = await desk.counted(Filter(), Group.OPERATOR, Group.ACTOR_TYPE)
    assert by_type["conversation.opened",] == (told["cases"], told["cases"])
    assert by_type["conversation.claimed",][0] == told["activities_distinct"]["Take in charge ticket"]
    assert ("Value 5", "operator") not in operators
    assert sum(kind == "operator" for _, kind in operators) == told["resources"] - 1


async def test_the_dialogues_figures_are_answered(database: Database, store: Store, workspace: UUID) -> None:
    told = real_logs.facts("twitter")
    desk = await _desk(database, store, workspace, real_logs.TWEETS, "twitter")
    by_type = await desk.counted(Filter(), Group.TYPE)
    figures = await desk.figures("conversations_opened", "conversations_started_by_desk", "first_response_time")
    answered = figures["first_response_time",]
    assert answered.spread is not None
    assert by_type["conversation.opened",][0] == told["threads"]
    assert by_type["item.received",][0] == told["inbound"]
    assert by_type["reply.sent",][0] == told["outbound"]
    signed = await desk.counted(Filter(types=("reply.sent",), inferred=False), Group.OPERATOR)
    assert sum(events for events, _ in signed.values()) == told["signed"]
    assert len(signed) == told["operators_by_signature"]
    assert len(await desk.counted(Filter(types=("reply.sent",)), Group.COMMUNITY)) == told["brands"]
    assert figures["conversations_opened",].value == told["opened_by_customer"]
    assert figures["conversations_started_by_desk",].value == told["brand_first"]
    assert answered.n == told["answered"]
    assert answered.spread.median == Decimal(str(told["first_answer_median_s"]))
    assert round(answered.spread.mean, 2) == Decimal(str(told["first_answer_mean_s"]))
