"""The journal's rarer filters, in any combination, and what an entry says of its moment."""

from typing import Any

import pytest

from api.auth.roles import Role
from tests.api.desk import Desk, action, closed, received, replied
from tests.api.test_journal import JOURNAL, page


def by_hand(what: dict[str, Any], *, at: str, by: str = "anna", **envelope: Any) -> Any:
    return action(what, by=by, at=at, **envelope)


async def told(desk: Desk) -> str:
    """A day of anna's and boris's, entry by entry."""
    office = {"ip": "192.0.2.7", "session": "s1", "interface": "desk", "source": "vk"}
    home = {"ip": "2001:db8::1", "session": "s2", "interface": "phone"}
    last = await desk.recorded(
        received("c1", "i1", "Where is my parcel?", at="2026-03-02T09:00:00Z"),
        replied("c1", "r1", "Your parcel is on its way.", at="2026-03-02T09:05:00Z") | office,
        closed("c1", at="2026-03-02T09:06:00Z") | office,
        received("c2", "i2", "My parcel is broken, thieves!", at="2026-03-02T10:00:00Z", by="ivan"),
        by_hand({"commentDeleted": {"conversation": "c2", "item": "i2"}}, at="2026-03-02T10:01:00Z", **home),
        closed("c2", at="2026-03-02T10:02:00Z") | home,
        by_hand({"replyEdited": {"conversation": "c1", "reply": "r1", "text": "No."}}, at="2026-03-02T11:00:00Z",
                by="boris", **office),
    )  # fmt: skip
    return str(last)


async def test_rare_filters_find_what_they_say_alone_and_together(desk: Desk) -> None:
    last = await told(desk)
    for filter_, expected in (
        ({"sessions": ["s1"]}, [1, 2, 6]),
        ({"sessions": ["s1", "s2"], "operators": ["anna"]}, [1, 2, 4, 5]),
        ({"sources": ["vk"]}, [1, 2, 6]),
        ({"interfaces": ["phone"]}, [4, 5]),
        ({"flags": ["CLOSED_WITHOUT_REPLY"]}, [5]),
        ({"flags": ["REMOVED", "EDITED_AFTER_SENDING"]}, [4, 6]),
        ({"flags": ["REMOVED"], "operators": ["boris"]}, []),
        ({"conversations": ["c1"], "items": ["r1"]}, [1, 6]),
        ({"flags": ["OVERDUE"]}, []),
        ({"addresses": ["192.0.2.7"]}, [1, 2, 6]),
        ({"addresses": ["2001:DB8:0::1"]}, [4, 5]),
        ({"addresses": ["192.0.2.7"], "operators": ["boris"]}, [6]),
        ({"addresses": ["198.51.100.1"]}, []),
        ({"text": "parcels"}, [0, 1, 3]),
        ({"text": "parcels", "addresses": ["192.0.2.7"]}, [1]),
        ({"text": '"parcel is broken"'}, [3]),
        ({"text": "thieves", "customers": ["ivan"]}, [3]),
        ({"text": "parcel", "since": "2026-03-02T09:01:00Z", "until": "2026-03-02T10:00:00Z"}, [1]),
        ({"text": "pizza"}, []),
    ):
        for order in ("LEDGER", "OCCURRENCE"):
            positions, _ = await page(desk, filter=filter_, order=order, first=100, atLeast=last)
            assert positions == expected, (filter_, order)
        data = await desk.ask("query($f: JournalFilter) { journal(filter: $f, first: 1) { count { value exact } } }",
                              {"f": filter_})  # fmt: skip
        assert data["journal"]["count"] == {"value": len(expected), "exact": True}


async def test_pages_by_words_go_on_from_their_cursors(desk: Desk) -> None:
    last = await told(desk)
    for size, cursor, way in (("first", "after", 1), ("last", "before", -1)):
        seen: list[int] = []
        place: object = None
        more: object = True
        while more:
            positions, info = await page(desk, filter={"text": "parcel"}, atLeast=last, **{size: 1, cursor: place})
            seen = seen + positions if way == 1 else positions + seen
            more = info["hasNextPage" if way == 1 else "hasPreviousPage"]
            place = info["endCursor" if way == 1 else "startCursor"]
        assert seen == [0, 1, 3]


@pytest.mark.parametrize("filter_", [{"text": "parcel"}, {"addresses": ["192.0.2.7"]}], ids=["text", "addresses"])
async def test_words_and_addresses_are_for_investigators(desk: Desk, filter_: dict[str, Any]) -> None:
    refusal = await desk.refusal(JOURNAL, {"filter": filter_, "first": 1}, token=await desk.token_of(Role.LEAD))
    assert refusal["code"] == "FORBIDDEN"


async def test_what_cannot_be_an_address_or_be_counted_is_refused(desk: Desk) -> None:
    refusal = await desk.refusal(JOURNAL, {"filter": {"addresses": ["nowhere"]}, "first": 1})
    assert (refusal["code"], refusal["detail"]) == ("INVALID_QUESTION", "MALFORMED_ADDRESS")
    refusal = await desk.refusal(JOURNAL, {"filter": {"items": ["i1"]}, "first": 1})
    assert (refusal["code"], refusal["detail"]) == ("INVALID_QUESTION", "NO_CONVERSATION")
    asked = 'query { actions(filter: {text: "parcel"}) { rows { events } } }'
    assert (await desk.refusal(asked))["detail"] == "NOT_COUNTED"


async def test_what_was_done_on_shift_or_off_it(desk: Desk) -> None:
    def turned(presence: str, at: str) -> Any:
        return action({"presenceChanged": {"operator": "anna", "presence": presence}}, at=at)

    last = await desk.recorded(
        replied("c1", "r0", at="2026-03-02T08:00:00Z"),
        turned("ONLINE", "2026-03-02T09:00:00Z"),
        replied("c1", "r1", at="2026-03-02T09:30:00Z"),
        turned("BREAK", "2026-03-02T10:00:00Z"),
        replied("c1", "r2", at="2026-03-02T10:30:00Z"),
        turned("OFFLINE", "2026-03-02T11:00:00Z"),
        replied("c1", "r3", at="2026-03-02T23:00:00Z"),
        replied("c1", "r4", at="2026-03-02T10:00:00Z", by="boris"),
    )
    both = {"operators": ["anna", "boris"], "types": ["reply.sent"]}
    for filter_, expected in (
        ({**both, "onShift": True}, [2, 4]),
        ({**both, "onShift": False}, [0, 6, 7]),
        ({"operators": ["anna"], "onShift": True}, [1, 2, 3, 4]),
        ({"operators": ["anna"], "onShift": False, "since": "2026-03-02T11:00:00Z"}, [5, 6]),
        ({**both, "onShift": True, "text": "way"}, [2, 4]),
    ):
        for order in ("LEDGER", "OCCURRENCE"):
            positions, _ = await page(desk, filter=filter_, order=order, first=100, atLeast=str(last))
            assert sorted(positions) == expected, (filter_, order)
    refusal = await desk.refusal(JOURNAL, {"filter": {"onShift": True}, "first": 1})
    assert (refusal["code"], refusal["detail"]) == ("INVALID_QUESTION", "NO_OPERATORS")


CLOCKS = """
query Clocks($at: BigInt) { journal(filter: {operators: ["anna"], types: ["reply.sent", "conversation.closed",
    "conversation.put_on_hold", "operator.joined"]}, first: 10, atLeast: $at) {
  nodes { type actor { team { key } } clocks { metric promise dueAt overdue paused secondsLeft } }
} }
"""
PROMISE = """
mutation Promise($input: SetPromiseInput!) { setPromise(input: $input) { errors { code message } position } }
"""


async def test_an_entry_says_how_promises_stood_and_whose_team_the_actor_was_then(desk: Desk) -> None:
    manager = await desk.token_of(Role.MANAGER)
    promise = {
        "idempotencyKey": "once",
        "promise": "p1",
        "baseline": True,
        "name": "Fast",
        "firstResponse": 600,
        "validFrom": "2026-03-01T00:00:00Z",
        "pausesFor": ["VENDOR"],
    }
    answer = await desk.ask(PROMISE, {"input": promise}, token=manager)
    assert answer["setPromise"]["errors"] == []
    last = await desk.recorded(
        action({"operatorJoined": {"operator": "anna", "team": "helpers"}}, at="2026-03-01T08:00:00Z"),
        received("c1", "i1", at="2026-03-02T09:00:00Z"),
        replied("c1", "r1", at="2026-03-02T09:04:00Z"),
        received("c2", "i2", at="2026-03-02T10:00:00Z"),
        closed("c2", at="2026-03-02T10:11:00Z"),
        action({"operatorJoinedTeam": {"operator": "anna", "team": "heroes", "primary": True}},
               at="2026-03-03T08:00:00Z"),
        received("c3", "i3", at="2026-03-03T09:00:00Z"),
        action({"conversationPutOnHold": {"conversation": "c3", "waitingFor": "VENDOR"}}, at="2026-03-03T09:01:00Z"),
        replied("c3", "r3", at="2026-03-03T12:00:00Z"),
    )  # fmt: skip
    nodes = (await desk.ask(CLOCKS, {"at": str(last)}))["journal"]["nodes"]
    shown = [
        (
            node["type"],
            node["actor"]["team"]["key"],
            [(clock["secondsLeft"], clock["overdue"], clock["paused"]) for clock in node["clocks"]],
        )
        for node in nodes
    ]
    assert shown == [
        ("operator.joined", "helpers", []),
        ("reply.sent", "helpers", [(360, False, False)]),
        ("conversation.closed", "helpers", [(-60, True, False)]),
        ("conversation.put_on_hold", "heroes", [(540, False, False)]),
        ("reply.sent", "heroes", [(None, False, True)]),
    ]
    assert nodes[1]["clocks"][0] | {"secondsLeft": 0} == {
        "metric": "FIRST_RESPONSE", "promise": "p1", "dueAt": "2026-03-02T09:10:00.000000Z", "overdue": False,
        "paused": False, "secondsLeft": 0,
    }  # fmt: skip
