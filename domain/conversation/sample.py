"""One observation that a figure is made of, and the circumstances that it was made in."""

from enum import StrEnum
from typing import NamedTuple

from msgspec import Struct

from domain.instants import Instant
from domain.words import ActorType, Kind, Priority


class Standing(StrEnum):
    """Whether a conversation belongs to the desk's figures. What does not is counted on its own, by asking for it."""

    REGULAR = "regular"
    SPAM = "spam"
    MERGED = "merged"
    TEST = "test"


class Context(Struct, frozen=True, gc=False):
    """Where a conversation is and what it is said to be, at some instant. None: nothing was said."""

    channel: str | None = None
    community: str | None = None
    kind: Kind | None = None
    team: str | None = None
    """The queue that it is in."""
    priority: Priority | None = None


class Credit(NamedTuple):
    """To whom a sample is credited; nobody (`operator` None) for what customers do."""

    operator: str | None
    actor_type: ActorType
    inferred: bool


class Sample(Struct, frozen=True, gc=False):
    """One observation of a measure (`domain.kpi.measures`).

    `at` places it in a period: when its clock stopped, or its act happened. Durations are whole seconds, in calendar
    and in business time; both are 0 for what is only counted, and the same value for scores and money. `positions`
    name the events it came from. Equal samples are the same observation.
    """

    measure: int
    at: Instant
    episode: int
    credit: Credit
    team: str | None
    """The queue the conversation was in, else the credited operator's primary team at that instant."""
    context: Context
    positions: tuple[int, ...]
    calendar: int = 0
    business: int = 0
    standing: Standing = Standing.REGULAR
    flags: int = 0
    """What it also is: the bits of the measures within its measure."""
