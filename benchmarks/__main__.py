"""`python -m benchmarks [--full] [--only NAME] [--json FILE] [--strict]`."""

import argparse
import sys
from importlib import import_module
from pathlib import Path

from rich.console import Console

from benchmarks import calibration, report
from benchmarks.figures import Bar, judge
from benchmarks.harness import Bench, Subject, run
from benchmarks.server import temporary_server

SUBJECTS = ("append", "projecting", "questions", "finding", "lag", "proofs", "starting")
"""Modules of this package, in the order in which they run."""


def main() -> int:
    options = _options()
    subjects: dict[str, Subject] = {name: import_module(f"benchmarks.{name}") for name in options.only or SUBJECTS}
    bars: list[Bar] = [bar for subject in subjects.values() for bar in subject.BARS]
    with temporary_server() as server:
        bench = Bench(server, options.events, repetitions=options.repetitions)
        measures = {name: subject.measure for name, subject in subjects.items()}
        run(bench, {"calibration": calibration.measure, **measures})
        postgresql = server.setting("server_version")
    verdicts = judge(bars, bench.book)
    report.show(Console(width=160), bench.book, verdicts)
    written = report.Report(
        events=options.events,
        repetitions=options.repetitions,
        machine=report.machine(postgresql),
        figures=list(bench.book.figures.values()),
        bars=[report.judged(verdict) for verdict in verdicts],
    )
    if options.json:
        report.write(options.json, written)
    if options.document:
        report.write_into(options.document, written)
    return 1 if options.strict and not all(verdict.passed for verdict in verdicts) else 0


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m benchmarks", description="Measure Deskledger's speed.")
    parser.add_argument("--full", action="store_const", dest="events", const=10_000_000, help="10,000,000 events")
    parser.add_argument("--events", type=int, help="size of the large log (1,000,000)")
    parser.add_argument("--only", action="append", choices=SUBJECTS, help="this subject only; may be repeated")
    parser.add_argument("--repetitions", type=int, default=5, help="of short figures; medians are shown (5)")
    parser.add_argument("--json", type=Path, help="write all figures there too")
    parser.add_argument("--document", type=Path, help="put the tables into this document, such as docs/benchmarks.md")
    parser.add_argument("--strict", action="store_true", help="end with an error where a bar is missed")
    parser.set_defaults(events=1_000_000)
    return parser.parse_args()


if __name__ == "__main__":
    sys.exit(main())
