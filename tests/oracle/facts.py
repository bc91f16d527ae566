"""What the oracle finds in a history: facts, each where and when it counts."""

from dataclasses import dataclass, field

from domain.words import ActorType, Complexity, Kind, Priority
from tests.oracle.wall import Second

Span = tuple[Second, Second]


@dataclass(frozen=True)
class Context:
    """What is said of a conversation at an instant."""

    queue: str | None = None
    channel: str | None = None
    community: str | None = None
    kind: Kind | None = None
    priority: Priority | None = None
    complexity: Complexity | None = None
    segment: str | None = None
    tags: frozenset[str] = frozenset()


@dataclass(frozen=True)
class Who:
    """To whose credit a fact is; nobody's where `name` is None."""

    name: str | None = None
    type: ActorType = ActorType.CUSTOMER


NOBODY = Who()


@dataclass(frozen=True)
class Fact:
    """One thing that counts."""

    what: str
    at: Second
    conversation: str
    episode: int
    who: Who
    context: Context
    spans: tuple[Span, ...] = ()
    """The time that it took."""
    score: int = 0
    is_: frozenset[str] = frozenset()
    """What is true of it besides."""
    anyway: bool = False
    """Counts whatever becomes of the conversation."""
    standing: str = "regular"
    placed: Second | None = None
    """When it came to stand in its place, if before it counts: teams and hours are those of that instant."""
    hours: tuple[Context, ...] = ()
    """Where each span passed, if elsewhere than the fact."""


@dataclass
class Clock:
    """A promise's clock: since when somebody waits, and how that ended."""

    metric: str
    """`first`, `next` or `resolution`."""
    episode: int
    since: Second
    earliest: Second
    """It falls due no earlier than this."""
    until: Second | None = None
    how: str = ""
    by: Who = NOBODY
    gaps: list[Span] = field(default_factory=list)
    """When nothing was left that waited: it does not fall due then."""
