"""The figures of a run for eyes and for machines."""

import os
import platform
import sys
from collections.abc import Sequence
from importlib.metadata import version
from pathlib import Path

import msgspec
from rich.console import Console
from rich.table import Table

from benchmarks.figures import Book, Figure, Verdict

PACKAGES = ("asyncpg", "msgspec", "cryptography", "uvicorn", "uvloop", "strawberry-graphql", "eventsourcing", "psycopg")


class Machine(msgspec.Struct):
    """What ran it; nothing that would name the machine."""

    processor: str
    cores: int
    memory_gb: int
    system: str
    python: str
    postgresql: str
    packages: dict[str, str]


class Judged(msgspec.Struct):
    bar: str
    measured: float | None
    at_least: float | None
    at_most: float | None
    scaled_by: float
    passed: bool | None


class Report(msgspec.Struct):
    events: int
    repetitions: int
    machine: Machine
    figures: list[Figure]
    bars: list[Judged]


def machine(postgresql: str) -> Machine:
    return Machine(
        processor=_processor(),
        cores=os.cpu_count() or 0,
        memory_gb=round(os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES") / 2**30),
        system=f"{platform.system()} {platform.machine()}",
        python=sys.version.split()[0],
        postgresql=postgresql,
        packages={name: version(name) for name in PACKAGES},
    )


def _processor() -> str:
    facts = Path("/proc/cpuinfo")
    if facts.exists():
        for line in facts.read_text().splitlines():
            if line.startswith("model name"):
                return line.partition(":")[2].strip()
    return platform.processor() or "unknown"


def write(path: Path, report: Report) -> None:
    path.write_bytes(msgspec.json.format(msgspec.json.encode(report), indent=2) + b"\n")


def write_into(document: Path, report: Report) -> None:
    """Put the run's table in the place of the one before, between the document's two marks."""
    before, begin, rest = document.read_text().partition(_BEGIN)
    _, end, after = rest.partition(_END)
    if not begin or not end:
        raise ValueError(f"{document.name} has no {_BEGIN} and {_END}")
    document.write_text(f"{before}{begin}\n\n{_markdown(report)}\n\n{end}{after}")


def _markdown(report: Report) -> str:
    facts = report.machine
    machine = f"{facts.cores} cores ({facts.processor}), {facts.memory_gb} GB, {facts.system}"
    lines = [
        f"{machine}, Python {facts.python}, PostgreSQL {facts.postgresql}; {report.events:,} events.",
        "",
        "| bar | asked | measured | |",
        "|---|---|---|---|",
        *(f"| {bar.bar} | {_asked(bar)} | {_measured(bar)} | {_WORDS[bar.passed]} |" for bar in report.bars),
        "",
        "| figure | median | unit | lowest to highest | runs | |",
        "|---|---|---|---|---|---|",
        *(
            f"| `{figure.name}` | {number(figure.value)} | {figure.unit} | "
            f"{number(min(figure.runs))} to {number(max(figure.runs))} | {len(figure.runs)} | {figure.note} |"
            for figure in report.figures
        ),
    ]
    return "\n".join(lines)


_BEGIN, _END = "<!-- latest run -->", "<!-- end of latest run -->"
_WORDS = {True: "pass", False: "**fail**", None: "not measured"}


def judged(verdict: Verdict) -> Judged:
    least = verdict.bar.at_least is not None
    return Judged(
        bar=verdict.bar.sentence,
        measured=verdict.measured,
        at_least=verdict.bound if least else None,
        at_most=None if least else verdict.bound,
        scaled_by=verdict.scaled_by,
        passed=verdict.passed,
    )


def show(console: Console, book: Book, verdicts: Sequence[Verdict]) -> None:
    console.print(_figures(book))
    console.print(_bars(verdicts))
    console.print(_calibrations(book, verdicts))


def _figures(book: Book) -> Table:
    table = Table("figure", "median", "unit", "lowest", "highest", "runs", "note", title="Figures")
    for figure in book.figures.values():
        shown = [number(value) for value in (figure.value, min(figure.runs), max(figure.runs))]
        table.add_row(figure.name, shown[0], figure.unit, *shown[1:], str(len(figure.runs)), figure.note)
    return table


def _bars(verdicts: Sequence[Verdict]) -> Table:
    table = Table("bar", "asked", "measured", "", title="Bars of speed")
    for verdict in verdicts:
        bar = judged(verdict)
        word = {True: "[green]PASS[/]", False: "[red]FAIL[/]", None: "-"}[bar.passed]
        table.add_row(bar.bar, _asked(bar), _measured(bar), word)
    return table


def _asked(bar: Judged) -> str:
    sign, bound = ("≥", bar.at_least) if bar.at_least is not None else ("≤", bar.at_most or 0.0)
    scaled = "" if bar.scaled_by == 1.0 else f", scaled by {bar.scaled_by:.2f}"
    return f"{sign} {number(bound)}{scaled}"


def _measured(bar: Judged) -> str:
    return "not measured" if bar.measured is None else number(bar.measured)


def _calibrations(book: Book, verdicts: Sequence[Verdict]) -> str:
    """How this machine stands to the one whose figures the absolute bars were taken from."""
    used = {verdict.bar.calibration: None for verdict in verdicts if verdict.bar.calibration is not None}
    ratios = [
        f"{one.figure} {book.value(one.figure) / one.reference:.2f}" for one in used if one.figure in book.figures
    ]
    return f"This run against the reference machine: {', '.join(ratios) or 'not compared'}."


def number(value: float) -> str:
    """With as many digits as can be trusted."""
    return f"{value:,.0f}" if abs(value) >= 100 else f"{value:.3g}"
