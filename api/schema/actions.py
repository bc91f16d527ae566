"""The query `actions`: events counted by type, for any filter and grouping."""

from typing import Annotated, Any

import strawberry

from api.auth.roles import Right
from api.context import Info
from api.schema.access import Needs
from api.schema.fields import argument
from api.schema.journal import AskedFilter
from api.schema.journal_filter import permitted
from api.schema.kpi_figures import TimeRange
from api.schema.reading import AsOf, AtLeast, reading
from api.schema.scalars import BigInt, DateTime
from domain.kpi.question import Interval
from domain.words import ActorType
from projections.journal import actions
from projections.journal.actions import Group
from projections.journal.projection import NAME


@strawberry.type(description="What one part of a row's group is.")
class ActionGroupValue:
    by: Group = strawberry.field(description="By what.")
    value: str = strawberry.field(
        description="The event type, the desk's id (a customer's pseudonym) or the word; empty where none was said."
    )
    actor_type: ActorType | None = strawberry.field(
        description="What kind of somebody, where `by` is `ACTOR`: two of different types are two rows."
    )


@strawberry.type(description="How often something was done.")
class ActionRow:
    group: list[ActionGroupValue] = strawberry.field(description="A value for each part of `groupBy`, in that order.")
    range: TimeRange = strawberry.field(description="In which piece of the range.")
    events: BigInt = strawberry.field(description="How many events there were.")
    conversations: BigInt = strawberry.field(description="In how many different conversations.")


@strawberry.type(description="Events counted, and the state of the ledger that the counts hold for.")
class ActionCounts:
    as_of: AsOf = strawberry.field(description="What is counted.")
    rows: list[ActionRow] = strawberry.field(description="By group, then time. What never happened has no row.")


async def _actions(
    info: Info,
    filter: AskedFilter = None,  # noqa: A002 - its name on the wire
    group_by: Annotated[list[Group] | None, argument("A row for each value of these; unsaid: by type.")] = None,
    interval: Annotated[Interval | None, argument("Cut the range into pieces; unsaid: one.")] = None,
    zone: Annotated[str, argument("The IANA zone whose days, weeks and months are meant.")] = "UTC",
    at_least: AtLeast = None,
) -> ActionCounts:
    context = info.context
    wanted = await permitted(context, filter, right=Right.FIGURES)
    groups = tuple(dict.fromkeys([Group.TYPE] if group_by is None else group_by))
    async with reading(context, NAME, at_least) as connection:
        found = await actions.actions(
            connection, context.principal.workspace, wanted, group_by=groups, interval=interval, zone=zone
        )
    recorded_at = found.as_of_recorded_at
    return ActionCounts(
        as_of=AsOf(position=BigInt(found.as_of), recorded_at=None if recorded_at is None else DateTime(recorded_at)),
        rows=[_row(row, groups) for row in found.rows],
    )


def _row(row: actions.Row, groups: tuple[Group, ...]) -> ActionRow:
    return ActionRow(
        group=[
            ActionGroupValue(by=by, value=value, actor_type=row.actor_type if by is Group.ACTOR else None)
            for by, value in zip(groups, row.group, strict=True)
        ],
        range=TimeRange(since=DateTime(row.range.since), until=DateTime(row.range.until)),
        events=BigInt(row.events),
        conversations=BigInt(row.conversations),
    )


ACTIONS: Any = strawberry.field(
    _actions,
    description="Events counted: what was done, how often, by everybody of every kind unless the filter says whom. An "
    "operator's counts are of what they did themselves, a lead's of what was done in their teams.",
    extensions=[Needs(Right.FIGURES)],
)
