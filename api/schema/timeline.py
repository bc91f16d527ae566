"""The query `timeline`: what operators did in a range, one beside the other, and when they were there."""

from typing import Annotated, Any

import strawberry

from api.auth.roles import Right
from api.context import Info
from api.schema.access import Needs
from api.schema.directory import Operator
from api.schema.entries import JournalEntry, shown
from api.schema.fields import argument
from api.schema.ids import NodeKind, key_of
from api.schema.journal import cursor_space
from api.schema.journal_filter import JournalFilter, permitted
from api.schema.reading import AtLeast, reached, reading
from api.schema.scalars import DateTime, GivenDateTime
from api.schema.sight import operators_seen
from api.schema.tracing import trace_entries
from domain.errors import InvalidQuestion
from domain.instants import DAY, Instant, parse_instant
from domain.words import Presence
from projections.journal import query
from projections.journal.filter import Order
from projections.journal.presence import presence_of
from projections.journal.projection import NAME

_MOST_LANES = 20
_MOST_DAYS = 31
_MOST_ENTRIES = 500


@strawberry.type(description="A stretch of time in which an operator was online, away, on a break or offline.")
class PresenceStretch:
    presence: Presence = strawberry.field(description="Whether the operator was there to work.")
    since: DateTime = strawberry.field(description="From when on, within the range.")
    until: DateTime = strawberry.field(description="Until when, within the range.")


@strawberry.type(description="What one operator did.")
class TimelineLane:
    operator: Operator = strawberry.field(description="Who.")
    presence: list[PresenceStretch] = strawberry.field(
        description="When they were there, in order; before the first that was ever said there is nothing. "
        "A lead sees it of those who are in their teams now."
    )
    entries: list[JournalEntry] = strawberry.field(
        description="What they did, or what was done in their name, in the order in which it happened."
    )
    more: bool = strawberry.field(description="Whether there is more than that: ask for a shorter range.")


async def _timeline(
    info: Info,
    operators: Annotated[list[strawberry.ID], argument(f"A lane for each: 1 to {_MOST_LANES}.")],
    since: Annotated[GivenDateTime, argument("From this instant on.")],
    until: Annotated[GivenDateTime, argument(f"Until before this one, {_MOST_DAYS} days at most.")],
    first: Annotated[int, argument(f"How many entries in a lane: 1 to {_MOST_ENTRIES}.")] = 200,
    at_least: AtLeast = None,
) -> list[TimelineLane]:
    context = info.context
    begin, end = parse_instant(since), parse_instant(until)
    keys = list(dict.fromkeys(key_of(NodeKind.OPERATOR, one) for one in operators))
    _check(keys, begin, end, first)
    filters = {
        key: await permitted(context, JournalFilter(operators=[strawberry.ID(key)], since=since, until=until))
        for key in keys
    }
    if at_least is not None:
        await reached(context, NAME, at_least)
    store, workspace = context.services.store, context.principal.workspace
    removed = context.principal.may(Right.REMOVED_CONTENT)
    seen = await operators_seen(context, keys, Right.JOURNAL)
    async with reading(context, NAME) as connection:
        there = await presence_of(connection, store, workspace, keys, since=begin, until=end)
        pages = {
            key: await query.entries(
                connection, store, workspace, filter_, order=Order.OCCURRENCE, limit=first, removed=removed
            )
            for key, filter_ in filters.items()
        }
    for key, filter_ in filters.items():
        await trace_entries(context, "timeline", filter_, len(pages[key].entries))
    return [
        TimelineLane(
            operator=Operator.of(key),
            presence=[
                PresenceStretch(presence=one.presence, since=DateTime(one.since), until=DateTime(one.until))
                for one in (there[key] if key in seen else ())
            ],
            entries=[
                shown(entry, cursor_space(workspace, filters[key], Order.OCCURRENCE).cursor(entry.position), context)
                for entry in pages[key].entries
            ],
            more=pages[key].more,
        )
        for key in keys
    ]


def _check(keys: list[str], since: Instant, until: Instant, first: int) -> None:
    if not 1 <= len(keys) <= _MOST_LANES:
        raise InvalidQuestion(f"`operators` holds 1 to {_MOST_LANES}", path=("operators",), detail="TOO_MANY")
    if not since < until <= since + _MOST_DAYS * DAY:
        raise InvalidQuestion(f"a range of up to {_MOST_DAYS} days: [since, until)", path=("until",), detail="RANGE")
    if not 1 <= first <= _MOST_ENTRIES:
        raise InvalidQuestion(f"`first` must be 1 to {_MOST_ENTRIES}", path=("first",), detail="PAGE_SIZE")


TIMELINE: Any = strawberry.field(
    _timeline,
    description="What operators did in a range, in lanes one beside the other, and when they were there. An operator "
    "sees their own day.",
    extensions=[Needs(Right.JOURNAL)],
)
