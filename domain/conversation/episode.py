"""An episode: from an opening of a conversation to the resolution or closing that ends it."""

from dataclasses import dataclass, field

from domain.conversation.sample import Context, Credit
from domain.instants import Instant
from domain.words import Outcome


@dataclass(slots=True)
class Ending:
    """How an episode ended, and in what circumstances: what a reopening is held against."""

    at: Instant
    position: int
    outcome: Outcome
    credit: Credit
    team: str | None
    context: Context
    solved: bool
    without_reply: bool


@dataclass(slots=True)
class Episode:
    """What happened so far in one episode. The sets are of operators' ids, or teams' (None: no team)."""

    number: int
    opened_at: Instant
    replied_by: set[str] = field(default_factory=set)
    claimed_by: set[str] = field(default_factory=set)
    processed_by: set[str] = field(default_factory=set)
    processed_in: set[str | None] = field(default_factory=set)
    handled_by: set[str] = field(default_factory=set)
    handled_in: set[str | None] = field(default_factory=set)
    handed_over_by: set[str] = field(default_factory=set)
    handed_over_in: set[str | None] = field(default_factory=set)
    spoken: bool = False
    """A human of the desk took a call in it."""
    no_reply_needed: bool = False
    ending: Ending | None = None

    @property
    def replied(self) -> bool:
        """Whether the customer got any public human answer in it."""
        return self.spoken or bool(self.replied_by)
