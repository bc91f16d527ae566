"""What every subject gets, and how subjects run one after another."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from time import perf_counter
from typing import TYPE_CHECKING, Protocol

from rich.console import Console

from benchmarks.figures import Bar, Book
from benchmarks.server import Server

if TYPE_CHECKING:
    from benchmarks.ledger import Desk


@dataclass(slots=True)
class Bench:
    """One run: where to measure, how much, and where the figures go."""

    server: Server
    events: int
    """The size of the large log; the small one has a tenth of it."""
    repetitions: int = 5
    seconds: int = 3
    """How long one repetition of a short figure may take."""
    console: Console = field(default_factory=lambda: Console(stderr=True))
    book: Book = field(default_factory=Book)
    desks: "dict[str, Desk]" = field(default_factory=dict)
    """What was filled once, for all subjects that ask it."""

    def interleaved(self, contenders: Sequence[Callable[[], None]], repetitions: int | None = None) -> None:
        """Run all contenders once, then all of them again, ...: what slows the machine for a while slows each."""
        for number in range(repetitions or self.repetitions):
            self.console.print(f"  repetition {number + 1}", style="dim")
            for contender in contenders:
                contender()


class Subject(Protocol):
    """A module of `benchmarks` that measures one thing."""

    BARS: tuple[Bar, ...]

    def measure(self, bench: Bench) -> None: ...


def run(bench: Bench, subjects: Mapping[str, Callable[[Bench], None]]) -> None:
    for name, measure in subjects.items():
        bench.console.print(f"[bold]{name}[/]")
        began = perf_counter()
        measure(bench)
        bench.console.print(f"  took {perf_counter() - began:.0f} s", style="dim")
