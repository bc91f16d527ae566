"""A call's way through the desk: legs in queues, then stretches of talk, hold and after-call work.

A call that is offered waits: in the queue that it is put into, or for whoever picks it up where it is put into none
(what an announcement took before the queue does not count). A leg in a queue ends when an operator answers, when the
customer gives up, or when the call flows out: into another queue, whose leg begins then, into a callback, or because a
machine's voice was all that the customer needed. Whatever is told in an order that cannot be makes no stretch.

    WAITING ──answered──► TALKING ◄──held/resumed──► ON HOLD
       │  ▲                  │ ended, queued again, answered by another
       │  └──queued──────────┤
       ▼                     ▼
    abandoned, called back   AFTER WORK (of that operator) ──after-work ended──►
"""

from collections.abc import Iterator
from dataclasses import dataclass, field
from enum import Enum, auto
from typing import NamedTuple

from domain.conversation.sample import Credit
from domain.instants import Instant


class Part(Enum):
    """What a stretch of a call was."""

    ANSWERED = auto()
    ABANDONED = auto()
    FLOWED_OUT = auto()
    RANG = auto()
    TALK = auto()
    HOLD = auto()
    AFTER_WORK = auto()


class Stretch(NamedTuple):
    """A stretch that ended. `credit`: whose it was; None for what customers spent in a queue."""

    part: Part
    since: Instant
    positions: tuple[int, int]
    credit: Credit | None


class _Mark(NamedTuple):
    at: Instant
    position: int


@dataclass(slots=True)
class Call:
    """One call. Each verb returns the stretches that end with it."""

    _waiting: _Mark | None = None
    in_queue: bool = False
    """Whether it waits in a queue, and not for whoever picks it up."""
    _served: bool = False
    """Whether a machine talks to the customer meanwhile."""
    _ringing: dict[str, _Mark] = field(default_factory=dict)
    _talker: Credit | None = None
    _segment: _Mark | None = None
    _held: bool = False
    _after: dict[str, tuple[Credit, _Mark]] = field(default_factory=dict)

    def offered(self, at: Instant, position: int) -> None:
        """A customer rings."""
        if self._waiting is None and self._talker is None:
            self._waiting = _Mark(at, position)

    def queued(self, at: Instant, position: int) -> Iterator[Stretch]:
        """It waits in a queue from now on: the first one, or another."""
        yield from self._hang_up(at, position)
        if self.in_queue:
            yield from self._leave_queue(Part.FLOWED_OUT, position)
        self._waiting, self.in_queue, self._served = _Mark(at, position), True, False

    def served(self) -> None:
        """A machine talks to whoever waits; who hangs up on it did not give up waiting."""
        self._served = self._waiting is not None

    def rang(self, credit: Credit, at: Instant, position: int) -> None:
        """It rings at an operator's."""
        if credit.operator is not None:
            self._ringing[credit.operator] = _Mark(at, position)

    def answered(self, credit: Credit, at: Instant, position: int) -> Iterator[Stretch]:
        """An operator talks from now on; whoever did before no longer does."""
        if credit.operator is None or (self._talker is not None and self._talker.operator == credit.operator):
            return
        yield from self._hang_up(at, position)
        rang = self._ringing.pop(credit.operator, None)
        if rang is not None:
            yield Stretch(Part.RANG, rang.at, (rang.position, position), credit)
        yield from self._leave_queue(Part.ANSWERED, position)
        self._talker, self._segment, self._held = credit, _Mark(at, position), False

    def held(self, at: Instant, position: int) -> Iterator[Stretch]:
        """The customer listens to music."""
        if not self._held:
            yield from self._next_segment(at, position)
            self._held = self._talker is not None

    def resumed(self, at: Instant, position: int) -> Iterator[Stretch]:
        """The talk goes on."""
        if self._held:
            yield from self._next_segment(at, position)
            self._held = False

    def ended(self, at: Instant, position: int) -> Iterator[Stretch]:
        """The line is free; a call that nothing answered was given up."""
        yield from self._hang_up(at, position)
        yield from self._leave_queue(Part.FLOWED_OUT if self._served else Part.ABANDONED, position)

    def abandoned(self, position: int) -> Iterator[Stretch]:
        """The customer gave up waiting."""
        yield from self._leave_queue(Part.ABANDONED, position)

    def called_back(self, position: int) -> Iterator[Stretch]:
        """The customer is to be called back instead of waiting."""
        yield from self._leave_queue(Part.FLOWED_OUT, position)

    def after_work_ended(self, operator: str, position: int) -> Iterator[Stretch]:
        """The operator finished what the call left to do."""
        after = self._after.pop(operator, None)
        if after is not None:
            credit, began = after
            yield Stretch(Part.AFTER_WORK, began.at, (began.position, position), credit)

    def _leave_queue(self, part: Part, position: int) -> Iterator[Stretch]:
        if self._waiting is not None:
            yield Stretch(part, self._waiting.at, (self._waiting.position, position), None)
        self._waiting, self.in_queue, self._served = None, False, False

    def _next_segment(self, at: Instant, position: int) -> Iterator[Stretch]:
        if self._talker is not None and self._segment is not None:
            part = Part.HOLD if self._held else Part.TALK
            yield Stretch(part, self._segment.at, (self._segment.position, position), self._talker)
            self._segment = _Mark(at, position)

    def _hang_up(self, at: Instant, position: int) -> Iterator[Stretch]:
        """The talker's part ends, and their after-call work begins."""
        yield from self._next_segment(at, position)
        if self._talker is not None and self._talker.operator is not None:
            self._after[self._talker.operator] = (self._talker, _Mark(at, position))
        self._talker, self._segment, self._held = None, None, False
