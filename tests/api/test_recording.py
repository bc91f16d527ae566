"""`recordActions`: what comes in, and every way in which it can be wrong."""

from typing import Any
from uuid import uuid4

import pytest

from domain.event import DECLARATIONS
from tests.api.desk import RECORD, Desk, action, closed, received, replied


def outcomes(answer: Any) -> list[str]:
    return [outcome["outcome"] for outcome in answer["outcomes"]]


async def test_the_same_facts_sent_again_are_duplicates_where_they_stand(desk: Desk) -> None:
    facts = [received("c1", "i1", at="2026-03-02T09:00:00Z"), replied("c1", "r1", at="2026-03-02T09:05:00Z")]
    first, again = await desk.record(*facts), await desk.record(*facts)
    assert outcomes(first) == ["APPENDED", "APPENDED"]
    assert outcomes(again) == ["DUPLICATE", "DUPLICATE"]
    assert [outcome["position"] for outcome in again["outcomes"]] == ["0", "1"]
    assert first["position"] == again["position"] == "1"


async def test_a_fact_is_never_refused_because_it_looks_inconsistent(desk: Desk) -> None:
    answer = await desk.record(
        closed("c1", at="2026-03-02T09:00:00Z"),
        closed("c1", at="2026-03-02T09:01:00Z"),
        action({"replyDeleted": {"conversation": "c1", "reply": "never-sent"}}, at="2026-03-02T08:00:00Z"),
    )
    assert outcomes(answer) == ["APPENDED"] * 3


async def test_another_fact_under_a_known_id_is_a_mismatch(desk: Desk) -> None:
    fact = replied("c1", "r1", "Yes.", at="2026-03-02T09:00:00Z")
    await desk.record(fact)
    answer = await desk.record(fact | {"action": {"replySent": {"conversation": "c1", "reply": "r1", "text": "No."}}})
    assert outcomes(answer) == ["MISMATCH"]
    assert answer["outcomes"][0]["error"]["code"] == "MISMATCH"


async def test_the_same_id_twice_in_one_batch_stands_once(desk: Desk) -> None:
    fact = replied("c1", "r1", at="2026-03-02T09:00:00Z")
    other = fact | {"occurredAt": "2026-03-02T09:00:01Z"}
    answer = await desk.record(fact, fact, other)
    assert outcomes(answer) == ["APPENDED", "DUPLICATE", "MISMATCH"]


async def test_an_expected_version_that_is_not_the_streams_is_a_conflict(desk: Desk) -> None:
    answer = await desk.record(
        replied("c1", "r1", at="2026-03-02T09:00:00Z") | {"expectedVersion": -1},
        replied("c1", "r2", at="2026-03-02T09:01:00Z") | {"expectedVersion": -1},
        replied("c1", "r3", at="2026-03-02T09:02:00Z") | {"expectedVersion": 0},
    )
    assert outcomes(answer) == ["APPENDED", "CONFLICT", "APPENDED"]
    assert answer["outcomes"][1]["error"]["code"] == "CONFLICT"


MALFORMED: list[tuple[str, dict[str, Any], str, list[str]]] = [
    ("an instant without a zone", {"occurredAt": "2026-03-02T09:00:00"}, "MALFORMED_INSTANT", ["occurredAt"]),
    ("an instant that is none", {"occurredAt": "half past nine"}, "MALFORMED_INSTANT", ["occurredAt"]),
    ("an instant of the year 1", {"occurredAt": "0001-01-01T00:00:00Z"}, "OUT_OF_RANGE", ["occurredAt"]),
    ("an instant of the year 2999", {"occurredAt": "2999-01-01T00:00:00Z"}, "OUT_OF_RANGE", ["occurredAt"]),
    ("an id that is no UUID", {"id": "42"}, "MALFORMED_ID", ["id"]),
    ("a causation that is no UUID", {"causation": "42"}, "MALFORMED_ID", ["causation"]),
    (
        "an actor's id of 10,000 characters",
        {"actor": {"type": "OPERATOR", "id": "a" * 10_000}},
        "TOO_LONG",
        ["actor", "id"],
    ),
    ("an empty actor's id", {"actor": {"type": "OPERATOR", "id": ""}}, "TOO_SHORT", ["actor", "id"]),
    (
        "a conversation's id of 10,000 characters",
        {"action": {"conversationResumed": {"conversation": "c" * 10_000}}},
        "TOO_LONG",
        ["action", "conversationResumed", "conversation"],
    ),
    (
        "an item's id of 10,000 characters",
        {"action": {"itemWithdrawn": {"conversation": "c1", "item": "i" * 10_000}}},
        "TOO_LONG",
        ["action", "itemWithdrawn", "item"],
    ),
    (
        "a text with a NUL",
        {"action": {"replySent": {"conversation": "c1", "reply": "r1", "text": "a\0b"}}},
        "ILL_FORMED_TEXT",
        ["action", "replySent", "text"],
    ),
    (
        "an id with a NUL",
        {"action": {"replySent": {"conversation": "c1", "reply": "r\0001"}}},
        "ILL_FORMED_TEXT",
        ["action", "replySent", "reply"],
    ),
    (
        "a text of 70 kB",
        {"action": {"replySent": {"conversation": "c1", "reply": "r1", "text": "x" * 70_000}}},
        "TOO_LARGE",
        [],
    ),
    (
        "a score of 11",
        {"action": {"surveyAnswered": {"conversation": "c1", "survey": "s1", "scale": "NPS_0_10", "score": 11}}},
        "OUT_OF_RANGE",
        ["action", "surveyAnswered", "score"],
    ),
    (
        "an instant within the payload that is none",
        {"action": {"conversationPutOnHold": {"conversation": "c1", "until": "tomorrow"}}},
        "MALFORMED_INSTANT",
        ["action", "conversationPutOnHold", "until"],
    ),
]


@pytest.mark.parametrize(
    ("change", "detail", "path"), [case[1:] for case in MALFORMED], ids=[case[0] for case in MALFORMED]
)
async def test_a_malformed_fact_is_refused_alone(
    desk: Desk, change: dict[str, Any], detail: str, path: list[str]
) -> None:
    good, bad = replied("c1", "r0", at="2026-03-02T09:00:00Z"), replied("c1", "r1", at="2026-03-02T09:00:00Z") | change
    answer = await desk.record(good, bad, good | {"id": str(uuid4())})
    assert outcomes(answer) == ["APPENDED", "INVALID", "APPENDED"]
    error = answer["outcomes"][1]["error"]
    assert (error["code"], error["detail"]) == ("INVALID_EVENT", detail), error
    assert error["path"] == ["input", "actions", "1", *path]


WRONG_SHAPES: list[tuple[str, dict[str, Any], str]] = [
    ("an unknown event kind", {"action": {"replyThrown": {"conversation": "c1"}}}, "replyThrown"),
    ("an unknown field", {"action": {"replySent": {"conversation": "c1", "reply": "r1", "mood": "bad"}}}, "mood"),
    ("a missing field", {"action": {"replySent": {"conversation": "c1"}}}, "reply"),
    ("a wrong type", {"action": {"replySent": {"conversation": "c1", "reply": "r1", "text": 7}}}, "text"),
    ("an unknown word", {"action": {"conversationClosed": {"conversation": "c1", "outcome": "HAPPY"}}}, "HAPPY"),
    ("a number for an instant", {"occurredAt": 1_772_442_000}, "occurredAt"),
    ("no action", {"action": {}}, "ActionInput"),
    (
        "two actions in one",
        {"action": {"focusTaken": {"conversation": "c1"}, "focusLeft": {"conversation": "c1"}}},
        "ActionInput",
    ),
    ("an action that is null", {"action": {"focusTaken": None}}, "focusTaken"),
]


@pytest.mark.parametrize(
    ("change", "named"), [case[1:] for case in WRONG_SHAPES], ids=[case[0] for case in WRONG_SHAPES]
)
async def test_what_does_not_fit_the_schema_is_refused_with_its_place(
    desk: Desk, change: dict[str, Any], named: str
) -> None:
    bad = replied("c1", "r1", at="2026-03-02T09:00:00Z") | change
    refusal = await desk.refusal(RECORD, {"input": {"actions": [bad]}}, token=desk.ingest)
    assert refusal["code"] == "BAD_USER_INPUT"
    assert named in refusal["message"]
    assert (await desk.ask("{ workspace { head } }"))["workspace"]["head"] == "-1"


@pytest.mark.parametrize(("size", "detail"), [(0, "EMPTY_BATCH"), (1_001, "TOO_MANY")])
async def test_a_batch_of_none_or_too_many_is_refused_as_a_whole(desk: Desk, size: int, detail: str) -> None:
    answer = await desk.record(*(replied("c1", f"r{n}", at="2026-03-02T09:00:00Z") for n in range(size)))
    (error,) = answer["errors"]
    assert (error["detail"], error["path"]) == (detail, ["input", "actions"])
    assert "1,000" in error["message"]
    assert (answer["outcomes"], answer["position"]) == ([], None)


async def test_a_thousand_facts_are_one_batch(desk: Desk) -> None:
    answer = await desk.record(*(replied(f"c{n % 7}", f"r{n}", at="2026-03-02T09:00:00Z") for n in range(1_000)))
    assert outcomes(answer) == ["APPENDED"] * 1_000
    assert answer["position"] == "999"


async def test_every_event_type_can_be_recorded_and_comes_out_as_its_own_type(desk: Desk) -> None:
    every = (await desk.ask("{ eventTypes { name entryType subject fields { name required } } }"))["eventTypes"]
    types = [type_ for type_ in every if DECLARATIONS[type_["name"]].told]
    facts = [action({_field(type_["name"]): _said(type_)}, at="2026-03-02T09:00:00Z") for type_ in types]
    last = await desk.recorded(*facts)
    data = await desk.ask(
        "query($at: BigInt) { journal(first: 100, atLeast: $at) { nodes { __typename type } } }", {"at": str(last)}
    )
    assert [(node["type"], node["__typename"]) for node in data["journal"]["nodes"]] == [
        (type_["name"], type_["entryType"]) for type_ in types
    ]


def _field(name: str) -> str:
    first, *rest = name.replace(".", "_").split("_")
    return first + "".join(part.capitalize() for part in rest)


def _said(type_: dict[str, Any]) -> dict[str, Any]:
    """What the type must say, by the words of its fields."""
    words = {
        "outcome": "SOLVED", "priority": "HIGH", "kept": True, "scale": "THUMBS", "score": 1, "presence": "AWAY",
        "zone": "Europe/Chisinau", "month": "2026-03", "cost": "SALARY", "amount": 1, "currency": "MDL",
    }  # fmt: skip
    said = {field["name"]: words.get(field["name"], "x1") for field in type_["fields"] if field["required"]}
    subject = type_["subject"].lower()
    return said if subject == "workspace" else {subject: "s1", **said}
