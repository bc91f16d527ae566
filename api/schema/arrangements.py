"""The queries `calendars` and `promises`: what was arranged, in force at an instant or through all time."""

from typing import Annotated, Any, Self

import strawberry

from api.auth.roles import Right
from api.context import Context, Info
from api.schema.access import Needs
from api.schema.fields import argument
from api.schema.scalars import DateTime, GivenDateTime
from domain.business_time import Calendar as Hours
from domain.calendars import CALENDAR_EVENTS, CalendarBook, CalendarVersion, Scope
from domain.envelope import THE_WORKSPACE
from domain.instants import SECOND, Instant, parse_instant
from domain.promises import PROMISE_EVENTS, PromiseBook
from domain.promises import Promise as Promised
from domain.words import Kind, Metric, Priority, PromiseTime, WaitingFor
from eventstore.clock import now


@strawberry.type(description="A stretch of work, in minutes since Monday 00:00 of the zone's local week.")
class WorkingHours:
    opens: int = strawberry.field(description="When it begins.")
    closes: int = strawberry.field(description="When it ends; past 10,080 where it runs from Sunday into Monday.")


@strawberry.type(description="When the desk works, from an instant on.")
class Calendar:
    team: strawberry.ID | None = strawberry.field(description="Whose it is, by the desk's id, where it is a team's.")
    community: strawberry.ID | None = strawberry.field(description="Likewise, where it is a community's.")
    zone: str | None = strawberry.field(description="The IANA zone of its hours; null where it was withdrawn.")
    hours: list[WorkingHours] = strawberry.field(description="When work is done; empty where it was withdrawn.")
    closed_on: list[str] = strawberry.field(description="Local dates that are not worked, as 2026-01-01.")
    holidays_of: str | None = strawberry.field(description="The country whose public holidays are among them.")
    valid_from: DateTime = strawberry.field(description="From when on it holds, until the next of the same scope does.")

    @classmethod
    def of(cls, scope: Scope, version: CalendarVersion) -> Self:
        kept = version.calendar or Hours("", ())
        return cls(
            team=None if scope.team is None else strawberry.ID(scope.team),
            community=None if scope.community is None else strawberry.ID(scope.community),
            zone=kept.zone or None,
            hours=[WorkingHours(opens=opens, closes=closes) for opens, closes in kept.hours],
            closed_on=[day.isoformat() for day in sorted(kept.closed_on)],
            holidays_of=version.holidays_of,
            valid_from=DateTime(version.valid_from),
        )


@strawberry.type(description="What is promised to customers, from an instant on.")
class Promise:
    key: strawberry.ID = strawberry.field(description="The desk's own id.")
    withdrawn: bool = strawberry.field(description="Whether from this instant on it is promised no longer.")
    name: str | None = strawberry.field(description="What it is called.")
    first_response: int | None = strawberry.field(description="Seconds within which a first answer is promised.")
    next_response: int | None = strawberry.field(description="Seconds within which later answers are promised.")
    resolution: int | None = strawberry.field(description="Seconds within which a resolution is promised.")
    counted_in: PromiseTime | None = strawberry.field(description="In which time they are counted.")
    pauses_for: list[WaitingFor] = strawberry.field(description="While on hold for whom its clocks stand still.")
    channels: list[strawberry.ID] = strawberry.field(description="In which channels; empty: in all.")
    communities: list[strawberry.ID] = strawberry.field(description="In which communities; empty: in all.")
    kinds: list[Kind] = strawberry.field(description="For which kinds of conversations; empty: for all.")
    priorities: list[Priority] = strawberry.field(description="For which priorities; empty: for all.")
    segments: list[str] = strawberry.field(description="For which segments of customers; empty: for all.")
    valid_from: DateTime = strawberry.field(description="From when on it holds, until its next version does.")

    @classmethod
    def of(cls, key: str, valid_from: Instant, said: Promised | None) -> Self:
        def target(metric: Metric) -> int | None:
            promised = None if said is None else said.targets.get(metric)
            return None if promised is None else promised // SECOND

        return cls(
            key=strawberry.ID(key),
            withdrawn=said is None,
            name=None if said is None else said.name,
            first_response=target(Metric.FIRST_RESPONSE),
            next_response=target(Metric.NEXT_RESPONSE),
            resolution=target(Metric.RESOLUTION),
            counted_in=None if said is None else said.counted_in,
            pauses_for=sorted(said.pauses_for) if said else [],
            channels=[strawberry.ID(each) for each in sorted(said.channels)] if said else [],
            communities=[strawberry.ID(each) for each in sorted(said.communities)] if said else [],
            kinds=sorted(said.kinds) if said else [],
            priorities=sorted(said.priorities) if said else [],
            segments=sorted(said.segments) if said else [],
            valid_from=DateTime(valid_from),
        )


At = Annotated[GivenDateTime | None, argument("What holds at this instant; unsaid, now.")]
History = Annotated[bool, argument("Instead, everything that ever held or is to hold, oldest first in each scope.")]


async def _calendars(info: Info, at: At = None, history: History = False) -> list[Calendar]:
    instant = now() if at is None else parse_instant(at)
    book, _ = await _arranged(info.context)
    found = []
    for scope, versions in book.versions().items():
        held = versions if history else [each for each in versions if each.valid_from <= instant][-1:]
        found += [Calendar.of(scope, each) for each in held if history or each.calendar is not None]
    return found


async def _promises(info: Info, at: At = None, history: History = False) -> list[Promise]:
    instant = now() if at is None else parse_instant(at)
    _, book = await _arranged(info.context)
    if not history:
        return [Promise.of(each.id, each.valid_from, each) for each in book.in_force(instant)]
    return [
        Promise.of(key, each.valid_from, each.promise) for key, versions in book.versions().items() for each in versions
    ]


async def _arranged(context: Context) -> tuple[CalendarBook, PromiseBook]:
    """What stands in the workspace's own stream, which holds little else."""
    calendars, promises = CalendarBook(), PromiseBook()
    streams = await context.services.store.read_streams(context.principal.workspace, [THE_WORKSPACE])
    for event in streams.get(THE_WORKSPACE, ()):
        if isinstance(event.payload, CALENDAR_EVENTS):
            calendars.learn(event)
        elif isinstance(event.payload, PROMISE_EVENTS):
            promises.learn(event)
    return calendars, promises


CALENDARS: Any = strawberry.field(
    _calendars,
    description="When the desk works. Of a team's, its community's and the workspace's calendar the first that is kept "
    "holds; where none is, business time is calendar time.",
    extensions=[Needs(Right.DIRECTORY)],
)
PROMISES: Any = strawberry.field(
    _promises,
    description="What is promised to customers, in the order in which it is looked at: the first that fits a "
    "conversation holds for it, and alone decides.",
    extensions=[Needs(Right.DIRECTORY)],
)
