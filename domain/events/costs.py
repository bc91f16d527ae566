"""What the desk costs."""

from typing import Annotated

from msgspec import Meta

from domain.event import Count, Event, Id, event
from domain.text import Text
from domain.words import CostKind, Subject

Month = Annotated[str, Meta(max_length=200, pattern=r"^20[0-9]{2}-(0[1-9]|1[0-2])\Z")]
"""A calendar month: 2026-03."""
Currency = Annotated[str, Meta(max_length=200, pattern=r"^[A-Z]{3}\Z")]
"""By ISO 4217: MDL."""


@event(
    "cost.recorded",
    of=Subject.WORKSPACE,
    title=Text("Cost recorded", "Затраты записаны", "Витрати записано", "Cost înregistrat"),
    told=False,
)
class CostRecorded(Event):
    """The desk, or a team or channel of it, cost so much in a month. Recorded again for the same month, sort, team and
    channel, it takes the place of what was recorded before."""

    month: Month
    cost: CostKind
    amount: Count
    """In minor units."""
    currency: Currency
    team: Id | None = None
    channel: Id | None = None
