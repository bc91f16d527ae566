"""Operators at work, customers, and the conversations between them: what the stories know while they run."""

from collections import deque
from dataclasses import dataclass

from api.demo.cast import Inflow, Profile
from api.demo.clockwork import Story
from api.demo.phrases import Speech
from api.demo.plants import Fault
from domain.envelope import Actor, Stream
from domain.instants import Instant
from domain.text import Locale
from domain.words import ActorType, Priority, Subject


class Ticket:
    """A conversation's place in a queue; `open` until somebody takes it or it is given up."""

    __slots__ = ("case", "open", "since", "story")

    def __init__(self, case: "Case", story: Story, since: Instant) -> None:
        self.case = case
        self.story = story
        self.since = since
        self.open = True


class Operator:
    """An operator during the simulation. At work on one conversation at a time; the rest waits in `inbox`."""

    __slots__ = ("actor", "duty", "inbox", "ip", "profile", "relief", "session", "sessions", "stream", "user_agent")

    def __init__(self, profile: Profile, number: int) -> None:
        self.profile = profile
        self.actor = Actor(ActorType.OPERATOR, profile.id)
        self.stream = Stream(Subject.OPERATOR, profile.id)
        self.duty = False
        self.inbox: deque[Ticket] = deque()
        self.relief: Story | None = None
        """Whoever waits for this operator to put down the work: a break, the end of the shift."""
        self.session: str | None = None
        self.sessions = 0
        self.ip = f"10.20.{number // 250}.{number % 250 + 1}"
        self.user_agent = _BROWSERS[number % len(_BROWSERS)]

    def has(self, fault: Fault) -> bool:
        return self.profile.fault is fault


_BROWSERS = (
    "Mozilla/5.0 (Windows NT 10.0; Win64; x64) Firefox/140.0",
    "Mozilla/5.0 (X11; Linux x86_64) Chrome/138.0",
    "Mozilla/5.0 (Macintosh; Intel Mac OS X 14_5) Safari/18.5",
    "DeskApp/4.2 (Android 15)",
)


@dataclass(frozen=True, slots=True)
class Customer:
    """Somebody who writes. `id` is what their channel calls them."""

    id: str
    name: str
    language: Locale
    actor: Actor
    stream: Stream


@dataclass(slots=True)
class Case:
    """One conversation as it goes."""

    id: str
    stream: Stream
    customer: Customer
    inflow: Inflow
    speech: Speech
    topic: str
    priority: Priority
    upset: bool
    """Whether it is an awkward one."""
    team: str
    segment: str | None = None
    holder: Operator | None = None
    parts: int = 0
    """How many items, replies and notes there were; they are numbered in one row."""
    item: str = ""
    """The customer's latest item."""
    waiting_since: Instant = 0
    """When the open turn began."""
    waited: int = 0
    """The longest that the customer waited for an answer."""
    answers: int = 0
    hops: int = 0
    insulted: bool = False
    solved: bool = False

    def part(self, sort: str) -> str:
        """The id of the next part of the conversation: an item, a reply, a note."""
        self.parts += 1
        return f"{self.id}.{sort}{self.parts}"
