"""What is to be promised to customers."""

from collections.abc import Mapping
from typing import Annotated

from msgspec import Meta

from domain.command import Command, command
from domain.commands.fields import Baseline, ChannelIds, CommunityIds, Name, NewPromiseId, PromiseId, ValidFrom
from domain.commands.refusals import arrangements as no
from domain.commands.refusals import promises as promised
from domain.event import Event, Labels, Seconds
from domain.events import promises as events
from domain.words import Kind, Priority, PromiseTime, Subject, WaitingFor

FirstResponse = Annotated[Seconds, Meta(description="Within how many seconds the first answer is promised.")]
NextResponse = Annotated[Seconds, Meta(description="Within how many seconds every later answer is promised.")]
Resolution = Annotated[Seconds, Meta(description="Within how many seconds of its opening an episode is resolved.")]
CountedIn = Annotated[
    PromiseTime, Meta(description="Whether it is counted around the clock or while the desk is at work.")
]
PausesFor = Annotated[
    tuple[WaitingFor, ...],
    Meta(max_length=4, description="Its clocks stand still while a conversation is on hold for one of these."),
]
Kinds = Annotated[tuple[Kind, ...], Meta(max_length=4, description="For conversations of these kinds; none: of all.")]
Priorities = Annotated[
    tuple[Priority, ...], Meta(max_length=4, description="For conversations of these priorities; none: of all.")
]
Segments = Annotated[Labels, Meta(description="For customers of these segments; none: of all.")]
InOrder = Annotated[
    tuple[PromiseId, ...],
    Meta(
        min_length=1,
        max_length=100,
        description="Promises in the order in which they are looked at: the first that "
        "fits holds. Those not named follow, as they were first set.",
    ),
]


def _set(wish: "SetPromise") -> tuple[Event, ...]:
    return (
        events.PromiseSet(
            promise=wish.promise,
            name=wish.name,
            first_response=wish.first_response,
            next_response=wish.next_response,
            resolution=wish.resolution,
            counted_in=wish.counted_in,
            pauses_for=wish.pauses_for,
            channels=wish.channels,
            communities=wish.communities,
            kinds=wish.kinds,
            priorities=wish.priorities,
            segments=wish.segments,
            valid_from=wish.valid_from,
        ),
    )


@command(
    events.PromiseSet,
    of=Subject.WORKSPACE,
    refused=(
        promised.nothing_promised,
        no.begins_in_the_past,
        no.baseline_without_a_beginning,
        no.judged_already,
    ),
    granted=_set,
)
class SetPromise(Command):
    """Promise customers an answer or a resolution in time, from now or a later instant on; said again of the same
    promise, it is its next version. What runs already is not due before that instant."""

    promise: NewPromiseId
    name: Name
    first_response: FirstResponse | None = None
    next_response: NextResponse | None = None
    resolution: Resolution | None = None
    counted_in: CountedIn = PromiseTime.CALENDAR
    pauses_for: PausesFor = ()
    channels: ChannelIds = ()
    communities: CommunityIds = ()
    kinds: Kinds = ()
    priorities: Priorities = ()
    segments: Segments = ()
    valid_from: ValidFrom | None = None
    baseline: Baseline = False

    @property
    def scope(self) -> Mapping[str, tuple[str, ...]]:
        """Of which conversations it is."""
        said = {
            "channel": self.channels,
            "community": self.communities,
            "kind": self.kinds,
            "priority": self.priorities,
            "segment": self.segments,
        }
        return {dimension: values for dimension, values in said.items() if values}


@command(events.PromiseWithdrawn, of=Subject.WORKSPACE, refused=(promised.promise_unknown, no.begins_in_the_past))
class WithdrawPromise(Command):
    """Promise something no longer, from an instant on. What was judged by it stays judged."""

    promise: PromiseId
    valid_from: ValidFrom | None = None


@command(events.PromisesOrdered, of=Subject.WORKSPACE, refused=(promised.one_unknown, no.begins_in_the_past))
class OrderPromises(Command):
    """Say in which order promises are looked at, from an instant on."""

    promises: InOrder
    valid_from: ValidFrom | None = None
