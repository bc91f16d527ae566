"""What is arranged becomes events that hold all they need, and from them follows what holds when."""

from domain.business_time import Schedule
from domain.calendars import CalendarBook
from domain.commands.calendars import SetCalendar
from domain.commands.promises import OrderPromises, SetPromise
from domain.envelope import RecordedEvent
from domain.event import Event
from domain.events.calendars import CalendarSet, CalendarWithdrawn
from domain.events.promises import PromiseSet, PromisesOrdered, PromiseWithdrawn
from domain.instants import DAY, HOUR, Instant, parse_instant
from domain.promises import Place, PromiseBook
from domain.words import Kind, Metric, Priority
from tests.decisions import MORNING, NOTHING
from tests.events import event

MON, TUE = 0, 1440
DAYTIME = CalendarSet(zone="UTC", opens=(MON + 540,), closes=(MON + 1080,))
NOON = parse_instant("2026-03-02T12:00:00Z")


def said(payload: Event, at: Instant = MORNING, position: int = 0) -> RecordedEvent:
    told = event(payload, of="workspace", by="boss", at=at)
    return RecordedEvent(position, position, at, told.envelope, told.payload)


def calendars(*told: RecordedEvent) -> CalendarBook:
    book = CalendarBook()
    for one in told:
        book.learn(one)
    return book


def promises(*told: RecordedEvent) -> PromiseBook:
    book = PromiseBook()
    for one in told:
        book.learn(one)
    return book


def hours_of_monday(schedule: Schedule) -> float:
    midnight = NOON - 12 * HOUR
    return schedule.span(midnight, midnight + DAY) / HOUR


def test_public_holidays_stand_as_dates_in_the_event_beside_those_named_by_hand() -> None:
    wish = SetCalendar(
        zone="Europe/Chisinau", opens=(540,), closes=(1080,), closed_on=("2026-10-14",), holidays_of="MD",
        holiday_years=(2026,),
    )  # fmt: skip
    (made,) = wish.declaration.granted(wish)
    assert isinstance(made, CalendarSet)
    assert {"2026-01-07", "2026-08-27", "2026-10-14"} <= set(made.closed_on)
    assert made.holidays_of == "MD"
    NOTHING.when(wish).is_granted()


def test_a_baseline_holds_from_the_past_on_as_long_as_nothing_was_judged() -> None:
    past = MORNING - DAY
    wish = SetPromise(promise="all", name="All", first_response=3600, valid_from=past, baseline=True)
    NOTHING.when(wish).becomes(PromiseSet(promise="all", name="All", first_response=3600, valid_from=past))


def test_an_order_of_promises_is_one_event() -> None:
    NOTHING.then(PromiseSet(promise="all", name="All", resolution=60)).when(
        OrderPromises(promises=("all",), valid_from=NOON + DAY)
    ).becomes(PromisesOrdered(promises=("all",), valid_from=NOON + DAY))


def test_a_teams_calendar_holds_before_its_communitys_and_that_before_the_workspaces() -> None:
    book = calendars(
        said(DAYTIME),
        said(CalendarSet(zone="UTC", opens=(0,), closes=(120,), community="shop")),
        said(CalendarSet(zone="UTC", opens=(0,), closes=(60,), team="night")),
    )
    told = {
        (team, community): Schedule.span(book.schedule(team, community), NOON, NOON + 7 * DAY) // HOUR
        for team in (None, "night", "day")
        for community in (None, "shop", "club")
    }
    assert told == {
        (None, None): 9, (None, "club"): 9, ("day", None): 9, ("day", "club"): 9,
        (None, "shop"): 2, ("day", "shop"): 2,
        ("night", None): 1, ("night", "shop"): 1, ("night", "club"): 1,
    }  # fmt: skip


def test_a_withdrawn_calendar_gives_way_to_the_wider_one_and_then_to_none() -> None:
    book = calendars(
        said(DAYTIME),
        said(CalendarSet(zone="UTC", opens=(0,), closes=(60,), team="night")),
        said(CalendarWithdrawn(team="night", valid_from=MORNING + 7 * DAY)),
        said(CalendarWithdrawn(valid_from=MORNING + 14 * DAY)),
    )
    schedule = book.schedule("night", None)
    weeks = [schedule.span(NOON + week * 7 * DAY, NOON + (week + 1) * 7 * DAY) / HOUR for week in range(3)]
    assert weeks == [1 + 3, 6 + 3, 7 * 24]


def test_what_is_arranged_means_the_same_in_whatever_order_it_is_learned() -> None:
    told = [
        said(DAYTIME),
        said(CalendarSet(zone="UTC", opens=(60,), closes=(120,), valid_from=NOON + DAY), at=MORNING + 1),
        said(CalendarSet(zone="UTC", opens=(0,), closes=(60,)), at=MORNING + 2),
    ]
    spans = {
        tuple(calendars(*order).schedule(None, None).span(NOON, NOON + week * 7 * DAY) for week in range(3))
        for order in (told, told[::-1], [told[1], told[0], told[2]])
    }
    assert len(spans) == 1


VIP = PromiseSet(promise="vip", name="VIP", first_response=600, segments=("vip",))
URGENT = PromiseSet(promise="urgent", name="Urgent", first_response=900, priorities=(Priority.URGENT,))
ALL = PromiseSet(promise="all", name="All", first_response=3600, resolution=86400)


def test_the_first_promise_in_order_that_fits_holds() -> None:
    book = promises(said(ALL), said(VIP, MORNING + 1), said(URGENT, MORNING + 2))
    urgent_vip = Place(priority=Priority.URGENT, segment="vip")
    assert _name(book, urgent_vip) == "All"
    book.learn(said(PromisesOrdered(promises=("vip", "urgent")), MORNING + 3))
    assert _name(book, urgent_vip) == "VIP"
    assert _name(book, Place(priority=Priority.URGENT)) == "Urgent"
    assert _name(book, Place(kind=Kind.CALL)) == "All"
    book.learn(said(PromiseWithdrawn(promise="vip", valid_from=NOON), MORNING + 4))
    assert _name(book, urgent_vip) == "Urgent"
    assert _name(book, urgent_vip, NOON - 1) == "VIP"


def test_what_a_promise_does_not_mention_it_does_not_promise() -> None:
    book = promises(said(VIP), said(ALL, MORNING + 1))
    found = book.fitting(Place(segment="vip"), NOON)
    assert found is not None
    assert Metric.RESOLUTION not in found.targets


def test_before_it_holds_nothing_is_promised() -> None:
    book = promises(said(PromiseSet(promise="all", name="All", next_response=60, valid_from=NOON)))
    assert book.fitting(Place(), NOON - 1) is None
    assert book.in_force(NOON)[0].id == "all"


def _name(book: PromiseBook, place: Place, at: Instant = NOON) -> str | None:
    found = book.fitting(place, at)
    return None if found is None else found.name
