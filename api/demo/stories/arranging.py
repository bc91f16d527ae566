"""What the manager arranged before the first customer came, by the commands that anybody arranges it with."""

from collections.abc import Sequence
from datetime import timedelta

from api.demo.cast import ZONE
from api.demo.desk import Desk
from domain.command import Command
from domain.commands.calendars import SetCalendar, WithdrawCalendar
from domain.commands.directory import GoLive
from domain.commands.promises import OrderPromises, SetPromise, WithdrawPromise
from domain.envelope import THE_WORKSPACE, Actor
from domain.instants import DAY, HOUR, Instant, moment_of
from domain.words import ActorType, Kind, Priority, PromiseTime, WaitingFor

MANAGER = Actor(ActorType.OPERATOR, "manager")
_DAY = 24 * 60
_HOUR = 3600


def arrange(desk: Desk) -> None:
    """Calendars and promises, said from the beginning on."""
    for wish in _wishes(desk.recipe.start, desk.recipe.days):
        for payload in wish.declaration.granted(wish):
            desk.record(MANAGER, THE_WORKSPACE, payload, interface="api")


def _wishes(start: Instant, days: int) -> Sequence[Command]:
    """Messengers are answered all week, letters on working days; the second line's calendar was a short trial."""
    first_year = moment_of(start).year
    years = tuple(range(first_year, (moment_of(start) + timedelta(days=days)).year + 2))
    return (
        SetCalendar(zone=ZONE, opens=_each_day(range(7), 8), closes=_each_day(range(7), 22)),
        SetCalendar(
            zone=ZONE,
            team="mail",
            opens=_each_day(range(5), 9) + _each_day(range(5), 14),
            closes=_each_day(range(5), 13) + _each_day(range(5), 18),
            holidays_of="MD",
            holiday_years=years,
        ),
        SetCalendar(zone=ZONE, team="second-line", opens=_each_day(range(5), 9), closes=_each_day(range(5), 18)),
        WithdrawCalendar(team="second-line", valid_from=start + 7 * DAY),
        SetPromise(
            promise="everybody",
            name="Everybody",
            first_response=_HOUR,
            next_response=2 * _HOUR,
            resolution=24 * _HOUR,
            counted_in=PromiseTime.BUSINESS,
            pauses_for=(WaitingFor.CUSTOMER,),
            kinds=(Kind.MESSAGE, Kind.COMMENT),
        ),
        SetPromise(
            promise="urgent",
            name="Urgent",
            first_response=_HOUR // 4,
            next_response=_HOUR,
            priorities=(Priority.URGENT,),
        ),
        SetPromise(promise="vip", name="VIP", first_response=_HOUR // 2, next_response=_HOUR, segments=("vip",)),
        SetPromise(
            promise="mail",
            name="Letters",
            first_response=8 * _HOUR,
            next_response=8 * _HOUR,
            counted_in=PromiseTime.BUSINESS,
            kinds=(Kind.EMAIL,),
        ),
        SetPromise(promise="trial", name="A trial", first_response=60, segments=("trial",)),
        WithdrawPromise(promise="trial", valid_from=start + 7 * DAY),
        OrderPromises(promises=("urgent", "vip", "everybody", "mail")),
        GoLive(live_since=start + days * DAY - HOUR),
    )


def _each_day(days: range, hour: int) -> tuple[int, ...]:
    return tuple(day * _DAY + hour * 60 for day in days)
