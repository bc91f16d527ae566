"""What the desk is to be known to cost."""

from typing import Annotated

from msgspec import Meta

from domain.command import Command, command
from domain.commands.fields import CostlyChannel, CostlyTeam
from domain.commands.refusals import costs as no
from domain.event import Count
from domain.events import costs as events
from domain.words import CostKind, Subject

Month = Annotated[events.Month, Meta(description="The calendar month that it was spent for: 2026-03.")]
Amount = Annotated[
    Count, Meta(description="How much, in minor units (cents, bani); 0 takes back what was recorded before.")
]
Currency = Annotated[
    events.Currency, Meta(description="By ISO 4217: MDL. All costs of a workspace are in one currency.")
]


@command(events.CostRecorded, of=Subject.WORKSPACE, refused=(no.other_currency, no.cost_unchanged))
class RecordCost(Command):
    """Say what the desk, or a team or channel of it, cost in a month. Said again for the same month, sort, team and
    channel, it takes the place of what was said before."""

    month: Month
    cost: CostKind
    amount: Amount
    currency: Currency
    team: CostlyTeam | None = None
    channel: CostlyChannel | None = None
