"""A deleted complaint: found by a word of it, who deleted it, when and why, what else they did, and the proof; through
the public API alone, and it stays on record who looked."""

from base64 import b64decode
from typing import Any

from api.auth.roles import Role
from eventstore.proofs.checkpoint import signer
from eventstore.proofs.keys import public_keys
from eventstore.proofs.tree import includes, leaf_hash
from tests.api.conftest import _home
from tests.api.desk import Desk, action, closed, received, replied
from tests.api.test_proofs import signed

FOUND = """
query Found($text: String!, $at: BigInt) {
  removedContent(text: $text, last: 5, atLeast: $at) { nodes {
    text removal
    written { occurredAt actor { type } context { customer { key externalId } channel { key name } } }
    entry { type position occurredAt actor { key name team { key name } } context { operator { key } }
            origin { ip session interface } ... on CommentDeleted { reason }
            proof { leaf path head { size root checkpoint } } }
  } }
}
"""
DID = """
query Did($operator: ID!, $session: String!) {
  all: operator(id: $operator) { name journal(first: 100) { nodes { type position contentBefore { text } } } }
  suspicious: journal(filter: {operators: [$operator], flags: [REMOVED, CLOSED_WITHOUT_REPLY]}, first: 100) {
    nodes { type position } }
  session: journal(filter: {sessions: [$session]}, first: 100) { nodes { position } }
}
"""


async def happened(desk: Desk) -> int:
    def did(what: dict[str, Any], **more: Any) -> Any:
        return action(what, by="anna", ip="192.0.2.7", session="evening", interface="desk", **more)

    return await desk.recorded(
        action({"operatorJoined": {"operator": "anna", "name": "Anna Serova", "team": "night"}}, by="boss",
               at="2026-01-05T08:00:00Z"),
        received("c1", "i1", "Ваш курьер украл мою посылку, буду жаловаться!", at="2026-03-02T18:00:00Z", by="maria"),
        did({"commentDeleted": {"conversation": "c1", "item": "i1", "reason": "spam"}}, at="2026-03-02T18:04:00Z"),
        did({"conversationClosed": {"conversation": "c1", "outcome": "SPAM"}}, at="2026-03-02T18:05:00Z"),
        received("c2", "i2", "Спасибо за посылку", at="2026-03-02T19:00:00Z", by="ivan"),
        replied("c2", "r2", "Всегда рады.", at="2026-03-02T19:01:00Z", by="boris"),
        closed("c2", at="2026-03-02T19:02:00Z", by="boris"),
        action({"operatorRenamed": {"operator": "anna", "name": "Anna Orlova"}}, by="boss", at="2026-03-05T09:00:00Z"),
        action({"operatorJoinedTeam": {"operator": "anna", "team": "day", "primary": True}}, by="boss",
               at="2026-03-05T09:00:00Z"),
    )  # fmt: skip


async def test_a_deleted_complaint_is_found_with_who_did_it_what_else_they_did_and_proof(desk: Desk) -> None:
    last = await happened(desk)
    await signed(desk, last + 1)
    vera = await desk.token_of(Role.INVESTIGATOR, "vera")

    found = await desk.ask(FOUND, {"text": "посылки курьеру", "at": str(last)}, token=vera)
    (complaint,) = found["removedContent"]["nodes"]
    entry = complaint["entry"]
    assert complaint["text"] == "Ваш курьер украл мою посылку, буду жаловаться!"
    assert complaint["written"]["context"]["customer"]["externalId"] == "maria"
    assert (entry["type"], entry["occurredAt"], entry["reason"]) == (
        "comment.deleted", "2026-03-02T18:04:00.000000Z", "spam"
    )  # fmt: skip
    assert entry["actor"] == {"key": "anna", "name": "Anna Serova", "team": {"key": "night", "name": None}}
    assert entry["origin"] == {"ip": "192.0.2.7", "session": "evening", "interface": "desk"}

    proof, head = entry["proof"], entry["proof"]["head"]
    assert signer(head["checkpoint"], public_keys(_home())) is not None
    assert includes(
        b64decode(head["root"]), int(head["size"]), int(entry["position"]), leaf_hash(proof["leaf"].encode()),
        [b64decode(one) for one in proof["path"]],
    )  # fmt: skip

    did = await desk.ask(DID, {"operator": "anna", "session": entry["origin"]["session"]}, token=vera)
    assert did["all"]["name"] == "Anna Orlova"
    assert [node["type"] for node in did["suspicious"]["nodes"]] == ["comment.deleted", "conversation.closed"]
    assert [node["position"] for node in did["session"]["nodes"]] == ["2", "3"]
    assert [node["contentBefore"] for node in did["all"]["journal"]["nodes"]] == [{"text": complaint["text"]}, None]

    log = await desk.ask(
        '{ accessLog(filter: {readers: ["vera"]}, first: 10) { nodes { operation rows } } }',
        token=await desk.token_of(Role.ADMINISTRATOR),
    )
    assert [(one["operation"], one["rows"]) for one in log["accessLog"]["nodes"]] == [
        ("removedContent", 1), ("journal", 2), ("journal", 2), ("journal", 2)
    ]  # fmt: skip
