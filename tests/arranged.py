"""Random calendars and promises, by seed: what is arranged around a random desk (`tests.desk`), in its days."""

from random import Random

from domain.envelope import NewEvent
from domain.event import Event
from domain.events.calendars import CalendarSet, CalendarWithdrawn
from domain.events.promises import PromiseSet, PromisesOrdered, PromiseWithdrawn
from domain.instants import DAY, HOUR, MINUTE, Instant
from domain.words import Kind, Priority, PromiseTime, WaitingFor
from tests.desk import BEGINNING, CHANNELS, COMMUNITIES, SPAN, TEAMS
from tests.events import event

ZONES = ("Europe/Chisinau", "Australia/Lord_Howe", "Asia/Kathmandu", "UTC")
PROMISES = ("all", "urgent", "chats")


def random_arrangements(seed: int, *, events: int = 7) -> list[NewEvent]:
    """Distinct ones, in order of occurrence; the first of each sort holds from before the desk began."""
    r = Random(seed)
    first = [event(_promise(r, BEGINNING - DAY), of="workspace", by="manager", at=BEGINNING - DAY)]
    told = {one.envelope.id: one for one in first}
    while len(told) < events:
        at = BEGINNING + r.randrange(SPAN // MINUTE) * MINUTE
        one = event(_arrangement(r, at), of="workspace", by="manager", at=at)
        told[one.envelope.id] = one
    return sorted(told.values(), key=lambda one: one.envelope.occurred_at)


def _arrangement(r: Random, at: Instant) -> Event:
    valid_from = r.choice((None, None, at + r.randrange(24) * HOUR))
    sort = r.random()
    if sort < 0.4:
        return _promise(r, valid_from)
    if sort < 0.5:
        return PromiseWithdrawn(promise=r.choice(PROMISES), valid_from=valid_from)
    if sort < 0.6:
        return PromisesOrdered(promises=tuple(r.sample(PROMISES, 2)), valid_from=valid_from)
    scope = r.choice(({}, {}, {"team": r.choice(TEAMS)}, {"community": r.choice(COMMUNITIES)}))
    if sort < 0.7:
        return CalendarWithdrawn(valid_from=valid_from, **scope)
    opens = sorted(r.sample(range(0, 10_080, 30), 5))
    return CalendarSet(
        zone=r.choice(ZONES),
        opens=tuple(opens),
        closes=tuple(opening + r.choice((60, 240, 600)) for opening in opens),
        closed_on=("2026-03-30",) if r.random() < 0.3 else (),
        valid_from=valid_from,
        **scope,
    )


def _promise(r: Random, valid_from: Instant | None) -> PromiseSet:
    name = r.choice(PROMISES)
    return PromiseSet(
        promise=name,
        name=name,
        first_response=r.choice((None, 600, 3_600, 14_400)),
        next_response=r.choice((None, 1_800, 7_200)),
        resolution=r.choice((None, 7_200, 86_400)),
        counted_in=r.choice(tuple(PromiseTime)),
        pauses_for=r.choice(((), (WaitingFor.CUSTOMER,))),
        channels=r.choice(((), (), (r.choice(CHANNELS),))),
        kinds=r.choice(((), (Kind.MESSAGE, Kind.COMMENT))) if name == "chats" else (),
        priorities=(Priority.URGENT, Priority.HIGH) if name == "urgent" else (),
        valid_from=valid_from,
    )
