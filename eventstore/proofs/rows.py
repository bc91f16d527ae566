"""Whether the rows of a ledger say what their content says, are in order, and have the hashes that were taken of them.

What is not covered by a row's own hash (its place among the others) is covered by the tree over all of them.
"""

from collections.abc import Sequence
from datetime import datetime
from functools import lru_cache
from uuid import UUID

import msgspec
from msgspec import Struct

from domain.envelope import Stream
from domain.instants import Instant, instant_of
from domain.words import Subject
from eventstore.codec import leaf, leaf_hash, stream_key
from eventstore.proofs.findings import Findings, Wrong
from eventstore.proofs.words import Row

COLUMNS = "position, event_id, stream_key, version, type, occurred_at, recorded_at, content, leaf_hash, sealed"
"""What is read of each row, in this order."""


class _Where(Struct, gc=False):
    id: str
    subject: Subject


class _Said(Struct, gc=False):
    """Of a content, what columns repeat."""

    id: UUID
    occurred_at: Instant
    stream: _Where
    type: str


_said = msgspec.json.Decoder(_Said).decode


class Rows:
    """Checks a ledger's rows, from the first on."""

    def __init__(self, workspace: UUID, findings: Findings) -> None:
        self._name = str(workspace).encode()
        self._findings = findings
        self._versions: dict[UUID, int] = {}
        self._recorded_at: Instant = 0
        self.next = 0
        """The position that comes next."""

    def check(self, rows: Sequence[Row]) -> list[bytes]:
        """The leaves' hashes, as they are stored."""
        hashes = []
        name, wrong = self._name, self._findings.add
        for row in rows:
            position, _, stream, version, _, _, moment, content, hash_, _ = row
            if position != self.next:
                self._missing(position)
            self.next = position + 1
            recorded_at = _instant(moment)
            if leaf_hash(leaf(content, recorded_at, version, name)) != hash_:
                wrong(
                    Wrong.LEAF_DIFFERS,
                    position,
                    f"position {position}: content, recorded_at, version or workspace_id are not those that leaf_hash "
                    "was taken of",
                )
            self._compare(row)
            expected = self._versions.get(stream, -1) + 1
            if version != expected:
                wrong(
                    Wrong.VERSION_DIFFERS,
                    position,
                    f"position {position}: version {version} of its stream stands where {expected} comes next",
                )
            self._versions[stream] = version
            if recorded_at < self._recorded_at:
                wrong(
                    Wrong.TIME_RUNS_BACK,
                    position,
                    f"position {position}: recorded_at is earlier than that of the event before",
                )
            self._recorded_at = recorded_at
            hashes.append(hash_)
        return hashes

    def _missing(self, position: int) -> None:
        """Rows come in the order of positions, so what is not there was passed over."""
        last = position - 1
        which = f"position {last} is" if last == self.next else f"positions {self.next} to {last} are"
        self._findings.add(Wrong.POSITION_MISSING, self.next, f"{which} missing", until=last)

    def _compare(self, row: Row) -> None:
        """The columns that repeat what the content says."""
        position, event_id, stream, _, type_, occurred_at, _, content, _, _ = row
        try:
            said = _said(content)
        except msgspec.MsgspecError as error:
            self._findings.add(
                Wrong.CONTENT_UNREADABLE, position, f"position {position}: content cannot be read: {error}"
            )
            return
        if (
            said.id == event_id
            and said.type == type_
            and said.occurred_at == instant_of(occurred_at)
            and _key(said.stream.subject, said.stream.id) == stream
        ):
            return
        for column, there, told in (
            ("event_id", event_id, said.id),
            ("type", type_, said.type),
            ("occurred_at", instant_of(occurred_at), said.occurred_at),
            ("stream_key", stream, _key(said.stream.subject, said.stream.id)),
        ):
            if there != told:
                self._findings.add(
                    Wrong.COLUMN_DIFFERS,
                    position,
                    f"position {position}: the column {column} says {there}, the content {told}",
                )


@lru_cache(maxsize=256)
def _instant(moment: datetime) -> Instant:
    """Events of a batch share their `recorded_at`."""
    return instant_of(moment)


@lru_cache(maxsize=1 << 16)
def _key(subject: Subject, id_: str) -> UUID:
    return UUID(bytes=stream_key(Stream(subject, id_)))
