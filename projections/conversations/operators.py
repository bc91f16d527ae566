"""The fold of operators: presence from their own streams, work from what conversations show of it.

Conversations say when an operator worked on each of them; here that is put together over all of them, day by day. What
a batch brings is gathered in the ledger's order and counted at its end, when all days that it touches are at hand.
"""

from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Sequence
from itertools import groupby
from typing import NamedTuple
from uuid import UUID

from asyncpg import Record
from msgspec import Struct

from domain.conversation.history import NOTHING, Changes
from domain.conversation.sample import Sample
from domain.envelope import RecordedEvent, Stream
from domain.event import Event
from domain.instants import DAY, Instant, instant_of, moment_of
from domain.kpi.measures import CALL_AFTER_WORK, CALL_HOLD, CALL_TALK, FOCUS, WORK
from domain.operator.history import Held, Operator, difference
from domain.operator.presence import Turned, turned
from domain.operator.work import Day, Work, day_of, works
from domain.words import Subject
from eventstore.database import Session
from eventstore.store import Store
from projections.conversations.batch import Batch
from projections.conversations.histories import ConversationHistories
from projections.memberships import MEMBERSHIP, Roster

_TURNS_KEPT = 200
_DAYS_KEPT = 2
"""How much of each operator stays in memory between batches; all of it is read back when something late needs it."""
_ORDINAL = 1_000
"""What this fold makes of an event comes after all that other folds make of it."""


class _Kept(Struct, gc=False):
    """An operator in memory."""

    operator: Operator
    complete: bool
    """Whether all turns so far are at hand, or only the last ones."""


class _Stretch(NamedTuple):
    """A stretch of work on a conversation."""

    operator: str
    until: Instant
    seconds: int
    positions: tuple[int, ...]


class _Worked(Struct, gc=False):
    """One that began or ceased to hold."""

    conversation: str
    number: int
    stretch: _Stretch
    holds: bool


_STRETCHES = frozenset(measure.code for measure in (CALL_TALK, CALL_HOLD, CALL_AFTER_WORK, FOCUS))


class OperatorHistories:
    """Operators, each with the days that anything is still told of. It sees what the conversations' fold has made of
    each event, so it stands behind that one."""

    takes = frozenset({Subject.OPERATOR, Subject.CONVERSATION})

    @property
    def configured_by(self) -> frozenset[type[Event]]:
        """What makes conversations fold anew."""
        return self._histories.configured_by

    def __init__(self, histories: ConversationHistories, store: Store, workspace: UUID, generation: int) -> None:
        self._histories = histories
        self._store = store
        self._workspace = workspace
        self._generation = generation
        self._kept: dict[str, _Kept] = {}
        self._roster: Roster | None = None
        self._told: list[tuple[int, RecordedEvent | _Worked]] = []

    async def ready(self, connection: Session, events: Sequence[RecordedEvent]) -> None:  # noqa: ARG002 - the port has it
        if self._roster is None:
            rows = await connection.fetch(_MEMBERSHIPS, self._workspace, self._generation)
            facts = await self._store.read_at(self._workspace, [row["position"] for row in rows], connection=connection)
            self._roster = Roster()
            self._roster.learn(facts.values())

    async def apply(self, connection: Session, event: RecordedEvent, batch: Batch) -> None:  # noqa: ARG002 - likewise
        if event.envelope.stream.subject is Subject.CONVERSATION:
            changes = self._histories.changes
            if changes is not NOTHING:
                self._watch(event.position, event.envelope.stream.id, changes)
        elif type(event.payload) in MEMBERSHIP or turned(event) is not None:
            self._told.append((event.position, event))

    def _watch(self, position: int, conversation: str, changes: Changes) -> None:
        """Work that began or ceased; not what only stands elsewhere now."""
        ceased, begun = list(_stretches(changes.ceased)), list(_stretches(changes.begun))
        if not (ceased or begun):
            return
        number = self._histories.number(conversation)
        old, new = Counter(ceased), Counter(begun)
        for stretches, holds in ((old - new, False), (new - old, True)):
            for stretch in stretches.elements():
                self._told.append((position, _Worked(conversation, number, stretch, holds)))

    async def configure(self, connection: Session, event: RecordedEvent, batch: Batch) -> None:  # noqa: ARG002 - likewise
        """Memberships stand in operators' own streams, and are gathered with all the rest. Work on conversations may be
        cut elsewhere."""
        for conversation, changes in self._histories.folded_anew.items():
            self._watch(event.position, conversation, changes)

    async def settle(self, connection: Session, batch: Batch) -> None:
        """Count what the batch brought, in the order of the ledger."""
        for position, one in self._told:
            if isinstance(one, _Worked):
                changes = await self._work(connection, one, position)
            else:
                changes = await self._event(connection, one.envelope.stream.id, one)
            for number, alike in groupby(changes, key=lambda change: change.number):
                told = list(alike)
                ceased = [change.sample for change in told if not change.holds]
                begun = [change.sample for change in told if change.holds]
                batch.add(position, Changes(ceased, begun), number, ordinal=_ORDINAL)

    async def write(self, connection: Session) -> None:  # noqa: ARG002 - the port has it
        self._told.clear()
        for kept in self._kept.values():
            operator = kept.operator
            if len(operator.spells.turns) > 2 * _TURNS_KEPT:
                del operator.spells.turns[:-_TURNS_KEPT]
                kept.complete = False
            for day in sorted(operator.days)[:-_DAYS_KEPT]:
                del operator.days[day]

    # One thing after the other

    async def _work(self, connection: Session, told: _Worked, position: int) -> list[Held]:
        stretch = told.stretch
        parts = list(works(stretch.until, stretch.seconds, told.conversation, stretch.positions, told.number))
        if not parts:
            return []
        operator = await self._have(connection, stretch.operator, position, since=parts[0].since)
        await self._have_days(connection, operator, [day_of(part.until) for part in parts])
        return [change for part in parts for change in operator.work(part, holds=told.holds)]

    async def _event(self, connection: Session, name: str, event: RecordedEvent) -> list[Held]:
        changes: list[Held] = []
        if type(event.payload) in MEMBERSHIP:
            changes += await self._membership(connection, name, event)
        turn = turned(event)
        if turn is not None:
            changes += await self._turn(connection, name, turn)
        return changes

    async def _turn(self, connection: Session, name: str, turn: Turned) -> list[Held]:
        operator = await self._have(connection, name, turn.position, since=turn.at)
        await self._have_days(connection, operator, operator.days_until_next(turn))
        return operator.turn(turn)

    async def _membership(self, connection: Session, name: str, event: RecordedEvent) -> list[Held]:
        """What was observed of the operator follows to another team."""
        roster = self._known_roster()
        spans = roster.foresee(event)
        operator = await self._have(connection, name, event.position, since=None)
        for since, until, _ in spans:
            await self._have_days(connection, operator, await self._days_between(connection, operator, since, until))
        before = operator.standing()
        roster.learn([event])
        return difference(before, operator.standing())

    # Reading what is needed

    def _known_roster(self) -> Roster:
        if self._roster is None:
            raise RuntimeError("a fold is made ready before anything is told to it")
        return self._roster

    async def _have(self, connection: Session, name: str, position: int, *, since: Instant | None) -> Operator:
        """Have the operator at hand, with the turns that matter from an instant on (None: all), told before a
        position."""
        kept = self._kept.get(name)
        if kept is None:
            operator = Operator(name, self._known_roster())
            kept = self._kept[name] = _Kept(operator, complete=False)
            latest = await connection.fetchval(_LATEST, self._workspace, self._generation, [WORK.code], name)
            operator.latest = 0 if latest is None else instant_of(latest)
        turns = kept.operator.spells.turns
        if not kept.complete and (since is None or not turns or since < turns[0].at):
            stream = Stream(Subject.OPERATOR, name)
            read = await self._store.read_streams(self._workspace, [stream], connection=connection)
            events = [event for event in read.get(stream, ()) if event.position < position]
            turns[:] = sorted(turn for event in events if (turn := turned(event)) is not None)
            kept.complete = True
        return kept.operator

    async def _have_days(self, connection: Session, operator: Operator, days: Iterable[int]) -> None:
        last = day_of(operator.latest)
        wanted = [day for day in days if day not in operator.days and day <= last]
        if not wanted:
            return
        rows = await connection.fetch(
            _WORK, self._workspace, self._generation, list(_STRETCHES), operator.name,
            [moment_of(day * DAY) for day in wanted], [moment_of((day + 1) * DAY) for day in wanted],
        )  # fmt: skip
        stored: defaultdict[int, list[Work]] = defaultdict(list)
        for work in _works_of(rows):
            stored[day_of(work.until)].append(work)
        for day in wanted:
            operator.days[day] = Day(stored[day])

    async def _days_between(
        self, connection: Session, operator: Operator, since: Instant | None, until: Instant | None
    ) -> set[int]:
        rows = await connection.fetch(
            _ENDS, self._workspace, self._generation, [WORK.code], operator.name,
            *[None if instant is None else moment_of(instant) for instant in (since, until)],
        )  # fmt: skip
        return {day_of(instant_of(row["at"])) for row in rows}


def _stretches(samples: Iterable[Sample]) -> Iterator[_Stretch]:
    for sample in samples:
        operator = sample.place.operator
        if sample.measure in _STRETCHES and operator is not None:
            yield _Stretch(operator, sample.at, sample.calendar, sample.positions)


def _works_of(rows: Iterable[Record]) -> Iterator[Work]:
    """Work as it was when it became known: of the stretches that the conversations have, not of the pieces made of
    them."""
    for row in rows:
        at, positions = instant_of(row["at"]), tuple(row["positions"])
        yield from works(at, row["calendar"], row["conversation"], positions, row["number"])


_MEMBERSHIPS = "SELECT position FROM conversation_memberships WHERE workspace_id = $1 AND generation = $2"
_OF_OPERATOR = """
    samples.workspace_id = $1 AND samples.generation = $2 AND samples.measure = ANY($3::smallint[])
    AND samples.held_until IS NULL
    AND samples.place = ANY(ARRAY(
        SELECT place FROM places WHERE workspace_id = $1 AND generation = $2 AND operator = $4
    ))
"""
_LATEST = f"SELECT max(at) FROM samples WHERE {_OF_OPERATOR}"
_ENDS = f"""
    SELECT DISTINCT at FROM samples WHERE {_OF_OPERATOR}
        AND at >= COALESCE($5::timestamptz, '-infinity') AND at <= COALESCE($6::timestamptz, 'infinity')
"""
_WORK = f"""
    SELECT samples.at, samples.calendar, samples.positions, conversations.number, conversations.conversation
    FROM unnest($5::timestamptz[], $6::timestamptz[]) AS day (since, until)
    JOIN samples ON samples.at > day.since AND samples.at <= day.until AND {_OF_OPERATOR}
    JOIN conversations ON conversations.workspace_id = $1 AND conversations.generation = $2
        AND conversations.number = samples.conversation
"""
