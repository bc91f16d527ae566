"""What the API answers over HTTP: pages of the journal and the question of KPIs, on a log and on one ten times it."""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from functools import partial
from itertools import islice
from statistics import median, quantiles
from typing import Any

import uvloop

from benchmarks.desk import BEGIN, events
from benchmarks.figures import Bar
from benchmarks.harness import Bench
from benchmarks.http import Client
from benchmarks.ledger import Desk, large, small
from benchmarks.projecting import caught_up
from benchmarks.serving import served
from domain.instants import DAY, HOUR, Instant, format_instant

ASKED = 100
"""Questions in a repetition, one after the other on one connection."""

_ENTRY = """
    id position occurredAt recordedAt type title(locale: RU) version
    actor { type key name } subject { key } context { item kind } origin { interface } payload
"""
"""Twelve fields."""
_JOURNAL = f"""
    query Journal($first: Int, $last: Int, $filter: JournalFilter, $order: JournalOrder!) {{
      journal(first: $first, last: $last, filter: $filter, order: $order) {{ nodes {{ {_ENTRY} }} }}
    }}
"""
_KPIS = """
    query Kpis($input: KpisInput!) {{
      kpis(input: $input) {{ rows {{
        kpi range {{ since }} group {{ value }} operator {{ key name }}
        figure {{ value numerator denominator n {beside} }}
      }} }}
    }}
"""
_SIX = (
    "FIRST_RESPONSE_TIME",
    "RESPONSE_TIME",
    "PROCESSED",
    "RESOLVED",
    "CLOSED_WITHOUT_REPLY_SHARE",
    "REOPEN_RATE",
)


@dataclass(frozen=True, slots=True)
class Question:
    """A GraphQL request; `rows` is how many the answer has at least."""

    query: str
    variables: Mapping[str, Any]
    rows: int

    @property
    def body(self) -> bytes:
        return json.dumps({"query": self.query, "variables": self.variables}).encode()


@dataclass(frozen=True, slots=True)
class AskedFigures:
    """A question for figures over the last days of the log. `beside`: what is told beside each figure."""

    title: str
    days: int
    asked: Mapping[str, Any]
    beside: str = ""


FIGURES = {
    "operators": AskedFigures("30 days by operator, six KPIs", 30, {"kpis": _SIX, "groupBy": ["OPERATOR"]}),
    "months": AskedFigures(
        "a year by month and team, six KPIs", 365, {"kpis": _SIX, "groupBy": ["TEAM"], "interval": "MONTH"}
    ),
    "quarters": AskedFigures("one day by quarter-hour, six KPIs", 1, {"kpis": _SIX, "interval": "QUARTER_HOUR"}),
    "weeks": AskedFigures(
        "two years by week, p90 of response time",
        730,
        {"kpis": ["RESPONSE_TIME"], "interval": "WEEK"},
        "spread { p90 percentileError }",
    ),
    "extremes": AskedFigures(
        "two years by month, slowest response",
        730,
        {"kpis": ["RESPONSE_TIME"], "interval": "MONTH"},
        "spread { slowest { seconds conversation { key } } }",
    ),
}
ZONES = {"Europe/Chisinau": 2, "Asia/Kathmandu": 5.75}
"""The desk's zone and one whose days begin within an hour; and by how many hours they are ahead in winter."""
PAGES = ("newest", "middle", "operator", "occurrence")
BARS = (
    *(
        Bar(
            f"Journal page of 50 x 12 ({page}): latency at ten times the log",
            f"ask.{page}",
            over=f"ask.small.{page}",
            at_most=1.3,
        )
        for page in PAGES
    ),
    *(
        Bar(
            f"{asked.title} ({zone}): latency at ten times the log",
            of,
            over=of.replace("ask.", "ask.small."),
            at_most=1.3,
        )
        for name, asked in FIGURES.items()
        for zone in ZONES
        for of in (f"ask.{name}.{zone}",)
    ),
    *(
        Bar(f"{asked.title} ({zone}): p95, ms", f"ask.{name}.{zone}.p95", at_most=100)
        for name, asked in FIGURES.items()
        for zone in ZONES
    ),
)


def measure(bench: Bench) -> None:
    """Both servers run, and take turns."""
    little, much = small(bench), large(bench)
    for desk in (little, much):
        caught_up(desk)
    bench.server.settle()
    with served(little.place.home, little.place.url) as beside, served(much.place.home, much.place.url) as base:
        asked = [("ask.small", beside, little, _questions(little)), ("ask", base, much, _questions(much))]
        bench.interleaved(
            [
                partial(_ask, bench, f"{prefix}.{name}", where, desk, questions[name])
                for name in asked[0][3]
                for prefix, where, desk, questions in asked
            ]
        )


def _questions(desk: Desk) -> dict[str, Question]:
    """The same of a longer history: the newest, the middle, somebody's, and the last thirty whole days of it."""
    [last] = islice(events(desk.events), desk.events - 1, None)
    end = last.envelope.occurred_at // DAY * DAY
    middle = format_instant(BEGIN + (end - BEGIN) // 2)
    operator = next(
        event.envelope.actor.id for event in events(10_000) if event.envelope.actor.type.value == "operator"
    )
    return {
        "newest": _page(),
        "middle": _page(filter={"until": middle}),
        "operator": _page(filter={"operators": [operator]}),
        "occurrence": _page(filter={"until": middle}, order="OCCURRENCE"),
        **{
            f"{name}.{zone}": _figures(asked, zone, int(end - ahead * HOUR))
            for name, asked in FIGURES.items()
            for zone, ahead in ZONES.items()
        },
    }


def _page(*, filter: Mapping[str, Any] | None = None, order: str = "LEDGER") -> Question:  # noqa: A002  # GraphQL's
    return Question(_JOURNAL, {"last": 50, "filter": filter, "order": order}, 50)


def _figures(asked: AskedFigures, zone: str, end: Instant) -> Question:
    since = max(end - asked.days * DAY, BEGIN)
    range_ = {"since": format_instant(since), "until": format_instant(end)}
    return Question(_KPIS.format(beside=asked.beside), {"input": {**asked.asked, "range": range_, "zone": zone}}, 1)


def _ask(bench: Bench, name: str, base: str, desk: Desk, question: Question) -> None:
    waits, rows = uvloop.run(_asked(base, desk.token, question))
    if rows < question.rows:
        raise AssertionError(f"{name}: {rows} rows")
    note = f"{desk.events:,} events, {rows} rows, HTTP, one connection"
    bench.book.add(name, "ms", median(waits), note)
    bench.book.add(f"{name}.p95", "ms", quantiles(waits, n=100)[94], note)
    bench.book.add(f"{name}.p99", "ms", quantiles(waits, n=100)[98], note)


async def _asked(base: str, token: str, question: Question) -> tuple[list[float], int]:
    """Milliseconds of each answer, and the rows in it."""
    body = question.body
    async with Client(base, {"Authorization": f"Bearer {token}"}) as client:
        for _ in range(10):
            answer = await client.post("/graphql", body)
        waits = []
        for _ in range(ASKED):
            answer = await client.post("/graphql", body)
            waits.append(answer.seconds * 1000)
    said = json.loads(answer.body)
    if answer.status != 200 or "errors" in said:
        raise AssertionError(f"HTTP {answer.status}: {said}")
    [found] = said["data"].values()
    return waits, len(found.get("nodes") or found.get("rows") or ())
