"""Reads a simulated history once, and keeps what the tests ask about it."""

from collections import Counter, defaultdict
from dataclasses import dataclass, field
from functools import cache
from statistics import mean, median

from api.demo.recipe import Recipe
from api.demo.simulation import simulate
from domain.envelope import NewEvent
from domain.events.conversations import BotHandedOff, ConversationClosed, ConversationOpened, FocusLeft, FocusTaken
from domain.events.items import CommentDeleted, CommentHidden, ItemReceived
from domain.events.presence import PresenceChanged
from domain.events.replies import ReplySent
from domain.events.surveys import SurveyAnswered
from domain.instants import DAY, MINUTE, Instant, parse_instant
from domain.words import ActorType, Kind, Presence, SurveyScale

START = parse_instant("2026-01-05T00:00:00+02:00")
DESK = Recipe(start=START)
HONEST_DESK = Recipe(start=START, planted=False)


@dataclass
class Log:
    """Figures by plain counting, apart from the product's own."""

    count: int = 0
    types: Counter[str] = field(default_factory=Counter)
    opened_on: Counter[int] = field(default_factory=Counter)
    present_on: dict[int, set[str]] = field(default_factory=lambda: defaultdict(set))
    waits_on: dict[int, list[float]] = field(default_factory=lambda: defaultdict(list))
    waits_of: dict[str, list[float]] = field(default_factory=lambda: defaultdict(list))
    """Minutes from a turn's first message to its answer, by day and by operator."""
    shut: Counter[str] = field(default_factory=Counter)
    """Dialogs in messengers closed with a message unanswered, by operator."""
    removed: Counter[str] = field(default_factory=Counter)
    stars: dict[str, list[int]] = field(default_factory=lambda: defaultdict(list))
    handled: Counter[str] = field(default_factory=Counter)
    disorders: list[str] = field(default_factory=list)
    """What cannot be at a real desk."""

    def days(self, since: Instant, until: Instant) -> range:
        """The whole days of history within a window."""
        return range(-(-(since - START) // DAY), (until - START) // DAY)

    def wait_on(self, days: range) -> float:
        return median(minutes for day in days for minutes in self.waits_on[day])

    def opened(self, days: range) -> float:
        return mean(self.opened_on[day] for day in days)

    def headcount(self, days: range) -> float:
        return mean(len(self.present_on[day]) for day in days)


@cache
def log_of(recipe: Recipe) -> Log:
    """The log of the recipe's whole history."""
    reader = _Reader()
    for event in simulate(recipe, until=recipe.end):
        reader.read(event)
    return reader.log


class _Reader:
    def __init__(self) -> None:
        self.log = Log()
        self._kinds: dict[str, Kind | None] = {}
        self._turns: dict[str, Instant] = {}
        self._answerers: dict[str, str] = {}
        self._focus: dict[str, str] = {}
        self._latest = 0
        self._online: set[str] = set()

    def read(self, event: NewEvent) -> None:
        log, envelope = self.log, event.envelope
        log.count += 1
        log.types[event.payload.declaration.name] += 1
        if envelope.occurred_at < self._latest:
            log.disorders.append(f"{envelope.id} runs back in time")
        self._latest = envelope.occurred_at
        self._read_conversation(event, envelope.stream.id, (envelope.occurred_at - START) // DAY)
        if envelope.actor.type is ActorType.OPERATOR:
            self._read_operator(event, envelope.actor.id, envelope.stream.id, (envelope.occurred_at - START) // DAY)

    def _read_conversation(self, event: NewEvent, conversation: str, day: int) -> None:
        match event.payload:
            case ConversationOpened(kind=kind):
                self._kinds[conversation] = kind
                self.log.opened_on[day] += 1
            case ItemReceived():
                if conversation not in self._kinds:
                    self.log.disorders.append(f"{conversation} was never opened")
                self._turns.setdefault(conversation, event.envelope.occurred_at)
            case BotHandedOff():
                self._turns[conversation] = event.envelope.occurred_at
            case SurveyAnswered(scale=SurveyScale.RATING_1_5, score=score) if conversation in self._answerers:
                self.log.stars[self._answerers[conversation]].append(score)
            case _:
                pass

    def _read_operator(self, event: NewEvent, operator: str, conversation: str, day: int) -> None:
        log = self.log
        match event.payload:
            case ReplySent():
                self._answerers[conversation] = operator
                turn = self._turns.pop(conversation, None)
                if turn is not None and self._kinds[conversation] is Kind.MESSAGE:
                    minutes = (event.envelope.occurred_at - turn) / MINUTE
                    log.waits_on[day].append(minutes)
                    log.waits_of[operator].append(minutes)
            case ConversationClosed() if self._kinds[conversation] is Kind.MESSAGE and conversation in self._turns:
                log.shut[operator] += 1
                del self._turns[conversation]
            case CommentDeleted() | CommentHidden():
                log.removed[operator] += 1
            case FocusTaken():
                log.handled[operator] += 1
                if operator in self._focus or operator not in self._online:
                    log.disorders.append(f"{operator} turned to {conversation}, being busy or away")
                self._focus[operator] = conversation
            case FocusLeft():
                if self._focus.pop(operator, None) != conversation:
                    log.disorders.append(f"{operator} left {conversation}, where they were not")
            case PresenceChanged(presence=presence):
                log.present_on[day].add(operator)
                (self._online.add if presence is Presence.ONLINE else self._online.discard)(operator)
            case _:
                pass
