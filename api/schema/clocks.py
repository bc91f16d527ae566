"""How promises stood when an entry's act was done."""

from collections.abc import Sequence
from typing import TypeAlias

import strawberry

from api.context import Context
from api.schema.loading import Loader
from api.schema.reading import reading
from api.schema.scalars import DateTime
from domain.instants import SECOND, Instant
from domain.words import Metric
from projections.journal.clocks import ClockState, clocks_before
from projections.journal.projection import NAME

Act: TypeAlias = tuple[str, int, Instant]
"""A conversation, the position of an entry in it, and its instant."""


@strawberry.type(description="The clock of a promise, as it stood just before an act, by what is known of that now.")
class EntryClock:
    metric: Metric = strawberry.field(description="What was promised to happen in time.")
    promise: strawberry.ID | None = strawberry.field(description="By which promise.")
    since: DateTime = strawberry.field(description="Since when it ran.")
    due_at: DateTime | None = strawberry.field(
        description="When it would have fallen due. Null: it stood still, and nobody knew for how long."
    )
    overdue: bool = strawberry.field(description="Whether it had.")
    paused: bool = strawberry.field(description="Whether it stood still: the conversation was on hold.")
    seconds_left: int | None = strawberry.field(
        description="Calendar seconds from the act to when it was due, negative where that had passed; null likewise."
    )


def clocks(context: Context) -> "Loader[Act, list[EntryClock]]":
    async def load(keys: list[Act]) -> Sequence[list[EntryClock]]:
        asked = [(conversation, position) for conversation, position, _ in keys]
        async with reading(context, NAME) as connection:
            found = await clocks_before(connection, context.services.store, context.principal.workspace, asked)
        return [[clock_of(clock, at) for clock in found[position]] for _, position, at in keys]

    return Loader(load)


def clock_of(clock: ClockState, at: Instant) -> EntryClock:
    """A clock as it stands at an instant."""
    return EntryClock(
        metric=clock.metric,
        promise=None if clock.promise is None else strawberry.ID(clock.promise),
        since=DateTime(clock.since),
        due_at=None if clock.due_at is None else DateTime(clock.due_at),
        overdue=clock.overdue,
        paused=clock.paused,
        seconds_left=None if clock.due_at is None else (clock.due_at - at) // SECOND,
    )
