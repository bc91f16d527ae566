"""Who sees what: every root field, as every role, with everything that can be asked below it.

A desk is filled with words that say whose they are. Then a client that knows nothing but the schema asks for every
field from every root, as each of the eight roles, beside another workspace; and no word may come back that the matrix,
written here a second time and by hand, does not allow.
"""

import json
from collections.abc import AsyncIterator, Iterator
from dataclasses import dataclass
from typing import Any

import httpx
import pytest
from graphql import build_schema, get_named_type

from api.auth.roles import Role
from api.schema.root import sdl
from eventstore.database import Database
from eventstore.store import Store
from tests.api.conftest import open_desk
from tests.api.desk import Desk, action
from tests.api.server import Server
from tests.api.walk import MOST_TYPES, documents, required, texts

SCHEMA = build_schema(sdl())
SHOWN = frozenset({"ItemReceived", "ReplySent", "CommentDeleted", "ReplyEdited", "CustomerNamed", "OperatorJoinedTeam"})
RANGE = '{since: "2026-03-02T00:00:00Z", until: "2026-03-03T00:00:00Z"}'
KPIS = f"input: {{kpis: [REPLIES_SENT, RESPONSE_TIME], groupBy: [OPERATOR], range: {RANGE}}}"
OPERATORS = {"own": "anna", "team": "bella", "other": "boris", "alien": "zoe"}
WHERE = {"own": "first", "team": "first", "other": "second", "alien": "third"}
IP = "10.9.8.7"

READS = {
    Role.OPERATOR: {"own"},
    Role.LEAD: {"own", "team"},
    Role.QUALITY: {"own", "team", "other"},
    Role.INVESTIGATOR: {"own", "team", "other", "removed"},
    Role.MANAGER: {"own", "team", "other"},
    Role.ADMINISTRATOR: set[str](),
    Role.INGEST: set[str](),
    Role.SUBSCRIBER: set[str](),
}
"""Whose words and conversations each role sees. Anna asks as operator; the lead leads her team and Bella's."""
MASKED = {Role.QUALITY, Role.MANAGER}
"""Who sees conversations and not by which id a customer is known outside."""
FIGURES = {
    Role.OPERATOR: "own",
    Role.LEAD: "team",
    Role.INVESTIGATOR: "all",
    Role.MANAGER: "all",
    Role.SUBSCRIBER: "all",
}
JOURNALS = {Role.OPERATOR, Role.LEAD, Role.INVESTIGATOR, Role.MANAGER}
NAMED = set(Role) - {Role.INGEST}
EVERYBODY = set(Role)
ALLOWED = {
    "accessLog": {Role.INVESTIGATOR, Role.ADMINISTRATOR},
    "consistencyProof": JOURNALS,
    "ledgerHead": JOURNALS,
    "actions": set(FIGURES),
    "calendars": NAMED,
    "channels": NAMED,
    "communities": NAMED,
    "conversation": {Role.OPERATOR, Role.LEAD, Role.QUALITY, Role.INVESTIGATOR, Role.MANAGER},
    "eventTypes": EVERYBODY,
    "journal": JOURNALS,
    "kpiDefinitions": EVERYBODY,
    "kpiRanking": set(FIGURES),
    "kpiSeries": set(FIGURES),
    "kpis": set(FIGURES),
    "node": EVERYBODY,
    "nodes": EVERYBODY,
    "operator": NAMED,
    "operators": NAMED,
    "promises": NAMED,
    "rateLimit": EVERYBODY,
    "removedContent": {Role.INVESTIGATOR},
    "search": {Role.LEAD, Role.QUALITY, Role.INVESTIGATOR, Role.MANAGER},
    "slaAdvice": set(FIGURES),
    "teams": NAMED,
    "timeline": JOURNALS,
    "workspace": EVERYBODY,
    "journalStream": JOURNALS,
    "kpiUpdates": set(FIGURES),
}
"""Who may ask each root field at all: what is not here makes the test of the whole schema fail."""
COMMANDERS = {Role.OPERATOR, Role.LEAD, Role.INGEST}
ARRANGERS = {Role.LEAD, Role.ADMINISTRATOR, Role.INGEST}
CONFIGURERS = {Role.MANAGER, Role.ADMINISTRATOR}
ACTS = """
    addNote assignConversation blockCustomer changePresence changePriority changeTopic claimConversation
    closeConversation deleteComment deleteReply editReply escalateConversation hideComment markNoReplyNeeded
    markSpam mergeConversation mergeCustomers muteCustomer nameCustomer noteOnCustomer openConversation
    putConversationOnHold reopenConversation resolveConversation restoreComment resumeConversation sendReply
    sendSurvey tagConversation transferConversation unassignConversation unblockCustomer unhideComment
    unmuteCustomer untagConversation
"""
ARRANGES = """
    addOperator addOperatorToTeam configureWorkspace nameChannel nameCommunity nameTeam removeOperator
    removeOperatorFromTeam renameChannel renameCommunity renameOperator renameTeam
"""
CONFIGURES = "goLive orderPromises recordCost setCalendar setPromise withdrawCalendar withdrawPromise"
MAY_DO = {
    **dict.fromkeys(ACTS.split(), COMMANDERS),
    **dict.fromkeys(ARRANGES.split(), ARRANGERS),
    **dict.fromkeys(CONFIGURES.split(), CONFIGURERS),
    "recordActions": {Role.INGEST},
}
"""Who may do what, every mutation."""
GIVEN = {
    "recordActions": "(input: {actions: []})",
    "changePresence": '(input: {operator: "anna", presence: ONLINE, idempotencyKey: "presence"})',
}


@dataclass(slots=True)
class Filled:
    """The desk that is read, and one whose state nobody asks about; a token for each role; global ids by whose desk."""

    desk: Desk
    practice: Desk
    tokens: dict[Role, str]
    ids: dict[str, list[str]]


def facts(whose: str) -> Iterator[dict[str, Any]]:
    """A conversation in which every text, and every id that is worth hiding, says whose it is."""
    by, team, conversation = OPERATORS[whose], WHERE[whose], f"conversation-{whose}"
    said = {"conversation": conversation, "kind": "COMMENT", "channel": "vk", "community": "shop", "team": team}
    if whose == "alien":
        said |= {"channel": "mail-alien", "community": "box-alien"}
    customer = {"by": f"customer-{whose}", "actor": "CUSTOMER", "ip": IP, "userAgent": "Secret/1.0"}

    def item(number: int, text: str) -> dict[str, Any]:
        what = {"itemReceived": {**said, "item": f"item-{number}-{whose}", "text": text}}
        return action(what, at=f"2026-03-02T09:0{number}:00Z", **customer)

    def reply(what: dict[str, Any], minute: int) -> dict[str, Any]:
        told = {name: {"conversation": conversation, **value} for name, value in what.items()}
        return action(told, by=by, at=f"2026-03-02T09:{minute}:00Z")

    yield action({"operatorJoinedTeam": {"operator": by, "team": team}}, by=by, at="2026-03-01T09:00:00Z")
    yield action({"customerNamed": {"customer": f"customer-{whose}", "name": f"Named {whose}"}}, by=by)
    yield item(1, f"parcel words of {whose}")
    yield item(2, f"parcel removed of {whose}")
    yield reply({"replySent": {"reply": f"reply-1-{whose}", "text": f"parcel removed too of {whose}"}}, 10)
    yield reply({"replyEdited": {"reply": f"reply-1-{whose}", "text": f"parcel answer of {whose}"}}, 11)
    yield reply({"commentDeleted": {"item": f"item-2-{whose}", "reason": f"reason of {whose}"}}, 12)


IDS = """query($at: BigInt!) {
  journal(first: 50, atLeast: $at) { nodes { id context {
    conversation { id } customer { id } operator { id } team { id } channel { id } community { id } } } }
  operators(first: 9, atLeast: $at) { nodes { id } }
  workspace { id }
  conversation(id: "x", atLeast: $at) { id }
  search(text: "parcel", first: 1, atLeast: $at) { position } }"""


async def _ids(desk: Desk, last: int) -> list[str]:
    data = await desk.ask(IDS, {"at": str(last)})
    found = [text for text in texts([data["journal"], data["operators"], data["workspace"]]) if len(text) > 3]
    return sorted(set(found))


@pytest.fixture(scope="module")
async def filled(server: Server, api_database: Database, api_store: Store) -> AsyncIterator[Filled]:
    desk, alien, practice = [await open_desk(server, api_database, api_store) for _ in range(3)]
    last = await desk.recorded(*(fact for whose in ("own", "team", "other") for fact in facts(whose)))
    last_alien = await alien.recorded(*facts("alien"))
    ids = {"ours": await _ids(desk, last), "alien": await _ids(alien, last_alien)}
    tokens = {role: await desk.token_of(role, "anna" if role is Role.OPERATOR else None) for role in Role}
    yield Filled(desk, practice, tokens, ids)
    for each in (desk, alien, practice):
        await each.close()


def asked(name: str, filled: Filled, role: Role) -> list[str]:
    """The arguments with which a root field is asked: several times, where it is asked for something by its id."""
    ids = json.dumps([*filled.ids["ours"], *filled.ids["alien"]])
    keys = [f"{kind}-{whose}" for kind in ("conversation",) for whose in OPERATORS]
    lanes = json.dumps(["anna"] if role is Role.OPERATOR else ["anna", "bella", "boris"])
    ranking = f"input: {{by: {{kpi: REPLIES_SENT}}, leastN: 1, range: {RANGE}}}"
    series = f"input: {{interval: DAY, range: {RANGE}, lines: [{{kpi: REPLIES_SENT}}]}}"
    return {
        "accessLog": ["(first: 20)"], "consistencyProof": ['(from: "1")'],
        "timeline": [f'(operators: {lanes}, since: "2026-03-02T00:00:00Z", until: "2026-03-03T00:00:00Z")'],
        "channels": ["(first: 10)"], "communities": ["(first: 10)"], "teams": ["(first: 10)"],
        "operators": ["(first: 10)"], "journal": ["(first: 50)"],
        "conversation": [f'(id: "{key}")' for key in keys],
        "operator": [f'(id: "{key}")' for key in OPERATORS.values()],
        "node": [f'(id: "{one}")' for kind in ("ours", "alien") for one in filled.ids[kind][-1:]],
        "nodes": [f"(ids: {ids})"],
        "kpis": [f"({KPIS})"], "kpiRanking": [f"({ranking})"], "kpiSeries": [f"({series})"],
        "slaAdvice": [f"(input: {{promised: FIRST_RESPONSE, candidates: [60], range: {RANGE}}})"],
        "search": ['(text: "parcel", first: 20)'], "removedContent": ["(first: 20)"],
    }.get(name, [""])  # fmt: skip


def allowed(text: str, role: Role) -> bool:
    """Whether a role may read a text that came back."""
    if "alien" in text or text == "zoe" or "third" in text:
        return False
    if text in (IP, "Secret/1.0") or text.startswith("parcel removed"):
        return "removed" in READS[role]
    if text.startswith("customer-") and role in MASKED:
        return False
    if "-" in text or " of " in text:
        marks = {whose for whose in ("own", "team", "other") if text.endswith((f"-{whose}", f" of {whose}"))}
        return marks <= READS[role]
    return True


def seen_words(answers: list[Any]) -> set[str]:
    return {text for text in texts(answers) if "parcel" in text}


def test_every_root_field_has_its_row_in_the_matrix() -> None:
    assert SCHEMA.query_type is not None
    assert SCHEMA.subscription_type is not None
    assert set(ALLOWED) == {*SCHEMA.query_type.fields, *SCHEMA.subscription_type.fields}


@pytest.mark.parametrize("depth", [5, pytest.param(MOST_TYPES, marks=pytest.mark.soak)])
@pytest.mark.parametrize("role", list(Role))
async def test_whoever_walks_every_field_from_every_root_finds_what_the_matrix_allows(
    filled: Filled, role: Role, depth: int
) -> None:
    found: list[Any] = []
    assert SCHEMA.query_type is not None
    for name, field in SCHEMA.query_type.fields.items():
        selections = list(documents(SCHEMA, get_named_type(field.type), shown=SHOWN, depth=depth))
        for arguments in asked(name, filled, role):
            for selection in selections:
                answer = await filled.desk.post(f"{{ {name}{arguments} {selection} }}", token=filled.tokens[role])
                codes = {(error["extensions"]["code"], len(error["path"])) for error in answer.get("errors", ())}
                assert {code for code, _ in codes} <= {"FORBIDDEN", "NOT_FOUND"}, (name, answer["errors"][:3])
                assert (("FORBIDDEN", 1) in codes) == (role not in ALLOWED[name]), (name, codes)
                told = [text for text in texts(answer.get("data")) if not allowed(text, role)]
                assert told == [], (name, arguments, told[:5])
                found.append(answer.get("data"))
    expected = {f"parcel words of {whose}" for whose in READS[role] - {"removed"}}
    assert {text for text in seen_words(found) if "words" in text} == expected


@pytest.mark.parametrize("role", list(Role))
async def test_what_is_not_for_one_to_see_looks_like_what_is_not_there(filled: Filled, role: Role) -> None:
    query = "query($ids: [ID!]!) { nodes(ids: $ids) { __typename id } }"
    data = await filled.desk.ask(query, {"ids": filled.ids["alien"]}, token=filled.tokens[role])
    assert set(map(str, data["nodes"])) == {"None"}
    ours = (await filled.desk.ask(query, {"ids": filled.ids["ours"]}, token=filled.tokens[role]))["nodes"]
    kinds = [node["__typename"] for node in ours if node is not None]
    count = len(READS[role] - {"removed"})
    assert kinds.count("Conversation") == kinds.count("Customer") == kinds.count("ItemReceived") / 2 == count
    assert kinds.count("Operator") == (3 if role in NAMED else 0)
    assert kinds.count("Workspace") == 1
    for whose in OPERATORS:
        found = await filled.desk.post(
            "query($id: ID!) { conversation(id: $id) { key } }",
            {"id": f"conversation-{whose}"},
            token=filled.tokens[role],
        )
        assert bool((found["data"] or {}).get("conversation")) == (whose in READS[role]), (whose, found)


@pytest.mark.parametrize("role", list(Role))
async def test_every_mutation_is_refused_to_whom_the_matrix_does_not_allow_it(filled: Filled, role: Role) -> None:
    mutations = SCHEMA.mutation_type
    assert mutations is not None
    assert set(MAY_DO) == set(mutations.fields)
    token = await filled.practice.token_of(role, "anna" if role is Role.OPERATOR else None)
    for name in MAY_DO:
        arguments = GIVEN.get(name) or required(mutations.fields[name].args)
        answer = await filled.practice.post(f"mutation {{ {name}{arguments} {{ __typename }} }}", token=token)
        codes = {error["extensions"]["code"] for error in answer.get("errors", ())}
        assert codes <= {"FORBIDDEN"}, (name, answer)
        assert ("FORBIDDEN" in codes) != (role in MAY_DO[name]), (name, answer)


@pytest.mark.parametrize("role", list(Role))
async def test_streams_tell_each_role_what_its_journal_and_figures_tell(filled: Filled, role: Role) -> None:
    token = filled.tokens[role]
    page = await filled.desk.post("{ journal(first: 1) { pageInfo { endCursor } } }", token=token)
    cursor = page["data"]["journal"]["pageInfo"]["endCursor"] if role in JOURNALS else "x"
    assert SCHEMA.subscription_type is not None
    fields = SCHEMA.subscription_type.fields
    for name, arguments in (("journalStream", f'(after: "{cursor}")'), ("kpiUpdates", f"({KPIS})")):
        for selection in documents(SCHEMA, get_named_type(fields[name].type), shown=SHOWN, depth=5):
            answer = await first_event(filled.desk, token, f"subscription {{ {name}{arguments} {selection} }}")
            codes = {(error["extensions"]["code"], len(error["path"])) for error in answer.get("errors", ())}
            assert {code for code, _ in codes} <= {"FORBIDDEN"}, answer
            assert (("FORBIDDEN", 1) in codes) == (role not in ALLOWED[name]), answer
            assert [text for text in texts(answer.get("data")) if not allowed(text, role)] == []
            if name == "journalStream" and role in JOURNALS:
                told = {text for text in seen_words([answer["data"]]) if "words" in text}
                assert told >= {f"parcel words of {whose}" for whose in READS[role] - {"removed", "own"}}


async def first_event(desk: Desk, token: str, query: str) -> Any:
    """The first event of a stream."""
    headers = {"Authorization": f"Bearer {token}", "Accept": "text/event-stream"}
    async with desk.client.stream("POST", desk.server.url, json={"query": query}, headers=headers) as response:
        if not response.headers["content-type"].startswith("text/event-stream"):
            return json.loads(await response.aread())
        async for line in response.aiter_lines():
            if line.startswith("data: "):
                return json.loads(line.removeprefix("data: "))
    raise AssertionError(f"a stream without an event: {query}")


@pytest.mark.parametrize("role", list(Role))
async def test_files_hold_what_the_role_sees(filled: Filled, role: Role) -> None:
    async def file(name: str, **arguments: Any) -> httpx.Response:
        return await filled.desk.client.post(
            f"{filled.desk.server.root}/export/{name}",
            json=arguments,
            headers={"Authorization": f"Bearer {filled.tokens[role]}"},
        )

    march = {"since": "2026-03-01T00:00:00Z", "until": "2026-04-01T00:00:00Z"}
    conversations = await file("conversations.csv", **march)
    assert (conversations.status_code == 200) == (role in ALLOWED["conversation"])
    for whose in OPERATORS:
        assert (f"conversation-{whose}" in conversations.text) == (whose in READS[role]), whose
    figures = await file("kpis.csv", input={"kpis": ["REPLIES_SENT"], "groupBy": ["OPERATOR"], "range": march})
    assert (figures.status_code == 200) == (role in FIGURES)
    counted = {"own": {"own"}, "team": {"own", "team"}, "all": {"own", "team", "other"}, "": set[str]()}
    for whose, operator in OPERATORS.items():
        assert (operator in figures.text) == (whose in counted[FIGURES.get(role, "")]), whose


@pytest.mark.parametrize("role", sorted(FIGURES))
async def test_figures_are_of_those_whom_the_role_sees(filled: Filled, role: Role) -> None:
    token, reach = filled.tokens[role], FIGURES[role]
    data = await filled.desk.ask(
        f"""{{ kpis({KPIS.replace(", RESPONSE_TIME", "")}) {{ rows {{ group {{ value }} figure {{ n }} }} }}
          kpiRanking(input: {{by: {{kpi: REPLIES_SENT}}, leastN: 1, range: {RANGE}}})
            {{ places {{ operator {{ key }} }} }}
          operators(first: 9) {{ nodes {{ key acts }} }} actions {{ rows {{ events }} }} }}""",
        token=token,
    )
    whose = {"own": {"anna"}, "team": {"anna", "bella"}, "all": {"anna", "bella", "boris"}}[reach]
    assert {row["group"][0]["value"] for row in data["kpis"]["rows"]} == whose
    assert {place["operator"]["key"] for place in data["kpiRanking"]["places"]} == whose
    assert {one["key"] for one in data["operators"]["nodes"] if one["acts"] is not None} == whose
    assert sum(int(row["events"]) for row in data["actions"]["rows"]) == {"own": 5, "team": 14, "all": 21}[reach]
    if reach == "team":
        for where in ('where: {teams: ["second"]}', 'where: {teams: ["first", "second"]}'):
            query = f"{{ kpis(input: {{kpis: [REPLIES_SENT], {where}, range: {RANGE}}}) {{ rows {{ name }} }} }}"
            assert (await filled.desk.refusal(query, token=token))["code"] == "FORBIDDEN"
        query = '{ journal(first: 1, filter: {teams: ["second"]}) { position } }'
        assert (await filled.desk.refusal(query, token=token))["code"] == "FORBIDDEN"


async def test_samples_are_not_for_whoever_sees_figures_only(filled: Filled) -> None:
    query = f"{{ kpis({KPIS}) {{ rows {{ figure {{ samples(first: 1) {{ nodes {{ measure }} }} }} }} }} }}"
    answer = await filled.desk.post(query, token=filled.tokens[Role.SUBSCRIBER])
    assert {error["extensions"]["code"] for error in answer["errors"]} == {"FORBIDDEN"}
