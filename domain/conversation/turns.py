"""Turns: runs of the customer's items that await a public human answer.

In a dialogue (messages, mail) at most one turn is open, and any public human reply ends it. Among public comments each
comment is its own turn; a reply answers the comment that it names, else the latest open one.

State of a turn:
    OPEN ──reply──► ANSWERED ──the only standing reply deleted──► OPEN
      ├──every item withdrawn by the customer──► WITHDRAWN
      ├──every item deleted or hidden by the desk──► REMOVED ──an item shown again──► OPEN
      ├──no reply needed, said the desk──► WAIVED
      └──the episode ended──► LEFT
"""

from dataclasses import dataclass, field
from enum import Enum, auto

from domain.instants import Instant


class TurnState(Enum):
    """Where a turn stands; the module's diagram says how it gets there."""

    OPEN = auto()
    ANSWERED = auto()
    WITHDRAWN = auto()
    REMOVED = auto()
    WAIVED = auto()
    LEFT = auto()


@dataclass(slots=True)
class Item:
    """What a customer wrote, as far as clocks care."""

    at: Instant
    position: int
    withdrawn: bool = False
    removed: bool = False

    @property
    def stands(self) -> bool:
        return not (self.withdrawn or self.removed)


@dataclass(slots=True, eq=False)
class Turn:
    """A run of the customer's items."""

    items: dict[str, Item]
    state: TurnState = TurnState.OPEN
    handed_off_at: Instant | None = None
    replies: set[str] = field(default_factory=set)
    """Public human replies since it was opened, that were not deleted."""

    @property
    def oldest(self) -> Item:
        """The item that its clock starts at: what the customer took back does not wait, what the desk removed does."""
        items = [item for item in self.items.values() if not item.withdrawn] or list(self.items.values())
        return min(items, key=lambda item: item.at)

    @property
    def clock_started_at(self) -> Instant:
        """The human clock: the oldest item, or the bot's last hand-off after it."""
        oldest = self.oldest.at
        return oldest if self.handed_off_at is None else max(oldest, self.handed_off_at)


class Turns:
    """All turns of one conversation."""

    __slots__ = ("_all", "_of_item", "_open", "are_comments", "changes", "handed_off_at")

    def __init__(self) -> None:
        self.are_comments = False
        """Whether each item is a turn of its own."""
        self.handed_off_at: Instant | None = None
        """When a bot last gave the conversation to people."""
        self.changes = 0
        """How often something may have changed."""
        self._all: list[Turn] = []
        self._open: list[Turn] = []
        self._of_item: dict[str, Turn] = {}

    @property
    def open(self) -> list[Turn]:
        """Open turns, oldest first."""
        return self._open

    @property
    def waiting_since(self) -> Instant | None:
        """When the customer began to wait; None when nobody waits."""
        return min((turn.oldest.at for turn in self._open), default=None)

    @property
    def first_item(self) -> Item | None:
        """The first one that the customer did not take back, whatever became of it."""
        return min(
            (item for turn in self._all for item in turn.items.values() if not item.withdrawn),
            key=lambda item: item.at,
            default=None,
        )

    def of_item(self, item: str | None) -> Turn | None:
        """The turn that an item belongs to."""
        return None if item is None else self._of_item.get(item)

    def receive(self, item: str, at: Instant, position: int) -> None:
        """An item arrived. The same item delivered under two events is one item."""
        self.changes += 1
        if item in self._of_item:
            return
        turn = self._open[-1] if self._open and not self.are_comments else None
        if turn is None:
            turn = Turn({})
            self._all.append(turn)
            self._open.append(turn)
        turn.items[item] = Item(at, position)
        self._of_item[item] = turn

    def answered_by(self, reply: str, in_reply_to: str | None) -> Turn | None:
        """A public human reply went out: the turn that it answers, None where it answers none that is open."""
        self.changes += 1
        turn = self._answers(in_reply_to)
        if turn is None:
            return None
        turn.replies.add(reply)
        if turn.state is not TurnState.OPEN:
            return None
        self._leave_open(turn, TurnState.ANSWERED)
        return turn

    def reply_deleted(self, reply: str, *, awaited: bool) -> None:
        """A reply no longer stands. The turn that only it answered is open again, where an answer is still awaited."""
        self.changes += 1
        for turn in self._all:
            if reply in turn.replies:
                turn.replies.discard(reply)
                if awaited and turn.state is TurnState.ANSWERED and not turn.replies:
                    self._reopen(turn)

    def withdraw(self, item: str) -> None:
        """The customer took an item back."""
        self.changes += 1
        turn = self.of_item(item)
        if turn is not None:
            turn.items[item].withdrawn = True
            self._settle(turn)

    def remove(self, item: str) -> None:
        """The desk deleted or hid an item."""
        self.changes += 1
        turn = self.of_item(item)
        if turn is not None:
            turn.items[item].removed = True
            self._settle(turn)

    def give_back(self, item: str, *, awaited: bool) -> None:
        """The desk showed an item again."""
        self.changes += 1
        turn = self.of_item(item)
        if turn is not None:
            turn.items[item].removed = False
            if awaited and turn.state is TurnState.REMOVED:
                self._reopen(turn)

    def hand_off(self, at: Instant) -> None:
        """A bot gave the conversation to people."""
        self.changes += 1
        self.handed_off_at = at
        for turn in self._open:
            turn.handed_off_at = at

    def end_open(self, state: TurnState) -> None:
        """All open turns end without an answer."""
        self.changes += 1
        for turn in list(self._open):
            self._leave_open(turn, state)

    def _answers(self, in_reply_to: str | None) -> Turn | None:
        """Among comments the turn of the comment named, else the latest open one, else the latest."""
        if self.are_comments and (named := self.of_item(in_reply_to)) is not None:
            return named
        if self._open:
            return self._open[-1]
        return self._all[-1] if self._all else None

    def _settle(self, turn: Turn) -> None:
        if turn.state is TurnState.OPEN and not any(item.stands for item in turn.items.values()):
            removed = any(item.removed for item in turn.items.values())
            self._leave_open(turn, TurnState.REMOVED if removed else TurnState.WITHDRAWN)

    def _reopen(self, turn: Turn) -> None:
        """In a dialogue what the customer wrote since belongs to the same run."""
        turn.state = TurnState.OPEN
        if not self.are_comments:
            for newer in self._open:  # several, where comments became a dialogue
                self._all.remove(newer)
                turn.items.update(newer.items)
                self._of_item.update(dict.fromkeys(newer.items, turn))
            self._open.clear()
        self._open.append(turn)
        self._open.sort(key=lambda other: other.oldest.at)

    def _leave_open(self, turn: Turn, state: TurnState) -> None:
        turn.state = state
        self._open.remove(turn)
