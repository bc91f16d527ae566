"""Commands as clients send them: typed, described, refused as data."""

import asyncio
from collections.abc import AsyncIterator
from typing import Any
from uuid import UUID, uuid4

import pytest
from graphql import GraphQLEnumType, GraphQLInputObjectType, GraphQLObjectType, get_named_type

from api.auth.roles import Role
from api.context import Services
from api.opening import all_projections
from api.schema import schema
from api.schema.ids import NodeKind, global_id
from domain.command import COMMANDS
from domain.envelope import Actor, RecordedEvent
from domain.instants import HOUR, format_instant
from domain.words import ActorType
from eventstore import clock
from projections.worker import Worker
from tests.commands.conftest import TOLD, Asker, Token
from tests.projections.waiting import running, until_folded

OPEN = {"conversation": "c1", "channel": "telegram", "customer": "maria"}
MUTATIONS = schema._schema.mutation_type.fields if schema._schema.mutation_type else {}
CAMEL = [name[0].lower() + name[1:] for name in COMMANDS]


@pytest.fixture
async def opened(anna: Asker) -> Asker:
    """Anna, who opened a conversation."""
    assert (await anna.wants("openConversation", **OPEN))["errors"] == []
    return anna


async def last_event(asker: Asker) -> RecordedEvent:
    events = await asker.services.store.read(asker.principal.workspace, after=-1, limit=1000)
    return events[-1]


# What the schema says


@pytest.mark.parametrize("mutation", CAMEL)
def test_every_command_is_a_mutation_with_types_of_its_own(mutation: str) -> None:
    field = MUTATIONS[mutation]
    name = mutation[0].upper() + mutation[1:]
    given = get_named_type(field.args["input"].type)
    payload = get_named_type(field.type)
    assert isinstance(given, GraphQLInputObjectType)
    assert isinstance(payload, GraphQLObjectType)
    assert (given.name, payload.name) == (f"{name}Input", f"{name}Payload")
    error = get_named_type(payload.fields["errors"].type)
    assert isinstance(error, GraphQLObjectType)
    codes = get_named_type(error.fields["code"].type)
    assert isinstance(codes, GraphQLEnumType)
    assert (error.name, codes.name) == (f"{name}Error", f"{name}ErrorCode")
    assert set(COMMANDS[name].codes) < set(codes.values)
    described = [
        field,
        *given.fields.values(),
        *payload.fields.values(),
        *error.fields.values(),
        *codes.values.values(),
    ]
    assert all(one.description for one in described)


# What is done


async def test_an_operators_token_acts_as_that_operator(opened: Asker) -> None:
    payload = await opened.wants("claimConversation", f"position repeated entries occurredAt {TOLD}", conversation="c1")
    last = await last_event(opened)
    assert last.envelope.actor == Actor(ActorType.OPERATOR, "anna")
    assert payload == {
        "position": str(last.position),
        "repeated": False,
        "entries": [global_id(NodeKind.ENTRY, str(last.envelope.id))],
        "occurredAt": format_instant(last.envelope.occurred_at),
        "errors": [],
    }


async def test_a_desk_s_backend_acts_as_the_operator_that_it_names(opened: Asker, token: Token) -> None:
    backend = token(Role.INGEST)
    assert (await backend.wants("claimConversation", conversation="c1", asOperator="boris"))["errors"] == []
    assert (await last_event(opened)).envelope.actor == Actor(ActorType.OPERATOR, "boris")


async def test_a_token_that_names_nobody_acts_in_its_own_name(opened: Asker, token: Token) -> None:
    backend = token(Role.INGEST)
    assert (await backend.wants("resolveConversation", conversation="c1"))["errors"] == []
    actor = (await last_event(opened)).envelope.actor
    assert actor == Actor(ActorType.INTEGRATION, f"token:{backend.principal.token}")


async def test_nobody_else_acts_in_somebody_else_s_name(opened: Asker, token: Token) -> None:
    wish = {"conversation": "c1", "asOperator": "boris"}
    assert await opened.is_denied("claimConversation", **wish) == "FORBIDDEN"
    assert await token(Role.LEAD, "carla").is_denied("claimConversation", **wish) == "FORBIDDEN"
    assert (await opened.wants("claimConversation", conversation="c1", asOperator="anna"))["errors"] == []


async def test_who_may_only_read_may_not_act(token: Token) -> None:
    for role in (Role.QUALITY, Role.INVESTIGATOR, Role.MANAGER, Role.ADMINISTRATOR, Role.SUBSCRIBER):
        assert await token(role).is_denied("claimConversation", conversation="c1") == "FORBIDDEN"


async def test_operators_are_arranged_by_those_who_lead_them(anna: Asker, token: Token) -> None:
    wish = {"operator": "boris", "name": "Boris", "team": "first-line"}
    assert await anna.is_denied("addOperator", **wish) == "FORBIDDEN"
    assert (await token(Role.LEAD).wants("addOperator", **wish))["errors"] == []


async def test_operators_say_where_they_are_and_nobody_says_it_for_them(anna: Asker, token: Token) -> None:
    assert (await anna.wants("changePresence", operator="anna", presence="ONLINE"))["errors"] == []
    assert await anna.is_denied("changePresence", operator="boris", presence="OFFLINE") == "FORBIDDEN"
    assert (await token(Role.LEAD).wants("changePresence", operator="boris", presence="OFFLINE"))["errors"] == []


async def test_an_id_that_was_made_is_told(opened: Asker) -> None:
    payload = await opened.wants("sendReply", f"reply entries {TOLD}", conversation="c1", text="On its way")
    assert UUID(payload["reply"])
    again = await opened.wants("editReply", conversation="c1", reply=payload["reply"], text="Tuesday")
    assert again["errors"] == []


async def test_a_global_id_does_as_well_as_the_desk_s_own(opened: Asker) -> None:
    payload = await opened.wants("claimConversation", conversation=global_id(NodeKind.CONVERSATION, "c1"))
    assert payload["errors"] == []
    assert (await last_event(opened)).envelope.stream.id == "c1"


async def test_an_instant_may_have_any_offset(opened: Asker) -> None:
    until = format_instant(clock.now() + HOUR).replace("Z", "+00:00")
    assert (await opened.wants("putConversationOnHold", conversation="c1", until=until))["errors"] == []


@pytest.fixture
async def read_models(services: Services, desk_workspace: UUID) -> AsyncIterator[None]:
    """A worker that keeps the workspace's read models, as `serve` does."""
    projections = all_projections(services.store)
    worker = Worker(services.database, services.store, projections, only=frozenset({desk_workspace}), look=0.05)
    async with running(worker):
        for projection in projections:
            await until_folded(services.database, desk_workspace, -1, projection.name)
        yield


@pytest.mark.usefixtures("read_models")
async def test_the_payload_shows_the_object_after_the_change(opened: Asker) -> None:
    claimed = await opened.wants(
        "claimConversation", "conversation { key state { holder { key } } }", conversation="c1"
    )
    named = await opened.wants("nameCustomer", "customer { key name }", customer="maria", name="Maria")
    pseudonym = str(await opened.services.vault.find(opened.principal.workspace, "maria"))
    assert claimed["conversation"] == {"key": "c1", "state": {"holder": {"key": "anna"}}}
    assert named["customer"] == {"key": pseudonym, "name": "Maria"}


async def test_who_may_not_read_conversations_is_shown_none(token: Token) -> None:
    payload = await token(Role.INGEST).wants("openConversation", f"conversation {{ key }} {TOLD}", **OPEN)
    assert payload == {"conversation": None, "errors": []}


# What is refused


async def test_a_refusal_is_data_with_a_code_of_the_mutation_s_own(opened: Asker) -> None:
    await opened.wants("closeConversation", conversation="c1", outcome="SOLVED")
    payload = await opened.wants(
        "closeConversation",
        f"position entries repeated occurredAt conversation {{ key }} {TOLD}",
        conversation="c1",
        outcome="SOLVED",
    )
    assert payload == {
        "position": None,
        "entries": [],
        "repeated": None,
        "occurredAt": None,
        "conversation": None,
        "errors": [{"code": "ALREADY_CLOSED", "path": [], "message": "the conversation is closed already"}],
    }


@pytest.mark.parametrize(
    ("given", "code", "path"),
    [
        ({"conversation": "c" * 201}, "TOO_LONG", ["input", "conversation"]),
        ({"conversation": ""}, "TOO_SHORT", ["input", "conversation"]),
        ({"text": ""}, "TOO_SHORT", ["input", "text"]),
        ({"text": "\0"}, "ILL_FORMED_TEXT", ["input", "text"]),
        ({"text": "\ud800"}, "ILL_FORMED_TEXT", ["input", "text"]),
        ({"text": "x" * 70_000}, "TOO_LARGE", []),
        ({"inReplyTo": "i" * 201}, "TOO_LONG", ["input", "inReplyTo"]),
        ({"inReplyTo": "i7"}, "ANSWERED_ITEM_UNKNOWN", []),
        ({"idempotencyKey": ""}, "TOO_SHORT", ["input", "idempotencyKey"]),
        ({"idempotencyKey": "k" * 201}, "TOO_LONG", ["input", "idempotencyKey"]),
        ({"idempotencyKey": "\ud800"}, "ILL_FORMED_TEXT", ["input", "idempotencyKey"]),
        ({"session": "s\0"}, "ILL_FORMED_TEXT", ["input", "session"]),
        ({"conversation": global_id(NodeKind.TEAM, "c1")}, "ID_OF_ANOTHER_KIND", ["input", "conversation"]),
        ({"conversation": "c7"}, "CONVERSATION_UNKNOWN", []),
    ],
)
async def test_what_is_malformed_is_refused_with_where_and_why(
    opened: Asker, given: dict[str, Any], code: str, path: list[str]
) -> None:
    payload = await opened.wants("sendReply", **{"conversation": "c1", "text": "On its way", **given})
    (error,) = payload["errors"]
    assert (error["code"], error["path"]) == (code, path)
    assert error["message"]


@pytest.mark.parametrize(
    ("until", "code"),
    [
        ("2026-03-01T09:00:00", "MALFORMED_INSTANT"),
        ("tomorrow", "MALFORMED_INSTANT"),
        ("1971-01-01T00:00:00Z", "OUT_OF_RANGE"),
        ("2001-01-01T00:00:00Z", "UNTIL_HAS_PASSED"),
    ],
)
async def test_an_instant_that_is_none_is_refused(opened: Asker, until: str, code: str) -> None:
    payload = await opened.wants("putConversationOnHold", conversation="c1", until=until)
    assert [error["code"] for error in payload["errors"]] == [code]


async def test_a_key_used_for_something_else_is_refused(opened: Asker) -> None:
    key = str(uuid4())
    first = await opened.wants("tagConversation", "position repeated", conversation="c1", tag="a", idempotencyKey=key)
    again = await opened.wants("tagConversation", "position repeated", conversation="c1", tag="a", idempotencyKey=key)
    other = await opened.wants("tagConversation", conversation="c1", tag="b", idempotencyKey=key)
    assert (first["repeated"], again) == (False, {"position": first["position"], "repeated": True})
    (error,) = other["errors"]
    assert (error["code"], error["path"]) == ("IDEMPOTENCY_KEY_REUSED", ["input", "idempotencyKey"])


async def test_two_closings_at_once_are_one_closing_and_one_refusal(opened: Asker) -> None:
    both = await asyncio.gather(
        *(opened.wants("closeConversation", conversation="c1", outcome="SOLVED") for _ in range(2))
    )
    assert sorted(len(payload["errors"]) for payload in both) == [0, 1]
