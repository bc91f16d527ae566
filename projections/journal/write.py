"""The journal's statements, each for a whole batch."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from domain.envelope import RecordedEvent
from domain.instants import HOUR, Instant, moment_of
from domain.words import ActorType, Confidence
from eventstore.database import Session
from eventstore.multirow import insert_rows
from projections.journal.threads import Entry
from projections.memberships import Moved, Roster

_COLUMNS = (
    "workspace_id",
    "generation",
    "position",
    "event_id",
    "occurred_at",
    "recorded_at",
    "source_order",
    "before_position",
    "answers_position",
    "inferred",
    "queued",
    "type",
    "actor_type",
    "actor_id",
    "operator",
    "team",
    "conversation",
    "customer",
    "channel",
    "community",
    "kind",
    "item",
    "source",
    "session",
    "interface",
    "flag",
)
_CORRECT = """
    UPDATE journal_entries AS entry
    SET queued = new.queued, team = new.team, conversation = new.conversation, customer = new.customer,
        channel = new.channel, community = new.community, kind = new.kind,
        before_position = new.before_position, answers_position = new.answers_position, flag = new.flag
    FROM unnest($3::bigint[], $4::boolean[], $5::text[], $6::text[], $7::text[], $8::text[], $9::text[], $10::text[],
        $11::bigint[], $12::bigint[], $13::text[]) AS new (position, queued, team, conversation, customer, channel,
        community, kind, before_position, answers_position, flag)
    WHERE entry.workspace_id = $1 AND entry.generation = $2 AND entry.position = new.position
"""
_MOVE = """
    UPDATE journal_entries SET team = $3
    WHERE workspace_id = $1 AND generation = $2 AND operator = $4 AND occurred_at >= $5 AND occurred_at < $6
        AND NOT queued AND team IS DISTINCT FROM $3
"""
_POSITIONS = """
    SELECT position FROM journal_entries
    WHERE workspace_id = $1 AND generation = $2 AND type = ANY($3::text[]) ORDER BY position
"""
_HOURS = ("workspace_id", "generation", "hour", "first_position", "last_position", "entries")
_SAME_HOUR = """
    ON CONFLICT (workspace_id, generation, hour) DO UPDATE
    SET last_position = EXCLUDED.last_position, entries = journal_hours.entries + EXCLUDED.entries
"""
_BEGINNING = moment_of(0)
_END = datetime(9999, 1, 1, tzinfo=_BEGINNING.tzinfo)


def operator_of(event: RecordedEvent) -> str | None:
    """The operator who acted, or in whose name something did."""
    actor = event.envelope.actor
    return actor.id if actor.type is ActorType.OPERATOR else event.envelope.on_behalf_of


@dataclass(frozen=True, slots=True)
class Writer:
    """Writes one generation's rows in a transaction of the runner's."""

    connection: Session
    workspace: UUID
    generation: int

    async def insert(self, entries: Iterable[Entry], roster: Roster) -> None:
        await self.connection.copy_records_to_table(
            "journal_entries", columns=_COLUMNS, records=[self._row(entry, roster) for entry in entries]
        )

    async def correct(self, entries: Sequence[Entry], roster: Roster) -> None:
        """Earlier entries whose circumstances are others than was known."""
        if not entries:
            return
        rows = [
            (
                event.position,
                placed.queue is not None,
                placed.queue or _team(event, roster),
                placed.conversation,
                placed.customer,
                placed.channel,
                placed.community,
                placed.kind,
                placed.before,
                placed.answers,
                placed.flag,
            )
            for event, placed in entries
        ]
        await self.connection.execute(_CORRECT, self.workspace, self.generation, *_columns(rows))

    async def move(self, moved: Moved) -> None:
        """An operator's acts outside queues belong to another team than was known."""
        since = _BEGINNING if moved.since is None else moment_of(moved.since)
        until = _END if moved.until is None else moment_of(moved.until)
        await self.connection.execute(_MOVE, self.workspace, self.generation, moved.team, moved.operator, since, until)

    async def positions_of(self, types: Sequence[str]) -> list[int]:
        """Where events of these types stand, among those folded."""
        rows = await self.connection.fetch(_POSITIONS, self.workspace, self.generation, list(types))
        return [row["position"] for row in rows]

    async def count_hours(self, events: Iterable[RecordedEvent]) -> None:
        hours: dict[Instant, list[int]] = {}
        for event in events:
            hour = event.envelope.occurred_at // HOUR * HOUR
            known = hours.setdefault(hour, [event.position, 0, 0])
            known[1] = event.position
            known[2] += 1
        rows = [(self.workspace, self.generation, moment_of(hour), *counted) for hour, counted in hours.items()]
        await insert_rows(self.connection, "journal_hours", _HOURS, rows, more=_SAME_HOUR)

    def _row(self, entry: Entry, roster: Roster) -> tuple[object, ...]:
        event, placed = entry
        envelope = event.envelope
        order = envelope.source_order
        return (
            self.workspace,
            self.generation,
            event.position,
            envelope.id,
            moment_of(envelope.occurred_at),
            moment_of(event.recorded_at),
            -1 if order is None else order,
            placed.before,
            placed.answers,
            envelope.actor.confidence is Confidence.INFERRED,
            placed.queue is not None,
            event.payload.declaration.name,
            envelope.actor.type,
            envelope.actor.id,
            operator_of(event),
            placed.queue or _team(event, roster),
            placed.conversation,
            placed.customer,
            placed.channel,
            placed.community,
            placed.kind,
            placed.item,
            envelope.source,
            envelope.session,
            envelope.interface,
            placed.flag,
        )


def _team(event: RecordedEvent, roster: Roster) -> str | None:
    operator = operator_of(event)
    return None if operator is None else roster.primary(operator, event.envelope.occurred_at)


def _columns(rows: Sequence[tuple[Any, ...]]) -> list[list[Any]]:
    return [list(column) for column in zip(*rows, strict=True)]
