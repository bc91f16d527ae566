"""Everything of an import but appending: a file's rows read, put in order and made into events.

It is done with the whole file before the first event is appended: a file that turns out to be broken, a mapping that
does not fit, or a strict import's refusal leaves the ledger as it was.
"""

from collections.abc import Iterable, Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import IO, BinaryIO, Protocol

from api.ingest import jsonl
from api.ingest.csv_rows import CsvRows
from api.ingest.errors import BadFile
from api.ingest.files import Format, lines, opened
from api.ingest.mapping import DeskMapping
from api.ingest.plan import PlacedRow, Plan
from api.ingest.report import Refusals, Report, Tally
from api.ingest.rows import Refusal, Row
from api.ingest.spool import LONGEST_CASE, Spool, spooled
from api.ingest.xes_rows import xes_rows
from domain.envelope import NewEvent
from domain.errors import InvalidEvent
from domain.instants import AHEAD, Instant
from eventstore.sealing import check

_TOLD_EVERY = 500
"""Cases between two words to the progress bar."""


class Progress(Protocol):
    """Told how far an import is: `done` of `total` bytes, cases or events."""

    def __call__(self, stage: str, done: int, total: int) -> None: ...


def silent(stage: str, done: int, total: int) -> None:
    """Tell nobody."""


@dataclass(frozen=True, slots=True)
class Job:
    """What is to be imported. `mapping` is None for JSON Lines of events; `now` bounds the instants that can be."""

    path: Path
    mapping: DeskMapping | None
    now: Instant
    strict: bool = False
    refused: Path | None = None
    """Where refused rows are written, as JSON Lines."""
    progress: Progress = silent

    @property
    def format(self) -> Format:
        return "jsonl" if self.mapping is None else self.mapping.format


@dataclass(frozen=True, slots=True)
class Prepared:
    """A log as events, ready to be appended, and what there is to report so far."""

    spool: Spool
    report: Report
    tally: Tally
    refusals: Refusals


@contextmanager
def prepared(job: Job) -> Iterator[Prepared]:
    """The log as events. Raises BadMapping, BadFile, StrictlyRefused."""
    plan = None if job.mapping is None else Plan(job.mapping, job.now + AHEAD)
    source = jsonl.SOURCE if job.mapping is None else job.mapping.source
    report = Report(job.path.name, source)
    with ExitStack() as stack:
        file = None if job.refused is None else stack.enter_context(_writable(job.refused))
        spool = stack.enter_context(spooled())
        preparation = Prepared(spool, report, Tally(report), Refusals(report.refused, file, strict=job.strict))
        if plan is None:
            _read_events(job, preparation)
        else:
            _read_rows(job, plan, preparation)
            _settle_rows(plan, preparation)
            _make_events(job, plan, preparation)
        yield preparation


def _read_events(job: Job, into: Prepared) -> None:
    """JSON Lines: each line is an event."""
    into.spool.keep_events(_events_of_lines(job, into), as_read=True)
    for line in into.spool.drop_repeated_events():
        into.tally.repeated(line, exact=True)


def _events_of_lines(job: Job, into: Prepared) -> Iterator[tuple[int, NewEvent]]:
    with _source(job) as source:
        for number, line in lines(source, jsonl.LONGEST_LINE):
            if line is not None and not line.strip():
                continue
            into.report.rows_read += 1
            if line is None:
                reason = f"this line is longer than {jsonl.LONGEST_LINE} bytes"
                into.refusals.add(Refusal(number, "TOO_LONG", reason))
                continue
            try:
                event = jsonl.parse_line(line.removeprefix(b"\xef\xbb\xbf") if number == 1 else line)
                check(event, job.now)
            except InvalidEvent as error:
                into.refusals.add(_refusal(number, error, line.decode(errors="replace")))
            else:
                yield number, event


def _read_rows(job: Job, plan: Plan, into: Prepared) -> None:
    with _source(job) as source:
        if plan.mapping.format == "csv":
            rows = CsvRows(source, plan.mapping.csv)
            plan.check_columns(set(rows.header))
            into.spool.name_columns(rows.header)
            into.spool.keep_rows(_placed(rows, plan, into))
        else:
            plan.check_columns({name for row in xes_rows(source) if isinstance(row, Row) for name in row.cells})
            source.seek(0)
            into.spool.keep_rows(_placed(xes_rows(source), plan, into))


def _placed(rows: Iterable[Row | Refusal], plan: Plan, into: Prepared) -> Iterator[PlacedRow]:
    for row in rows:
        into.report.rows_read += 1
        place = plan.place(row) if isinstance(row, Row) else row
        if isinstance(place, Refusal):
            into.refusals.add(place)
            continue
        if place.row.cut_short:
            into.tally.cut_short(place.row.line)
        yield place


def _settle_rows(plan: Plan, into: Prepared) -> None:
    """Take out rows that repeat others, and find the threads."""
    refused = plan.mapping.key.duplicates == "refused"
    for repeated in into.spool.drop_repeated():
        into.tally.repeated(repeated.line, exact=repeated.exact)
        if refused:
            into.refusals.add(Refusal(repeated.line, "DUPLICATE_KEY", "another row has the same key"))
    if plan.mapping.case.parent is not None:
        for line in into.spool.follow_threads():
            into.refusals.add(Refusal(line, "ENDLESS_THREAD", "the rows that this one answers go round in a circle"))


def _make_events(job: Job, plan: Plan, into: Prepared) -> None:
    total = into.spool.count_cases()
    into.spool.keep_events(_events_of_cases(job, plan, into, total))
    job.progress("ordering", total, total)


def _events_of_cases(job: Job, plan: Plan, into: Prepared, total: int) -> Iterator[tuple[int, NewEvent]]:
    for case, rows in into.spool.cases():
        into.report.cases += 1
        if into.report.cases % _TOLD_EVERY == 0:
            job.progress("ordering", into.report.cases, total)
        if len(rows) > LONGEST_CASE:
            reason = f"its case has more than {LONGEST_CASE} rows, and is left out whole"
            into.refusals.add(Refusal(rows[0].row.line, "CASE_TOO_LONG", reason))
            continue
        for made in plan.events(case, rows):
            refusal = made.refusal or _checked(made.line, made.events, job.now)
            if refusal is not None:
                into.refusals.add(refusal)
                continue
            into.report.rows_without_event += not made.events
            for event in made.events:
                yield made.line, event


def _checked(line: int, events: Iterable[NewEvent], now: Instant) -> Refusal | None:
    """Why the ledger would refuse one of these, if it would."""
    try:
        for event in events:
            check(event, now)
    except InvalidEvent as error:
        return _refusal(line, error, "")
    return None


def _refusal(line: int, error: InvalidEvent, row: str) -> Refusal:
    where = f" ({'.'.join(map(str, error.path))})" if error.path else ""
    return Refusal(line, error.detail or error.code, error.message + where, row)


@contextmanager
def _source(job: Job) -> Iterator[BinaryIO]:
    try:
        size = job.path.stat().st_size
    except OSError:
        size = 0  # opening it says what is the matter
    with opened(job.path, job.format, lambda done: job.progress("reading", done, size)) as source:
        yield source


@contextmanager
def _writable(path: Path) -> Iterator[IO[bytes]]:
    try:
        file = path.open("wb")
    except OSError as error:
        raise BadFile(f"{path} cannot be written: {error.strerror}", detail="CANNOT_WRITE") from None
    with file:
        yield file
