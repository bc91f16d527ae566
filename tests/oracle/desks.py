"""Random desks whose conversations run as conversations do, and now and then as they should not, by seed.

No two things happen in the same second, so that nothing depends on how ties are broken; what ties mean is tested by
hand elsewhere. Instants are whole seconds, of some days around the night in which Europe's clocks change.
"""

from collections.abc import Callable, Iterator
from random import Random
from typing import Any

from domain.envelope import Actor, NewEvent
from domain.event import Event
from domain.events import calls, customers, directory, items, presence, replies, surveys
from domain.events import conversations as c
from domain.events.calendars import CalendarSet, CalendarWithdrawn
from domain.events.costs import CostRecorded
from domain.events.promises import PromiseSet, PromisesOrdered, PromiseWithdrawn
from domain.instants import DAY, HOUR, MINUTE, SECOND, Instant, parse_instant
from domain.words import CostKind, Kind, Outcome, Presence, Priority, PromiseTime, SurveyScale, WaitingFor
from tests.events import bot, customer, event, system

BEGINNING = parse_instant("2026-03-27T06:00:00Z")
SPAN = 12 * DAY
OPERATORS = ("anna", "boris", "vera", "igor")
TEAMS = ("red", "blue")
CHANNELS = ("vk", "mail")
COMMUNITIES = ("shop", "club")
CUSTOMERS = ("maria", "ion", "petr", "olga", "radu", "lena")
ZONES = ("Europe/Chisinau", "Australia/Lord_Howe", "Asia/Kathmandu")


_ON_THE_PHONE = (8, 30, 60, 400)


class Clock:
    """Gives out instants, none of them twice."""

    def __init__(self, r: Random) -> None:
        self._r = r
        self._taken: set[Instant] = set()

    def after(
        self, at: Instant, longest: tuple[int, ...] = (20, 90, 900, 900, 5_400, 5_400, 40_000, 200_000)
    ) -> Instant:
        """Some time later: seconds, minutes, hours, seldom days."""
        return self.free(at + self._r.randrange(1, self._r.choice(longest)) * SECOND)

    def free(self, at: Instant, step: int = SECOND) -> Instant:
        while at in self._taken:
            at += step
        self._taken.add(at)
        return at


class Life:
    """One conversation's life."""

    def __init__(self, r: Random, clock: Clock, name: str) -> None:
        self.r, self._clock, self._name = r, clock, name
        self.at = clock.free(BEGINNING + r.randrange(SPAN // SECOND * 2 // 3) * SECOND)
        self.customer = r.choice(CUSTOMERS)
        self.kind = r.choice((Kind.MESSAGE, Kind.MESSAGE, Kind.EMAIL, Kind.COMMENT, Kind.CALL))
        self.place: dict[str, Any] = {
            "channel": r.choice((None, *CHANNELS)),
            "community": r.choice((None, *COMMUNITIES)),
        }
        self.team = r.choice((None, *TEAMS))
        self.told: list[NewEvent] = []
        self.items: list[str] = []
        self.replies: list[str] = []
        self.removed: list[str] = []
        self.number = 0
        self.open = True
        self.holder: str | None = None
        self.over = False

    def tell(self, payload: Event, by: str | Actor) -> None:
        if self.told:
            on_the_phone = payload.declaration.name.startswith("call.")
            self.at = self._clock.after(self.at, _ON_THE_PHONE) if on_the_phone else self._clock.after(self.at)
        self.told.append(event(payload, by=by, at=self.at, conversation=self._name))

    def new(self, letter: str) -> str:
        self.number += 1
        return f"{letter}{self.number}"

    def somebody(self) -> str:
        """Mostly whoever has it."""
        return self.holder if self.holder and self.r.random() < 0.7 else self.r.choice(OPERATORS)


def _begin(life: Life) -> None:
    r, place = life.r, {key: value for key, value in life.place.items() if value}
    start = r.random()
    if life.kind is Kind.CALL:
        offered = calls.CallOffered(call="k1", team=life.team, customer=life.customer, **place)
        life.tell(offered, customer(life.customer))
        _call(life)
    elif start < 0.12:
        opened = c.ConversationOpened(kind=life.kind, team=life.team, customer=life.customer, proactive=True, **place)
        life.tell(opened, life.somebody())
        _reply(life)
    elif start < 0.3:
        priority = r.choice((None, *Priority))
        opened = c.ConversationOpened(
            kind=life.kind, team=life.team, customer=life.customer, priority=priority, **place
        )
        life.tell(opened, customer(life.customer))
        if r.random() < 0.5:
            _item(life)
    else:
        _item(life, team=life.team, **place)


def _item(life: Life, **said: str | None) -> None:
    name = life.new("i")
    life.items.append(name)
    life.tell(items.ItemReceived(item=name, kind=life.kind, **said), customer(life.customer))
    life.open = True


def _reply(life: Life) -> None:
    name = life.new("r")
    to = life.r.choice(life.items) if life.kind is Kind.COMMENT and life.items and life.r.random() < 0.6 else None
    by: str | Actor = bot() if life.r.random() < 0.12 else life.somebody()
    life.tell(replies.ReplySent(reply=name, in_reply_to=to, automated=life.r.random() < 0.05), by)
    life.replies.append(name)


def _take(life: Life) -> None:
    who = life.r.choice(OPERATORS)
    if life.r.random() < 0.7:
        life.tell(c.ConversationClaimed(), who)
    else:
        life.tell(c.ConversationAssigned(assignee=who), life.r.choice((who, "lead")))
    life.holder = who


def _pass_on(life: Life) -> None:
    by, way = life.somebody(), life.r.random()
    if way < 0.5:
        life.holder = life.r.choice([name for name in OPERATORS if name != by])
        life.tell(c.ConversationTransferred(to_operator=life.holder), by)
    elif way < 0.8:
        life.tell(c.ConversationTransferred(to_team=life.r.choice(TEAMS)), by)
        life.holder = None
    else:
        life.tell(c.ConversationEscalated(to_team=life.r.choice(TEAMS)), by)
        life.holder = None


def _wait(life: Life) -> None:
    life.tell(c.ConversationPutOnHold(waiting_for=life.r.choice(tuple(WaitingFor))), life.somebody())
    if life.r.random() < 0.6:
        life.tell(c.ConversationResumed(), life.somebody())


def _work(life: Life) -> None:
    who = life.somebody()
    life.tell(c.FocusTaken(), who)
    if life.r.random() < 0.4:
        _reply(life)
    life.tell(c.FocusLeft(), who)


def _end(life: Life) -> None:
    by: str | Actor = life.r.choice((life.somebody(), life.somebody(), life.somebody(), system("timeout"), bot()))
    way = life.r.random()
    if way < 0.6:
        life.tell(c.ConversationResolved(), by)
    elif way < 0.9:
        outcomes = (Outcome.NO_ACTION, Outcome.NO_ACTION, Outcome.SOLVED, Outcome.ABANDONED, Outcome.DUPLICATE)
        life.tell(c.ConversationClosed(outcome=life.r.choice(outcomes)), by)
    else:
        _set_aside(life)
    life.open = False
    if not life.over and life.r.random() < 0.4:
        _survey(life)
    life.over = life.over or life.r.random() < 0.5


def _set_aside(life: Life) -> None:
    verdicts: tuple[Event, ...] = (
        c.ConversationMarkedSpam(),
        c.ConversationMerged(into="c0"),
        c.ConversationClosed(outcome=Outcome.TEST),
        c.ConversationClosed(outcome=Outcome.SPAM),
    )
    life.tell(life.r.choice(verdicts), life.somebody())
    life.over = True
    if life.r.random() < 0.3:
        life.tell(c.ConversationReopened(), "lead")
        life.open, life.over = True, False


def _survey(life: Life) -> None:
    name, scale = life.new("s"), life.r.choice((SurveyScale.RATING_1_5, SurveyScale.RATING_1_5, *SurveyScale))
    scores = {SurveyScale.RATING_1_5: range(1, 6), SurveyScale.THUMBS: range(2), SurveyScale.NPS_0_10: range(11)}
    life.tell(surveys.SurveySent(survey=name, scale=scale), system("surveys"))
    for _ in range(life.r.choice((0, 1, 1, 2))):
        score = life.r.choice(scores[scale])
        life.tell(surveys.SurveyAnswered(survey=name, scale=scale, score=score), customer(life.customer))


def _needless(life: Life) -> None:
    life.tell(c.ConversationMarkedNoReplyNeeded(), life.somebody())


def _remove(life: Life) -> None:
    left = [name for name in life.items if name not in life.removed]
    if not left:
        return
    name = life.r.choice(left)
    life.removed.append(name)
    if life.r.random() < 0.3:
        life.tell(items.ItemWithdrawn(item=name), customer(life.customer))
    elif life.kind is Kind.COMMENT and life.r.random() < 0.5:
        life.tell(items.CommentHidden(item=name), life.r.choice((life.somebody(), system("platform"))))
        if life.r.random() < 0.5:
            life.tell(items.CommentUnhidden(item=name), life.somebody())
            life.removed.remove(name)
    else:
        life.tell(items.CommentDeleted(item=name), life.somebody())


def _unsay(life: Life) -> None:
    if life.replies:
        name = life.replies.pop(life.r.randrange(len(life.replies)))
        life.tell(replies.ReplyDeleted(reply=name), life.somebody())


def _say(life: Life) -> None:
    """Something is said of it."""
    sayings: tuple[Event, ...] = (
        c.ConversationPriorityChanged(priority=life.r.choice(tuple(Priority))),
        c.ConversationTopicChanged(topic=life.r.choice(("delivery", "refund"))),
        c.ConversationTagged(tag=life.r.choice(("late", "refund"))),
        c.ConversationSegmentChanged(segment=life.r.choice(("gold", "silver"))),
        replies.NoteAdded(note=life.new("n"), text="ask Ion" if life.r.random() < 0.5 else None),
        c.ConversationViewed(),
    )
    life.tell(life.r.choice(sayings), life.somebody())


def _hand_off(life: Life) -> None:
    life.tell(c.BotHandedOff(), bot())


def _call(life: Life) -> None:
    """A call from its offer to the end of the work after it."""
    r, call, caller = life.r, "k1", customer(life.customer)
    for _ in range(r.choice((0, 1, 1, 2))):
        life.tell(calls.CallQueued(call=call, team=r.choice(TEAMS)), system("switchboard"))
    if r.random() < 0.3:
        way = r.choice((calls.CallAbandoned, calls.CallAbandoned, calls.CallCallbackRequested, calls.CallEnded))
        life.tell(way(call=call), caller)
        return
    who = r.choice(OPERATORS)
    if r.random() < 0.5:
        life.tell(calls.CallRang(call=call), who)
    life.tell(calls.CallAnswered(call=call), who)
    for _ in range(r.choice((0, 0, 1, 2))):
        life.tell(calls.CallHeld(call=call), who)
        life.tell(calls.CallResumed(call=call), who)
    life.tell(calls.CallEnded(call=call), caller)
    if r.random() < 0.6:
        life.tell(calls.CallAfterWorkEnded(call=call), who)


_STEPS: tuple[tuple[Callable[[Life], None], int], ...] = (
    (_item, 7),
    (_reply, 8),
    (_take, 5),
    (_pass_on, 2),
    (_wait, 2),
    (_work, 2),
    (_end, 4),
    (_needless, 1),
    (_remove, 2),
    (_unsay, 1),
    (_say, 4),
    (_hand_off, 1),
)


def _live(life: Life) -> None:
    _begin(life)
    for _ in range(life.r.randrange(2, 14)):
        if life.over or life.at > BEGINNING + SPAN - DAY:
            return
        if not life.open:
            way = life.r.random()
            if way < 0.6 and life.kind is not Kind.CALL:
                _item(life)
            elif way < 0.8:
                life.tell(c.ConversationReopened(), life.somebody())
                life.open = True
            else:
                _reply(life)
            continue
        steps = [step for step in _STEPS if life.kind is not Kind.CALL or step[0] not in (_item, _remove)]
        life.r.choices([step for step, _ in steps], [weight for _, weight in steps])[0](life)


def conversations(r: Random, clock: Clock, number: int) -> Iterator[NewEvent]:
    for name in range(number):
        life = Life(r, clock, f"c{name}")
        _live(life)
        yield from life.told


def people(r: Random, clock: Clock) -> Iterator[NewEvent]:
    """Who is in which team, who is there, and which customers are the same."""
    for name in OPERATORS:
        if r.random() < 0.8:
            joined = directory.OperatorJoined(team=r.choice(TEAMS))
            yield event(joined, by="lead", at=clock.free(BEGINNING - 5 * DAY), operator=name)
        if r.random() < 0.3:
            moved = directory.OperatorJoinedTeam(team=r.choice(TEAMS))
            yield event(
                moved, by="lead", at=clock.free(BEGINNING + r.randrange(SPAN // SECOND) * SECOND), operator=name
            )
        at = BEGINNING
        for _ in range(r.randrange(12)):
            at = clock.after(at)
            yield event(presence.PresenceChanged(presence=r.choice(tuple(Presence))), by=name, at=at, operator=name)
    if r.random() < 0.3:
        one, other = r.sample(CUSTOMERS, 2)
        yield event(customers.CustomerMerged(into=other), by="lead", at=clock.free(BEGINNING + DAY), customer=one)


def arrangements(r: Random, clock: Clock) -> Iterator[NewEvent]:
    """Calendars and promises, from before the beginning and in the midst."""
    for number in range(r.choice((0, 2, 6))):
        whole = BEGINNING + r.randrange(SPAN // HOUR) * HOUR
        at = clock.free(BEGINNING - 2 * DAY if number < 2 else whole, MINUTE)
        yield event(_arrangement(r), of="workspace", by="manager", at=at)


def spendings(r: Random, clock: Clock) -> Iterator[NewEvent]:
    """What was spent, now and then corrected."""
    for _ in range(r.choice((0, 3, 5))):
        recorded = CostRecorded(
            month=r.choice(("2026-03", "2026-04")),
            cost=r.choice((CostKind.SALARY, CostKind.TELECOM)),
            amount=r.choice((0, 1_000_003, 250_001)),
            currency="MDL",
            team=r.choice((None, *TEAMS)),
            channel=r.choice((None, None, *CHANNELS)),
        )
        yield event(recorded, of="workspace", by="manager", at=clock.after(BEGINNING))


def _arrangement(r: Random) -> Event:
    way = r.random()
    if way < 0.5:
        return _promise(r)
    if way < 0.55:
        return PromiseWithdrawn(promise=r.choice(("all", "urgent")))
    if way < 0.6:
        return PromisesOrdered(promises=("urgent", "all"))
    scope: dict[str, Any] = r.choice(({}, {}, {"team": r.choice(TEAMS)}, {"community": r.choice(COMMUNITIES)}))
    if way < 0.65:
        return CalendarWithdrawn(**scope)
    opens = sorted(r.sample(range(0, 10_080, 30), 7))
    closes = tuple(opening + r.choice((60, 240, 600)) for opening in opens)
    off = ("2026-03-30",) if r.random() < 0.3 else ()
    return CalendarSet(zone=r.choice(ZONES), opens=tuple(opens), closes=closes, closed_on=off, **scope)


def _promise(r: Random) -> PromiseSet:
    name = r.choice(("all", "all", "urgent"))
    return PromiseSet(
        promise=name,
        name=name,
        first_response=r.choice((None, 613, 3_607, 14_411)),
        next_response=r.choice((None, 1_801, 7_207)),
        resolution=r.choice((None, 7_211, 86_413)),
        counted_in=r.choice(tuple(PromiseTime)),
        pauses_for=r.choice(((), (WaitingFor.CUSTOMER,), (WaitingFor.CUSTOMER, WaitingFor.VENDOR))),
        channels=r.choice(((), (), (r.choice(CHANNELS),))),
        priorities=(Priority.URGENT, Priority.HIGH) if name == "urgent" else (),
    )


def random_desk(seed: int, *, number: int = 40) -> list[NewEvent]:
    """All that is told of a desk, in order of occurrence."""
    r = Random(seed)
    clock = Clock(r)
    told = [*arrangements(r, clock), *people(r, clock), *spendings(r, clock), *conversations(r, clock, number)]
    return sorted(told, key=lambda one: one.envelope.occurred_at)
