"""What the oracle finds (`tests.oracle`), asked for over the API: every KPI, by operator and by day at +5:45."""

from decimal import Decimal
from typing import Any

from domain.instants import SECOND, format_instant, parse_instant
from domain.kpi.catalogue import CATALOGUE
from domain.kpi.question import Clock, Dimension, Interval, Question, Range
from eventstore.store import Store
from tests.api.desk import Desk
from tests.oracle.answering import ALL, NOW
from tests.oracle.desks import BEGINNING, SPAN, random_desk
from tests.oracle.oracle import Oracle, pieces
from tests.projections.filling import append

KPIS = """
query Figures($input: KpisInput!) {
  kpis(input: $input) { rows { kpi group { value } range { since until } figure { value withheld } } }
}
"""


def _asked(question: Question, position: int) -> dict[str, Any]:
    return {
        "kpis": [kpi.upper() for kpi in question.kpis],
        "range": {"since": format_instant(question.range.since), "until": format_instant(question.range.until)},
        "zone": question.zone,
        "interval": None if question.interval is None else question.interval.value.upper(),
        "groupBy": [dimension.value.upper() for dimension in question.group_by],
        "clock": question.clock.value.upper(),
        "atLeast": str(position),
    }


async def _wrong(desk: Desk, oracle: Oracle, question: Question, position: int) -> list[str]:
    answer = await desk.ask(KPIS, {"input": _asked(question, position)})
    shown = {}
    for row in answer["kpis"]["rows"]:
        piece = Range(parse_instant(row["range"]["since"]), parse_instant(row["range"]["until"]))
        group = tuple((each["value"] or "") for each in row["group"])
        if row["figure"]["withheld"] is None:
            shown[row["kpi"].lower(), group, piece] = row["figure"]["value"]
    found = []
    for (kpi, group, piece), value in shown.items():
        expected = oracle.value(kpi, question, group, piece, NOW // SECOND)
        if (None if value is None else Decimal(value)) != expected:
            found.append(f"{kpi} of {group} in {piece}: it is {value}, not {expected}")
    assert {piece for _, _, piece in shown} == set(pieces(question))
    return found


async def test_the_api_answers_what_the_oracle_finds(desk: Desk, api_store: Store) -> None:
    events = random_desk(0)
    last = (await append(api_store, desk.workspace, events))[-1]
    oracle = Oracle(events)
    by_operator = Question(
        kpis=tuple(kpi.name for kpi in CATALOGUE.values() if Dimension.OPERATOR in kpi.slices and not kpi.needs),
        range=ALL,
        group_by=(Dimension.OPERATOR,),
        clock=Clock.BUSINESS,
    )
    by_day = Question(
        kpis=tuple(kpi.name for kpi in CATALOGUE.values() if not kpi.needs),
        range=Range(BEGINNING, BEGINNING + SPAN),
        zone="Asia/Kathmandu",
        interval=Interval.DAY,
    )
    by_kind = Question(kpis=("handle_time", "contacts_handled"), range=ALL, group_by=(Dimension.KIND,))
    for question in (by_operator, by_day, by_kind):
        assert await _wrong(desk, oracle, question, last) == []
