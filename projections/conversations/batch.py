"""What a batch changes of the samples, gathered event by event and written at its end."""

from collections import defaultdict
from typing import NamedTuple
from uuid import UUID

from asyncpg import Record

from domain.conversation.history import Changes
from domain.conversation.sample import Sample
from domain.instants import instant_of, moment_of
from eventstore.copying import copy_packed
from eventstore.database import Session
from projections.conversations.alongside import alongside
from projections.conversations.cube import Cube
from projections.conversations.places import Places
from projections.conversations.rows import NO_CONVERSATION, SAMPLE_COLUMNS, Begun, packed_samples


class Ceased(NamedTuple):
    """A sample of an earlier batch that no longer holds, from a position on."""

    sample: Sample
    conversation: int
    held_until: int


class Batch:
    """Samples that begin and cease to hold. What begins and ceases within one batch is written with both positions."""

    def __init__(self) -> None:
        self._begun: list[Begun] = []
        self._until: dict[int, int] = {}
        """Index of one that begun -> the position that took it back."""
        self._ceased: list[Ceased] = []
        self._of: defaultdict[object, list[int]] = defaultdict(list)
        """Indices of those that begun, by subject; looked up only when something ceases, so filled only then."""
        self._indexed = 0
        self._position = -1
        self._ordinal = 0

    def add(self, position: int, changes: Changes, conversation: int = NO_CONVERSATION, *, ordinal: int = 0) -> None:
        """Changes that the event at a position makes to a subject's samples. `conversation`: its number; `ordinal`:
        from where on to count them, so that folds which come to one event at different times do not collide."""
        if position != self._position or self._ordinal < ordinal:
            self._position, self._ordinal = position, ordinal
        ceased, begun = changes
        for sample in ceased:
            index = self._latest(sample, conversation)
            if index is None:
                self._ceased.append(Ceased(sample, conversation, position))
            else:
                self._until[index] = position
        ordinal = self._ordinal
        for sample in begun:
            self._begun.append((sample, conversation, position, ordinal))
            ordinal += 1
        self._ordinal = ordinal

    def _latest(self, sample: Sample, conversation: int) -> int | None:
        """The last of the samples begun that is equal and still holds."""
        begun = self._begun
        for index in range(self._indexed, len(begun)):
            self._of[_subject(begun[index][0], begun[index][1])].append(index)
        self._indexed = len(begun)
        for index in reversed(self._of.get(_subject(sample, conversation), ())):
            if index not in self._until and begun[index][0] == sample:
                return index
        return None

    async def write(self, connection: Session, places: Places, cube: Cube, workspace: UUID, generation: int) -> None:
        """Write the samples, and count them in the cube."""
        begun, until, ceased = self._begun, self._until, self._ceased
        in_order = sorted(begun, key=lambda each: each[2])
        await places.number(connection, [each[0].place for each in in_order] + [each.sample.place for each in ceased])
        await self._cease(connection, places, workspace, generation)
        rows = packed_samples(workspace, generation, begun, until, places.numbers)
        async with alongside(copy_packed(connection, "samples", SAMPLE_COLUMNS, rows)):
            standing = [each[0] for index, each in enumerate(begun) if index not in until]
            await cube.gather(standing, [each.sample for each in ceased], places.numbers)
        await cube.write(connection)

    async def _cease(self, connection: Session, places: Places, workspace: UUID, generation: int) -> None:
        """Find the rows of samples that cease to hold, and say until when they held; before those that begin are there,
        which may be equal.

        Raises ValueError where there are none: then what is stored was made of other events, or by another fold.
        """
        if not self._ceased:
            return
        wanted = {(each.sample.measure, each.sample.at, each.conversation) for each in self._ceased}
        measures, instants, conversations = zip(*wanted, strict=True)
        moments = [moment_of(instant) for instant in instants]
        stored: defaultdict[tuple[object, ...], list[tuple[int, int]]] = defaultdict(list)
        for row in await connection.fetch(_STANDING, workspace, generation, measures, moments, conversations):
            stored[_told(row)].append((row["held_from"], row["ordinal"]))
        rows = []
        for sample, conversation, until in self._ceased:
            said = _said(sample, conversation, places.numbers[sample.place][0])
            found = stored[said]
            if not found:
                raise ValueError("the stored samples are not those that the events give; rebuild")
            *amounts, _, _ = said
            moment, array = moment_of(sample.at), f"{{{','.join(map(str, sample.positions))}}}"
            rows.append((*amounts, moment, array, *found.pop(found.index(max(found))), until))
        await connection.execute(_CEASE, workspace, generation, *zip(*rows, strict=True))


def _subject(sample: Sample, conversation: int) -> object:
    return sample.place if conversation == NO_CONVERSATION else conversation


def _said(sample: Sample, conversation: int, place: int) -> tuple[object, ...]:
    return (
        sample.measure, sample.flags, conversation, sample.episode, sample.calendar, sample.business, place,
        sample.at, sample.positions,
    )  # fmt: skip


def _told(row: Record) -> tuple[object, ...]:
    """The same of a row."""
    return (
        row["measure"], row["flags"], row["number"], row["episode"], row["calendar"], row["business"], row["place"],
        instant_of(row["at"]), tuple(row["positions"]),
    )  # fmt: skip


_STANDING = f"""
    SELECT sample.*
    FROM unnest($3::smallint[], $4::timestamptz[], $5::bigint[]) AS wanted (measure, at, number)
    CROSS JOIN LATERAL (
        SELECT measure, flags, at, held_from, ordinal, wanted.number, calendar, business, episode, place, positions
        FROM samples
        WHERE workspace_id = $1 AND generation = $2 AND measure = wanted.measure AND at = wanted.at
          AND coalesce(conversation, {NO_CONVERSATION}) = wanted.number AND held_until IS NULL OFFSET 0
    ) AS sample
"""
# All of them are there. An UPDATE of rows that are joined to an array is at the mercy of a plan, and gets a bad one
# while there are no statistics: it looks at all samples.
_CEASE = f"""
    INSERT INTO samples (workspace_id, generation, measure, flags, conversation, episode, calendar, business, place, at,
        positions, held_from, ordinal, held_until)
    SELECT $1, $2, measure, flags, nullif(number, {NO_CONVERSATION}), episode, calendar, business, place, at,
        positions::bigint[], held_from, ordinal, held_until
    FROM unnest($3::smallint[], $4::smallint[], $5::bigint[], $6::integer[], $7::bigint[], $8::bigint[], $9::integer[],
            $10::timestamptz[], $11::text[], $12::bigint[], $13::integer[], $14::bigint[])
        AS ceased (measure, flags, number, episode, calendar, business, place, at, positions, held_from, ordinal,
            held_until)
    ON CONFLICT (workspace_id, generation, measure, at, held_from, ordinal) DO UPDATE
    SET held_until = EXCLUDED.held_until
"""
