"""When operators were at work, for a filter that asks what they did on shift or off it."""

from dataclasses import replace
from uuid import UUID

from domain.errors import InvalidQuestion
from domain.instants import instant_of
from domain.words import Presence
from eventstore.database import Session
from eventstore.store import Store
from projections.journal.filter import BEGINNING, END, Filter, Shift
from projections.journal.presence import presence_of


async def with_shifts(connection: Session, store: Store, workspace: UUID, filter_: Filter) -> Filter:
    """The filter, which may be asked now. On a break and away they are at work; of whom nothing was ever said is not.
    Raises `InvalidQuestion` where it does not say whose shifts are meant."""
    if filter_.on_shift is None:
        return filter_
    if filter_.operators is None:
        raise InvalidQuestion(
            "`onShift` is asked of operators: name them", path=("filter", "onShift"), detail="NO_OPERATORS"
        )
    since = instant_of(BEGINNING) if filter_.since is None else filter_.since
    until = instant_of(END) if filter_.until is None else filter_.until
    there = await presence_of(connection, store, workspace, filter_.operators, since=since, until=until)
    shifts = tuple(
        Shift(operator, stretch.since, stretch.until)
        for operator, stretches in there.items()
        for stretch in stretches
        if stretch.presence is not Presence.OFFLINE
    )
    return replace(filter_, shifts=shifts)
