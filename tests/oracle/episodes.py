"""Episodes: from an opening to a resolution or closing (rule 1.6); and who began the first one."""

from collections.abc import Sequence
from dataclasses import dataclass, field

from domain.envelope import NewEvent
from domain.events import calls, items, replies
from domain.events import conversations as c
from domain.words import ActorType
from tests.oracle.facts import NOBODY, Context, Fact, Who
from tests.oracle.wall import Second


@dataclass
class Episode:
    """From an opening to its end."""

    number: int
    since: Second
    context: Context
    until: Second | None = None
    how: str = ""
    """`resolved`, `closed` or `set aside`."""
    ended_by: Who = NOBODY
    replied: bool = False
    own: set[str] = field(default_factory=set)
    """Who has answered in it."""
    helped: set[str] = field(default_factory=set)
    """Operators who took part."""
    needless: bool = False
    escalated: bool = False
    resolved: Fact | None = None
    closed: Fact | None = None
    reopened_by: str = ""
    answers: int = 0
    """Runs of human replies."""
    speaking: bool = False
    """Whether the desk had the last word."""


def begun_by_desk(events: Sequence[NewEvent]) -> bool:
    """K02: as the source says; else a customer who opened it did; else whoever wrote first, machines apart."""
    for event in events:
        told, by = event.payload, event.envelope.actor.type
        match told:
            case c.ConversationOpened(proactive=bool(proactive)):
                return proactive
            case c.ConversationOpened() if by is ActorType.CUSTOMER:
                return False
    for event in events:
        match event.payload:
            case items.ItemReceived() | calls.CallOffered():
                return False
            case replies.ReplySent(automated=False) if event.envelope.actor.type is ActorType.OPERATOR:
                return True
    return False
