"""What is seen only over several conversations: who comes back (K33), who is there and busy (K25)."""

from calendar import monthrange
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from domain.envelope import NewEvent
from domain.events import customers, directory, presence
from domain.events.costs import CostRecorded
from domain.words import ActorType, Presence
from tests.oracle.facts import NOBODY, Context, Fact, Span, Who
from tests.oracle.outcomes import WINDOWS, needless
from tests.oracle.walk import DAY, Walk
from tests.oracle.wall import Second


class Teams:
    """Who belonged where."""

    def __init__(self, events: Sequence[NewEvent]) -> None:
        self._of: dict[str, list[tuple[Second, str | None]]] = {}
        for event in sorted(events, key=lambda event: event.envelope.occurred_at):
            told, at = event.payload, event.envelope.occurred_at // 1_000_000
            if isinstance(told, directory.OperatorJoined | directory.OperatorJoinedTeam):
                self._of.setdefault(event.envelope.stream.id, []).append((at, told.team))

    def primary(self, operator: str | None, at: Second) -> str | None:
        known = [team for since, team in self._of.get(operator or "", ()) if since <= at]
        return known[-1] if known else None


@dataclass
class Contact:
    """One conversation, as far as it matters to the others of its customer."""

    name: str
    since: Second
    returns: bool
    topic: str | None


def followed(walks: Sequence[Walk], events: Sequence[NewEvent], facts: Sequence[Fact]) -> Iterator[Fact]:
    """The resolutions, with what followed them."""
    same = {
        event.envelope.stream.id: event.payload.into
        for event in events
        if isinstance(event.payload, customers.CustomerMerged)
    }
    of: dict[str, list[Contact]] = {}
    customer: dict[str, str] = {}
    for walk in walks:
        if walk.standing == "regular" and walk.customer is not None:
            customer[walk.name] = same.get(walk.customer, walk.customer)
            thanks = len(walk.episodes) == 1 and needless(walk.episode)
            contact = Contact(walk.name, walk.episodes[0].since, not walk.by_desk and not thanks, walk.topic)
            of.setdefault(customer[walk.name], []).append(contact)
    topics = {walk.name: walk.topic for walk in walks}
    for fact in facts:
        after = [
            contact
            for contact in of.get(customer.get(fact.conversation, ""), ())
            if contact.returns and contact.name != fact.conversation and contact.since > fact.at
        ]
        topic = topics[fact.conversation]
        is_ = {f"followed {days}" for days in WINDOWS if any(each.since - fact.at <= days * DAY for each in after)}
        if any(each.since - fact.at <= 7 * DAY and topic is not None and each.topic == topic for each in after):
            is_.add("followed about it")
        yield replace(fact, is_=fact.is_ | is_)


def costs(events: Sequence[NewEvent]) -> Iterator[Fact]:
    """A month's cost, evenly over its days; of each sort, team and channel the last amount holds."""
    last = {
        (told.month, told.cost, told.team, told.channel): told.amount
        for event in sorted(events, key=lambda event: event.envelope.occurred_at)
        if isinstance(told := event.payload, CostRecorded)
    }
    for (month, _, team, channel), amount in last.items():
        begin = datetime.fromisoformat(f"{month}-01T10:30+00:00")
        days = monthrange(begin.year, begin.month)[1]
        for day in range(days if amount else 0):
            at = int((begin + timedelta(days=day)).timestamp())
            part = amount * (day + 1) // days - amount * day // days
            yield Fact("cost", at, "", 0, NOBODY, Context(team, channel), score=part)


def presences(events: Sequence[NewEvent]) -> Iterator[Fact]:
    """Spells of presence, and when who came online and went."""
    turned: dict[str, list[tuple[Second, Presence]]] = {}
    for event in sorted(events, key=lambda event: event.envelope.occurred_at):
        if isinstance(event.payload, presence.PresenceChanged):
            at = event.envelope.occurred_at // 1_000_000
            turned.setdefault(event.envelope.stream.id, []).append((at, event.payload.presence))
    for name, turns in turned.items():
        who, was = Who(name, ActorType.OPERATOR), Presence.OFFLINE
        spell = turns[0][0]
        for at, now in turns:
            if was is not Presence.OFFLINE:
                yield Fact(was.value, at, "", 0, who, Context(), ((spell, at),))
            if was is Presence.ONLINE:
                yield Fact("went", at, "", 0, who, Context())
            if now is Presence.ONLINE:
                yield Fact("came", at, "", 0, who, Context())
            was, spell = now, at
        if was is not Presence.OFFLINE:  # it is believed until the next day ends
            over = (spell // 86_400 + 2) * 86_400
            yield Fact(was.value, over, "", 0, who, Context(), ((spell, over),))


def work(spent: Sequence[Fact], present: Sequence[Fact]) -> Iterator[Fact]:
    """Work over all conversations: each stretch, and the time in which there was any, once."""
    for name in {fact.who.name for fact in spent}:
        mine = [fact for fact in spent if fact.who.name == name]
        who = Who(name, ActorType.OPERATOR)
        for fact in mine:
            yield Fact("work", fact.at, "", 0, who, Context(), fact.spans)
        covered: list[Span] = []
        online = [span for fact in present if fact.who.name == name and "online" in fact.what for span in fact.spans]
        for fact in sorted(mine, key=lambda fact: fact.at):
            for span in fact.spans:
                for since, until in without(span, covered):
                    yield Fact("busy", fact.at, "", 0, who, Context(), ((since, until),))
                    for outside in without((since, until), online):
                        yield Fact("busy not online", fact.at, "", 0, who, Context(), (outside,))
                covered.append(span)


def without(span: Span, others: Sequence[Span]) -> list[Span]:
    """What is left of a span."""
    left = [span]
    for since, until in others:
        left = [
            part
            for begin, end in left
            for part in ((begin, min(end, since)), (max(begin, until), end))
            if part[0] < part[1] and not (since <= part[0] and part[1] <= until)
        ]
    return left
