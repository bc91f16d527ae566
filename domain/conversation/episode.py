"""An episode: from an opening of a conversation to the resolution or closing that ends it."""

from dataclasses import dataclass, field
from typing import NamedTuple

from domain.conversation.sample import Context, Credit, Sample
from domain.instants import Instant
from domain.words import Outcome, WaitingFor


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


class Resolved(NamedTuple):
    """Indices of the samples that say that an episode was resolved."""

    then: int
    """When it was."""
    of_cohort: int | None
    """When it had begun, where it had; None where nothing told of its beginning."""
    of_held: int | None
    """When it had begun, of the operator who resolved it."""


class Spoiled(NamedTuple):
    """What a reopening has made untrue of the resolution before it."""

    at_once: bool
    """It no longer was one at once."""
    of_cohort: Sample | None
    """The sample, taken back, that says that the episode was resolved in the end."""


@dataclass(slots=True)
class Episode:
    """What happened so far in one episode. The sets are of operators' ids."""

    number: int
    opened_at: Instant
    replied_by: set[str] = field(default_factory=set)
    claimed_by: set[str] = field(default_factory=set)
    marked: set[tuple[int, str | None]] = field(default_factory=set)
    """What happened for the first time: by the code of a measure, whose first time it was (None: the episode's, or that
    of no team)."""
    focused: set[str] = field(default_factory=set)
    """Operators of whose work on it something is told."""
    queued: tuple[int, int] | None = None
    """How long it waited in queues, and not on hold, since it was last in somebody's hands: calendar and business
    seconds."""
    as_work: dict[str, list[int]] = field(default_factory=dict)
    """For the others, by operator, the indices of the samples of the time in which it was theirs."""
    contributors: set[str] = field(default_factory=set)
    """Operators who helped to solve it: who replied, noted, talked, or had it and handed it over."""
    last_sender: Credit | None = None
    """Who sent the last public answer."""
    answers: int = 0
    """Runs of public answers: several in a row, with nothing from the customer between, are one."""
    escalated: bool = False
    surveyed: bool = False
    reopening: int | None = None
    """The index of the sample that says that it began as a reopening."""
    held: dict[str, int] = field(default_factory=dict)
    """By operator, the index of the sample that says that they had it or resolved it."""
    resolution: Resolved | None = None
    spoken_by: set[str] = field(default_factory=set)
    """Who took a call in it."""
    no_reply_needed: bool = False
    ending: Ending | None = None
    before: "Episode | None" = None
    """The one that it reopened: the last before it that was not needless."""
    held_against: int | None = None
    """The index of the sample that holds that against whoever had resolved."""
    spoiled: Spoiled | None = None

    @property
    def replied(self) -> bool:
        """Whether the customer got any public human answer in it."""
        return bool(self.replied_by or self.spoken_by)

    @property
    def needless(self) -> bool:
        """Whether it is over, needed no answer and ended without one: a thank-you."""
        return self.no_reply_needed and self.ending is not None and self.ending.without_reply


class Stretch(NamedTuple):
    """Where an open episode stands in the backlog. `entry`: the index of the sample that says that it entered."""

    since: Instant
    position: int
    holder: Credit
    context: Context
    on_hold: WaitingFor | None
    entry: int
    unattended: bool
    """It waits for an answer of the desk, or never had one."""
    changed: bool = False
    """Whether that changed since it entered."""
