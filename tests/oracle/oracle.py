"""A desk's figures, found slowly: every fact of every conversation is looked at for every question."""

from collections.abc import Iterator, Sequence
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from zoneinfo import ZoneInfo

from domain.conversation.sample import Standing
from domain.envelope import NewEvent
from domain.kpi.question import Anchor, Clock, Dimension, Interval, Question, Range
from domain.words import Subject
from tests.oracle.calls import Line, contacts, focus
from tests.oracle.clocks import Book, Judge
from tests.oracle.facts import Fact
from tests.oracle.figures import FIGURES, MILLIONTH, SPREAD, Figure, Ratio, Sum
from tests.oracle.outcomes import facts_of
from tests.oracle.people import Teams, costs, followed, presences, work
from tests.oracle.walk import DAY, Walk
from tests.oracle.wall import Second, Wall

Group = tuple[str, ...]
EVER = 10**12


class Oracle:
    """All facts of a desk."""

    def __init__(self, events: Sequence[NewEvent]) -> None:
        instants = [event.envelope.occurred_at // 1_000_000 for event in events]
        self._teams = Teams(events)
        self._wall = Wall(events, min(instants) - DAY, max(instants) + 30 * DAY)
        self.walks = list(_walks(events))
        spent: list[Fact] = []
        facts: list[Fact] = []
        book = Book(events)
        for walk in self.walks:
            line = Line(walk)
            spent += [fact for fact in line.facts if fact.what in SPREAD]
            looked = list(focus(walk))
            spent += looked
            promised = Judge(walk, book, self._wall, self._teams).facts()
            mine = [*facts_of(walk), *line.facts, *looked, *contacts(walk), *promised]
            facts += [replace(fact, standing=walk.standing) for fact in mine]
        resolved = [fact for fact in facts if fact.what == "resolved"]
        present = list(presences(events))
        self.facts = [fact for fact in facts if fact.what != "resolved"]
        self.facts += [*followed(self.walks, events, resolved), *present, *work(spent, present), *costs(events)]
        self._of: dict[str, list[Fact]] = {}
        for fact in self.facts:
            self._of.setdefault(fact.what, []).append(fact)

    def value(self, kpi: str, question: Question, group: Group, piece: Range, now: Second) -> Decimal | None:
        """What a KPI shows in a piece."""
        figure = FIGURES[kpi]
        if isinstance(figure.formula, Sum):
            amount, counted = self._sum(figure.formula, figure, question, group, piece, now)
            return Decimal(amount) if counted else None
        ratio: Ratio = figure.formula
        part, counted = self._sum(ratio.part, figure, question, group, piece, now)
        whole, _ = self._sum(ratio.whole, figure, question, group, piece, now)
        if kpi.startswith("cost") and not counted:
            return None  # what was not recorded is unknown, not free
        return None if whole == 0 else (Decimal(part) * ratio.times / whole).quantize(MILLIONTH)

    def _sum(
        self, sum_: Sum, figure: Figure, question: Question, group: Group, piece: Range, now: Second
    ) -> tuple[int, int]:
        since, until = piece.since // 1_000_000, piece.until // 1_000_000
        if sum_.always:
            since = 0
        until = min(until, now - figure.mature * DAY)
        total = counted = 0
        for sign, wanted in ((1, sum_.of), (-1, sum_.less)):
            for of in wanted:
                facts = [fact for fact in self._of.get(of.what, ()) if of(fact)]
                for fact in self._counted(facts, sum_, figure, question, group, (since, until)):
                    counted += 1
                    total += sign * (self._amount(fact, question.clock, since, until) if sum_.timed else 1)
        return total, counted

    def _counted(
        self, facts: Sequence[Fact], sum_: Sum, figure: Figure, question: Question, group: Group, piece: tuple[int, int]
    ) -> Iterator[Fact]:
        dimensions = {*question.group_by, *question.where}
        types = question.actor_types if question.actor_types and figure.acts else figure.types
        facts = [fact for fact in facts if types is None or fact.who.type in types]
        if sum_.first_of:
            facts = self._firsts(facts, dimensions)
        seen: set[tuple[str, int]] = set()
        for fact in sorted(facts, key=lambda fact: fact.at):
            if not self._is_asked_for(fact, question, group, piece):
                continue
            if sum_.first_of and (fact.conversation, fact.episode) in seen:
                continue
            seen.add((fact.conversation, fact.episode))
            yield fact

    def _firsts(self, facts: Sequence[Fact], dimensions: set[Dimension]) -> list[Fact]:
        """The first of each operator in an episode, or of each team, or of the episode."""
        found: dict[tuple[str, int, str | None], Fact] = {}
        for fact in sorted(facts, key=lambda fact: fact.at):
            of = None
            if Dimension.OPERATOR in dimensions:
                of = fact.who.name
            elif Dimension.TEAM in dimensions:
                of = self._team(fact)
            found.setdefault((fact.conversation, fact.episode, of), fact)
        return list(found.values())

    def _is_asked_for(self, fact: Fact, question: Question, group: Group, piece: tuple[int, int]) -> bool:
        since, until = piece
        if fact.what in SPREAD:
            here = any(begin < until and end > since for begin, end in fact.spans)
        else:
            at = fact.at
            if question.anchor is Anchor.STARTED and fact.spans:
                at -= sum(end - begin for begin, end in fact.spans)
            here = since <= at < until
        wanted = dict(zip(question.group_by, group, strict=True))
        return (
            here
            and (fact.anyway or Standing(fact.standing) in question.standings)
            and all(value in self._values(fact, dimension) for dimension, value in wanted.items())
            and all({*values} & self._values(fact, dimension) for dimension, values in question.where.items())
        )

    def _amount(self, fact: Fact, clock: Clock, since: Second, until: Second) -> int:
        if fact.what in ("rating", "cost"):
            return fact.score
        spans = fact.spans
        if fact.what in SPREAD:
            spans = tuple((max(begin, since), min(end, until)) for begin, end in spans)
        if clock is Clock.CALENDAR or not fact.conversation:
            return sum(max(0, end - begin) for begin, end in spans)
        hours = fact.hours or [fact.context] * len(spans)
        places = [(self._team(replace(fact, context=where)), where.community) for where in hours]
        return sum(self._wall.business(*place, *span) for place, span in zip(places, spans, strict=True))

    def _team(self, fact: Fact) -> str | None:
        return fact.context.queue or self._teams.primary(fact.who.name, fact.placed or fact.at)

    def _values(self, fact: Fact, dimension: Dimension) -> set[str]:
        match dimension:
            case Dimension.OPERATOR:
                return {fact.who.name or ""}
            case Dimension.TEAM:
                return {self._team(fact) or ""}
            case Dimension.TAG:
                return set(fact.context.tags) or {""}
            case Dimension.HOURS:
                works = self._wall.works(self._team(fact), fact.context.community, fact.placed or fact.at)
                return {{None: "", True: "in", False: "out"}[works]}
        return {getattr(fact.context, dimension.value) or ""}

    def groups(self, question: Question) -> set[Group]:
        """All that a question could group by."""
        found: set[Group] = {()}
        for dimension in question.group_by:
            values = {value for fact in self.facts for value in self._values(fact, dimension)}
            found = {(*group, value) for group in found for value in values}
        return found


def _walks(events: Sequence[NewEvent]) -> Iterator[Walk]:
    of: dict[str, list[NewEvent]] = {}
    for event in events:
        if event.envelope.stream.subject is Subject.CONVERSATION:
            of.setdefault(event.envelope.stream.id, []).append(event)
    for name, told in of.items():
        yield Walk(name, told)


def pieces(question: Question) -> list[Range]:
    """The range, cut where the question's intervals begin in its zone."""
    if question.interval is None:
        return [question.range]
    zone, found = ZoneInfo(question.zone), []
    since, until = question.range.since, question.range.until
    while since < until:
        local = datetime.fromtimestamp(since // 1_000_000, UTC).astimezone(zone)
        after = _next(local, question, zone)
        found.append(Range(since, min(after, until)))
        since = after
    return found


def _next(local: datetime, question: Question, zone: ZoneInfo) -> int:
    """When the next hour, day, week or month begins."""
    day = local.date()
    if question.interval in (Interval.HOUR, Interval.QUARTER_HOUR):
        minutes = 60 if question.interval is Interval.HOUR else 15
        at = local.astimezone(UTC) + timedelta(minutes=minutes - local.minute % minutes, seconds=-local.second)
        return int(at.timestamp()) * 1_000_000
    starts = list(type(question.weeks_begin)).index(question.weeks_begin)
    match question.interval:
        case Interval.DAY:
            then = day + timedelta(days=1)
        case Interval.WEEK:
            then = day + timedelta(days=7 - (day.weekday() - starts) % 7)
        case _:
            then = date(day.year + day.month // 12, day.month % 12 + 1, 1)
    return int(datetime.combine(then, datetime.min.time(), zone).timestamp()) * 1_000_000
