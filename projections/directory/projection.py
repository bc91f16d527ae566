"""How the directory is filled. Each row is a sum, a minimum or an event of its own, so arrival's order is nothing."""

from collections.abc import Sequence
from uuid import UUID

from sqlalchemy import Table

from domain.envelope import RecordedEvent
from domain.event import DECLARATIONS
from domain.instants import Instant, moment_of
from domain.words import Subject
from eventstore.database import Session
from eventstore.multirow import insert_rows
from projections.directory import tables
from projections.directory.members import FACTS, Kind, seen_in
from projections.fingerprint import fingerprint_of
from projections.projection import Fold

NAME = "directory"
_VERSION = 1
"""To be raised whenever the same events would make other rows."""

_MEMBERS = tuple(column.name for column in tables.members.columns)
_FACTS = tuple(column.name for column in tables.facts.columns)
_SAME_MEMBER = """
    ON CONFLICT (workspace_id, generation, kind, id) DO UPDATE
    SET first_at = LEAST(directory_members.first_at, EXCLUDED.first_at),
        last_at = GREATEST(directory_members.last_at, EXCLUDED.last_at),
        first_act_at = LEAST(directory_members.first_act_at, EXCLUDED.first_act_at),
        last_act_at = GREATEST(directory_members.last_act_at, EXCLUDED.last_act_at),
        acts = directory_members.acts + EXCLUDED.acts
"""


class Directory:
    """The directory's declaration."""

    name = NAME
    tables: Sequence[Table] = (tables.members, tables.facts)

    def __init__(self) -> None:
        self.fingerprint = fingerprint_of(
            NAME,
            version=_VERSION,
            tables=self.tables,
            parts=(f"{name}:{declared.version}" for name, declared in DECLARATIONS.items()),
        )

    def start(self, workspace: UUID, generation: int) -> Fold:
        return DirectoryFold(workspace, generation)


class DirectoryFold:
    """Remembers nothing."""

    def __init__(self, workspace: UUID, generation: int) -> None:
        self._of = (workspace, generation)

    async def project(self, connection: Session, events: Sequence[RecordedEvent]) -> None:
        await insert_rows(
            connection,
            "directory_members",
            _MEMBERS,
            [
                (
                    *self._of,
                    kind,
                    id_,
                    moment_of(seen.first),
                    moment_of(seen.last),
                    _moment(seen.first_act),
                    _moment(seen.last_act),
                    seen.acts,
                )
                for (kind, id_), seen in sorted(seen_in(events).items())
            ],
            more=_SAME_MEMBER,
        )
        facts = [self._fact(event) for event in events if type(event.payload) in FACTS]
        await insert_rows(connection, "directory_facts", _FACTS, facts)

    def _fact(self, event: RecordedEvent) -> tuple[object, ...]:
        envelope = event.envelope
        if envelope.stream.subject is Subject.CONVERSATION:
            raise ValueError(f"event {event.position} says something of a member in a conversation's stream")
        order = envelope.source_order
        return (
            *self._of,
            Kind(envelope.stream.subject),
            envelope.stream.id,
            event.position,
            envelope.id,
            moment_of(envelope.occurred_at),
            -1 if order is None else order,
            getattr(event.payload, "name", None) is not None,
            event.payload.declaration.name,
        )


def _moment(instant: Instant | None) -> object:
    return None if instant is None else moment_of(instant)
