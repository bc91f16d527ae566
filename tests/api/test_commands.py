"""An operator's work as a front-end does it: through HTTP, with one's own token, seen at once in what is read."""

import asyncio
from typing import Any
from uuid import uuid4

from api.auth.roles import Role
from tests.api.desk import Desk, received

WORK = """
mutation Work($claim: ClaimConversationInput!, $reply: SendReplyInput!, $again: ClaimConversationInput!) {
  claimConversation(input: $claim) { position errors { code } }
  sendReply(input: $reply) {
    position
    reply
    entries
    conversation { key state { status holder { key } replies } history(first: 10) { nodes { type } } }
    errors { code }
  }
  again: claimConversation(input: $again) { position errors { code message path } }
}
"""
NODE = "query Node($id: ID!) { node(id: $id) { ... on ReplySent { text actor { key } } } }"
HIDE = """
mutation Hide($input: HideCommentInput!) {
  hideComment(input: $input) { position repeated errors { code } }
}
"""


def wish(**fields: Any) -> dict[str, Any]:
    return {"idempotencyKey": str(uuid4()), **fields}


async def test_an_operator_claims_answers_and_sees_it_at_once(desk: Desk) -> None:
    anna = await desk.token_of(Role.OPERATOR, "anna")
    await desk.recorded(received("c1", "i1", at="2026-03-02T09:00:00Z"))
    done = await desk.ask(
        WORK,
        {
            "claim": wish(conversation="c1"),
            "reply": wish(conversation="c1", text="On its way", inReplyTo="i1", andResolve=True),
            "again": wish(conversation="c1"),
        },
        token=anna,
    )
    assert done["claimConversation"]["errors"] == done["sendReply"]["errors"] == []
    assert done["sendReply"]["conversation"] == {
        "key": "c1",
        "state": {"status": "ENDED", "holder": {"key": "anna"}, "replies": 1},
        "history": {
            "nodes": [
                {"type": name}
                for name in ("item.received", "conversation.claimed", "reply.sent", "conversation.resolved")
            ]
        },
    }
    assert [error["code"] for error in done["again"]["errors"]] == ["CONVERSATION_ENDED"]
    node = await desk.ask(NODE, {"id": done["sendReply"]["entries"][0]}, token=anna)
    assert node["node"] == {"text": "On its way", "actor": {"key": "anna"}}


async def test_a_front_end_that_heard_no_answer_sends_the_same_again(desk: Desk) -> None:
    anna = await desk.token_of(Role.OPERATOR, "anna")
    await desk.recorded(received("c1", "i1", at="2026-03-02T09:00:00Z"))
    same = {"input": wish(conversation="c1", item="i1", reason="insult")}
    answers = await asyncio.gather(*(desk.ask(HIDE, same, token=anna) for _ in range(10)))
    told = [answer["hideComment"] for answer in answers]
    assert {(one["position"], *one["errors"]) for one in told} == {("1",)}
    assert sorted(one["repeated"] for one in told) == [False, *[True] * 9]


async def test_a_token_of_the_wrong_role_is_told_which_roles_may(desk: Desk) -> None:
    quality = await desk.token_of(Role.QUALITY)
    refusal = await desk.refusal(HIDE, {"input": wish(conversation="c1", item="i1")}, token=quality)
    assert refusal["code"] == "FORBIDDEN"
    assert "OPERATOR, LEAD, INGEST" in refusal["message"]
