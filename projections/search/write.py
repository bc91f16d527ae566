"""The search's statements, each for a whole batch."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from domain.envelope import RecordedEvent
from domain.event import DECLARATIONS
from domain.instants import HOUR, Instant, instant_of, moment_of
from eventstore.database import Session
from eventstore.multirow import insert_rows
from projections.journal.threads import Entry
from projections.journal.write import operator_of
from projections.search import tables
from projections.search.states import Change, Done, State, became, change_of

_LEMMAS = ("workspace_id", "generation", "lemma", "position")
_ADDRESSES = ("workspace_id", "generation", "address", "position")
_OWNERS = ("workspace_id", "generation", "subject_id", "position")
_TEXTS = tuple(column.name for column in tables.texts.columns)
_CHANGES = tuple(column.name for column in tables.changes.columns)
_HOURS = tuple(column.name for column in tables.hours.columns)
_SAME_HOUR = """
    ON CONFLICT (workspace_id, generation, hour) DO UPDATE
    SET first_position = LEAST(search_hours.first_position, EXCLUDED.first_position),
        last_position = GREATEST(search_hours.last_position, EXCLUDED.last_position)
"""
_CORRECT_TEXTS = """
    UPDATE search_texts AS text
    SET conversation = new.conversation, customer = new.customer, channel = new.channel, community = new.community,
        kind = new.kind
    FROM unnest($3::bigint[], $4::text[], $5::text[], $6::text[], $7::text[], $8::text[])
        AS new (position, conversation, customer, channel, community, kind)
    WHERE text.workspace_id = $1 AND text.generation = $2 AND text.position = new.position
"""
_CORRECT_CHANGES = """
    UPDATE search_changes AS change
    SET conversation = new.conversation, customer = new.customer, channel = new.channel, community = new.community,
        kind = new.kind, text_position = new.text_position
    FROM unnest($3::bigint[], $4::text[], $5::text[], $6::text[], $7::text[], $8::text[], $9::bigint[])
        AS new (position, conversation, customer, channel, community, kind, text_position)
    WHERE change.workspace_id = $1 AND change.generation = $2 AND change.position = new.position
"""
_POINTED_TO = """
    SELECT text_position FROM search_changes
    WHERE workspace_id = $1 AND generation = $2 AND position = ANY($3::bigint[]) AND text_position IS NOT NULL
"""
_DONE = """
    SELECT text_position, position, event_id, occurred_at, source_order, change, operator FROM search_changes
    WHERE workspace_id = $1 AND generation = $2 AND text_position = ANY($3::bigint[])
"""
_BECAME = """
    UPDATE search_texts AS text
    SET state = new.state, changed_position = new.position, changed_at = new.at, remover = new.remover
    FROM unnest($3::bigint[], $4::text[], $5::bigint[], $6::timestamptz[], $7::text[])
        AS new (text, state, position, at, remover)
    WHERE text.workspace_id = $1 AND text.generation = $2 AND text.position = new.text
"""


@dataclass(frozen=True, slots=True)
class Writer:
    """Writes one generation's rows in a transaction of the runner's."""

    connection: Session
    workspace: UUID
    generation: int

    async def words(self, lemmas: Mapping[int, Iterable[str]]) -> None:
        """The keys of texts, sorted as their index is."""
        keys = sorted((lemma, position) for position, some in lemmas.items() for lemma in some)
        await self._copy("search_lemmas", _LEMMAS, keys)

    async def addresses(self, addresses: Mapping[int, str]) -> None:
        """From where things were done."""
        await self._copy("search_addresses", _ADDRESSES, sorted((one, position) for position, one in addresses.items()))

    async def own(self, owners: Mapping[int, Iterable[UUID]]) -> None:
        """Whose words and addresses those are."""
        owned = sorted((owner, position) for position, some in owners.items() for owner in some)
        await self._copy("search_owners", _OWNERS, owned)

    async def _copy(self, table: str, columns: Sequence[str], rows: Iterable[tuple[object, int]]) -> None:
        records = [(self.workspace, self.generation, *row) for row in rows]
        await self.connection.copy_records_to_table(table, columns=columns, records=records)

    async def texts(self, entries: Sequence[Entry]) -> None:
        rows = [self._text(entry) for entry in entries]
        await self.connection.copy_records_to_table("search_texts", columns=_TEXTS, records=rows)

    async def hours(self, events: Iterable[RecordedEvent]) -> None:
        hours: dict[Instant, list[int]] = {}
        for event in events:
            hour = event.envelope.occurred_at // HOUR * HOUR
            hours.setdefault(hour, [event.position, event.position])[1] = event.position
        known = [(self.workspace, self.generation, moment_of(hour), *lies) for hour, lies in sorted(hours.items())]
        await insert_rows(self.connection, "search_hours", _HOURS, known, more=_SAME_HOUR)

    async def changes(self, entries: Sequence[Entry]) -> None:
        rows = [self._change(entry, change) for entry in entries if (change := change_of(entry.event)) is not None]
        await self.connection.copy_records_to_table("search_changes", columns=_CHANGES, records=rows)

    async def correct(self, entries: Sequence[Entry]) -> set[int]:
        """Earlier rows whose circumstances are others than was known; texts that changes no longer point to."""
        if not entries:
            return set()
        of = (self.workspace, self.generation)
        positions = [event.position for event, _ in entries]
        before = {row["text_position"] for row in await self.connection.fetch(_POINTED_TO, *of, positions)}
        rows = [
            (event.position, at.conversation, at.customer, at.channel, at.community, at.kind, at.before)
            for event, at in entries
        ]
        columns = [list(column) for column in zip(*rows, strict=True)]
        await self.connection.execute(_CORRECT_TEXTS, *of, *columns[:-1])
        await self.connection.execute(_CORRECT_CHANGES, *of, *columns)
        return before

    async def judge(self, texts: Iterable[int]) -> None:
        """Say of texts anew what has become of them."""
        positions = sorted(set(texts))
        if not positions:
            return
        done: dict[int, list[Done]] = {position: [] for position in positions}
        facts: dict[int | None, tuple[Any, str | None]] = {None: (None, None)}
        for row in await self.connection.fetch(_DONE, self.workspace, self.generation, positions):
            order = (instant_of(row["occurred_at"]), row["source_order"], row["event_id"].int)
            done[row["text_position"]].append(Done(order, row["position"], Change(row["change"])))
            facts[row["position"]] = (row["occurred_at"], row["operator"])
        states = [(position, became(some)) for position, some in done.items()]
        rows = [(position, str(now.state), now.position, *facts[now.position]) for position, now in states]
        columns = [list(column) for column in zip(*rows, strict=True)]
        await self.connection.execute(_BECAME, self.workspace, self.generation, *columns)

    def _text(self, entry: Entry) -> tuple[object, ...]:
        event, at = entry
        return (
            self.workspace,
            self.generation,
            event.position,
            moment_of(event.envelope.occurred_at),
            None,
            None,
            State.CURRENT,
            event.envelope.actor.type,
            operator_of(event),
            at.conversation,
            at.customer,
            at.channel,
            at.community,
            at.kind,
            None,
        )

    def _change(self, entry: Entry, change: Change) -> tuple[object, ...]:
        event, at = entry
        envelope = event.envelope
        return (
            self.workspace,
            self.generation,
            event.position,
            envelope.id,
            moment_of(envelope.occurred_at),
            -1 if envelope.source_order is None else envelope.source_order,
            at.before,
            change,
            envelope.actor.type,
            operator_of(event),
            at.conversation,
            at.customer,
            at.channel,
            at.community,
            at.kind,
        )


def pointed_to(entries: Iterable[Entry]) -> set[int]:
    """The texts that changes among these point to."""
    return {at.before for event, at in entries if at.before is not None and change_of(event) is not None}


def text_of(event: RecordedEvent) -> Any:
    """The words that an event says, opened or not; None where it says none."""
    name = WORDS.get(type(event.payload))
    return None if name is None else getattr(event.payload, name)


WORDS = {
    declared.payload: name
    for declared in DECLARATIONS.values()
    for name in ("text", "comment", "heading")
    if name in declared.personal
}
"""The field of an event type that holds what somebody wrote."""
