"""A token sees its own workspace only, and of that what its role may see."""

import pytest

from api.auth.roles import RIGHTS, Right, Role
from tests.api.desk import RECORD, Desk, closed, received, replied

ROOTS = {
    "{ journal(first: 1) { scannedUntil } }": (Right.JOURNAL,),
    "{ actions { rows { events } } }": (Right.FIGURES,),
    '{ conversation(id: "c1") { id } }': (Right.CONVERSATIONS,),
    "{ operators(first: 1) { nodes { id } } }": (Right.DIRECTORY,),
    "{ teams(first: 1) { nodes { id } } }": (Right.DIRECTORY,),
    """{ kpis(input: {kpis: [REPLIES_SENT], range: {since: "2026-03-02T00:00:00Z", until: "2026-03-03T00:00:00Z"}})
         { rows { figure { n } } } }""": (Right.FIGURES,),
    "mutation { recordActions(input: {actions: []}) { position } }": (Right.RECORD,),
    "{ workspace { slug } }": tuple(Right),
    "{ eventTypes { name } }": tuple(Right),
    "{ kpiDefinitions { code } }": tuple(Right),
}


@pytest.mark.parametrize("role", list(Role))
async def test_each_role_may_ask_what_its_rights_say_and_nothing_else(desk: Desk, role: Role) -> None:
    await desk.recorded(replied("c1", "r1", at="2026-03-02T09:00:00Z"))
    token = await desk.token_of(role, "anna" if role is Role.OPERATOR else None)
    for query, rights in ROOTS.items():
        answer = await desk.post(query, token=token)
        codes = {error["extensions"]["code"] for error in answer.get("errors", ())}
        allowed = bool(RIGHTS[role].keys() & set(rights))
        assert codes <= {"UNAVAILABLE"} if allowed else codes == {"FORBIDDEN"}, (role, query, answer)


async def test_nothing_of_another_workspace_can_be_reached(desk: Desk, other_desk: Desk) -> None:
    last = await other_desk.recorded(
        received("secret", "i1", "Other people's words", at="2026-03-02T09:00:00Z"),
        replied("secret", "r1", at="2026-03-02T09:01:00Z"),
    )
    theirs = await other_desk.ask(
        """query($at: BigInt) {
             journal(first: 10, atLeast: $at) { nodes { id context { conversation { id } customer { id key } } } }
             operator(id: "anna", atLeast: $at) { id } workspace { id } }""",
        {"at": str(last)},
    )
    entry = theirs["journal"]["nodes"][1]
    await desk.recorded(replied("ours", "r1", at="2026-03-02T09:00:00Z", by="boris"))
    ids = [
        entry["id"], entry["context"]["conversation"]["id"], entry["context"]["customer"]["id"],
        theirs["operator"]["id"], theirs["workspace"]["id"],
    ]  # fmt: skip
    await desk.ask('query { journal(first: 1, atLeast: "0") { scannedUntil } }')
    await desk.ask('query { operators(first: 1, atLeast: "0") { nodes { id } } }')
    await desk.ask('query { conversation(id: "ours", atLeast: "0") { id } }')
    assert (await desk.ask("query($ids: [ID!]!) { nodes(ids: $ids) { id } }", {"ids": ids}))["nodes"] == [None] * 5
    for conversation in ("secret", entry["context"]["conversation"]["id"]):
        found = await desk.ask("query($id: ID!) { conversation(id: $id) { id } }", {"id": conversation})
        assert found["conversation"] is None
    for filter_ in (
        {"customers": [entry["context"]["customer"]["key"]]},
        {"customers": ["maria"]},
        {"conversations": ["secret"]},
    ):
        data = await desk.ask(
            "query($f: JournalFilter) { journal(filter: $f, first: 9) { nodes { id } } }", {"f": filter_}
        )
        assert data["journal"]["nodes"] == []
    data = await desk.ask("{ journal(first: 100) { nodes { context { conversation { key } } } } }")
    assert [node["context"]["conversation"]["key"] for node in data["journal"]["nodes"]] == ["ours"]


async def test_an_id_of_another_workspace_is_an_id_like_any_other(desk: Desk, other_desk: Desk) -> None:
    fact = replied("c1", "r1", at="2026-03-02T09:00:00Z")
    for each in (desk, other_desk):
        assert (await each.record(fact))["outcomes"][0]["outcome"] == "APPENDED"


async def test_an_operator_sees_what_they_did_and_figures_of_themselves_or_of_all(desk: Desk) -> None:
    last = await desk.recorded(
        replied("c1", "r1", at="2026-03-02T09:00:00Z", by="anna"),
        replied("c2", "r2", at="2026-03-02T09:01:00Z", by="boris"),
        closed("c2", at="2026-03-02T09:02:00Z", by="boris"),
    )
    anna = await desk.token_of(Role.OPERATOR, "anna")
    query = """query($f: JournalFilter, $at: BigInt) {
               journal(filter: $f, first: 9, atLeast: $at) { nodes { actor { key } } } }"""
    data = await desk.ask(query, {"at": str(last)}, token=anna)
    assert [node["actor"]["key"] for node in data["journal"]["nodes"]] == ["anna"]
    assert (await desk.refusal(query, {"f": {"operators": ["boris"]}}, token=anna))["code"] == "FORBIDDEN"
    counted = await desk.ask("{ actions { rows { events } } }", token=anna)
    assert [row["events"] for row in counted["actions"]["rows"]] == ["1"]
    figures = """query($groups: [Dimension!]!, $at: BigInt, $where: KpiFilter) { kpis(input: {
      kpis: [REPLIES_SENT], groupBy: $groups, atLeast: $at, where: $where,
      range: {since: "2026-03-02T00:00:00Z", until: "2026-03-03T00:00:00Z"}
    }) { rows { group { value } figure { n } } } }"""
    own = (await desk.ask(figures, {"groups": ["OPERATOR"], "at": str(last)}, token=anna))["kpis"]["rows"]
    assert own == [{"group": [{"value": "anna"}], "figure": {"n": "1"}}]
    everybody = (await desk.ask(figures, {"groups": [], "at": str(last)}, token=anna))["kpis"]["rows"]
    assert everybody == [{"group": [], "figure": {"n": "2"}}]
    refusal = await desk.refusal(figures, {"groups": [], "where": {"operators": ["boris"]}}, token=anna)
    assert refusal["code"] == "FORBIDDEN"


async def test_a_token_that_writes_does_not_read_and_one_that_reads_does_not_write(desk: Desk) -> None:
    assert (await desk.refusal("{ journal(first: 1) { scannedUntil } }", token=desk.ingest))["code"] == "FORBIDDEN"
    refusal = await desk.refusal(RECORD, {"input": {"actions": []}}, token=desk.token)
    assert refusal["code"] == "FORBIDDEN"
    assert "INGEST" in refusal["message"]
