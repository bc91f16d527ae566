"""What the directory answers. All functions read in the caller's transaction, that of
`Database.transaction(workspace, snapshot=True)`.

`at` asks how things stood at an instant, by what is known now; without it, how they stand by the latest facts.
Pages are by id, in the order of its characters: `after` is the last id of the page before.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Generic, TypeVar
from uuid import UUID

from asyncpg import Record

from domain.envelope import RecordedEvent
from domain.events import customers as of_customers
from domain.events import directory as of_directory
from domain.instants import AHEAD, DAY, Instant, instant_of
from domain.words import ActorType
from eventstore.database import Session
from eventstore.store import Store
from projections.directory.facts import NameBook, Scope, facts_of, naming_at, namings_of
from projections.directory.members import Kind, Member
from projections.directory.projection import NAME
from projections.memberships import Membership, Memberships
from projections.serving import serving

_ALWAYS = 10_000 * 366 * DAY + AHEAD
"""Later than anything that can have happened."""
T_ = TypeVar("T_")


@dataclass(frozen=True, slots=True)
class Page(Generic[T_]):
    """Members in order of their ids. `more`: there are others after the last."""

    members: tuple[T_, ...]
    more: bool
    checkpoint: int


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

    name: str | None
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
    `until`: of a mute, the instant at which it ends by itself."""

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


class Directory:
    """The directory's questions, for one process: it keeps the names that it has opened, for a minute."""

    def __init__(self, store: Store) -> None:
        self._store = store
        self._names = NameBook()

    async def operators(
        self,
        connection: Session,
        workspace: UUID,
        *,
        after: str | None = None,
        limit: int = 50,
        at: Instant | None = None,
        types: Sequence[ActorType] = (ActorType.OPERATOR,),
    ) -> Page[Operator]:
        """A page of operators, in order of ids; with other `types`, of bots, rules, systems and integrations too."""
        scope, checkpoint = await self._scope(connection, workspace)
        kinds = [Kind(type_) for type_ in types]
        rows, more = await _page(scope, kinds, after, limit)
        return Page(tuple(await self._operators(scope, rows, at)), more, checkpoint)

    async def operators_of(
        self, connection: Session, workspace: UUID, ids: Iterable[str], *, at: Instant | None = None
    ) -> dict[str, Operator]:
        """Operators by id; those that no event names are left out."""
        scope, _ = await self._scope(connection, workspace)
        rows = await _rows(scope, Kind.OPERATOR, ids)
        return {operator.id: operator for operator in await self._operators(scope, rows, at)}

    async def operator(
        self, connection: Session, workspace: UUID, id_: str, *, at: Instant | None = None
    ) -> Operator | None:
        return (await self.operators_of(connection, workspace, [id_], at=at)).get(id_)

    async def names(
        self, connection: Session, workspace: UUID, wanted: Iterable[tuple[Kind, str, Instant | None]]
    ) -> dict[tuple[Kind, str, Instant | None], str | None]:
        """What members were called at instants (None: now), for a whole page at once. None where nothing was said."""
        scope, _ = await self._scope(connection, workspace)
        asked = set(wanted)
        namings = await namings_of(scope, {(kind, id_) for kind, id_, _ in asked})
        where = {key: naming_at(namings.get((key[0], key[1]), ()), key[2]) for key in asked}
        names = await self._names.look_up(scope, (position for position in where.values() if position is not None))
        return {key: None if position is None else names.get(position) for key, position in where.items()}

    async def places(
        self,
        connection: Session,
        workspace: UUID,
        kind: Kind,
        *,
        after: str | None = None,
        limit: int = 50,
        at: Instant | None = None,
    ) -> Page[Place]:
        """A page of teams, channels or communities."""
        scope, checkpoint = await self._scope(connection, workspace)
        rows, more = await _page(scope, [kind], after, limit)
        return Page(tuple(await self._places(scope, kind, rows, at)), more, checkpoint)

    async def places_of(
        self, connection: Session, workspace: UUID, kind: Kind, ids: Iterable[str], *, at: Instant | None = None
    ) -> dict[str, Place]:
        """Teams, channels or communities by id; those that no event names are left out."""
        scope, _ = await self._scope(connection, workspace)
        places = await self._places(scope, kind, await _rows(scope, kind, ids), at)
        return {place.id: place for place in places}

    async def customers(
        self,
        connection: Session,
        workspace: UUID,
        *,
        after: str | None = None,
        limit: int = 50,
        at: Instant | None = None,
    ) -> Page[Customer]:
        """A page of customers, in order of pseudonyms: in no order that says anything."""
        scope, checkpoint = await self._scope(connection, workspace)
        rows, more = await _page(scope, [Kind.CUSTOMER], after, limit)
        return Page(tuple(await self._customers(scope, rows, at)), more, checkpoint)

    async def customers_of(
        self, connection: Session, workspace: UUID, ids: Iterable[str], *, at: Instant | None = None
    ) -> dict[str, Customer]:
        """Customers by pseudonym; those that no event names are left out."""
        scope, _ = await self._scope(connection, workspace)
        rows = await _rows(scope, Kind.CUSTOMER, ids)
        return {customer.id: customer for customer in await self._customers(scope, rows, at)}

    async def workspace(self, connection: Session, workspace: UUID, *, at: Instant | None = None) -> Workspace:
        """The workspace's own name and zone."""
        scope, _ = await self._scope(connection, workspace)
        rows, _ = await _page(scope, [Kind.WORKSPACE], None, 1)
        facts = await facts_of(scope, Kind.WORKSPACE, [row["id"] for row in rows])
        said = [fact for of_one in facts.values() for fact in until(of_one, at)]
        configured = [fact.payload for fact in said if isinstance(fact.payload, of_directory.WorkspaceConfigured)]
        return Workspace(configured[-1].name, configured[-1].zone) if configured else Workspace(None, "UTC")

    async def _scope(self, connection: Session, workspace: UUID) -> tuple[Scope, int]:
        state = await serving(connection, workspace, NAME)
        return Scope(connection, self._store, workspace, state.generation), state.checkpoint

    async def _operators(self, scope: Scope, rows: Sequence[Record], at: Instant | None) -> list[Operator]:
        facts = await facts_of(scope, Kind.OPERATOR, [row["id"] for row in rows if row["kind"] == Kind.OPERATOR])
        names = await self._names_at(scope, rows, at)
        return [
            _operator(row, names.get((Kind(row["kind"]), row["id"])), until(facts.get(row["id"], []), at))
            if row["kind"] == Kind.OPERATOR
            else _operator(row, None, [])
            for row in rows
        ]

    async def _places(self, scope: Scope, kind: Kind, rows: Sequence[Record], at: Instant | None) -> list[Place]:
        facts = await facts_of(scope, kind, [row["id"] for row in rows])
        names = await self._names_at(scope, rows, at)
        return [_place(kind, row, names.get((kind, row["id"])), until(facts[row["id"]], at)) for row in rows]

    async def _customers(self, scope: Scope, rows: Sequence[Record], at: Instant | None) -> list[Customer]:
        facts = await facts_of(scope, Kind.CUSTOMER, [row["id"] for row in rows])
        names = await self._names_at(scope, rows, at)
        return [_customer(row, names.get((Kind.CUSTOMER, row["id"])), until(facts[row["id"]], at), at) for row in rows]

    async def _names_at(self, scope: Scope, rows: Sequence[Record], at: Instant | None) -> dict[Member, str | None]:
        namings = await namings_of(scope, {(Kind(row["kind"]), row["id"]) for row in rows})
        where = {member: naming_at(of_one, at) for member, of_one in namings.items()}
        names = await self._names.look_up(scope, (position for position in where.values() if position is not None))
        return {member: names.get(position) for member, position in where.items() if position is not None}


def until(facts: Sequence[RecordedEvent], at: Instant | None) -> list[RecordedEvent]:
    """What had happened by an instant, it included."""
    return [fact for fact in facts if at is None or fact.envelope.occurred_at <= at]


_MEMBER = "kind, id, first_at, last_at, first_act_at, last_act_at, acts"


async def _page(scope: Scope, kinds: Sequence[Kind], after: str | None, limit: int) -> tuple[list[Record], bool]:
    """Rows of several kinds, merged by id; one id may be there as an operator and as a bot."""
    rows = await scope.connection.fetch(
        f"""
        SELECT member.* FROM unnest($3::text[]) AS wanted (kind) CROSS JOIN LATERAL (
            SELECT {_MEMBER} FROM directory_members
            WHERE workspace_id = $1 AND generation = $2 AND kind = wanted.kind AND id > $4
            ORDER BY id LIMIT $5) AS member
        ORDER BY id, kind LIMIT $5
        """,
        scope.workspace,
        scope.generation,
        list(kinds),
        after or "",
        limit + 1,
    )
    return rows[:limit], len(rows) > limit


async def _rows(scope: Scope, kind: Kind, ids: Iterable[str]) -> list[Record]:
    return await scope.connection.fetch(
        f"""
        SELECT {_MEMBER} FROM directory_members
        WHERE workspace_id = $1 AND generation = $2 AND kind = $3 AND id = ANY($4::text[]) ORDER BY id
        """,
        scope.workspace,
        scope.generation,
        kind,
        list(ids),
    )


def _seen(row: Record) -> Seen:
    first_act, last_act = row["first_act_at"], row["last_act_at"]
    return Seen(
        first_at=instant_of(row["first_at"]),
        last_at=instant_of(row["last_at"]),
        first_act_at=None if first_act is None else instant_of(first_act),
        last_act_at=None if last_act is None else instant_of(last_act),
        acts=row["acts"],
    )


def _operator(row: Record, name: str | None, facts: Sequence[RecordedEvent]) -> Operator:
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
        seen=_seen(row),
    )


def _place(kind: Kind, row: Record, name: str | None, facts: Sequence[RecordedEvent]) -> Place:
    names = tuple(NameSince(getattr(fact.payload, "name"), fact.envelope.occurred_at) for fact in facts)  # noqa: B009
    channels = [
        fact.payload.channel
        for fact in facts
        if isinstance(fact.payload, of_directory.CommunityNamed) and fact.payload.channel is not None
    ]
    return Place(kind, row["id"], name, names, channels[-1] if channels else None, _seen(row))


def _customer(row: Record, name: str | None, facts: Sequence[RecordedEvent], at: Instant | None) -> Customer:
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
    return Customer(row["id"], name, standing, merged_into, _seen(row))


def _lift(barriers: dict[tuple[bool, str | None], Barrier], blocked: bool, community: str | None) -> None:
    """Lifted in one community, or (None) everywhere."""
    for key in [key for key in barriers if key[0] is blocked and community in (None, key[1])]:
        del barriers[key]
