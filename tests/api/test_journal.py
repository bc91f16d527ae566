"""The journal: what was done, found again."""

from api.auth.roles import Role
from tests.api.desk import Desk, action, closed, received, replied

JOURNAL = """
query Journal($filter: JournalFilter, $order: JournalOrder! = LEDGER, $first: Int, $after: String, $last: Int,
              $before: String, $atLeast: BigInt) {
  journal(filter: $filter, order: $order, first: $first, after: $after, last: $last, before: $before,
          atLeast: $atLeast) {
    nodes { type position cursor }
    pageInfo { hasNextPage hasPreviousPage startCursor endCursor }
    scannedUntil
  }
}
"""


async def test_what_is_recorded_stands_in_the_journal_as_it_was(desk: Desk) -> None:
    position = await desk.recorded(
        action({"operatorJoined": {"operator": "anna", "name": "Anna Serova", "team": "first"}}, by="boss"),
        received("c1", "i1", at="2026-03-02T09:00:00Z"),
        replied("c1", "r1", at="2026-03-02T10:05:00+01:00"),
        action({"operatorRenamed": {"operator": "anna", "name": "Anna Orlova"}}, by="boss", at="2026-03-03T09:00:00Z"),
    )
    found = await desk.ask(
        """query($at: BigInt) { journal(filter: {types: ["reply.sent"]}, first: 10, atLeast: $at) { nodes {
             __typename id type title(locale: RU) position version occurredAt payload
             actor { type key name confidence operator { name key } } subject { type key }
             context { operator { key name } team { key } conversation { key } channel { key } kind
                       customer { externalId } }
             answers { text actor { type } } contentBefore { text }
             ... on ReplySent { text reply automated }
           } } }""",
        {"at": str(position)},
    )
    (entry,) = found["journal"]["nodes"]
    assert entry.pop("id")
    assert entry == {
        "__typename": "ReplySent",
        "type": "reply.sent",
        "title": "Ответ отправлен",
        "position": "2",
        "version": 1,
        "occurredAt": "2026-03-02T09:05:00.000000Z",
        "payload": {
            "reply": "r1", "text": "On its way.", "in_reply_to": None, "customer": None, "kind": None, "channel": None,
            "community": None, "template": None, "automated": False,
        },
        "actor": {
            "type": "OPERATOR", "key": "anna", "name": "Anna Serova", "confidence": "ASSERTED",
            "operator": {"name": "Anna Serova", "key": "anna"},
        },
        "subject": {"type": "CONVERSATION", "key": "c1"},
        "context": {
            "operator": {"key": "anna", "name": "Anna Serova"}, "team": {"key": "first"}, "conversation": {"key": "c1"},
            "channel": {"key": "vk"}, "customer": {"externalId": "maria"}, "kind": "MESSAGE",
        },
        "answers": {"text": "Where is my parcel?", "actor": {"type": "CUSTOMER"}},
        "contentBefore": None,
        "text": "On its way.",
        "reply": "r1",
        "automated": False,
    }  # fmt: skip


async def page(desk: Desk, **variables: object) -> tuple[list[int], dict[str, object]]:
    """The positions on a page, and its pageInfo."""
    journal = (await desk.ask(JOURNAL, variables))["journal"]
    return [int(node["position"]) for node in journal["nodes"]], journal["pageInfo"]


async def test_pages_walk_the_whole_journal_in_either_direction_and_either_order(desk: Desk) -> None:
    actions = [replied("c1", f"r{n}", at=f"2026-03-02T09:{(n * 7) % 60:02}:00Z") for n in range(23)]
    last = str(await desk.recorded(*actions))
    by_occurrence = sorted(range(23), key=lambda n: (n * 7) % 60)
    for order, expected in (("LEDGER", list(range(23))), ("OCCURRENCE", by_occurrence)):
        seen: list[int] = []
        positions, info = await page(desk, order=order, first=10, atLeast=last)
        seen += positions
        while info["hasNextPage"]:
            positions, info = await page(desk, order=order, first=10, after=info["endCursor"])
            assert info["hasPreviousPage"]
            seen += positions
        assert seen == expected
        backwards: list[int] = []
        positions, info = await page(desk, order=order, last=10)
        backwards = positions
        while info["hasPreviousPage"]:
            positions, info = await page(desk, order=order, last=10, before=info["startCursor"])
            backwards = positions + backwards
        assert backwards == expected


async def test_filters_narrow_the_journal_by_everything_it_is_looked_for_by(desk: Desk) -> None:
    last = await desk.recorded(
        received("c1", "i1", at="2026-03-02T09:00:00Z", by="maria"),
        replied("c1", "r1", at="2026-03-02T09:05:00Z", by="anna"),
        received("c2", "i2", at="2026-03-02T10:00:00Z", by="ivan"),
        replied("c2", "r2", at="2026-03-02T10:05:00Z", by="boris"),
        closed("c2", at="2026-03-02T10:10:00Z", by="boris"),
    )
    for filter_, expected in (
        ({"operators": ["anna"]}, [1]),
        ({"operators": ["anna", "boris"]}, [1, 3, 4]),
        ({"types": ["item.received"]}, [0, 2]),
        ({"teams": ["first"]}, [0, 1, 2, 3, 4]),
        ({"channels": ["vk"], "types": ["reply.sent"]}, [1, 3]),
        ({"customers": ["ivan"]}, [2, 3, 4]),
        ({"customers": ["nobody"]}, []),
        ({"conversations": ["c1"]}, [0, 1]),
        ({"kinds": ["EMAIL"]}, []),
        ({"actorTypes": ["CUSTOMER"]}, [0, 2]),
        ({"inferred": True}, []),
        ({"since": "2026-03-02T09:05:00Z", "until": "2026-03-02T10:05:00Z"}, [1, 2]),
    ):
        positions, _ = await page(desk, filter=filter_, first=100, atLeast=str(last))
        assert positions == expected, filter_


async def test_a_global_id_does_wherever_the_desks_own_does(desk: Desk) -> None:
    last = await desk.recorded(
        received("c1", "i1", at="2026-03-02T09:00:00Z"), replied("c1", "r1", at="2026-03-02T09:05:00Z")
    )
    data = await desk.ask(
        'query($at: BigInt) { operator(id: "anna", atLeast: $at) { id } conversation(id: "c1", atLeast: $at) { id } }',
        {"at": str(last)},
    )
    anna, c1 = data["operator"]["id"], data["conversation"]["id"]
    assert (await page(desk, filter={"operators": [anna]}, first=10))[0] == [1]
    assert (await desk.ask("query($id: ID!) { operator(id: $id) { key } }", {"id": anna}))["operator"] == {
        "key": "anna"
    }
    refusal = await desk.refusal(JOURNAL, {"filter": {"operators": [c1]}, "first": 1})
    assert (refusal["code"], refusal["detail"]) == ("INVALID_QUESTION", "ID_OF_ANOTHER_KIND")


async def test_content_before_a_change_is_shown_and_words_of_it_to_investigators_only(desk: Desk) -> None:
    last = await desk.recorded(
        received("c1", "i1", "You are thieves!", at="2026-03-02T09:00:00Z"),
        action({"commentDeleted": {"conversation": "c1", "item": "i1"}}, at="2026-03-02T09:01:00Z"),
        replied("c1", "r1", "Never.", at="2026-03-02T09:02:00Z"),
        action({"replyEdited": {"conversation": "c1", "reply": "r1", "text": "Sorry."}}, at="2026-03-02T09:03:00Z"),
    )
    query = """query($at: BigInt) {
               journal(filter: {types: ["comment.deleted", "reply.edited"]}, first: 9, atLeast: $at) {
                 nodes { type contentBefore { text actor { key } } } } }"""
    nodes = (await desk.ask(query, {"at": str(last)}))["journal"]["nodes"]
    assert [node["contentBefore"]["text"] for node in nodes] == ["You are thieves!", "Never."]
    manager = await desk.token_of(Role.MANAGER)
    nodes = (await desk.ask(query, {"at": str(last)}, token=manager))["journal"]["nodes"]
    assert [node["contentBefore"]["text"] for node in nodes] == [None, None]


async def test_counting_stops_at_the_limit_and_says_so(desk: Desk) -> None:
    last = await desk.recorded(*(replied("c1", f"r{n}", at="2026-03-02T09:00:00Z") for n in range(12)))
    query = (
        "query($at: BigInt, $limit: Int!) { journal(first: 1, atLeast: $at) { count(limit: $limit) { value exact } } }"
    )
    for limit, expected in ((100, {"value": 12, "exact": True}), (5, {"value": 5, "exact": False})):
        data = await desk.ask(query, {"at": str(last), "limit": limit})
        assert data["journal"]["count"] == expected
    assert (await desk.refusal(query, {"limit": 10_001}))["detail"] == "PAGE_SIZE"


async def test_a_cursor_of_another_filter_or_a_forged_one_is_refused(desk: Desk, other_desk: Desk) -> None:
    for each in (desk, other_desk):
        last = await each.recorded(*(replied("c1", f"r{n}", at="2026-03-02T09:00:00Z") for n in range(3)))
    _, info = await page(desk, first=1, atLeast=str(last))
    cursor = str(info["endCursor"])
    for asker, variables, detail in (
        (desk, {"filter": {"operators": ["anna"]}, "after": cursor}, "CURSOR_OF_ANOTHER_FILTER"),
        (desk, {"order": "OCCURRENCE", "after": cursor}, "CURSOR_OF_ANOTHER_FILTER"),
        (other_desk, {"after": cursor}, "CURSOR_OF_ANOTHER_FILTER"),
        (desk, {"after": cursor[:-2] + ("AA" if cursor[-2:] != "AA" else "BB")}, "INVALID_CURSOR"),
        (desk, {"after": "0"}, "INVALID_CURSOR"),
        (desk, {"after": "ключ"}, "INVALID_CURSOR"),
        (desk, {"after": ""}, "INVALID_CURSOR"),
        (desk, {"after": "A" * 10_000}, "INVALID_CURSOR"),
    ):
        refusal = await asker.refusal(JOURNAL, {"first": 1, **variables})
        assert (refusal["code"], refusal["detail"], refusal["inputPath"]) == ("INVALID_QUESTION", detail, ["after"])


async def test_questions_that_make_no_sense_are_refused_with_a_reason(desk: Desk) -> None:
    for variables, detail in (
        ({}, "PAGE_SIZE"),
        ({"first": 0}, "PAGE_SIZE"),
        ({"first": 101}, "PAGE_SIZE"),
        ({"first": 1, "last": 1}, "PAGE_SIZE"),
        ({"last": 1, "after": "x"}, "PAGE_SIZE"),
        ({"first": 1, "filter": {"operators": []}}, "EMPTY_LIST"),
        ({"first": 1, "filter": {"operators": [f"o{n}" for n in range(251)]}}, "TOO_MANY"),
        ({"first": 1, "filter": {"types": ["reply.thrown"]}}, "UNKNOWN_TYPE"),
        ({"first": 1, "filter": {"since": "2026-03-02T09:00:00"}}, "MALFORMED_INSTANT"),
        ({"first": 1, "filter": {"since": "yesterday"}}, "MALFORMED_INSTANT"),
        ({"first": 1, "atLeast": "1000000"}, "BEYOND_THE_HEAD"),
    ):
        refusal = await desk.refusal(JOURNAL, variables)
        assert (refusal["code"], refusal["detail"]) == ("INVALID_QUESTION", detail), refusal


async def test_an_entry_is_found_again_by_its_global_id(desk: Desk) -> None:
    last = await desk.recorded(replied("c1", "r1", at="2026-03-02T09:00:00Z"))
    entry = (
        await desk.ask("query($at: BigInt) { journal(first: 1, atLeast: $at) { nodes { id } } }", {"at": str(last)})
    )["journal"]["nodes"][0]
    query = "query($id: ID!) { node(id: $id) { __typename id ... on JournalEntry { position } } }"
    found = await desk.ask(query, {"id": entry["id"]})
    assert found["node"] == {"__typename": "ReplySent", "id": entry["id"], "position": "0"}
    assert (await desk.ask(query, {"id": "no-such-thing"}))["node"] is None


async def test_actions_are_counted_by_type_operator_and_day(desk: Desk) -> None:
    last = await desk.recorded(
        received("c1", "i1", at="2026-03-02T09:00:00Z"),
        replied("c1", "r1", at="2026-03-02T09:05:00Z"),
        replied("c1", "r2", at="2026-03-03T09:05:00Z"),
        replied("c2", "r3", at="2026-03-03T09:06:00Z", by="boris"),
    )
    query = """query($at: BigInt, $groups: [ActionGroup!], $interval: Interval) {
      actions(groupBy: $groups, interval: $interval, atLeast: $at) {
        asOf { position } rows { group { by value } range { since } events conversations } } }"""
    counted = (await desk.ask(query, {"at": str(last)}))["actions"]
    assert counted["asOf"] == {"position": "3"}
    assert [
        ([part["value"] for part in row["group"]], row["events"], row["conversations"]) for row in counted["rows"]
    ] == [
        (["item.received"], "1", "1"),
        (["reply.sent"], "3", "2"),
    ]
    rows = (await desk.ask(query, {"groups": ["OPERATOR", "TYPE"], "interval": "DAY"}))["actions"]["rows"]
    assert {(*[part["value"] for part in row["group"]], row["range"]["since"][:10], row["events"]) for row in rows} == {
        ("", "item.received", "2026-03-02", "1"),
        ("anna", "reply.sent", "2026-03-02", "1"),
        ("anna", "reply.sent", "2026-03-03", "1"),
        ("boris", "reply.sent", "2026-03-03", "1"),
    }


async def test_actions_of_everybody_who_acts_are_counted_by_actor(desk: Desk) -> None:
    last = await desk.recorded(
        received("c1", "i1", at="2026-03-02T09:00:00Z", by="maria"),
        replied("c1", "r1", at="2026-03-02T09:05:00Z", by="anna"),
        action({"replySent": {"conversation": "c1", "reply": "r2", "text": "We are closed."}}, by="anna", actor="BOT"),
        action({"conversationClosed": {"conversation": "c1", "outcome": "ABANDONED"}}, by="nightly", actor="SYSTEM"),
    )
    counted = await desk.ask(
        """query($at: BigInt) { actions(groupBy: [ACTOR, TYPE], atLeast: $at) {
             rows { group { by value actorType } events } }
           journal(first: 1, atLeast: $at) { nodes { actor { key } } } }""",
        {"at": str(last)},
    )
    maria = counted["journal"]["nodes"][0]["actor"]["key"]
    assert maria != "maria"
    assert {
        (actor["value"], actor["actorType"], kind["value"], kind["actorType"], row["events"])
        for row in counted["actions"]["rows"]
        for actor, kind in [row["group"]]
    } == {
        (maria, "CUSTOMER", "item.received", None, "1"),
        ("anna", "OPERATOR", "reply.sent", None, "1"),
        ("anna", "BOT", "reply.sent", None, "1"),
        ("nightly", "SYSTEM", "conversation.closed", None, "1"),
    }
