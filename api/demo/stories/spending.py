"""What the desk costs, as its manager writes it down month by month."""

from collections.abc import Iterator
from datetime import datetime

from api.demo.cast import TEAMS
from api.demo.clockwork import Story
from api.demo.desk import Desk
from domain.envelope import THE_WORKSPACE, Actor
from domain.events.costs import CostRecorded
from domain.instants import DAY, instant_of, moment_of
from domain.words import ActorType, CostKind

MANAGER = Actor(ActorType.OPERATOR, "manager")
CURRENCY = "MDL"
_SALARY = 1_400_000
"""An operator's, a month, in bani."""


def spending(desk: Desk) -> Story:
    """At the beginning, and of each month: what it will cost. Overtime is known only afterwards."""
    while True:
        today = moment_of(desk.clock.now)
        month = f"{today:%Y-%m}"
        for payload in _planned(desk, month):
            desk.record(MANAGER, THE_WORKSPACE, payload, interface="api")
        following = datetime(today.year + today.month // 12, today.month % 12 + 1, 1, tzinfo=today.tzinfo)
        yield instant_of(following) + DAY // 3 - desk.clock.now
        overtime = CostRecorded(
            month=month, cost=CostKind.OVERTIME, amount=_SALARY // 5 * len(TEAMS), currency=CURRENCY
        )
        desk.record(MANAGER, THE_WORKSPACE, overtime, interface="api")


def _planned(desk: Desk, month: str) -> Iterator[CostRecorded]:
    people = 0
    for team in TEAMS:
        own = len(desk.floor.operators[team.id])
        people += own
        yield CostRecorded(month=month, cost=CostKind.SALARY, amount=own * _SALARY, currency=CURRENCY, team=team.id)
    for cost, each, channel in (
        (CostKind.LICENCES, 60_000, None),
        (CostKind.TRAINING, 25_000, None),
        (CostKind.TELECOM, 18_000, "phone"),
    ):
        yield CostRecorded(month=month, cost=cost, amount=people * each, currency=CURRENCY, channel=channel)
