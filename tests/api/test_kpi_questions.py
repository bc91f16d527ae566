"""The question's further arguments, over the API."""

from typing import Any

from tests.api.desk import Desk, received, replied
from tests.api.test_kpis import MARCH, two_days

KPIS = """
query Figures($input: KpisInput!) {
  kpis(input: $input) {
    asOf { position }
    rows {
      name kpi shownWith
      definition { version }
      operator { key }
      figure {
        value numerator denominator n provisional withheld
        certainty { low high }
        spread { p90 histogram { since until n } slowest { seconds value conversation { key } at } }
      }
      teamComparison { mean median peers robustZ teamWide }
    }
  }
}
"""


async def rows(desk: Desk, **asked: Any) -> list[dict[str, Any]]:
    answer = await desk.ask(KPIS, {"input": {"kpis": [], "range": MARCH, **asked}})
    return list(answer["kpis"]["rows"])


async def test_a_formula_of_ones_own_is_answered_like_a_kpi(desk: Desk) -> None:
    last = await two_days(desk)
    formulas = [
        {
            "name": "replies_per_item",
            "expression": {"ratio": {"part": [{"measure": "REPLY_SENT"}], "whole": [{"measure": "ITEM_RECEIVED"}]}},
        },
        {"name": "waited", "expression": {"sum": [{"measure": "RESPONSE", "aggregate": "TOTAL"}]}},
        {"name": "typical", "expression": {"mean": "RESPONSE"}},
        {
            "name": "left",
            "expression": {"sum": [{"measure": "ITEM_RECEIVED"}, {"measure": "RESPONSE", "minus": True}]},
        },
    ]
    found = await rows(desk, kpis=["REPLIES_SENT"], formulas=formulas, atLeast=last)
    assert [(row["name"], row["kpi"], row["figure"]["value"]) for row in found] == [
        ("replies_sent", "REPLIES_SENT", "3"),
        ("replies_per_item", None, "1.5"),
        ("waited", None, "2400"),
        ("typical", None, "1200"),
        ("left", None, "0"),
    ]


async def test_a_formula_that_makes_no_sense_is_refused(desk: Desk) -> None:
    await two_days(desk)
    count = {"measure": "REPLY_SENT"}
    for expression, words in (
        ({"sum": [count, {"measure": "RESPONSE", "aggregate": "TOTAL"}]}, "different units"),
        ({"sum": [{"measure": "REPLY_SENT", "aggregate": "TOTAL"}]}, "only counted"),
        ({"mean": "REPLY_SENT"}, "only counted"),
        ({"sum": []}, "1 term"),
        ({"ratio": {"part": [count], "whole": [count], "times": 0}}, "1 to 1,000,000"),
    ):
        asked = {"kpis": [], "range": MARCH, "formulas": [{"name": "own", "expression": expression}]}
        refusal = await desk.refusal(KPIS, {"input": asked})
        assert words in refusal["message"], refusal
    named = [{"name": "no name", "expression": {"sum": [count]}}]
    refusal = await desk.refusal(KPIS, {"input": {"kpis": [], "range": MARCH, "formulas": named}})
    assert "letters" in refusal["message"]


async def test_operators_stand_beside_their_team(desk: Desk) -> None:
    last = await two_days(desk)
    found = await rows(desk, kpis=["REPLIES_SENT"], groupBy=["OPERATOR"], compareTo="TEAM", atLeast=last)
    assert [(row["operator"]["key"], row["teamComparison"]) for row in found] == [
        ("anna", {"mean": "1", "median": "1", "peers": 1, "robustZ": "0.6745", "teamWide": None}),
        ("boris", {"mean": "2", "median": "2", "peers": 1, "robustZ": "-0.6745", "teamWide": None}),
    ]
    (alone,) = await rows(
        desk, kpis=["REPLIES_SENT"], groupBy=["OPERATOR"], compareTo="TEAM", where={"operators": ["anna"]}
    )
    assert alone["teamComparison"]["mean"] == "1", "the others still stand beside her"
    refusal = await desk.refusal(KPIS, {"input": {"kpis": ["REPLIES_SENT"], "range": MARCH, "compareTo": "TEAM"}})
    assert "group by operator" in refusal["message"]


async def test_an_earlier_position_is_answered_as_it_stood(desk: Desk) -> None:
    last = int(await two_days(desk))
    earlier = await rows(desk, kpis=["REPLIES_SENT"], asOf={"position": str(last - 1)}, atLeast=str(last))
    assert earlier[0]["figure"]["value"] == "2"
    now = await rows(desk, kpis=["REPLIES_SENT"], asOf={"position": str(last)})
    assert now[0]["figure"]["value"] == "3"
    late = await rows(desk, kpis=["REPLIES_SENT"], asOf={"instant": "2100-01-01T00:00:00Z"})
    assert late[0]["figure"]["value"] == "3"
    for as_of in ({"position": "1000"}, {"instant": "1999-01-01T00:00:00Z"}):
        refusal = await desk.refusal(KPIS, {"input": {"kpis": ["REPLIES_SENT"], "range": MARCH, "asOf": as_of}})
        assert "the ledger holds positions 0 to" in refusal["message"], refusal


async def test_how_sure_a_figure_is_and_how_it_is_spread(desk: Desk) -> None:
    last = await two_days(desk)
    (row,) = await rows(desk, kpis=["FIRST_RESPONSE_TIME"], atLeast=last)
    figure = row["figure"]
    assert figure["spread"]["slowest"] == {
        "seconds": 1800, "value": "1800", "conversation": {"key": "c2"}, "at": "2026-03-03T09:30:00.000000Z",
    }  # fmt: skip
    assert [bucket["n"] for bucket in figure["spread"]["histogram"]] == ["1", "1"]
    assert float(figure["certainty"]["low"]) < 1200 < float(figure["certainty"]["high"])
    assert row["shownWith"] == ["CLOSED_WITHOUT_REPLY_SHARE"]


async def test_a_definition_by_its_number(desk: Desk) -> None:
    last = await two_days(desk)
    one = [{"kpi": "REPLIES_SENT", "version": 1}]
    (row,) = await rows(desk, kpis=["REPLIES_SENT"], versions=one, atLeast=last)
    assert row["definition"]["version"] == 1
    refusal = await desk.refusal(
        KPIS,
        {
            "input": {
                "kpis": ["REPLIES_SENT"],
                "range": MARCH,
                "versions": [{"kpi": "REPLIES_SENT", "version": 7}],
            }
        },
    )
    assert "versions 1 to" in refusal["message"]


async def test_a_figure_opens_into_samples_and_those_into_events(desk: Desk) -> None:
    last = await two_days(desk)
    query = """
    query($input: KpisInput!, $first: Int!, $after: String) {
      kpis(input: $input) { rows { figure { n samples(first: $first, after: $after, of: NUMERATOR) {
        pageInfo { hasNextPage endCursor }
        nodes {
          measure unit at since calendarSeconds businessSeconds episode
          conversation { key } operator { key } team { key } counts { side aggregate measure }
          events { type position }
        }
      } } } }
    }"""
    asked = {"kpis": ["RESPONSE_TIME"], "range": MARCH, "atLeast": last}
    after, seen = None, []
    while True:
        answer = await desk.ask(query, {"input": asked, "first": 1, "after": after})
        page = answer["kpis"]["rows"][0]["figure"]["samples"]
        seen += page["nodes"]
        after = page["pageInfo"]["endCursor"]
        if not page["pageInfo"]["hasNextPage"]:
            break
    assert [(node["conversation"]["key"], node["operator"]["key"], node["calendarSeconds"]) for node in seen] == [
        ("c1", "anna", "600"),
        ("c2", "anna", "1800"),
    ]
    first = seen[0]
    assert (first["measure"], first["unit"], first["since"]) == ("response", "SECONDS", "2026-03-02T09:00:00.000000Z")
    assert [event["type"] for event in first["events"]] == ["item.received", "reply.sent"]
    assert first["counts"] == [{"side": "NUMERATOR", "aggregate": "TOTAL", "measure": "response"}]


async def test_operators_are_ranked_with_ties_and_a_least_n(desk: Desk) -> None:
    await two_days(desk)
    last = await desk.recorded(
        received("c3", "i3", at="2026-03-03T10:00:00Z"),
        replied("c3", "r4", at="2026-03-03T10:10:00Z", by="vera"),
    )
    query = """
    query($input: KpiRankingInput!) {
      kpiRanking(input: $input) {
        places { rank tied overlapsNext operator { key } figure { value n } team { peers } usual { median } }
        team { value }
        definition { name }
      }
    }"""
    asked: dict[str, Any] = {"by": {"kpi": "REPLIES_SENT"}, "range": MARCH, "atLeast": str(last), "pastPeriods": 4}
    ranking = (await desk.ask(query, {"input": asked}))["kpiRanking"]
    assert [(place["operator"]["key"], place["rank"], place["tied"]) for place in ranking["places"]] == [
        ("anna", 1, False),
        ("boris", 2, True),
        ("vera", 2, True),
    ]
    assert ranking["team"]["value"] == "4"
    few = (await desk.ask(query, {"input": {**asked, "leastN": 2}}))["kpiRanking"]
    assert [place["rank"] for place in few["places"]] == [1, None, None]
    own = {"formula": {"name": "mine", "expression": {"mean": "RESPONSE"}, "direction": "LESS_IS_BETTER"}}
    quickest = (await desk.ask(query, {"input": {**asked, "by": own}}))["kpiRanking"]
    assert [place["operator"]["key"] for place in quickest["places"]] == ["vera", "anna"]
    assert quickest["definition"] is None


async def test_lines_are_ready_to_be_drawn(desk: Desk) -> None:
    last = await two_days(desk)
    query = """
    query($input: KpiSeriesInput!) {
      kpiSeries(input: $input) { times { since } lines { name title unit values provisional } }
    }"""
    asked = {
        "lines": [
            {"kpi": "RESPONSE_TIME", "where": {"operators": ["anna"]}},
            {"kpi": "INCOMING_ITEMS"},
        ],
        "range": MARCH,
        "interval": "DAY",
        "atLeast": last,
    }
    series = (await desk.ask(query, {"input": asked}))["kpiSeries"]
    assert len(series["times"]) == 2
    assert [(line["name"], line["unit"], line["values"]) for line in series["lines"]] == [
        ("response_time", "SECONDS", ["600", "1800"]),
        ("incoming_items", "COUNT", ["1", "1"]),
    ]
