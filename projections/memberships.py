"""Which team an operator belongs to at an instant, from the directory's facts in whatever order they came.

Shared by the rooms that credit acts to teams (ruling 5: the queue that the conversation was in, else the operator's
primary team at that instant).
"""

from bisect import bisect_right, insort
from collections.abc import Iterable
from dataclasses import dataclass, field

from domain.envelope import Order, RecordedEvent
from domain.events.directory import OperatorJoined, OperatorJoinedTeam, OperatorLeft, OperatorLeftTeam
from domain.instants import Instant

MEMBERSHIP = (OperatorJoined, OperatorJoinedTeam, OperatorLeft, OperatorLeftTeam)
"""The facts that a membership is made of. Those of an operator stand in the operator's stream."""
MEMBERSHIP_TYPES = tuple(payload.declaration.name for payload in MEMBERSHIP)

Span = tuple[Instant | None, Instant | None, str | None]
"""From (included; None: from the beginning), until (excluded; None: for ever), primary team."""


@dataclass(frozen=True, slots=True)
class Membership:
    """One team of an operator, in the order in which they were joined."""

    team: str
    primary: bool
    since: Instant


@dataclass(slots=True)
class Memberships:
    """One operator's teams over time. The order in which facts are added does not matter."""

    _facts: list[tuple[Order, RecordedEvent]] = field(default_factory=list)
    _instants: list[Instant] = field(default_factory=list)
    _teams: list[tuple[Membership, ...]] = field(default_factory=list)

    def add(self, facts: Iterable[RecordedEvent]) -> None:
        for fact in facts:
            insort(self._facts, (fact.order, fact), key=lambda entry: entry[0])
        self._instants, self._teams = [], []
        teams: tuple[Membership, ...] = ()
        for order, fact in self._facts:
            teams = _after(teams, fact)
            if self._instants and self._instants[-1] == order[0]:
                self._teams[-1] = teams
            else:
                self._instants.append(order[0])
                self._teams.append(teams)

    def plus(self, fact: RecordedEvent) -> "Memberships":
        """What they would be, were this fact known too."""
        more = Memberships([*self._facts])
        more.add([fact])
        return more

    def at(self, instant: Instant) -> tuple[Membership, ...]:
        """The teams in force at an instant, facts of that very instant included."""
        index = bisect_right(self._instants, instant)
        return self._teams[index - 1] if index else ()

    def primary_at(self, instant: Instant) -> str | None:
        return _primary(self.at(instant))

    def spans(self) -> list[Span]:
        """The primary team over all time, as adjoining spans."""
        edges: list[Instant | None] = [None, *self._instants, None]
        teams = [None, *(_primary(teams) for teams in self._teams)]
        return [(edges[index], edges[index + 1], team) for index, team in enumerate(teams)]


@dataclass(frozen=True, slots=True)
class Moved:
    """An operator's primary team between two instants is another one than was known."""

    operator: str
    since: Instant | None
    until: Instant | None
    team: str | None


class Roster:
    """All operators' teams over time."""

    def __init__(self) -> None:
        self._of: dict[str, Memberships] = {}

    def primary(self, operator: str, at: Instant) -> str | None:
        """The operator's primary team at an instant."""
        memberships = self._of.get(operator)
        return None if memberships is None else memberships.primary_at(at)

    def of(self, operator: str) -> Memberships:
        return self._of.get(operator, Memberships())

    def foresee(self, fact: RecordedEvent) -> list[Span]:
        """Where an operator's primary team will be another one, once a membership fact is learned."""
        before = self.of(fact.envelope.stream.id)
        return changed(before.spans(), before.plus(fact).spans())

    def learn(self, events: Iterable[RecordedEvent]) -> list[Moved]:
        """Take in the membership facts among events; what that changes of primary teams, now and in the past."""
        facts: dict[str, list[RecordedEvent]] = {}
        for event in events:
            if type(event.payload) in MEMBERSHIP:
                facts.setdefault(event.envelope.stream.id, []).append(event)
        moved: list[Moved] = []
        for operator, new in facts.items():
            memberships = self._of.setdefault(operator, Memberships())
            before = memberships.spans()
            memberships.add(new)
            moved.extend(Moved(operator, *span) for span in changed(before, memberships.spans()))
        return moved


def changed(before: list[Span], after: list[Span]) -> list[Span]:
    """Where the primary team is another one than before, and which it is now."""
    changes = []
    for since, until, team in after:
        for old_since, old_until, old_team in before:
            start, end = _later(since, old_since), _earlier(until, old_until)
            if team != old_team and (start is None or end is None or start < end):
                changes.append((start, end, team))
    return changes


def _after(teams: tuple[Membership, ...], fact: RecordedEvent) -> tuple[Membership, ...]:
    match fact.payload:
        case OperatorLeft():
            return ()
        case OperatorLeftTeam(team=team):
            return tuple(membership for membership in teams if membership.team != team)
        case OperatorJoined(team=str(team)):
            return _joined(teams, Membership(team, primary=True, since=fact.envelope.occurred_at))
        case OperatorJoinedTeam(team=team, primary=primary):
            return _joined(teams, Membership(team, primary=primary, since=fact.envelope.occurred_at))
        case _:
            return teams


def _joined(teams: tuple[Membership, ...], new: Membership) -> tuple[Membership, ...]:
    """A new primary team takes that rank from the one that had it."""
    others = (membership for membership in teams if membership.team != new.team)
    if new.primary:
        return (*(Membership(other.team, primary=False, since=other.since) for other in others), new)
    return (*others, new)


def _primary(teams: tuple[Membership, ...]) -> str | None:
    return next((membership.team for membership in teams if membership.primary), None)


def _later(one: Instant | None, other: Instant | None) -> Instant | None:
    return one if other is None or (one is not None and one > other) else other


def _earlier(one: Instant | None, other: Instant | None) -> Instant | None:
    return one if other is None or (one is not None and one < other) else other
