"""A conversation as it stood, at an instant and step by step; a customer's whole history; operators' days."""

from typing import Any

from api.auth.roles import Role
from tests.api.desk import Desk, action, closed, received, replied

REPLAY = """
query Replay($at: DateTime, $position: BigInt, $atLeast: BigInt) { conversation(id: "c1", atLeast: $atLeast) {
  replay(at: $at, position: $position) {
    at position previous next status holder { key } team { key } episode onHold
    texts { key type actor { key type } text state editedAt }
    clocks { metric }
  } } }
"""


async def told(desk: Desk) -> str:
    last = await desk.recorded(
        received("c1", "i1", "You are thieves!", at="2026-03-02T09:00:00Z"),
        action({"conversationClaimed": {"conversation": "c1"}}, by="anna", at="2026-03-02T09:01:00Z"),
        replied("c1", "r1", "Calm down.", at="2026-03-02T09:02:00Z"),
        action({"replyEdited": {"conversation": "c1", "reply": "r1", "text": "Sorry."}}, at="2026-03-02T09:03:00Z"),
        action({"commentHidden": {"conversation": "c1", "item": "i1"}}, at="2026-03-02T09:04:00Z"),
        closed("c1", at="2026-03-02T09:05:00Z"),
        received("c2", "i2", "In another channel", at="2026-03-02T08:00:00Z"),
    )
    return str(last)


async def replayed(desk: Desk, *, token: str | None = None, **asked: Any) -> dict[str, Any]:
    data = await desk.ask(REPLAY, asked, token=token)
    return dict(data["conversation"]["replay"])


async def test_a_conversation_stands_as_it_stood(desk: Desk) -> None:
    last = await told(desk)
    then = await replayed(desk, at="2026-03-02T09:02:30Z", atLeast=last)
    assert (then["status"], then["holder"], then["team"], then["episode"]) == (
        "OPEN", {"key": "anna"}, {"key": "first"}, 1
    )  # fmt: skip
    assert (then["previous"], then["position"], then["next"]) == ("1", "2", "3")
    assert [(text["key"], text["text"], text["state"], text["editedAt"]) for text in then["texts"]] == [
        ("i1", "You are thieves!", "CURRENT", None),
        ("r1", "Calm down.", "CURRENT", None),
    ]
    now = await replayed(desk)
    assert (now["status"], now["next"]) == ("ENDED", None)
    assert [(text["text"], text["state"], text["editedAt"]) for text in now["texts"]] == [
        ("You are thieves!", "HIDDEN", None),
        ("Sorry.", "CURRENT", "2026-03-02T09:03:00.000000Z"),
    ]
    before = await replayed(desk, at="2026-03-01T00:00:00Z")
    assert (before["status"], before["position"], before["next"], before["texts"]) == (None, None, "0", [])


async def test_one_goes_step_by_step(desk: Desk) -> None:
    last = await told(desk)
    moment = await replayed(desk, position="0", atLeast=last)
    steps = [moment["position"]]
    while moment["next"] is not None:
        moment = await replayed(desk, position=moment["next"])
        steps.append(moment["position"])
    assert steps == ["0", "1", "2", "3", "4", "5"]
    refusal = await desk.refusal(REPLAY, {"position": "6"})
    assert (refusal["code"], refusal["detail"]) == ("INVALID_QUESTION", "ANOTHER_CONVERSATION")
    assert (await desk.refusal(REPLAY, {"position": "1", "at": "2026-03-01T00:00:00Z"}))["detail"] == "AT_OR_POSITION"


async def test_only_investigators_see_words_that_cannot_be_seen_any_more_and_leave_a_trace(desk: Desk) -> None:
    last = await told(desk)
    anna = await desk.token_of(Role.OPERATOR, "anna")
    seen = await replayed(desk, at="2026-03-02T09:02:30Z", atLeast=last, token=anna)
    assert [text["text"] for text in seen["texts"]] == [None, None]
    await replayed(desk, at="2026-03-02T09:02:30Z")
    log = await desk.ask("{ accessLog(first: 10) { nodes { operation rows } } }")
    assert log["accessLog"]["nodes"] == [{"operation": "replay", "rows": 2}]


async def test_a_customers_history_is_in_one_list_over_all_channels(desk: Desk) -> None:
    last = await told(desk)
    data = await desk.ask(
        """query($at: BigInt) { journal(first: 1, atLeast: $at) { nodes { context { customer {
             history(first: 10) { nodes { position type } } } } } } }""",
        {"at": last},
    )
    (entry,) = data["journal"]["nodes"]
    history = entry["context"]["customer"]["history"]["nodes"]
    assert [int(node["position"]) for node in history] == [6, 0, 1, 2, 3, 4, 5]


TIMELINE = """
query Timeline($operators: [ID!]!, $since: DateTime!, $until: DateTime!, $first: Int! = 200, $atLeast: BigInt) {
  timeline(operators: $operators, since: $since, until: $until, first: $first, atLeast: $atLeast) {
    operator { key } more presence { presence since until } entries { position }
  } }
"""


async def test_operators_days_stand_beside_each_other_with_their_presence(desk: Desk) -> None:
    def turned(presence: str, at: str) -> Any:
        return action({"presenceChanged": {"operator": "anna", "presence": presence}}, at=at)

    last = await desk.recorded(
        turned("ONLINE", "2026-03-01T22:00:00Z"),
        replied("c1", "r1", at="2026-03-02T09:00:00Z"),
        replied("c2", "r2", at="2026-03-02T09:01:00Z", by="boris"),
        turned("BREAK", "2026-03-02T12:00:00Z"),
        turned("OFFLINE", "2026-03-02T18:00:00Z"),
        replied("c1", "r3", at="2026-03-03T09:00:00Z"),
    )
    day = {"since": "2026-03-02T00:00:00Z", "until": "2026-03-03T00:00:00Z"}
    asked = {"operators": ["anna", "boris"], **day, "atLeast": str(last)}
    anna, boris = (await desk.ask(TIMELINE, asked))["timeline"]
    assert [(one["presence"], one["since"][11:16], one["until"][11:16]) for one in anna["presence"]] == [
        ("ONLINE", "00:00", "12:00"), ("BREAK", "12:00", "18:00"), ("OFFLINE", "18:00", "00:00")
    ]  # fmt: skip
    assert [entry["position"] for entry in anna["entries"]] == ["1", "3", "4"]
    assert (boris["presence"], [entry["position"] for entry in boris["entries"]]) == ([], ["2"])
    (lane,) = (await desk.ask(TIMELINE, {**asked, "operators": ["anna"], "first": 2}))["timeline"]
    assert (len(lane["entries"]), lane["more"]) == (2, True)

    token = await desk.token_of(Role.OPERATOR, "anna")
    (own,) = (await desk.ask(TIMELINE, {"operators": ["anna"], **day}, token=token))["timeline"]
    assert own["entries"] == anna["entries"]
    assert (await desk.refusal(TIMELINE, {"operators": ["boris"], **day}, token=token))["code"] == "FORBIDDEN"
    for wrong, detail in (
        ({"operators": []}, "TOO_MANY"), ({"until": "2027-03-03T00:00:00Z"}, "RANGE"), ({"first": 501}, "PAGE_SIZE")
    ):  # fmt: skip
        assert (await desk.refusal(TIMELINE, {"operators": ["anna"], **day, **wrong}))["detail"] == detail
