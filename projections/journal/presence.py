"""When operators were there: the stretches of their presence within a range, read off their streams when asked."""

from collections.abc import Sequence
from dataclasses import dataclass
from uuid import UUID

from domain.envelope import Stream
from domain.instants import Instant
from domain.operator.presence import Turned, turned
from domain.words import Presence, Subject
from eventstore.database import Session
from eventstore.store import Store


@dataclass(frozen=True, slots=True)
class Stretch:
    """From `since` to `until`, clipped to the range, the operator was online, away, on a break or offline."""

    presence: Presence
    since: Instant
    until: Instant


async def presence_of(
    connection: Session, store: Store, workspace: UUID, operators: Sequence[str], *, since: Instant, until: Instant
) -> dict[str, tuple[Stretch, ...]]:
    """The stretches of each operator, in order; before the first that was said there is none."""
    streams = [Stream(Subject.OPERATOR, operator) for operator in operators]
    told = await store.read_streams(workspace, streams, connection=connection)
    return {
        stream.id: _stretches(sorted(one for event in events if (one := turned(event)) is not None), since, until)
        for stream, events in told.items()
    }


def _stretches(turns: Sequence[Turned], since: Instant, until: Instant) -> tuple[Stretch, ...]:
    if not turns:
        return ()
    ends = [*(turn.at for turn in turns[1:]), until]
    return tuple(
        Stretch(turn.presence, max(turn.at, since), min(end, until))
        for turn, end in zip(turns, ends, strict=True)
        if max(turn.at, since) < min(end, until)
    )
