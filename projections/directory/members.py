"""Whom and what an event names. Pure."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from enum import StrEnum

from domain.envelope import RecordedEvent
from domain.event import DECLARATIONS, Event
from domain.events import customers, directory
from domain.instants import Instant
from domain.words import ActorType, Subject


class Kind(StrEnum):
    """What sort of member somebody or something is. Who acts and is no customer is told apart by type of actor."""

    OPERATOR = "operator"
    BOT = "bot"
    RULE = "rule"
    SYSTEM = "system"
    INTEGRATION = "integration"
    CUSTOMER = "customer"
    TEAM = "team"
    CHANNEL = "channel"
    COMMUNITY = "community"
    WORKSPACE = "workspace"


Member = tuple[Kind, str]

FACTS: frozenset[type[Event]] = frozenset(
    (
        directory.OperatorJoined,
        directory.OperatorRenamed,
        directory.OperatorLeft,
        directory.OperatorJoinedTeam,
        directory.OperatorLeftTeam,
        directory.TeamNamed,
        directory.TeamRenamed,
        directory.ChannelNamed,
        directory.ChannelRenamed,
        directory.CommunityNamed,
        directory.CommunityRenamed,
        directory.WorkspaceConfigured,
        customers.CustomerNamed,
        customers.CustomerBlocked,
        customers.CustomerUnblocked,
        customers.CustomerMuted,
        customers.CustomerUnmuted,
        customers.CustomerMerged,
    )
)
"""What is said of a member, and kept in mind. Each stands in the member's own stream."""

_FIELDS = {
    "assignee": Kind.OPERATOR,
    "to_operator": Kind.OPERATOR,
    "team": Kind.TEAM,
    "to_team": Kind.TEAM,
    "channel": Kind.CHANNEL,
    "community": Kind.COMMUNITY,
}
_NAMING = {
    declared.payload: (
        *((name, kind) for name, kind in _FIELDS.items() if name in declared.payload.__struct_fields__),
        *((name, Kind.CUSTOMER) for name in declared.pseudonyms),
    )
    for declared in DECLARATIONS.values()
}
_OF_SUBJECT = {subject: Kind(subject) for subject in Subject if subject is not Subject.CONVERSATION}
_OF_ACTOR = {actor: Kind(actor) for actor in ActorType}


def actor_of(event: RecordedEvent) -> Member:
    actor = event.envelope.actor
    return _OF_ACTOR[actor.type], actor.id


def named_in(event: RecordedEvent) -> Iterator[Member]:
    """Everybody and everything that the event names, whoever acted included; some perhaps twice."""
    envelope = event.envelope
    yield actor_of(event)
    if envelope.on_behalf_of is not None:
        yield Kind.OPERATOR, envelope.on_behalf_of
    if envelope.stream.subject is not Subject.CONVERSATION:
        yield _OF_SUBJECT[envelope.stream.subject], envelope.stream.id
    for name, kind in _NAMING[type(event.payload)]:
        value = getattr(event.payload, name)
        if value is not None:
            yield kind, value


@dataclass(slots=True)
class Seen:
    """When a member was named, and when it acted."""

    first: Instant
    last: Instant
    first_act: Instant | None = None
    last_act: Instant | None = None
    acts: int = 0

    def named(self, at: Instant) -> None:
        self.first, self.last = min(self.first, at), max(self.last, at)

    def acted(self, at: Instant) -> None:
        self.first_act = at if self.first_act is None else min(self.first_act, at)
        self.last_act = at if self.last_act is None else max(self.last_act, at)
        self.acts += 1


def seen_in(events: Iterable[RecordedEvent]) -> dict[Member, Seen]:
    """Members that events name, with when. Adding up several answers gives the same as one for all."""
    seen: dict[Member, Seen] = {}
    for event in events:
        at = event.envelope.occurred_at
        for member in named_in(event):
            known = seen.get(member)
            if known is None:
                seen[member] = Seen(at, at)
            else:
                known.named(at)
        seen[actor_of(event)].acted(at)
    return seen
