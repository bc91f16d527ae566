"""Turns: runs of the customer's items, or single comments, that wait for an answer (rule 1.3)."""

from collections.abc import Iterator
from dataclasses import dataclass, field

from tests.oracle.facts import NOBODY, Clock, Span, Who
from tests.oracle.wall import Second


@dataclass(eq=False)
class Turn:
    """What waits for one answer."""

    written: dict[str, Second]
    comment: bool
    episode: int
    metric: str
    """Whose promise it has: `first` or `next`."""
    gone: dict[str, str] = field(default_factory=dict)
    """Items that the desk removed or the customer took back."""
    answers: list[str] = field(default_factory=list)
    """Human replies that stand."""
    answered: bool = False
    over: bool = False
    """It ended without an answer."""
    handed_off: Second = 0
    """When a bot last gave it to people."""
    stops: list[tuple[Second, str, Who]] = field(default_factory=list)
    """When it no longer waited, and how that came; the last of them is how things stand."""
    opened_again: list[Second] = field(default_factory=list)
    """When its only answer was deleted."""
    gaps: list[Span] = field(default_factory=list)
    """While all of it was removed, until something was shown again."""
    taken_over: bool = False
    """It went on as a part of the turn before it."""

    @property
    def began(self) -> Second | None:
        """When it began to wait; only what the customer took back moves it."""
        stands = [at for item, at in self.written.items() if self.gone.get(item) != "withdrawn"]
        return max(min(stands), self.handed_off) if stands else None

    @property
    def waits(self) -> bool:
        return not self.answered and not self.over and not set(self.gone) >= set(self.written)

    def stop(self, at: Second, how: str, by: Who) -> None:
        self.stops.append((at, how, by))
        self.answered = self.answered or how == "kept"
        self.over = how not in ("kept", "removed")

    def clocks(self) -> Iterator[Clock]:
        """Its clock, and another one each time that its only answer was deleted."""
        since = self.began
        if since is None or self.taken_over:
            return
        starts = [(self.metric, since), *(("next", at) for at in self.opened_again)]
        kept = [stop for stop in self.stops if stop[1] == "kept"]
        last = [stop for stop in self.stops if stop[1] != "kept"][-1:]
        for number, (metric, earliest) in enumerate(starts):
            stop = kept[number : number + 1] or last
            until, how, by = stop[0] if stop else (None, "", NOBODY)
            yield Clock(metric, self.episode, since, earliest, until, how, by, self.gaps)


class Turns:
    """All turns of a conversation."""

    def __init__(self) -> None:
        self.all: list[Turn] = []
        self._taken_back: set[str] = set()

    def waiting(self, episode: int) -> list[Turn]:
        return [turn for turn in self.all if turn.waits and turn.episode == episode]

    def first(self) -> Second | None:
        """When the customer first wrote what they did not take back."""
        stands = [at for turn in self.all for item, at in turn.written.items() if item not in self._taken_back]
        return min(stands, default=None)

    def write(self, item: str, at: Second, *, comment: bool, episode: int, metric: str) -> None:
        waiting = self.waiting(episode)
        if waiting and not comment:
            waiting[-1].written[item] = at
        else:
            self.all.append(Turn({item: at}, comment, episode, metric))

    def answered_by(self, to: str | None, episode: int) -> Turn | None:
        """What a reply answers: what it names, else the latest that waits; else it adds to the answer before."""
        here = [turn for turn in self.all if turn.episode == episode]
        named = [turn for turn in self.all if to in turn.written]
        answered = [turn for turn in here if turn.answered]
        return next(iter(named or self.waiting(episode)[-1:] or answered[-1:]), None)

    def unsay(self, reply: str, at: Second, episode: int | None) -> None:
        """A reply is deleted: where no other one stands, the turn waits again, with what the customer wrote since."""
        for index, turn in enumerate(self.all):
            if reply not in turn.answers:
                continue
            turn.answers.remove(reply)
            if turn.answers or episode is None:
                continue
            turn.answered, turn.episode = False, episode
            turn.opened_again.append(at)
            for later in self.all[index + 1 :]:
                if not turn.comment and later.waits and later.episode == episode:
                    turn.written |= later.written
                    turn.gone |= later.gone
                    later.taken_over = later.over = True

    def lose(self, item: str, how: str, at: Second, by: Who) -> None:
        """An item is taken back or removed."""
        if how == "withdrawn":
            self._taken_back.add(item)
        for turn in self.all:
            if item in turn.written and not turn.answered and not turn.over:
                turn.gone[item] = how
                if how == "removed" and not turn.waits:
                    turn.stop(at, "removed", by)

    def show(self, item: str, at: Second) -> None:
        """What was removed is shown again."""
        for turn in self.all:
            if turn.gone.pop(item, None) and turn.stops and turn.stops[-1][1] == "removed":
                turn.gaps.append((turn.stops.pop()[0], at))
