"""Calendars and promises through the API: arranged by managers, shown to all, and never for what was judged."""

from typing import Any
from uuid import UUID

import pytest

from api.auth.roles import Role
from api.context import Services
from domain.events.items import ItemReceived
from domain.events.replies import ReplySent
from domain.instants import DAY, HOUR, SECOND, Instant, format_instant
from eventstore import clock
from projections.conversations.project import Conversations
from projections.promises.imports import importing, imports_of
from tests.commands.conftest import Asker, Token
from tests.events import customer, event
from tests.projections.filling import append, fill

CALENDARS = "{ calendars { team community zone hours { opens closes } closedOn holidaysOf } }"
PROMISES = "query ($history: Boolean!) { promises(history: $history) { key withdrawn firstResponse segments } }"
OFFICE: dict[str, Any] = {"zone": "Europe/Chisinau", "opens": [540, 840], "closes": [780, 1080]}
ALL: dict[str, Any] = {"promise": "all", "name": "All", "firstResponse": 600}


@pytest.fixture
def boss(token: Token) -> Asker:
    return token(Role.MANAGER)


async def shown(asker: Asker, document: str, **variables: Any) -> Any:
    result = await asker.asks(document, **variables)
    assert result.errors is None, result.errors
    return result.data


async def granted(asker: Asker, mutation: str, **given: Any) -> None:
    assert (await asker.wants(mutation, **given))["errors"] == []


async def refused(asker: Asker, mutation: str, **given: Any) -> tuple[str, list[str]]:
    (error,) = (await asker.wants(mutation, **given))["errors"]
    return error["code"], error["path"]


async def test_a_calendar_holds_what_was_said_and_the_public_holidays_as_dates(boss: Asker, anna: Asker) -> None:
    await granted(boss, "setCalendar", **OFFICE, team="mail", holidaysOf="MD", holidayYears=[2026], closedOn=[])
    ((calendar,),) = (await shown(anna, CALENDARS)).values()
    assert calendar["team"] == "mail"
    assert calendar["hours"] == [{"opens": 540, "closes": 780}, {"opens": 840, "closes": 1080}]
    assert "2026-08-27" in calendar["closedOn"]
    await granted(boss, "withdrawCalendar", team="mail")
    assert await shown(anna, CALENDARS) == {"calendars": []}


async def test_promises_are_shown_in_their_order_and_with_their_history(boss: Asker, anna: Asker) -> None:
    await granted(boss, "setPromise", **ALL)
    await granted(boss, "setPromise", promise="vip", name="VIP", firstResponse=60, segments=["gold"])
    await granted(boss, "orderPromises", promises=["vip", "all"])
    found = (await shown(anna, PROMISES, history=False))["promises"]
    assert [(each["key"], each["segments"]) for each in found] == [("vip", ["gold"]), ("all", [])]
    await granted(boss, "withdrawPromise", promise="vip")
    assert [each["key"] for each in (await shown(anna, PROMISES, history=False))["promises"]] == ["all"]
    history = (await shown(anna, PROMISES, history=True))["promises"]
    assert [each["withdrawn"] for each in history if each["key"] == "vip"] == [False, True]


async def test_what_is_judged_by_it_is_arranged_by_managers_and_administrators_alone(token: Token) -> None:
    for role in set(Role) - {Role.MANAGER, Role.ADMINISTRATOR}:
        asker = token(role, "anna" if role is Role.OPERATOR else None)
        assert await asker.is_denied("setPromise", **ALL) == "FORBIDDEN"
    await granted(token(Role.ADMINISTRATOR), "setPromise", **ALL)


async def test_what_is_malformed_is_refused_with_where(boss: Asker) -> None:
    assert (await refused(boss, "setCalendar", **OFFICE | {"closes": [780]}))[0] == "HOURS_MALFORMED"
    assert await refused(boss, "setPromise", **ALL | {"firstResponse": 0}) == (
        "OUT_OF_RANGE",
        ["input", "firstResponse"],
    )
    assert (await refused(boss, "setPromise", **ALL, validFrom="2020-01-01T00:00:00Z"))[0] == "BEGINS_IN_THE_PAST"


async def asked_a_day_ago(services: Services, workspace: UUID) -> Instant:
    """A customer asked and was answered within five minutes; the read model knows."""
    at = clock.now() // SECOND * SECOND - DAY
    asked = event(ItemReceived(item="i1", channel="vk"), conversation="c1", by=customer("maria"), at=at)
    answered = event(ReplySent(reply="r1"), conversation="c1", by="anna", at=at + 300 * SECOND)
    await append(services.store, workspace, [asked, answered])
    await fill(services.database, services.store, Conversations(services.store), workspace)
    return at


async def test_a_baseline_holds_from_the_past_until_something_in_its_scope_was_judged(
    boss: Asker, services: Services, desk_workspace: UUID
) -> None:
    at = await asked_a_day_ago(services, desk_workspace)
    baseline: dict[str, Any] = {"validFrom": format_instant(at - HOUR), "baseline": True}
    await granted(boss, "setPromise", **ALL, **baseline)
    await fill(services.database, services.store, Conversations(services.store), desk_workspace)
    assert (await refused(boss, "setPromise", **ALL | {"firstResponse": 60}, **baseline))[0] == "JUDGED_ALREADY"
    assert (await refused(boss, "setCalendar", **OFFICE, **baseline))[0] == "JUDGED_ALREADY"
    await granted(boss, "setPromise", **ALL | {"promise": "mail", "channels": ["mail"]}, **baseline)
    later = {"validFrom": format_instant(at + HOUR), "baseline": True}
    await granted(boss, "setPromise", **ALL | {"firstResponse": 60}, **later)


async def test_a_log_cannot_tell_of_what_is_arranged(token: Token) -> None:
    result = await token(Role.INGEST).asks('{ __type(name: "ActionInput") { inputFields { name } } }')
    assert result.data is not None
    names = {field["name"] for field in result.data["__type"]["inputFields"]}
    assert "itemReceived" in names
    assert names.isdisjoint({"promiseSet", "calendarSet", "promiseFellDue", "workspaceWentLive"})


async def test_an_import_that_is_under_way_is_known_and_forgotten_only_once_it_was_told_of(
    services: Services, desk_workspace: UUID
) -> None:
    async with importing(services.database, services.store, desk_workspace):
        async with services.database.transaction(desk_workspace) as connection:
            (under_way,) = await imports_of(connection, desk_workspace)
        assert under_way.ended_at is None
    async with services.database.transaction(desk_workspace) as connection:
        (ended,) = await imports_of(connection, desk_workspace)
    assert ended.ended_at is not None


async def test_advice_answers_what_a_promise_would_have_kept(
    boss: Asker, services: Services, desk_workspace: UUID
) -> None:
    at = await asked_a_day_ago(services, desk_workspace)
    found = await shown(
        boss,
        "query ($input: SlaAdviceInput!) { slaAdvice(input: $input) { n candidates { seconds kept share } "
        "shortest { share seconds } } }",
        input={
            "promised": "FIRST_RESPONSE",
            "range": {"since": format_instant(at - HOUR), "until": format_instant(at + HOUR)},
            "candidates": [299, 300],
            "percentages": [90],
        },
    )
    assert found["slaAdvice"] == {
        "n": "1",
        "candidates": [
            {"seconds": 299, "kept": "0", "share": "0"},
            {"seconds": 300, "kept": "1", "share": "1"},
        ],
        "shortest": [{"share": "0.9", "seconds": "300"}],
    }
