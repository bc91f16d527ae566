"""Figures over the API."""

from typing import Any

from tests.api.desk import Desk, action, received, replied

KPIS = """
query Figures($input: KpisInput!) {
  kpis(input: $input) {
    asOf { position recordedAt }
    rows {
      kpi
      definition { code version title(locale: UK) unit direction }
      group { dimension value }
      operator { key name }
      range { since until }
      figure { value numerator denominator n spread { median fastest { seconds conversation { key } } } }
      previous { value n }
    }
  }
}
"""
MARCH = {"since": "2026-03-02T00:00:00Z", "until": "2026-03-04T00:00:00Z"}


async def rows(desk: Desk, **asked: Any) -> list[dict[str, Any]]:
    answer = await desk.ask(KPIS, {"input": {"range": MARCH, **asked}})
    return list(answer["kpis"]["rows"])


async def two_days(desk: Desk) -> str:
    """A position up to which two operators answered over two days."""
    return str(
        await desk.recorded(
            action({"operatorJoined": {"operator": "anna", "name": "Anna", "team": "first"}}, by="boss"),
            received("c1", "i1", at="2026-03-02T09:00:00Z"),
            replied("c1", "r1", at="2026-03-02T09:10:00Z"),
            received("c2", "i2", at="2026-03-03T09:00:00Z", by="ivan"),
            replied("c2", "r2", at="2026-03-03T09:30:00Z"),
            replied("c2", "r3", at="2026-03-03T09:40:00Z", by="boris"),
        )
    )


async def test_several_kpis_by_operator_with_their_definitions_and_names(desk: Desk) -> None:
    last = await two_days(desk)
    found = await rows(desk, kpis=["FIRST_RESPONSE_TIME", "REPLIES_SENT"], groupBy=["OPERATOR"], atLeast=last)
    assert [(row["kpi"], row["operator"]["key"], row["figure"]["value"]) for row in found] == [
        ("FIRST_RESPONSE_TIME", "anna", "1200"),
        ("FIRST_RESPONSE_TIME", "boris", None),
        ("REPLIES_SENT", "anna", "2"),
        ("REPLIES_SENT", "boris", "1"),
    ]
    first = found[0]
    assert first["operator"]["name"] == "Anna"
    assert (first["definition"]["code"], first["definition"]["unit"], first["definition"]["direction"]) == (
        "K14", "SECONDS", "LESS_IS_BETTER",
    )  # fmt: skip
    assert first["figure"]["numerator"] == "2400"
    assert first["figure"]["denominator"] == first["figure"]["n"] == "2"
    assert first["figure"]["spread"]["fastest"] == {"seconds": 600, "conversation": {"key": "c1"}}


async def test_nothing_counted_is_null_and_never_zero(desk: Desk) -> None:
    last = await two_days(desk)
    (row,) = await rows(
        desk, kpis=["FIRST_RESPONSE_TIME"], where={"teams": ["nobody"]}, compareTo="PREVIOUS_PERIOD", atLeast=last
    )
    assert row["figure"] == {"value": None, "numerator": "0", "denominator": "0", "n": "0", "spread": None}
    assert row["previous"] == {"value": None, "n": "0"}


async def test_a_range_is_cut_at_the_zones_midnights_with_the_period_before_beside(desk: Desk) -> None:
    last = await two_days(desk)
    found = await rows(
        desk, kpis=["REPLIES_SENT"], interval="DAY", zone="Europe/Chisinau", compareTo="PREVIOUS_PERIOD", atLeast=last,
        range={"since": "2026-03-02T22:00:00Z", "until": "2026-03-03T22:00:00Z"},
    )  # fmt: skip
    (row,) = found
    assert row["range"] == {"since": "2026-03-02T22:00:00.000000Z", "until": "2026-03-03T22:00:00.000000Z"}
    assert (row["figure"]["value"], row["previous"]["value"]) == ("2", "1")


async def test_what_makes_no_sense_is_refused_with_a_reason(desk: Desk) -> None:
    last = await two_days(desk)
    await rows(desk, kpis=["REPLIES_SENT"], atLeast=last)
    for asked, words in (
        ({"kpis": ["INCOMING_ITEMS"], "groupBy": ["OPERATOR"]}, "operator"),
        ({"kpis": []}, "at least one"),
        ({"zone": "Mars/Olympus"}, "Mars/Olympus"),
        ({"range": {"since": "2026-03-03T00:00:00Z", "until": "2026-03-02T00:00:00Z"}}, ""),
        ({"range": {"since": "2026-03-03", "until": "2026-03-04T00:00:00Z"}}, "time zone"),
        ({"where": {"operators": []}}, "1 to 250"),
        ({"atLeast": "100000"}, "the ledger ends at 5"),
    ):
        refusal = await desk.refusal(KPIS, {"input": {"kpis": ["REPLIES_SENT"], "range": MARCH, **asked}})
        assert refusal["code"] == "INVALID_QUESTION", refusal
        assert words in refusal["message"], refusal
    unknown = await desk.refusal(KPIS, {"input": {"kpis": ["HAPPINESS"], "range": MARCH}})
    assert unknown["code"] == "BAD_USER_INPUT"
    assert "HAPPINESS" in unknown["message"]


async def test_definitions_are_served_in_four_languages(desk: Desk) -> None:
    titles = {}
    for locale in ("EN", "RU", "UK", "RO"):
        data = await desk.ask(
            "query($l: Locale!) { kpiDefinitions(locale: $l) { name title meaning formula dimensions shownWith } }",
            {"l": locale},
        )
        titles[locale] = [kpi["title"] for kpi in data["kpiDefinitions"]]
        assert all(kpi["meaning"] and kpi["formula"] and kpi["dimensions"] for kpi in data["kpiDefinitions"])
    assert len({tuple(words) for words in titles.values()}) == 4


async def test_a_conversation_shows_how_it_stands_and_its_history_as_it_was(desk: Desk) -> None:
    last = await two_days(desk)
    data = await desk.ask(
        """query($at: BigInt) { conversation(id: "c2", atLeast: $at) { key
             state { status episode items replies firstResponse team { key } customer { externalId } }
             history(first: 10) { nodes { type actor { key } } } } }""",
        {"at": last},
    )
    conversation = data["conversation"]
    assert conversation["state"] == {
        "status": "OPEN", "episode": 1, "items": 1, "replies": 2, "firstResponse": 1800, "team": {"key": "first"},
        "customer": {"externalId": "ivan"},
    }  # fmt: skip
    assert [node["type"] for node in conversation["history"]["nodes"]] == ["item.received", "reply.sent", "reply.sent"]
    assert (await desk.ask('{ conversation(id: "none") { key } }'))["conversation"] is None
