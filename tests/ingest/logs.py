"""Logs as tests write them, and what becomes of them without a database."""

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from api.ingest.mapping import DeskMapping, parse_mapping
from api.ingest.preparation import Job, prepared
from api.ingest.report import Report
from domain.envelope import NewEvent
from domain.instants import Instant, parse_instant

NOW: Instant = parse_instant("2026-03-02T12:00:00Z")

HEAD = """
format = "csv"
source = "desk"

[time]
column = "at"
zone = "UTC"

[case]
column = "ticket"
order = ["n"]

[key]
columns = ["ticket", "n"]

[[actors.agent]]
column = "by"
type = "operator"
"""
"""The beginning of a mapping of a desk whose log has the columns ticket, n, at, by, state, team."""
OPENED = """
[[events]]
type = "conversation.opened"
when.first = true
actor = "agent"
"""


@dataclass(frozen=True)
class Imported:
    """What became of a log."""

    report: Report
    events: list[NewEvent]

    @property
    def types(self) -> list[str]:
        return [event.payload.declaration.name for event in self.events]

    @property
    def codes(self) -> list[tuple[object, object]]:
        """Lines and codes of the rows that were refused."""
        return [(one["line"], one["code"]) for one in self.report.refused.first]

    def of(self, kind: str) -> list[NewEvent]:
        return [event for event in self.events if event.payload.declaration.name == kind]


def imported(path: Path, mapping: DeskMapping | None, *, strict: bool = False, refused: Path | None = None) -> Imported:
    """The events of a log, as they would be appended, and the report so far."""
    with prepared(Job(path, mapping, NOW, strict=strict, refused=refused)) as log:
        events = [kept.event for batch in log.spool.batches(1_000) for kept in batch]
        return Imported(log.report, events)


def mapping(text: str, head: str = HEAD) -> DeskMapping:
    return parse_mapping(head + text)


def csv(folder: Path, rows: Sequence[str], header: str = "ticket,n,at,by,state,team", name: str = "log.csv") -> Path:
    """A file of these rows."""
    path = folder / name
    path.write_text("\n".join([header, *rows]) + "\n", encoding="utf-8", newline="")
    return path
