"""Files hold exactly what the API answers, and nothing that a spreadsheet would run."""

import csv
import io
import json
from typing import Any

import httpx
import openpyxl
import pytest

from api.auth.roles import Role
from tests.api.desk import Desk, action, closed, received, replied

MARCH = {"since": "2026-03-02T00:00:00Z", "until": "2026-03-04T00:00:00Z"}
QUESTION = """
query Figures($input: KpisInput!) {
  kpis(input: $input) {
    rows {
      kpi
      range { since until }
      group { value }
      operator { name }
      figure {
        value numerator denominator n
        spread { mean median p90 p95 percentileError
          fastest { seconds conversation { key } } slowest { seconds conversation { key } } }
      }
      previous { value }
    }
  }
}
"""
STATE = """
query State($id: ID!) {
  conversation(id: $id) {
    key
    state { status standing outcome episode proactive openedAt lastAt endedAt waitingSince kind items replies
      firstResponse holder { key } team { key } channel { key } customer { key } }
  }
}
"""


async def busy(desk: Desk) -> dict[str, Any]:
    """Two days of two operators, one of whom has a name that a spreadsheet would run; the question about them."""
    last = await desk.recorded(
        action({"operatorJoined": {"operator": "anna", "name": '=HYPERLINK("http://evil")', "team": "first"}}),
        action({"operatorJoined": {"operator": "boris", "name": "'Boris", "team": "first"}}, by="boris"),
        received("c1", "i1", at="2026-03-02T09:00:00Z"),
        replied("c1", "r1", at="2026-03-02T09:10:00Z"),
        received("c2", "i2", at="2026-03-03T09:00:00Z", by="ivan"),
        replied("c2", "r2", at="2026-03-03T09:30:01Z", by="boris"),
        closed("c2", at="2026-03-03T10:00:00Z", by="boris"),
        received("-c3", "i3", at="2026-03-03T11:00:00Z", by="ivan"),
        closed("-c3", at="2026-03-03T12:00:00Z", by="anna"),
    )
    return {
        "kpis": ["RESPONSE_TIME", "CLOSED_WITHOUT_REPLY_SHARE"],
        "range": MARCH,
        "interval": "DAY",
        "zone": "Asia/Kathmandu",
        "groupBy": ["OPERATOR"],
        "compareTo": "PREVIOUS_PERIOD",
        "atLeast": str(last),
    }


async def export(desk: Desk, file: str, *, token: str | None = None, **arguments: Any) -> httpx.Response:
    address = desk.server.url.replace("/graphql", f"/export/{file}")
    headers = {"Authorization": f"Bearer {token or desk.token}"}
    return await desk.client.post(address, json=arguments, headers=headers)


def table(response: httpx.Response) -> list[list[str]]:
    assert response.status_code == 200, response.text
    assert response.content.startswith(b"\xef\xbb\xbf")
    return list(csv.reader(io.StringIO(response.content.decode("utf-8-sig"), newline="")))


def unescaped(cell: str) -> str:
    return cell.removeprefix("'")


def _expected(row: dict[str, Any]) -> list[Any]:
    figure, spread = row["figure"], row["figure"]["spread"] or {}
    ends = [spread.get(name) or {"seconds": None, "conversation": {"key": None}} for name in ("fastest", "slowest")]
    return [
        row["kpi"], row["range"]["since"], row["range"]["until"], row["group"][0]["value"], row["operator"]["name"],
        *(figure[name] for name in ("value", "numerator", "denominator", "n")),
        *(spread.get(name) for name in ("mean", "median", "p90", "p95", "percentileError")),
        *(cell for end in ends for cell in (end["seconds"], end["conversation"]["key"])),
        row["previous"]["value"],
    ]  # fmt: skip


async def test_a_file_holds_the_answers_figures_byte_for_byte(desk: Desk) -> None:
    asked = await busy(desk)
    answered = await desk.ask(QUESTION, {"input": asked})
    head, *rows = table(await export(desk, "kpis.csv", input=asked, spread=True))
    assert head[:9] == ["KPI", "Title", "Definition version", "From", "Until", "Operator", "Operator: name", "Value",
                        "Numerator"]  # fmt: skip
    found = [[row[0], *row[3:5], *map(unescaped, row[5:7]), *row[7:20], row[20]] for row in rows]
    told = [["" if cell is None else str(cell) for cell in _expected(row)] for row in answered["kpis"]["rows"]]
    assert found == told
    assert any(row[7] for row in rows)


async def test_no_cell_of_peoples_words_is_a_formula_and_each_can_be_had_back(desk: Desk) -> None:
    asked = await busy(desk)
    rows = table(await export(desk, "kpis.csv", input=asked))[1:]
    names = {row[5]: row[6] for row in rows}
    assert names == {"anna": """'=HYPERLINK("http://evil")""", "boris": "''Boris"}
    assert {unescaped(name) for name in names.values()} == {'=HYPERLINK("http://evil")', "'Boris"}


async def test_wide_has_a_column_for_each_kpi_under_its_title_in_the_language_asked_for(desk: Desk) -> None:
    asked = await busy(desk)
    head, *rows = table(await export(desk, "kpis.csv", input=asked, layout="wide", locale="RU"))
    assert head == ["С", "До", "Оператор", "Оператор: имя", "Время ответа", "Доля закрытых без ответа"]
    of_boris = [row[4:] for row in rows if row[2] == "boris"]
    assert ["1801", "0"] in of_boris
    german = await export(desk, "kpis.csv", input=asked, locale="de")
    assert (german.status_code, german.json()["errors"][0]["extensions"]["inputPath"]) == (400, ["locale"])


async def test_a_sheet_has_the_same_cells_with_numbers_as_numbers(desk: Desk) -> None:
    asked = await busy(desk)
    plain = table(await export(desk, "kpis.csv", input=asked))
    response = await export(desk, "kpis.xlsx", input=asked)
    assert response.headers["content-disposition"] == 'attachment; filename="kpis.xlsx"'
    sheet = openpyxl.load_workbook(io.BytesIO(response.content)).active
    assert sheet is not None
    cells = [list(row) for row in sheet.iter_rows()]
    assert {cell.data_type for row in cells for cell in row} <= {"s", "n"}
    shown = [["" if cell.value is None else str(cell.value) for cell in row] for row in cells]
    assert shown == [[unescaped(cell) for cell in row] for row in plain]
    assert isinstance(cells[1][7].value, int | float)


async def test_what_a_sheet_cannot_hold_is_replaced(desk: Desk) -> None:
    asked = await busy(desk)
    bell = action({"operatorRenamed": {"operator": "anna", "name": "An\x07na"}}, at="2026-03-03T09:00:00Z")
    asked["atLeast"] = str(await desk.recorded(bell))
    sheet = openpyxl.load_workbook(io.BytesIO((await export(desk, "kpis.xlsx", input=asked)).content)).active
    assert sheet is not None
    assert "An\N{REPLACEMENT CHARACTER}na" in {row[6].value for row in sheet.iter_rows()}


async def test_a_row_for_each_conversation_says_what_the_api_says_of_it(desk: Desk) -> None:
    asked = await busy(desk)
    await desk.ask(QUESTION, {"input": asked})  # the projection has got there
    head, *rows = table(await export(desk, "conversations.csv", **MARCH))
    assert [unescaped(row[0]) for row in rows] == ["-c3", "c1", "c2"]
    for row in rows:
        told = dict(zip(head, row, strict=True))
        state = (await desk.ask(STATE, {"id": unescaped(row[0])}))["conversation"]["state"]
        assert told["Opened"] == state["openedAt"]
        assert told["Ended"] == (state["endedAt"] or "")
        assert told["Status"] == state["status"]
        assert told["Outcome"] == (state["outcome"] or "")
        assert told["First response, s"] == ("" if state["firstResponse"] is None else str(state["firstResponse"]))
        assert (told["Items"], told["Replies"]) == (str(state["items"]), str(state["replies"]))
        assert (told["Team"], told["Channel"]) == (state["team"]["key"], state["channel"]["key"])
        assert told["Customer"] == state["customer"]["key"]
    later = {"since": "2026-03-03T00:00:00Z", "until": "2026-03-03T10:00:00Z"}
    assert [row[0] for row in table(await export(desk, "conversations.csv", **later))[1:]] == ["c2"]


async def test_a_link_works_as_well_as_a_body(desk: Desk) -> None:
    asked = await busy(desk)
    address = desk.server.url.replace("/graphql", "/export/kpis.csv")
    headers = {"Authorization": f"Bearer {desk.token}"}
    linked = await desk.client.get(address, params={"input": json.dumps(asked), "layout": "wide"}, headers=headers)
    assert linked.content == (await export(desk, "kpis.csv", input=asked, layout="wide")).content


async def test_a_file_shows_nobody_more_than_the_api_does(desk: Desk, other_desk: Desk) -> None:
    asked = await busy(desk)
    last = await other_desk.recorded(received("c9", "i9", at="2026-03-02T09:00:00Z"))
    others = await export(desk, "kpis.csv", input={**asked, "atLeast": str(last)}, token=other_desk.token)
    assert table(others)[1:] == []
    ingest = await export(desk, "kpis.csv", input=asked, token=desk.ingest)
    assert (ingest.status_code, ingest.json()["errors"][0]["extensions"]["code"]) == (403, "FORBIDDEN")
    assert (await export(desk, "conversations.csv", **MARCH, token=desk.ingest)).status_code == 403
    boris = await desk.token_of(Role.OPERATOR, "boris")
    own = table(await export(desk, "kpis.csv", input=asked, token=boris))[1:]
    assert {row[5] for row in own} == {"boris"}
    assert (await desk.client.get(desk.server.url.replace("/graphql", "/export/kpis.csv"))).status_code == 401


@pytest.mark.parametrize(
    ("file", "arguments", "status", "path"),
    [
        ("kpis.csv", {}, 400, None),
        ("kpis.csv", {"input": {"kpis": ["HAPPINESS"], "range": MARCH}}, 400, None),
        ("kpis.csv", {"input": {"kpis": [], "range": MARCH}}, 400, ["kpis"]),
        ("kpis.csv", {"input": {}, "colour": "red"}, 400, ["colour"]),
        ("kpis.csv", {"input": {"kpis": ["RESPONSE_TIME"], "range": MARCH}, "layout": "round"}, 400, ["layout"]),
        ("kpis.csv", {"input": {"kpis": ["RESPONSE_TIME"], "range": MARCH}, "spread": "much"}, 400, ["spread"]),
        ("conversations.csv", {"since": MARCH["since"]}, 400, ["until"]),
        ("conversations.csv", {"since": MARCH["until"], "until": MARCH["since"]}, 400, ["until"]),
        ("conversations.csv", {"since": "yesterday", "until": MARCH["until"]}, 400, None),
        ("kpis.pdf", {}, 404, None),
        ("secrets.csv", {}, 404, None),
    ],
)
async def test_what_cannot_be_had_is_refused_with_a_reason(
    desk: Desk, file: str, arguments: dict[str, Any], status: int, path: list[str] | None
) -> None:
    response = await export(desk, file, **arguments)
    assert response.status_code == status
    (error,) = response.json()["errors"]
    assert error["message"]
    assert path is None or error["extensions"]["inputPath"] == path
