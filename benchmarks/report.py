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

from benchmarks.figures import Bar, Book, Figure, Verdict

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
        asked = f"{'≥' if verdict.bar.at_least is not None else '≤'} {number(verdict.bound)}"
        if verdict.scaled_by != 1.0:
            asked += f" ({_unscaled(verdict.bar)} scaled by {verdict.scaled_by:.2f})"
        measured = "not measured" if verdict.measured is None else number(verdict.measured)
        word = {True: "[green]PASS[/]", False: "[red]FAIL[/]", None: "-"}[verdict.passed]
        table.add_row(verdict.bar.sentence, asked, measured, word)
    return table


def _calibrations(book: Book, verdicts: Sequence[Verdict]) -> str:
    """How this machine stands to the one whose figures the absolute bars were taken from."""
    used = {verdict.bar.calibration: None for verdict in verdicts if verdict.bar.calibration is not None}
    ratios = [
        f"{one.figure} {book.value(one.figure) / one.reference:.2f}" for one in used if one.figure in book.figures
    ]
    return f"This run against the reference machine: {', '.join(ratios) or 'not compared'}."


def _unscaled(bar: Bar) -> str:
    return number(bar.at_least if bar.at_least is not None else bar.at_most or 0.0)


def number(value: float) -> str:
    """With as many digits as can be trusted."""
    return f"{value:,.0f}" if abs(value) >= 100 else f"{value:.3g}"
