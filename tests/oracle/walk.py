"""One conversation, event by event as things happened: what counts in it (K01 to K08, K13 to K15, K19, K29 to K32).

Written from the definitions alone. Whatever needs to know what comes later (was it opened again, did it stay resolved)
is worked out when all is known, in `tests.oracle.outcomes`.
"""

from collections.abc import Iterator, Sequence
from dataclasses import replace
from functools import singledispatchmethod
from typing import Any

from domain.envelope import NewEvent
from domain.event import Event
from domain.events import calls, items, replies
from domain.events import conversations as c
from domain.words import ActorType, Kind, Outcome, WaitingFor
from tests.oracle.episodes import Episode, begun_by_desk
from tests.oracle.facts import NOBODY, Clock, Context, Fact, Span, Who
from tests.oracle.places import Place, Stints, anywhere
from tests.oracle.turns import Turn, Turns
from tests.oracle.wall import Second

SET_ASIDE = {Outcome.SPAM: "spam", Outcome.MERGED: "merged", Outcome.TEST: "test", Outcome.DUPLICATE: "regular"}
DAY = 86_400
_SAID = ("channel", "community", "kind", "priority", "complexity", "segment")


class Walk:
    """The conversation as it went."""

    def __init__(self, name: str, events: Sequence[NewEvent]) -> None:
        self.name = name
        self.events = sorted(events, key=lambda event: event.envelope.occurred_at)
        self.facts: list[Fact] = []
        self.episodes: list[Episode] = []
        self.turns = Turns()
        self.stints, self.unattended = Stints(), Stints()
        """Where it stood; and the same while it waited for an answer, or never had one."""
        self.contexts: list[tuple[Second, Context]] = []
        """What was said of it, from when on."""
        self.waited: list[tuple[Second, WaitingFor | None]] = []
        """For whom it waited, from when on."""
        self.standing = "regular"
        self.by_desk = begun_by_desk(self.events)
        self.topic: str | None = None
        self.customer: str | None = None
        self._at: Second = 0
        self._who = NOBODY
        self._context = Context()
        self._holder: str | None = None
        self._controls: set[str] = set()
        """Who took it under control."""
        self._given: Second = 0
        """When somebody else last gave it to an operator or to another queue."""
        self._attended = False
        """Whether anybody of the desk ever answered in it."""
        self._handed_off: Second = 0
        self._waiting_for: WaitingFor | None = None
        for event in self.events:
            self._at = event.envelope.occurred_at // 1_000_000
            self._step(event)

    @property
    def episode(self) -> Episode:
        return self.episodes[-1]

    @property
    def is_open(self) -> bool:
        return bool(self.episodes) and self.episode.until is None

    def waiting(self) -> list[Turn]:
        return self.turns.waiting(self.episode.number) if self.is_open else []

    def clocks(self) -> Iterator[Clock]:
        """All clocks of promises."""
        for episode in self.episodes:
            how = "kept" if episode.how == "resolved" else "closed unsolved"
            since = episode.since
            yield Clock("resolution", episode.number, since, since, episode.until, how, episode.ended_by)
        for turn in self.turns.all:
            yield from turn.clocks()

    def _note(
        self, what: str, who: Who = NOBODY, *is_: str, spans: tuple[Span, ...] = (), anyway: bool = False
    ) -> Fact:
        fact = Fact(
            what, self._at, self.name, len(self.episodes), who, self._context, tuple(spans), 0, frozenset(is_), anyway
        )
        self.facts.append(fact)
        return fact

    def _once(self, what: str, who: Who) -> None:
        """Each one's first time in the episode."""
        if not any(fact.what == what and (fact.episode, fact.who) == (len(self.episodes), who) for fact in self.facts):
            self._note(what, who)

    # Step by step

    def _step(self, event: NewEvent) -> None:
        who = self._who = Who(event.envelope.actor.id, event.envelope.actor.type)
        before, had = self._context, self._holder
        self._learn(event.payload, who)
        self._do(event.payload)
        self._give(event.payload, who, before)
        self._act(event.payload, who, before, had)
        self.contexts.append((self._at, self._context))
        self.waited.append((self._at, self._waiting_for if self.is_open else None))
        self._stand()

    def _learn(self, told: Event, who: Who) -> None:
        """What an event says of the conversation. An answer says nothing of it."""
        said: dict[str, Any] = {name: getattr(told, name, None) for name in _SAID}
        said["queue"] = getattr(told, "to_team", None) or getattr(told, "team", None)
        match told:
            case calls.CallOffered():
                said["kind"] = Kind.CALL
                self.customer = told.customer or self.customer
            case c.ConversationOpened():
                self.customer = told.customer or self.customer
            case items.ItemReceived():
                self.customer = self.customer or who.name
            case c.ConversationTagged():
                said["tags"] = self._context.tags | {told.tag}
            case c.ConversationTopicChanged():
                self.topic = told.topic
            case replies.ReplySent():
                return
        self._context = replace(self._context, **{name: value for name, value in said.items() if value is not None})

    @singledispatchmethod
    def _do(self, told: Event) -> None:
        """What an event does to the conversation; most do nothing."""

    @_do.register
    def _opened(self, _: c.ConversationOpened) -> None:
        self._open()

    def _open(self) -> None:
        self.episodes.append(Episode(1, self._at, self._context))
        self._note("started" if self.by_desk else "opened")

    def _reopen(self, by: str) -> None:
        if self.is_open:
            return
        last = self.episode
        last.reopened_by, self.standing, self._waiting_for = by, "regular", None
        self._controls &= {self._holder or ""}
        closed = last.closed
        if closed is not None and "without_reply" in closed.is_ and by == "customer" and self._at - closed.at <= DAY:
            self.facts.append(replace(closed, what="contested"))
        self.episodes.append(Episode(last.number + 1, self._at, self._context))
        self._note("reopened")

    def _come(self) -> None:
        """Something of the customer's arrives."""
        if not self.episodes:
            self._open()
        elif not self.is_open and self.standing == "regular":
            self._reopen("customer")
        self._note("item")
        self.episode.speaking = False
        if self._waiting_for is WaitingFor.CUSTOMER:
            self._waiting_for = None

    @_do.register
    def _rang(self, _: calls.CallOffered) -> None:
        self._come()

    @_do.register
    def _wrote(self, told: items.ItemReceived) -> None:
        self._come()
        if self.is_open:
            awaited = any(turn.metric == "first" for turn in self.waiting())
            first = self.episode.number == 1 and not (self.by_desk or self._answered or awaited)
            comment, metric = self._context.kind is Kind.COMMENT, "first" if first else "next"
            self.turns.write(told.item, self._at, comment=comment, episode=self.episode.number, metric=metric)

    @property
    def _answered(self) -> bool:
        """Whether a person has answered in an episode."""
        return any(episode.answers for episode in self.episodes)

    @_do.register
    def _replied(self, told: replies.ReplySent) -> None:
        if not self.episodes:
            self._open()
        if told.automated and self._who.type is ActorType.OPERATOR:
            return
        self._note("reply", self._who)
        if self._who.type is not ActorType.OPERATOR:
            return
        if self.is_open:
            self._first()
            self._answer(told, self._who)
            self.episode.answers += not self.episode.speaking
            self.episode.speaking = True
            self._took_part(self._who)
        self.episode.own.add(self._who.name or "")
        self._attended = True
        self._process(self._who)

    def _first(self) -> None:
        """K14: the first human answer, from the first item that was not taken back, or a bot's hand-off after it."""
        start = self.turns.first()
        if start is not None and self.episode.number == 1 and not (self.by_desk or self._answered):
            start = max(start, self._handed_off)
            self._note("first response", self._who, spans=((start, self._at),))
            self._note("first since given", self._who, spans=((max(start, self._given), self._at),))

    def _took_part(self, who: Who) -> None:
        self.episode.replied = True
        self.episode.helped.add(who.name or "")

    def _answer(self, told: replies.ReplySent, who: Who) -> None:
        turn = self.turns.answered_by(told.in_reply_to, self.episode.number)
        if turn is None:
            return
        if turn in self.waiting():
            self._note("response", who, spans=((turn.began or 0, self._at),))
            turn.stop(self._at, "kept", who)
        if turn.answered and turn.episode == self.episode.number:
            turn.answers.append(told.reply)

    @_do.register
    def _unsaid(self, told: replies.ReplyDeleted) -> None:
        self._note("reply_deleted", self._who, anyway=True)
        self.turns.unsay(told.reply, self._at, self.episode.number if self.is_open else None)

    @_do.register
    def _noted(self, told: replies.NoteAdded) -> None:
        if told.text and self._who.type is ActorType.OPERATOR and self.is_open:
            self.episode.helped.add(self._who.name or "")

    @_do.register
    def _withdrawn(self, told: items.ItemWithdrawn) -> None:
        self.turns.lose(told.item, "withdrawn", self._at, self._who)

    @_do.register
    def _deleted(self, told: items.CommentDeleted) -> None:
        self._remove("deleted", told.item, self._who)

    @_do.register
    def _hidden(self, told: items.CommentHidden) -> None:
        self._remove("hidden", told.item, self._who)

    def _remove(self, how: str, item: str, who: Who) -> None:
        self._note(how, who, anyway=True)
        self.turns.lose(item, "removed", self._at, who)
        if who.type is ActorType.OPERATOR and self.is_open and not self.episode.replied:
            self._once("processed", who)

    @_do.register
    def _shown(self, told: items.CommentUnhidden) -> None:
        self.turns.show(told.item, self._at)

    @_do.register
    def _claimed(self, _: c.ConversationClaimed) -> None:
        self._hold(self._who, self._who.name)

    @_do.register
    def _assigned(self, told: c.ConversationAssigned) -> None:
        self._hold(self._who, told.assignee)

    @_do.register
    def _picked_up(self, _: calls.CallAnswered) -> None:
        self._note("picked up", self._who)
        if self._who.type is ActorType.OPERATOR:
            self._attended = True
            self._took_part(self._who)
            self.episode.own.add(self._who.name or "")
            self._hold(self._who, self._who.name)

    def _hold(self, by: Who, holder: str | None) -> None:
        if by.name == holder:
            self._controls.add(holder or "")
        elif self.is_open and by.name == self._holder:
            self.episode.helped.add(by.name or "")
        self._holder = holder
        if self.is_open:
            self._process(Who(holder, ActorType.OPERATOR))

    @_do.register
    def _transferred(self, told: c.ConversationTransferred) -> None:
        self._pass(told.to_operator)

    @_do.register
    def _escalated(self, told: c.ConversationEscalated) -> None:
        self.episode.escalated = self.episode.escalated or self.is_open
        self._pass(told.to_operator)

    def _pass(self, to: str | None) -> None:
        if self.is_open and self._holder == self._who.name:
            self.episode.helped.add(self._holder or "")
        self._holder = to

    @_do.register
    def _put_on_hold(self, told: c.ConversationPutOnHold) -> None:
        if self.is_open:
            self._waiting_for = told.waiting_for

    @_do.register
    def _resumed(self, _: c.ConversationResumed) -> None:
        self._waiting_for = None

    @_do.register
    def _passed_on(self, _: c.BotHandedOff) -> None:
        self._handed_off = self._at
        for turn in self.waiting():
            turn.handed_off = self._at

    @_do.register
    def _needs_none(self, _: c.ConversationMarkedNoReplyNeeded) -> None:
        self.episode.needless = self.episode.needless or self.is_open
        for turn in self.waiting():
            turn.stop(self._at, "needless", NOBODY)

    @_do.register
    def _reopened(self, _: c.ConversationReopened) -> None:
        self._reopen("desk")

    @_do.register
    def _resolved(self, _: c.ConversationResolved) -> None:
        self._end("resolved", self._who, None)

    @_do.register
    def _closed(self, told: c.ConversationClosed) -> None:
        self._end("resolved" if told.outcome is Outcome.SOLVED else "closed", self._who, SET_ASIDE.get(told.outcome))

    @_do.register
    def _merged(self, _: c.ConversationMerged) -> None:
        self._end("closed", self._who, "merged")

    @_do.register
    def _spam(self, _: c.ConversationMarkedSpam) -> None:
        self._end("closed", self._who, "spam")

    def _end(self, how: str, who: Who, verdict: str | None) -> None:
        if verdict not in (None, "regular"):
            self.standing = verdict or ""
        if not self.is_open:
            return
        episode = self.episode
        episode.how, episode.ended_by = how if verdict is None else "set aside", who
        if verdict is not None:
            episode.closed = self._note("set_aside", who, anyway=True)
        else:
            kind = "without_reply" if not episode.replied else "open_turn" if self.waiting() else "answered"
            episode.closed = self._note("ended", who, kind, *["own"] * (who.name in episode.own))
            if who.type is ActorType.OPERATOR and not episode.replied:
                self._once("processed", who)
        for turn in self.waiting():
            turn.stop(self._at, "closed unanswered", who)
        episode.until = self._at
        if episode.how == "resolved":
            episode.resolved = self._note("resolved", who, spans=((self.episodes[0].since, self._at),))

    def _process(self, who: Who) -> None:
        """K03: taken under control, and a dialogue begun."""
        if who.name in self._controls and who.name in self.episode.own:
            self._once("processed", who)

    # Whoever acts, and where it stands then

    def _give(self, told: Event, who: Who, before: Context) -> None:
        """Somebody else gives it to an operator or to another queue."""
        to = getattr(told, "to_operator", None) or getattr(told, "assignee", None)
        handed = isinstance(told, c.ConversationTransferred | c.ConversationEscalated) and to is None
        if handed or to not in (None, who.name) or self._context.queue != before.queue:
            self._given = self._at

    def _act(self, told: Event, who: Who, before: Context, had: str | None) -> None:
        """K13: somebody of the desk acts; and hands over what another one had, or to another queue."""
        if who.type is not ActorType.OPERATOR or not self.episodes or isinstance(told, c.ConversationViewed):
            return
        self._once("acted", who)
        passes = False
        match told:
            case c.ConversationTransferred():
                passes = (had is not None or told.to_team is not None) and told.to_operator != who.name
            case c.ConversationEscalated():
                passes = told.to_operator != who.name
            case c.ConversationAssigned():
                passes = had not in (None, told.assignee) and told.assignee != who.name
        if passes:
            self._context, now = before, self._context
            self._note("hop", who)
            self._once("handed over", who)
            if isinstance(told, c.ConversationEscalated):
                self._once("escalated", who)
            self._context = now

    def _stand(self) -> None:
        condition = "queue" if self._holder is None else "assigned"
        if self._waiting_for is not None:
            condition = "pending" if self._waiting_for is WaitingFor.CUSTOMER else f"hold for {self._waiting_for}"
        holder = NOBODY if self._holder is None else Who(self._holder, ActorType.OPERATOR)
        place = Place(len(self.episodes), holder, self._context, condition) if self.is_open else None
        self.stints.stand(self._at, place)
        waits = place is not None and (bool(self.waiting()) or not self._attended)
        self.unattended.stand(self._at, anywhere(place) if place is not None and waits else None)
