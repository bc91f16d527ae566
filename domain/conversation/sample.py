"""One observation that a figure is made of, and the place that it was made in."""

from enum import StrEnum
from functools import lru_cache
from typing import NamedTuple

from msgspec import Struct

from domain.instants import Instant
from domain.words import ActorType, Complexity, Kind, Priority


class Standing(StrEnum):
    """Whether a conversation belongs to the desk's figures. What does not is counted on its own, by asking for it."""

    REGULAR = "regular"
    SPAM = "spam"
    MERGED = "merged"
    TEST = "test"


class Context(Struct, frozen=True, gc=False, cache_hash=True):
    """Where a conversation is and what it is said to be, at some instant. None: nothing was said."""

    channel: str | None = None
    community: str | None = None
    kind: Kind | None = None
    team: str | None = None
    """The queue that it is in."""
    priority: Priority | None = None
    complexity: Complexity | None = None
    segment: str | None = None
    """The customer's, as the source asserts it."""
    tags: tuple[str, ...] = ()
    """In the order of their names."""


class Credit(NamedTuple):
    """To whom a sample is credited; nobody (`operator` None) for what customers do."""

    operator: str | None
    actor_type: ActorType
    inferred: bool


class Place(Struct, frozen=True, array_like=True, gc=False, cache_hash=True):
    """Along what samples are sliced: whose it is, and where and of what kind the conversation was just then. Few, and
    shared by many samples. None: nothing was said."""

    operator: str | None
    actor_type: ActorType
    inferred: bool
    team: str | None
    """The queue the conversation was in, else the credited operator's primary team at that instant."""
    queued: bool
    """Whether the team is that of the queue."""
    channel: str | None
    community: str | None
    kind: Kind | None
    priority: Priority | None
    complexity: Complexity | None = None
    segment: str | None = None
    tags: tuple[str, ...] = ()
    in_hours: bool | None = None
    """Whether the instant lies in business hours; None where no calendar says so."""
    standing: Standing = Standing.REGULAR


@lru_cache(maxsize=20_000)
def place_of(
    credit: Credit, team: str | None, context: Context, standing: Standing, in_hours: bool | None = None
) -> Place:
    """The place of a sample. Remembered, so that a conversation's samples in one place share it."""
    return Place(
        credit.operator,
        credit.actor_type,
        credit.inferred,
        team,
        context.team is not None,
        context.channel,
        context.community,
        context.kind,
        context.priority,
        context.complexity,
        context.segment,
        context.tags,
        in_hours,
        standing,
    )


class Sample(Struct, frozen=True, array_like=True, gc=False):
    """One observation of a measure (`domain.kpi.measures`).

    `at` places it in a period: when its clock stopped, or its act happened. Durations are whole seconds, in calendar
    and in business time; both are 0 for what is only counted, and the same value for scores and money. `positions`
    name the events it came from. Equal samples are the same observation.
    """

    measure: int
    at: Instant
    episode: int
    """Its number in the conversation; 0 for what belongs to none."""
    place: Place
    positions: tuple[int, ...]
    calendar: int = 0
    business: int = 0
    flags: int = 0
    """What it also is: the bits of the measures within its measure."""
