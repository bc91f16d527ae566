"""How long `deskledger serve` takes from nothing to ready, on a filled database."""

from pathlib import Path
from time import perf_counter

from benchmarks import calibration
from benchmarks.figures import Bar
from benchmarks.harness import Bench
from benchmarks.ledger import large
from benchmarks.serving import served

BARS = (
    Bar(
        "Start of `deskledger serve`, the embedded PostgreSQL included, to ready, s",
        "starting.embedded",
        at_most=2,
        calibration=calibration.BY_FOLD,
    ),
)


def measure(bench: Bench) -> None:
    desk = large(bench)
    bench.server.settle()
    for _ in range(bench.repetitions):
        bench.book.add("starting.url", "s", _started(desk.place.home, desk.place.url), "the database runs already")
    with bench.server.stopped():
        for _ in range(bench.repetitions):
            bench.book.add("starting.embedded", "s", _started(desk.place.home), "the database is started, too")


def _started(home: Path, url: str = "") -> float:
    began = perf_counter()
    with served(home, url):
        return perf_counter() - began
