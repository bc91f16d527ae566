"""Calls: where they wait (K21 to K23), and who is busy with them (K24, K48)."""

from collections.abc import Iterator
from dataclasses import replace

from domain.events import calls
from domain.events import conversations as c
from domain.words import ActorType
from tests.oracle.facts import NOBODY, Context, Fact, Who
from tests.oracle.walk import Walk
from tests.oracle.wall import Second


class Line:
    """The one call of a conversation, and what it keeps operators busy with."""

    def __init__(self, walk: Walk) -> None:
        self._walk = walk
        self.facts: list[Fact] = []
        self._waits: tuple[Second, str | None, bool] | None = None
        """Since when, in which queue, and whether it was put there."""
        self._rang: dict[str, Second] = {}
        self._talks: tuple[Second, Who, str] | None = None
        self._finishes: dict[str, Second] = {}
        for event, (at, context) in zip(walk.events, walk.contexts, strict=True):
            actor = event.envelope.actor
            self._step(event.payload, Who(actor.id, actor.type), at, context)

    def _step(self, told: object, who: Who, at: Second, context: Context) -> None:
        match told:
            case calls.CallOffered():
                self._waits = at, context.queue, False
            case calls.CallQueued():
                self._queued(at, context)
            case calls.CallRang():
                self._rang[who.name or ""] = at
            case calls.CallAnswered():
                self._answered(who, at, context)
            case calls.CallHeld() | calls.CallResumed():
                self._turns(at, context, "hold" if isinstance(told, calls.CallHeld) else "talk")
            case _:
                self._ends(told, who, at, context)

    def _ends(self, told: object, who: Who, at: Second, context: Context) -> None:
        match told:
            case calls.CallEnded() | calls.CallAbandoned():
                self._leg("abandoned", at, context)
                self._stops(at, context)
            case calls.CallCallbackRequested():
                self._waits = None
            case calls.CallAfterWorkEnded():
                since = self._finishes.pop(who.name or "", None)
                if since is not None:
                    self._spent("after work", who, since, at, context)

    def _queued(self, at: Second, context: Context) -> None:
        if self._waits is not None and self._waits[2] and self._waits[1] == context.queue:
            return
        self._waits = at, context.queue, True

    def _answered(self, who: Who, at: Second, context: Context) -> None:
        self._leg("answered", at, context)
        if (since := self._rang.get(who.name or "")) is not None:
            self._spent("rang", who, since, at, context)
        self._talks = at, who, "talk"

    def _leg(self, how: str, at: Second, context: Context) -> None:
        if self._waits is None:
            return
        since, queue, _ = self._waits
        waited = at - since
        is_ = {how}
        is_ |= {"in time"} if how == "answered" and waited <= 20 else set()
        is_ |= {"given up"} if how == "abandoned" and waited >= 5 else set()
        is_ |= {"late"} if how == "abandoned" and waited > 20 else set()
        self.facts.append(
            Fact(
                "leg", at, self._walk.name, 1, NOBODY, replace(context, queue=queue), ((since, at),), 0, frozenset(is_)
            )
        )
        self._waits = None

    def _turns(self, at: Second, context: Context, into: str) -> None:
        if self._talks is not None:
            since, who, what = self._talks
            self._spent(what, who, since, at, context)
            self._talks = at, who, into

    def _stops(self, at: Second, context: Context) -> None:
        if self._talks is not None:
            since, who, what = self._talks
            self._spent(what, who, since, at, context)
            self._finishes[who.name or ""] = at
            self._talks = None

    def _spent(self, what: str, who: Who, since: Second, at: Second, context: Context) -> None:
        self.facts.append(Fact(what, at, self._walk.name, 1, who, context, ((since, at),)))


def focus(walk: Walk) -> Iterator[Fact]:
    """What operators had before them."""
    taken: dict[str, Second] = {}
    for event, (at, context) in zip(walk.events, walk.contexts, strict=True):
        actor = event.envelope.actor
        if isinstance(event.payload, c.FocusTaken):
            taken.setdefault(actor.id, at)
        elif isinstance(event.payload, c.FocusLeft) and actor.id in taken:
            number = sum(episode.since <= at for episode in walk.episodes)
            who = Who(actor.id, ActorType.OPERATOR)
            yield Fact("focus", at, walk.name, number, who, context, ((taken.pop(actor.id), at),))


def contacts(walk: Walk) -> Iterator[Fact]:
    """K48: the first time in an episode that an operator talked, wrote publicly or resolved."""
    acts = [fact for fact in walk.facts if fact.what in ("reply", "resolved", "picked up")]
    seen: set[tuple[str | None, int]] = set()
    for fact in sorted(acts, key=lambda fact: fact.at):
        if fact.who.type is ActorType.OPERATOR and (fact.who.name, fact.episode) not in seen:
            seen.add((fact.who.name, fact.episode))
            yield replace(fact, what="contact", spans=(), is_=frozenset())
