"""A workspace as its users see it: through tokens."""

from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass, field
from typing import Any
from uuid import UUID, uuid4

import httpx

from api.auth.roles import Role
from tests.api.server import Server

RECORD = """
mutation Record($input: RecordActionsInput!) {
  recordActions(input: $input) {
    position
    outcomes { id outcome position version error { code detail message path } }
    errors { code detail message path }
  }
}
"""


@dataclass(slots=True)
class Desk:
    """`token` is an investigator's, `ingest` an integration's; `make_token` makes others."""

    server: Server
    slug: str
    workspace: UUID
    token: str
    ingest: str
    make_token: Callable[..., Awaitable[str]]
    client: httpx.AsyncClient = field(default_factory=lambda: httpx.AsyncClient(timeout=30))

    async def close(self) -> None:
        await self.client.aclose()

    async def token_of(self, role: Role, operator: str | None = None, teams: Sequence[str] | None = None) -> str:
        """A token; a lead's is of the team `first`, unless others are named."""
        return await self.make_token(role, operator, teams)

    async def post(self, query: str, variables: dict[str, Any] | None = None, *, token: str | None = None) -> Any:
        """The whole answer, errors and all."""
        response = await self.client.post(
            self.server.url,
            json={"query": query, "variables": variables or {}},
            headers={"Authorization": f"Bearer {token or self.token}"},
        )
        assert response.headers["content-type"].startswith("application/json"), (response.status_code, response.text)
        return response.json()

    async def ask(self, query: str, variables: dict[str, Any] | None = None, *, token: str | None = None) -> Any:
        """The data of an answer without errors."""
        answer = await self.post(query, variables, token=token)
        assert "errors" not in answer, answer["errors"]
        return answer["data"]

    async def refusal(
        self, query: str, variables: dict[str, Any] | None = None, *, token: str | None = None
    ) -> dict[str, Any]:
        """The one error of an answer: its message, and what its extensions say."""
        answer = await self.post(query, variables, token=token)
        assert len(answer.get("errors", ())) == 1, answer
        error = answer["errors"][0]
        return {"message": error["message"], **error["extensions"]}

    async def record(self, *actions: dict[str, Any]) -> Any:
        """What `recordActions` answers."""
        data = await self.ask(RECORD, {"input": {"actions": list(actions)}}, token=self.ingest)
        return data["recordActions"]

    async def recorded(self, *actions: dict[str, Any]) -> int:
        """Record what is well-formed and new; its furthest ledger position."""
        answer = await self.record(*actions)
        assert {outcome["outcome"] for outcome in answer["outcomes"]} == {"APPENDED"}, answer
        return int(answer["position"])


def action(
    what: dict[str, Any],
    *,
    by: str = "anna",
    actor: str = "OPERATOR",
    at: str = "2026-03-02T09:00:00Z",
    id: str | None = None,  # noqa: A002 - it is called that on the wire
    **envelope: Any,
) -> dict[str, Any]:
    """A fact as `recordActions` takes it."""
    return {
        "id": id or str(uuid4()),
        "occurredAt": at,
        "actor": {"type": actor, "id": by},
        "action": what,
        **envelope,
    }


def received(conversation: str, item: str, text: str = "Where is my parcel?", *, at: str, by: str = "maria") -> Any:
    """A customer's item."""
    said = {
        "conversation": conversation,
        "item": item,
        "text": text,
        "kind": "MESSAGE",
        "channel": "vk",
        "team": "first",
    }
    return action({"itemReceived": said}, by=by, actor="CUSTOMER", at=at)


def replied(conversation: str, reply: str, text: str = "On its way.", *, at: str, by: str = "anna") -> Any:
    """An operator's reply."""
    return action({"replySent": {"conversation": conversation, "reply": reply, "text": text}}, by=by, at=at)


def closed(conversation: str, *, at: str, by: str = "anna", outcome: str = "NO_ACTION") -> Any:
    return action({"conversationClosed": {"conversation": conversation, "outcome": outcome}}, by=by, at=at)
