"""The product answers, through a real PostgreSQL, what the oracle finds: every KPI, to the second.

Desks arrive in order of occurrence or in none; questions take any range, zone (+5:45 among them), interval, slices and
filters that make sense.
"""

from dataclasses import replace
from random import Random

import pytest

from domain.conversation.sample import Standing
from domain.instants import DAY, HOUR, SECOND
from domain.kpi.catalogue import CATALOGUE
from domain.kpi.formula import Mean
from domain.kpi.kpi import Kpi
from domain.kpi.question import Anchor, Clock, Dimension, Interval, Question, Range, Weekday
from domain.words import ActorType
from eventstore.database import Database
from eventstore.store import Store
from tests.oracle.answering import ALL, NOW, filled, wrong
from tests.oracle.desks import BEGINNING, CHANNELS, COMMUNITIES, OPERATORS, SPAN, TEAMS, random_desk
from tests.oracle.figures import FIGURES

ZONES = ("UTC", "Europe/Chisinau", "Asia/Kathmandu", "America/St_Johns")
VALUES: dict[Dimension, tuple[str, ...]] = {
    Dimension.OPERATOR: ("", *OPERATORS),
    Dimension.TEAM: ("", *TEAMS),
    Dimension.CHANNEL: ("", *CHANNELS),
    Dimension.COMMUNITY: ("", *COMMUNITIES),
    Dimension.KIND: ("message", "email", "comment", "call"),
    Dimension.PRIORITY: ("", "urgent", "high", "low"),
    Dimension.COMPLEXITY: ("",),
    Dimension.SEGMENT: ("", "gold", "silver"),
    Dimension.TAG: ("", "late", "refund"),
    Dimension.HOURS: ("", "in", "out"),
}


def random_question(r: Random) -> Question:
    """One that makes sense, of all KPIs that it makes sense for."""
    group_by = tuple(r.sample(list(Dimension), r.choice((0, 0, 1, 1, 2))))
    where = {
        dimension: tuple(r.sample(VALUES[dimension], min(len(VALUES[dimension]), r.choice((1, 2)))))
        for dimension in r.sample(list(Dimension), r.choice((0, 0, 1, 2)))
    }
    anchor = r.choice((Anchor.STOPPED, Anchor.STOPPED, Anchor.STARTED))
    since = BEGINNING + r.randrange(SPAN // 2 // SECOND) * SECOND
    until = since + r.choice((HOUR, DAY, SPAN)) + r.randrange(DAY // SECOND) * SECOND
    cut = {*group_by, *(dimension for dimension, values in where.items() if len(values) == 1)}
    kpis = [kpi.name for kpi in CATALOGUE.values() if _fits(kpi, {*group_by, *where}, cut, anchor)]
    range_ = r.choice((ALL, Range(since, until)))
    intervals = (Interval.HOUR, Interval.DAY) if until - since < 3 * DAY and not group_by else (Interval.DAY,)
    return Question(
        kpis=tuple(kpis),
        range=range_,
        zone=r.choice(ZONES),
        interval=r.choice((None, Interval.WEEK, Interval.MONTH) if range_ is ALL else (None, *intervals)),
        weeks_begin=r.choice(list(Weekday)),
        group_by=group_by,
        where=where,
        actor_types=r.choice((None, None, (ActorType.OPERATOR, ActorType.SYSTEM), (ActorType.BOT,))),
        clock=r.choice(list(Clock)),
        anchor=anchor,
        standings=r.choice(((Standing.REGULAR,), (Standing.REGULAR,), tuple(Standing))),
    )


def _fits(kpi: Kpi, dimensions: set[Dimension], cut: set[Dimension], anchor: Anchor) -> bool:
    """Whether a KPI can be asked for so. By the start of clocks only means are: one anchor for one figure."""
    by_start = isinstance(kpi.formula, Mean) and not kpi.formula.measure.spread
    return dimensions <= set(kpi.slices) and cut.issuperset(kpi.needs) and (anchor is Anchor.STOPPED or by_start)


def test_the_oracle_knows_every_kpi() -> None:
    assert set(CATALOGUE) == set(FIGURES)


def test_the_same_desk_comes_of_the_same_seed() -> None:
    assert random_desk(5) == random_desk(5)
    assert random_desk(5) != random_desk(6)


@pytest.mark.parametrize("seed", range(2))
async def test_the_product_answers_what_the_oracle_finds(database: Database, store: Store, seed: int) -> None:
    workspace, oracle = await filled(database, store, random_desk(seed), shuffled=bool(seed % 2))
    r = Random(seed)
    for _ in range(8):
        assert await wrong(database, workspace, oracle, random_question(r), NOW) == []


async def test_what_is_young_is_not_counted_yet(database: Database, store: Store) -> None:
    workspace, oracle = await filled(database, store, random_desk(7), shuffled=False)
    kpis = tuple(kpi.name for kpi in CATALOGUE.values() if kpi.matures_after)
    question = Question(kpis=kpis, range=ALL, group_by=(Dimension.OPERATOR,))
    for now in (BEGINNING + 2 * DAY, BEGINNING + 9 * DAY, BEGINNING + 13 * DAY):
        asked = replace(question, range=Range(ALL.since, now))
        assert await wrong(database, workspace, oracle, asked, now) == []
