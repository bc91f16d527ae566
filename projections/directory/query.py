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

from domain.instants import Instant
from domain.words import ActorType
from eventstore.database import Session
from eventstore.store import Store
from projections.directory.facts import NameBook, Scope, facts_of, naming_at, namings_of
from projections.directory.members import Kind, Member
from projections.directory.projection import NAME
from projections.directory.standing import (
    Barrier,
    Customer,
    NameSince,
    Operator,
    Place,
    Seen,
    Workspace,
    customer_of,
    operator_of,
    place_of,
    until,
    workspace_of,
)
from projections.memberships import MEMBERSHIP, Membership, Memberships
from projections.serving import serving

__all__ = [
    "Barrier",
    "Customer",
    "Directory",
    "Membership",
    "NameSince",
    "Operator",
    "Page",
    "Place",
    "Seen",
    "Workspace",
]

T_ = TypeVar("T_")


@dataclass(frozen=True, slots=True)
class Page(Generic[T_]):
    """Members in order of their ids. `more`: there are others after the last."""

    members: tuple[T_, ...]
    more: bool
    checkpoint: int


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

    async def teams_at(
        self, connection: Session, workspace: UUID, wanted: Iterable[tuple[str, Instant]]
    ) -> dict[tuple[str, Instant], str | None]:
        """Operators' primary teams at instants, for a whole page at once. None where they had none."""
        scope, _ = await self._scope(connection, workspace)
        asked = set(wanted)
        memberships = {}
        for id_, facts in (await facts_of(scope, Kind.OPERATOR, sorted({id_ for id_, _ in asked}))).items():
            memberships[id_] = Memberships()
            memberships[id_].add(fact for fact in facts if type(fact.payload) in MEMBERSHIP)
        return {(id_, at): memberships[id_].primary_at(at) if id_ in memberships else None for id_, at in asked}

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
        return workspace_of([fact for of_one in facts.values() for fact in until(of_one, at)])

    async def _scope(self, connection: Session, workspace: UUID) -> tuple[Scope, int]:
        state = await serving(connection, workspace, NAME)
        return Scope(connection, self._store, workspace, state.generation), state.checkpoint

    async def _operators(self, scope: Scope, rows: Sequence[Record], at: Instant | None) -> list[Operator]:
        facts = await facts_of(scope, Kind.OPERATOR, [row["id"] for row in rows if row["kind"] == Kind.OPERATOR])
        names = await self._names_at(scope, rows, at)
        return [
            operator_of(row, names.get((Kind(row["kind"]), row["id"])), until(facts.get(row["id"], []), at))
            if row["kind"] == Kind.OPERATOR
            else operator_of(row, None, [])
            for row in rows
        ]

    async def _places(self, scope: Scope, kind: Kind, rows: Sequence[Record], at: Instant | None) -> list[Place]:
        facts = await facts_of(scope, kind, [row["id"] for row in rows])
        names = await self._names_at(scope, rows, at)
        return [place_of(kind, row, names.get((kind, row["id"])), until(facts[row["id"]], at)) for row in rows]

    async def _customers(self, scope: Scope, rows: Sequence[Record], at: Instant | None) -> list[Customer]:
        facts = await facts_of(scope, Kind.CUSTOMER, [row["id"] for row in rows])
        names = await self._names_at(scope, rows, at)
        return [
            customer_of(row, names.get((Kind.CUSTOMER, row["id"])), until(facts[row["id"]], at), at) for row in rows
        ]

    async def _names_at(self, scope: Scope, rows: Sequence[Record], at: Instant | None) -> dict[Member, str | None]:
        namings = await namings_of(scope, {(Kind(row["kind"]), row["id"]) for row in rows})
        where = {member: naming_at(of_one, at) for member, of_one in namings.items()}
        names = await self._names.look_up(scope, (position for position in where.values() if position is not None))
        return {member: names.get(position) for member, position in where.items() if position is not None}


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
