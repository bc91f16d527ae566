"""What an import says at its end."""

from collections import Counter
from typing import IO

import msgspec
from msgspec import Struct, field

from api.ingest.errors import StrictlyRefused
from api.ingest.rows import Refusal
from domain.instants import Instant, format_instant

_SHOWN = 20
"""How many refusals and lines a report repeats; the file of refused rows has all of them."""


class Duplicates(Struct):
    """Rows that repeat others of the same file."""

    exact: int = 0
    """Equal in every cell."""
    same_key: int = 0
    """Equal in the mapping's key, and different elsewhere."""
    lines: list[int] = field(default_factory=list)
    """The first of them."""


class Refused(Struct):
    """Rows that were left out."""

    count: int = 0
    by_code: dict[str, int] = field(default_factory=dict)
    first: list[dict[str, object]] = field(default_factory=list)
    """The first of them: line, code, reason."""


class Report(Struct):
    """What an import did. Instants as RFC 3339; in the ledger's terms, `already_there` are duplicates too."""

    file: str
    source: str
    rows_read: int = 0
    """All of them: those refused and repeated as well."""
    rows_without_event: int = 0
    """Rows that say nothing that the vocabulary has a word for."""
    rows_cut_short: list[int] = field(default_factory=list)
    """Lines of rows that end early, whose missing cells the mapping takes as unknown (the first of them)."""
    cases: int = 0
    appended: int = 0
    already_there: int = 0
    duplicates: Duplicates = field(default_factory=Duplicates)
    refused: Refused = field(default_factory=Refused)
    first: str | None = None
    last: str | None = None
    events: dict[str, int] = field(default_factory=dict)
    """Events of the file by type, whether they were appended or already there."""

    def json(self) -> str:
        return msgspec.json.format(msgspec.json.encode(self)).decode()

    @property
    def all_refused(self) -> bool:
        """Not one row was good: most likely the mapping is another desk's."""
        return 0 < self.rows_read == self.refused.count


class Refusals:
    """Takes note of refused rows: counts them, writes them to the file where one is named, or stops at the first."""

    def __init__(self, refused: Refused, file: IO[bytes] | None, *, strict: bool) -> None:
        self._refused = refused
        self._file = file
        self._strict = strict

    def add(self, refusal: Refusal) -> None:
        """Take note. Raises StrictlyRefused."""
        refused = self._refused
        refused.count += 1
        refused.by_code[refusal.code] = refused.by_code.get(refusal.code, 0) + 1
        if len(refused.first) < _SHOWN:
            refused.first.append({"line": refusal.line, "code": refusal.code, "reason": refusal.reason})
        if self._file is not None:
            said = {"line": refusal.line, "code": refusal.code, "reason": refusal.reason, "row": refusal.row}
            self._file.write(msgspec.json.encode(said) + b"\n")
        if self._strict:
            raise StrictlyRefused(f"line {refusal.line}: {refusal.reason}", detail=refusal.code)


class Tally:
    """Counts what is imported, for the report."""

    def __init__(self, report: Report) -> None:
        self._report = report
        self._types: Counter[str] = Counter()
        self._first: Instant | None = None
        self._last: Instant | None = None

    def repeated(self, line: int, *, exact: bool) -> None:
        duplicates = self._report.duplicates
        if exact:
            duplicates.exact += 1
        else:
            duplicates.same_key += 1
        if len(duplicates.lines) < _SHOWN:
            duplicates.lines.append(line)

    def cut_short(self, line: int) -> None:
        if len(self._report.rows_cut_short) < _SHOWN:
            self._report.rows_cut_short.append(line)

    def settled(self, kind: str, at: Instant, *, appended: bool) -> None:
        """An event stands in the ledger: appended just now, or already there."""
        if appended:
            self._report.appended += 1
        else:
            self._report.already_there += 1
        self._types[kind] += 1
        self._first = at if self._first is None else min(self._first, at)
        self._last = at if self._last is None else max(self._last, at)

    def finish(self) -> None:
        self._report.events = dict(sorted(self._types.items()))
        self._report.first = None if self._first is None else format_instant(self._first)
        self._report.last = None if self._last is None else format_instant(self._last)
