"""What a fold of one kind of subject is (conversations, operators, customers), so that the projection runs them all
in one transaction, with one checkpoint.

A subject's samples depend on the events of the subject and on what the desk was configured to be. A fold says by
itself which of both it takes: `project.py` lists the folds, and hands each of them every event of the ledger.
"""

from collections.abc import Sequence
from typing import Protocol

from domain.envelope import RecordedEvent
from domain.event import Event
from domain.words import Subject
from eventstore.database import Session
from projections.conversations.batch import Batch


class SubjectFold(Protocol):
    """Folds the subjects of one kind, and keeps what it needs of those that moved lately; bounded, and read back."""

    @property
    def takes(self) -> frozenset[Subject]:
        """Of whose streams it takes the events."""
        ...

    @property
    def configured_by(self) -> frozenset[type[Event]]:
        """Events that change what subjects' events mean (teams, calendars): `configure` is called with them."""
        ...

    async def ready(self, connection: Session, events: Sequence[RecordedEvent]) -> None:
        """Have at hand all subjects that the events of a batch are about, as of the checkpoint."""
        ...

    async def apply(self, connection: Session, event: RecordedEvent, batch: Batch) -> None:
        """Go on by one event, and put the samples that it begins and ends into the batch."""
        ...

    async def configure(self, connection: Session, event: RecordedEvent, batch: Batch) -> None:
        """Fold anew all subjects whose samples another configuration changes."""
        ...

    async def write(self, connection: Session) -> None:
        """Write how the subjects of the batch stand now, and forget what is too much to keep."""
        ...
