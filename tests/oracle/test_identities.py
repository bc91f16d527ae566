"""What must hold whatever happened: sums that add up, shares that make one, arrival that changes nothing."""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import replace
from decimal import Decimal
from random import Random
from uuid import UUID, uuid4

import pytest

from domain.conversation.sample import Standing
from domain.envelope import NewEvent
from domain.instants import HOUR, Instant, instant_of, parse_instant
from domain.kpi.catalogue import CATALOGUE
from domain.kpi.formula import Aggregate, Mean, Sum, count, terms_of
from domain.kpi.kpi import Direction
from domain.kpi.measures import EPISODE_REOPENED, Marks
from domain.kpi.own import own_kpi
from domain.kpi.question import Detail, Dimension, Figure, Interval, Position, Question, Range, Row
from domain.words import ActorType
from eventstore.database import Database
from eventstore.store import Store
from eventstore.units import Append, Outcome
from projections.conversations.project import Conversations
from tests.oracle.answering import ALL, ask, filled
from tests.oracle.desks import BEGINNING, SPAN, random_desk
from tests.oracle.figures import FIGURES, SPREAD, Ratio
from tests.oracle.oracle import Oracle
from tests.oracle.test_oracle import random_question
from tests.projections.filling import fill

Desk = tuple[UUID, Oracle]
EVERYTHING = tuple(kpi.name for kpi in CATALOGUE.values() if not kpi.needs)
REOPENINGS = own_kpi("reopenings", count(EPISODE_REOPENED), unit=None, direction=Direction.NEUTRAL)


@pytest.fixture(scope="module")
async def desk(database: Database, store: Store) -> Desk:
    """One that all of them look at."""
    return await filled(database, store, random_desk(40, number=90), shuffled=True)


def _slices(kpi: str) -> set[Dimension]:
    return set(CATALOGUE[kpi].slices)


def _value(rows: Sequence[Row], kpi: str) -> Decimal:
    return sum((row.figure.value or Decimal(0) for row in rows if row.kpi == kpi), Decimal(0))


async def _rows(database: Database, desk: Desk, kpis: Sequence[str], **asked: object) -> tuple[Row, ...]:
    question = Question(kpis=tuple(kpis), range=ALL)
    return (await ask(database, desk[0], replace(question, **asked))).rows  # type: ignore[arg-type]  # handed through


@pytest.mark.parametrize("seed", range(4))
async def test_the_backlog_is_what_it_was_and_what_came_less_what_went(
    database: Database, desk: Desk, seed: int
) -> None:
    """Opened by customers or the desk, opened again; ended with or without a reply, merged, spam, set aside."""
    r = Random(seed)
    t1, t2 = sorted(BEGINNING + r.randrange(SPAN) for _ in range(2))
    whatever = {"standings": tuple(Standing), "actor_types": tuple(ActorType)}
    before = await _rows(database, desk, ["backlog"], range=Range(ALL.since, t1), **whatever)
    came = ("conversations_opened", "conversations_started_by_desk")
    went = ("closed_with_reply", "closed_without_reply", "set_aside")
    between = await _rows(
        database, desk, ("backlog", "net_flow", *came, *went), range=Range(t1, t2), own=(REOPENINGS,), **whatever
    )
    after = _value(between, "backlog")
    flow = sum(_value(between, kpi) for kpi in (*came, "reopenings")) - sum(_value(between, kpi) for kpi in went)
    assert after == _value(before, "backlog") + flow
    assert after == _value(before, "backlog") + _value(between, "net_flow")
    assert after > 0


async def test_what_is_in_time_and_what_is_overdue_make_one(database: Database, desk: Desk) -> None:
    pairs = (
        ("overdue_response_share", "responses_in_time_share"),
        ("overdue_resolution_share", "resolutions_in_time_share"),
    )
    made = 0
    for group_by in ((), (Dimension.TEAM,), (Dimension.OPERATOR,), (Dimension.PRIORITY, Dimension.KIND)):
        rows = await _rows(
            database, desk, [kpi for pair in pairs for kpi in pair], group_by=group_by, interval=Interval.DAY
        )
        shown = {(row.kpi, row.group, row.range): row.figure.value for row in rows}
        for overdue, kept in pairs:
            for (kpi, group, piece), value in shown.items():
                if kpi == overdue and value is not None:
                    made += 1
                    assert value + (shown[kept, group, piece] or 0) == 1, (kpi, group, piece)
    assert made > 50


def _additive(dimension: Dimension) -> list[str]:
    """Counts and totals; of marks, first times of each operator are no first times of a team."""
    return [
        kpi.name
        for kpi in CATALOGUE.values()
        if isinstance(kpi.formula, Sum)
        and dimension in kpi.slices
        and not any(isinstance(term.observed, Marks) for term in terms_of(kpi.formula))
    ]


@pytest.mark.parametrize("dimension", [Dimension.OPERATOR, Dimension.TEAM, Dimension.KIND, Dimension.HOURS])
async def test_what_is_additive_adds_up_to_the_whole(database: Database, desk: Desk, dimension: Dimension) -> None:
    kpis = _additive(dimension)
    whole = await _rows(database, desk, kpis)
    parts = await _rows(database, desk, kpis, group_by=(dimension,))
    assert {kpi: _value(parts, kpi) for kpi in kpis} == {kpi: _value(whole, kpi) for kpi in kpis}
    assert len(kpis) > 10


async def test_operators_of_a_team_add_up_to_it(database: Database, desk: Desk) -> None:
    kpis = _additive(Dimension.OPERATOR)
    for team in ("red", "blue", ""):
        where = {Dimension.TEAM: (team,)}
        whole = await _rows(database, desk, kpis, where=where)
        parts = await _rows(database, desk, kpis, where=where, group_by=(Dimension.OPERATOR,))
        assert {kpi: _value(parts, kpi) for kpi in kpis} == {kpi: _value(whole, kpi) for kpi in kpis}


@pytest.mark.parametrize("zone", ["UTC", "Asia/Kathmandu", "Europe/Chisinau", "Australia/Lord_Howe"])
async def test_quarter_hours_recombine_to_days(database: Database, desk: Desk, zone: str) -> None:
    """Numerators, denominators and n; what stands at the end of a day stands at the end of its last quarter-hour."""
    begin = parse_instant("2026-03-28T22:00:00Z")
    asked = {"range": Range(begin, begin + 60 * HOUR), "zone": zone}
    days = await _rows(database, desk, EVERYTHING, interval=Interval.DAY, **asked)
    quarters = await _rows(database, desk, EVERYTHING, interval=Interval.QUARTER_HOUR, **asked)
    of: dict[str, list[Row]] = defaultdict(list)
    for row in quarters:
        of[row.kpi].append(row)
    for row in days:
        parts = [part for part in of[row.kpi] if row.range.since <= part.range.since < row.range.until]
        if any(term.aggregate is Aggregate.SO_FAR for term in terms_of(CATALOGUE[row.kpi].formula)):
            parts = [part for part in parts if part.range.until == row.range.until]
        assert _summed([part.figure for part in parts]) == _summed([row.figure]), (row.kpi, row.range)


def _summed(figures: Sequence[Figure]) -> tuple[int, int]:
    return sum(each.numerator for each in figures), sum(each.denominator or 0 for each in figures)


async def test_percentiles_are_within_their_stated_error(database: Database, desk: Desk) -> None:
    """Of the exact ones, which come from the oracle's own durations."""
    means = [kpi for kpi in CATALOGUE.values() if isinstance(kpi.formula, Mean) and not kpi.needs]
    looked_at = 0
    for row in await _rows(database, desk, [kpi.name for kpi in means], details=frozenset({Detail.SPREAD})):
        exact = _durations(desk[1], row.kpi)
        if row.figure.spread is None:
            assert not exact
            continue
        looked_at += 1
        error = row.figure.spread.percentile_error
        assert error <= Decimal("0.02")
        for part, shown in ((50, row.figure.spread.median), (90, row.figure.spread.p90), (95, row.figure.spread.p95)):
            place = (len(exact) - 1) * part
            low, high = exact[place // 100], exact[-(-place // 100)]
            assert low * (1 - error) <= shown <= high * (1 + error), (row.kpi, part)
    assert looked_at > 8


def _durations(oracle: Oracle, kpi: str) -> list[int]:
    figure = FIGURES[kpi]
    assert isinstance(figure.formula, Ratio)
    (of,) = figure.formula.whole.of
    facts = [
        fact
        for fact in oracle.facts
        if of(fact) and fact.standing == "regular" and (figure.types is None or fact.who.type in figure.types)
    ]
    assert not any(fact.what in SPREAD for fact in facts)
    return sorted(fact.score or sum(end - begin for begin, end in fact.spans) for fact in facts)


async def _arrived(database: Database, store: Store, events: Sequence[NewEvent], *, units: int, batches: int) -> UUID:
    """Appended so many at once, projected so many at once."""
    workspace = uuid4()
    await store.create_ledger(workspace)
    for first in range(0, len(events), units):
        appended = await store.append(workspace, [Append((event,)) for event in events[first : first + units]])
        assert {unit.outcome for unit in appended} <= {Outcome.APPENDED, Outcome.DUPLICATE}
        await fill(database, store, Conversations(store), workspace, batches=batches)
    return workspace


async def test_permuted_split_and_duplicated_arrival_changes_nothing(database: Database, store: Store) -> None:
    r = Random(3)
    events = random_desk(58, number=25)
    permuted = r.sample(events, len(events))
    workspaces = [
        await _arrived(database, store, events, units=len(events), batches=1_000),
        await _arrived(database, store, permuted, units=90, batches=7),
        await _arrived(database, store, [*permuted[50:], *events[:150], *permuted], units=200, batches=31),
    ]
    for _ in range(6):
        question = random_question(r)
        one, *others = [(await ask(database, workspace, question)).rows for workspace in workspaces]
        assert others == [one, one]


async def test_as_of_an_earlier_position_is_a_ledger_that_ended_there(database: Database, store: Store) -> None:
    r = Random(5)
    events = random_desk(40, number=25)
    arrived = r.sample(events, len(events))
    place = len(arrived) * 2 // 3
    whole = await _arrived(database, store, arrived, units=len(arrived), batches=50)
    ended = await _arrived(database, store, arrived[:place], units=place, batches=50)
    now = await _recorded(database, whole, place - 1)
    for _ in range(6):
        question = random_question(r)
        then = await ask(database, whole, replace(question, as_of=Position(place - 1, now)))
        cut_off = await ask(database, ended, question, now)
        assert _shown(then.rows) == _shown(cut_off.rows)


def _shown(rows: Sequence[Row]) -> list[Row]:
    return [row for row in rows if row.figure.value is not None]


async def _recorded(database: Database, workspace: UUID, position: int) -> Instant:
    async with database.transaction(workspace) as connection:
        return instant_of(
            await connection.fetchval(
                "SELECT recorded_at FROM events WHERE workspace_id = $1 AND position = $2", workspace, position
            )
        )
