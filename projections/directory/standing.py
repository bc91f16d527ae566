"""How members stand, by what was said of them until an instant. Pure."""

from collections.abc import Sequence
from dataclasses import dataclass

from asyncpg import Record

from domain.envelope import RecordedEvent
from domain.events import customers as of_customers
from domain.events import directory as of_directory
from domain.instants import AHEAD, DAY, Instant, instant_of
from domain.words import ActorType
from projections.directory.members import Kind
from projections.memberships import Membership, Memberships

_ALWAYS = 10_000 * 366 * DAY + AHEAD
"""Later than anything that can have happened."""
_NAMING = (
    of_directory.TeamNamed,
    of_directory.TeamRenamed,
    of_directory.ChannelNamed,
    of_directory.ChannelRenamed,
    of_directory.CommunityNamed,
    of_directory.CommunityRenamed,
)


@dataclass(frozen=True, slots=True)
class Seen:
    """Between which instants events name a member, and between which it acted (None: never), how often."""

    first_at: Instant
    last_at: Instant
    first_act_at: Instant | None
    last_act_at: Instant | None
    acts: int


@dataclass(frozen=True, slots=True)
class Operator:
    """Somebody who works at the desk, or something that acts there (`type` tells them apart).

    `name` is None where none was ever said, or it was erased. `joined_at`, `left_at`: None where it was not said (an
    import knows operators by their acts alone), or not yet at the instant asked for. `team` is the primary team.
    """

    id: str
    type: ActorType
    name: str | None
    joined_at: Instant | None
    left_at: Instant | None
    team: str | None
    memberships: tuple[Membership, ...]
    seen: Seen


@dataclass(frozen=True, slots=True)
class NameSince:
    """A name, and since when it holds."""

    name: str
    since: Instant


@dataclass(frozen=True, slots=True)
class Place:
    """A team, channel or community. `names` are all it ever had, oldest first; `channel` is a community's."""

    kind: Kind
    id: str
    name: str | None
    names: tuple[NameSince, ...]
    channel: str | None
    seen: Seen


@dataclass(frozen=True, slots=True)
class Barrier:
    """A customer is kept from writing (`blocked`) or from being heard (muted), in one community or (None) in all.
    `until`: of a mute, the instant at which it ends by itself; asked for no instant, one that has ended is still here,
    since the ledger has no clock."""

    blocked: bool
    community: str | None
    since: Instant
    until: Instant | None
    position: int


@dataclass(frozen=True, slots=True)
class Customer:
    """`id` is the pseudonym; `name` None where none was said, or it was erased; `merged_into` another pseudonym."""

    id: str
    name: str | None
    barriers: tuple[Barrier, ...]
    merged_into: str | None
    seen: Seen

    @property
    def blocked(self) -> bool:
        return any(barrier.blocked for barrier in self.barriers)


@dataclass(frozen=True, slots=True)
class Workspace:
    """What the desk is called, and the zone in which it counts its days; None and UTC where nothing was said."""

    name: str | None
    zone: str


def until(facts: Sequence[RecordedEvent], at: Instant | None) -> list[RecordedEvent]:
    """What had happened by an instant, it included."""
    return [fact for fact in facts if at is None or fact.envelope.occurred_at <= at]


def seen_of(row: Record) -> Seen:
    first_act, last_act = row["first_act_at"], row["last_act_at"]
    return Seen(
        first_at=instant_of(row["first_at"]),
        last_at=instant_of(row["last_at"]),
        first_act_at=None if first_act is None else instant_of(first_act),
        last_act_at=None if last_act is None else instant_of(last_act),
        acts=row["acts"],
    )


def operator_of(row: Record, name: str | None, facts: Sequence[RecordedEvent]) -> Operator:
    joined = left = None
    memberships = Memberships()
    memberships.add(facts)
    for fact in facts:
        if isinstance(fact.payload, of_directory.OperatorJoined):
            joined, left = joined if joined is not None and left is None else fact.envelope.occurred_at, None
        elif isinstance(fact.payload, of_directory.OperatorLeft):
            left = fact.envelope.occurred_at
    teams = memberships.at(_ALWAYS)
    return Operator(
        id=row["id"],
        type=ActorType(row["kind"]),
        name=name,
        joined_at=joined,
        left_at=left,
        team=next((membership.team for membership in teams if membership.primary), None),
        memberships=teams,
        seen=seen_of(row),
    )


def place_of(kind: Kind, row: Record, name: str | None, facts: Sequence[RecordedEvent]) -> Place:
    names = tuple(
        NameSince(fact.payload.name, fact.envelope.occurred_at) for fact in facts if isinstance(fact.payload, _NAMING)
    )
    channels = [
        fact.payload.channel
        for fact in facts
        if isinstance(fact.payload, of_directory.CommunityNamed) and fact.payload.channel is not None
    ]
    return Place(kind, row["id"], name, names, channels[-1] if channels else None, seen_of(row))


def customer_of(row: Record, name: str | None, facts: Sequence[RecordedEvent], at: Instant | None) -> Customer:
    barriers: dict[tuple[bool, str | None], Barrier] = {}
    merged_into = None
    for fact in facts:
        payload, since = fact.payload, fact.envelope.occurred_at
        match payload:
            case of_customers.CustomerBlocked(community=community):
                barriers[True, community] = Barrier(True, community, since, None, fact.position)
            case of_customers.CustomerMuted(community=community, until=until_):
                barriers[False, community] = Barrier(False, community, since, until_, fact.position)
            case of_customers.CustomerUnblocked(community=community):
                _lift(barriers, True, community)
            case of_customers.CustomerUnmuted(community=community):
                _lift(barriers, False, community)
            case of_customers.CustomerMerged(into=into):
                merged_into = into
    standing = tuple(
        barrier for barrier in barriers.values() if at is None or barrier.until is None or barrier.until > at
    )
    return Customer(row["id"], name, standing, merged_into, seen_of(row))


def _lift(barriers: dict[tuple[bool, str | None], Barrier], blocked: bool, community: str | None) -> None:
    """Lifted in one community, or (None) everywhere."""
    for key in [key for key in barriers if key[0] is blocked and community in (None, key[1])]:
        del barriers[key]


def workspace_of(facts: Sequence[RecordedEvent]) -> Workspace:
    """By the last configuration."""
    configured = [fact.payload for fact in facts if isinstance(fact.payload, of_directory.WorkspaceConfigured)]
    return Workspace(configured[-1].name, configured[-1].zone) if configured else Workspace(None, "UTC")
