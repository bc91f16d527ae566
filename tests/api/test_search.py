"""What was written, found by its words, through the API alone."""

from typing import Any

from api.auth.roles import Role
from tests.api.desk import Desk, action, received, replied

SEARCH = """
query Search($text: String!, $filter: SearchFilter, $first: Int, $after: String, $last: Int, $before: String,
             $atLeast: BigInt) {
  search(text: $text, filter: $filter, first: $first, after: $after, last: $last, before: $before, atLeast: $atLeast) {
    nodes {
      cursor text state fragments { text matched }
      entry { position actor { key name type } occurredAt context { channel { key } conversation { key } } }
      change { type occurredAt actor { key name } ... on CommentDeleted { reason } contentBefore { text } }
    }
    pageInfo { hasNextPage hasPreviousPage startCursor endCursor }
    scannedUntil position
  }
}
"""


async def found(desk: Desk, text: str, **variables: Any) -> list[int]:
    """The positions of what was found."""
    data = await desk.ask(SEARCH, {"first": 100, "text": text, **variables})
    return [int(node["entry"]["position"]) for node in data["search"]["nodes"]]


def deleted(conversation: str, item: str, *, at: str, by: str = "anna", reason: str | None = None) -> Any:
    return action({"commentDeleted": {"conversation": conversation, "item": item, "reason": reason}}, by=by, at=at)


async def test_a_deleted_complaint_is_found_by_a_word_of_it_with_who_deleted_it_when_and_why(desk: Desk) -> None:
    last = await desk.recorded(
        action({"operatorJoined": {"operator": "anna", "name": "Anna Serova", "team": "first"}}, by="boss"),
        received("c1", "i1", "Верните деньги за испорченную посылку, это обман!", at="2026-03-02T09:00:00Z"),
        deleted("c1", "i1", at="2026-03-02T09:07:00Z", reason="spam"),
    )
    data = await desk.ask(SEARCH, {"text": "посылки обманом", "last": 10, "atLeast": str(last)})
    (node,) = data["search"]["nodes"]
    assert node.pop("cursor")
    assert node == {
        "text": "Верните деньги за испорченную посылку, это обман!",
        "state": "DELETED",
        "fragments": [
            {"text": "Верните деньги за испорченную ", "matched": False},
            {"text": "посылку", "matched": True},
            {"text": ", это ", "matched": False},
            {"text": "обман", "matched": True},
            {"text": "!", "matched": False},
        ],
        "entry": {
            "position": "1",
            "actor": {"key": node["entry"]["actor"]["key"], "name": None, "type": "CUSTOMER"},
            "occurredAt": "2026-03-02T09:00:00.000000Z",
            "context": {"channel": {"key": "vk"}, "conversation": {"key": "c1"}},
        },
        "change": {
            "type": "comment.deleted",
            "occurredAt": "2026-03-02T09:07:00.000000Z",
            "actor": {"key": "anna", "name": "Anna Serova"},
            "reason": "spam",
            "contentBefore": {"text": "Верните деньги за испорченную посылку, это обман!"},
        },
    }


async def test_only_investigators_find_what_was_removed(desk: Desk) -> None:
    last = await desk.recorded(
        received("c1", "i1", "My parcel is broken", at="2026-03-02T09:00:00Z"),
        received("c1", "i2", "A broken parcel again", at="2026-03-02T09:01:00Z"),
        deleted("c1", "i1", at="2026-03-02T09:07:00Z"),
    )
    assert await found(desk, "broken parcels", atLeast=str(last)) == [0, 1]
    lead = await desk.token_of(Role.LEAD)
    data = await desk.ask(SEARCH, {"text": "broken parcels", "first": 10}, token=lead)
    assert [node["text"] for node in data["search"]["nodes"]] == ["A broken parcel again"]
    refusal = await desk.refusal(SEARCH, {"text": "parcel", "first": 10, "filter": {"states": ["DELETED"]}}, token=lead)
    assert refusal["code"] == "FORBIDDEN"
    subscriber = await desk.token_of(Role.SUBSCRIBER)
    assert (await desk.refusal(SEARCH, {"text": "parcel", "first": 10}, token=subscriber))["code"] == "FORBIDDEN"


async def test_filters_say_who_wrote_who_removed_when_and_where(desk: Desk) -> None:
    last = await desk.recorded(
        received("c1", "i1", "Where is my parcel?", at="2026-03-02T09:00:00Z", by="maria"),
        replied("c1", "r1", "The parcel is on its way.", at="2026-03-02T09:05:00Z", by="anna"),
        received("c2", "i2", "The parcel is broken", at="2026-03-03T10:00:00Z", by="ivan"),
        replied("c2", "r2", "Send the parcel back.", at="2026-03-03T10:05:00Z", by="boris"),
        deleted("c2", "i2", at="2026-03-04T10:10:00Z", by="boris"),
        action({"commentHidden": {"conversation": "c1", "item": "i1"}}, by="anna", at="2026-03-04T11:00:00Z"),
        action({"commentUnhidden": {"conversation": "c1", "item": "i1"}}, by="anna", at="2026-03-04T12:00:00Z"),
    )
    for filter_, expected in (
        ({}, [0, 1, 2, 3]),
        ({"operators": ["anna"]}, [1]),
        ({"writerTypes": ["CUSTOMER"]}, [0, 2]),
        ({"customers": ["ivan"]}, [2, 3]),
        ({"customers": ["nobody"]}, []),
        ({"conversations": ["c1"]}, [0, 1]),
        ({"channels": ["vk"], "operators": ["boris"]}, [3]),
        ({"channels": ["mail"]}, []),
        ({"communities": ["c"]}, []),
        ({"kinds": ["MESSAGE"]}, [0, 1, 2, 3]),
        ({"states": ["DELETED", "HIDDEN"]}, [2]),
        ({"states": ["CURRENT"]}, [0, 1, 3]),
        ({"removers": ["boris"]}, [2]),
        ({"removers": ["anna"]}, []),
        ({"since": "2026-03-02T09:05:00Z", "until": "2026-03-03T10:05:00Z"}, [1, 2]),
        ({"since": "2027-03-02T09:05:00Z"}, []),
        ({"removedSince": "2026-03-04T10:10:00Z", "removedUntil": "2026-03-04T10:11:00Z"}, [2]),
    ):
        assert await found(desk, "parcel", filter=filter_, atLeast=str(last)) == expected, filter_


async def test_pages_go_through_everything_found_in_either_direction(desk: Desk) -> None:
    items = [received("c1", f"i{n}", f"parcel {n}", at=f"2026-03-02T09:{n:02}:00Z") for n in range(7)]
    last = await desk.recorded(*items)
    expected = await found(desk, "parcel", atLeast=str(last))
    assert expected == list(range(7))
    for size, cursor, way, more in (("first", "after", 1, "hasNextPage"), ("last", "before", -1, "hasPreviousPage")):
        seen: list[int] = []
        place: str | None = None
        while True:
            data = (await desk.ask(SEARCH, {"text": "parcel", size: 3, cursor: place}))["search"]
            page = [int(node["entry"]["position"]) for node in data["nodes"]]
            seen = seen + page if way == 1 else page + seen
            place = data["pageInfo"]["endCursor" if way == 1 else "startCursor"]
            if not data["pageInfo"][more]:
                break
        assert seen == expected
    refusal = await desk.refusal(SEARCH, {"text": "parcels", "first": 3, "after": place})
    assert refusal["detail"] == "CURSOR_OF_ANOTHER_FILTER"


async def test_a_question_that_asks_for_nothing_or_too_much_is_refused(desk: Desk) -> None:
    for text, detail in (("", "NO_WORDS"), (" !? ", "NO_WORDS"), ("a*", "PREFIX"), ("word " * 200, "TOO_MANY")):
        refusal = await desk.refusal(SEARCH, {"text": text, "first": 3})
        assert (refusal["code"], refusal["detail"]) == ("INVALID_QUESTION", detail)


REMOVED = """
query Removed($text: String, $filter: RemovedContentFilter, $first: Int, $last: Int, $atLeast: BigInt) {
  removedContent(text: $text, filter: $filter, first: $first, last: $last, atLeast: $atLeast) {
    nodes {
      removal state text fragments { text matched }
      entry { position type occurredAt actor { key } ... on CommentDeleted { reason } answers { text } }
      written { position occurredAt actor { type } }
    }
    pageInfo { hasNextPage }
  }
}
"""


async def test_everything_ever_removed_is_found_with_what_it_was(desk: Desk) -> None:
    last = await desk.recorded(
        received("c1", "i1", "You are thieves!", at="2026-03-02T09:00:00Z", by="maria"),
        deleted("c1", "i1", at="2026-03-02T09:07:00Z", by="anna", reason="spam"),
        received("c2", "i2", "Thieves and liars", at="2026-03-02T10:00:00Z", by="ivan"),
        replied("c2", "r2", "Sorry to hear that.", at="2026-03-02T10:01:00Z", by="boris"),
        action({"commentHidden": {"conversation": "c2", "item": "i2"}}, by="boris", at="2026-03-02T10:05:00Z"),
        action({"commentUnhidden": {"conversation": "c2", "item": "i2"}}, by="boris", at="2026-03-02T10:06:00Z"),
        action({"replyDeleted": {"conversation": "c2", "reply": "r2"}}, by="boris", at="2026-03-02T10:07:00Z"),
        action({"itemWithdrawn": {"conversation": "c2", "item": "i2"}}, by="ivan", actor="CUSTOMER",
               at="2026-03-03T10:08:00Z"),
        deleted("c3", "unknown", at="2026-03-03T10:09:00Z", by="anna"),
    )  # fmt: skip
    data = await desk.ask(REMOVED, {"text": "THIEVES", "first": 10, "atLeast": str(last)})
    first, second, third = data["removedContent"]["nodes"]
    assert first == {
        "removal": "DELETED",
        "state": "DELETED",
        "text": "You are thieves!",
        "fragments": [
            {"text": "You are ", "matched": False},
            {"text": "thieves", "matched": True},
            {"text": "!", "matched": False},
        ],
        "entry": {
            "position": "1",
            "type": "comment.deleted",
            "occurredAt": "2026-03-02T09:07:00.000000Z",
            "actor": {"key": "anna"},
            "reason": "spam",
            "answers": None,
        },
        "written": {"position": "0", "occurredAt": "2026-03-02T09:00:00.000000Z", "actor": {"type": "CUSTOMER"}},
    }
    assert [second["removal"], third["removal"]] == ["HIDDEN", "WITHDRAWN"]
    assert second["state"] == "WITHDRAWN"
    for filter_, expected in (
        ({}, [1, 4, 6, 7, 8]),
        ({"removers": ["boris"]}, [4, 6]),
        ({"removerTypes": ["CUSTOMER"]}, [7]),
        ({"removals": ["DELETED"]}, [1, 6, 8]),
        ({"operators": ["boris"]}, [6]),
        ({"writerTypes": ["CUSTOMER"]}, [1, 4, 7]),
        ({"customers": ["maria"]}, [1]),
        ({"conversations": ["c2"]}, [4, 6, 7]),
        ({"since": "2026-03-02T10:06:00Z", "until": "2026-03-03T10:09:00Z"}, [6, 7]),
        ({"channels": ["mail"]}, []),
    ):
        data = await desk.ask(REMOVED, {"filter": filter_, "first": 10})
        found = [int(node["entry"]["position"]) for node in data["removedContent"]["nodes"]]
        assert found == expected, filter_
    unknown = (await desk.ask(REMOVED, {"last": 1}))["removedContent"]["nodes"][0]
    assert (unknown["text"], unknown["written"], unknown["state"], unknown["fragments"]) == (None, None, None, [])


async def test_removed_content_is_for_investigators(desk: Desk) -> None:
    for role in (Role.LEAD, Role.MANAGER, Role.QUALITY, Role.ADMINISTRATOR):
        refusal = await desk.refusal(REMOVED, {"first": 10}, token=await desk.token_of(role))
        assert refusal["code"] == "FORBIDDEN"
