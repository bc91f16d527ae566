"""Numbers of places. Samples and cells name a place by its number, and there are few places, so a row says in four
bytes what would take it ten words."""

import struct
from collections.abc import Iterable
from hashlib import blake2b
from uuid import UUID

from domain.conversation.sample import Place
from eventstore.copying import copy_packed, packed_text
from eventstore.database import Session
from projections.conversations.rollups import places_in_rollups

_COLUMNS = (
    "workspace_id", "generation", "place", "digest",
    "inferred", "queued", "in_hours", "actor_type", "standing",
    "operator", "team", "channel", "community", "kind", "priority", "complexity", "segment", "tags",
)  # fmt: skip
_KEPT = 50_000
"""How many numbers are kept in memory."""

Numbers = tuple[int, ...]
"""A place's own number, and those of its places in each of the roll-ups."""


class Places:
    """The numbers of one generation's places, given in the order in which the ledger brings them: so a rebuild,
    whatever its batches, numbers them alike."""

    def __init__(self, workspace: UUID, generation: int) -> None:
        self._workspace = workspace
        self._generation = generation
        self._next: int | None = None
        self._known: dict[Place, int] = {}
        self.numbers: dict[Place, Numbers] = {}
        """Of all places that `number` was asked to have at hand."""

    async def number(self, connection: Session, places: Iterable[Place]) -> None:
        """Have the numbers of these places at hand, and give numbers to those that are new, in this order."""
        if len(self._known) > _KEPT:
            self._known.clear()
            self.numbers.clear()
        wanted = [place for place in dict.fromkeys(places) if place not in self.numbers]
        if not wanted:
            return
        each = list(dict.fromkeys(one for place in wanted for one in (place, *places_in_rollups(place))))
        await self._have(connection, [place for place in each if place not in self._known])
        known = self._known
        for place in wanted:
            self.numbers[place] = (known[place], *[known[one] for one in places_in_rollups(place)])

    async def _have(self, connection: Session, places: list[Place]) -> None:
        if self._next is None:
            self._next = await connection.fetchval(_NEXT, self._workspace, self._generation)
        bodies = {place: _body(place) for place in places}
        digests = {place: blake2b(body, digest_size=16).digest() for place, body in bodies.items()}
        rows = await connection.fetch(
            _SELECT, self._workspace, self._generation, [UUID(bytes=digest) for digest in digests.values()]
        )
        stored = {row["digest"].bytes: row["place"] for row in rows}
        added = []
        for place, digest in digests.items():
            number = stored.get(digest)
            if number is None:
                number, self._next = self._next, self._next + 1
                head = _HEAD.pack(len(_COLUMNS), 16, self._workspace.bytes, 4, self._generation, 4, number, 16, digest)
                added.append(head + bodies[place])
            self._known[place] = number
        if added:
            await copy_packed(connection, "places", _COLUMNS, added)


_HEAD = struct.Struct(">h i16s ii ii i16s")
_FLAG = {None: struct.pack(">i", -1), False: struct.pack(">i?", 1, False), True: struct.pack(">i?", 1, True)}
_TEXT = 25
"""PostgreSQL's number for the type of an array's elements."""


def _body(place: Place) -> bytes:
    """What a place says, as COPY takes it; the same for equal places, so that it is what the digest is of."""
    flags = _FLAG[place.inferred] + _FLAG[place.queued] + _FLAG[place.in_hours]
    words = (
        place.actor_type, place.standing, place.operator, place.team, place.channel, place.community, place.kind,
        place.priority, place.complexity, place.segment,
    )  # fmt: skip
    tags = b"".join([packed_text(tag) for tag in place.tags])
    array = struct.pack(">iii", 1, 0, _TEXT) + struct.pack(">ii", len(place.tags), 1) if place.tags else _EMPTY
    return b"".join(
        (flags, *[packed_text(word) for word in words], struct.pack(">i", len(array) + len(tags)), array, tags)
    )


_EMPTY = struct.pack(">iii", 0, 0, _TEXT)


_NEXT = "SELECT coalesce(max(place), 0)::integer + 1 FROM places WHERE workspace_id = $1 AND generation = $2"
_SELECT = "SELECT place, digest FROM places WHERE workspace_id = $1 AND generation = $2 AND digest = ANY($3::uuid[])"
