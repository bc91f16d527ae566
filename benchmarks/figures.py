"""Figures of one run, and the bars that they are held against."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from statistics import median


@dataclass(frozen=True, slots=True)
class Figure:
    """One thing measured, as often as it was measured. `value` is the median."""

    name: str
    unit: str
    runs: tuple[float, ...]
    note: str = ""

    @property
    def value(self) -> float:
        return median(self.runs)


@dataclass(slots=True)
class Book:
    """All figures of a run, in the order in which they were first taken."""

    figures: dict[str, Figure] = field(default_factory=dict)

    def add(self, name: str, unit: str, value: float, note: str = "") -> None:
        """One more repetition of a figure."""
        known = self.figures.get(name)
        runs = (*known.runs, value) if known else (value,)
        self.figures[name] = Figure(name, unit, runs, note or (known.note if known else ""))

    def value(self, name: str) -> float:
        return self.figures[name].value


@dataclass(frozen=True, slots=True)
class Calibration:
    """A figure of the machine alone, and what `reference` machine gave for it: absolute bars scale with their ratio
    where that is off by more than a fifth."""

    figure: str
    reference: float

    def factor(self, book: Book) -> float:
        speed = book.value(self.figure) / self.reference
        return speed if abs(speed - 1) > 0.2 else 1.0


@dataclass(frozen=True, slots=True)
class Bar:
    """What must hold of figures. A ratio (`over` another figure of the same run) is held against as it is; an absolute
    bar (without `over`) is scaled by its calibration: rates with the machine's speed, times against it."""

    sentence: str
    of: str
    over: str | None = None
    at_least: float | None = None
    at_most: float | None = None
    calibration: Calibration | None = None


@dataclass(frozen=True, slots=True)
class Verdict:
    bar: Bar
    measured: float | None
    """None where a figure was not taken in this run."""
    bound: float
    scaled_by: float

    @property
    def passed(self) -> bool | None:
        if self.measured is None:
            return None
        return self.measured >= self.bound if self.bar.at_least is not None else self.measured <= self.bound


def judge(bars: Iterable[Bar], book: Book) -> list[Verdict]:
    return [_verdict(bar, book) for bar in bars]


def _verdict(bar: Bar, book: Book) -> Verdict:
    figures: Mapping[str, Figure] = book.figures
    factor = bar.calibration.factor(book) if bar.calibration and bar.calibration.figure in figures else 1.0
    bound = bar.at_least * factor if bar.at_least is not None else (bar.at_most or 0.0) / factor
    measured = None
    if bar.of in figures and (bar.over is None or bar.over in figures):
        measured = figures[bar.of].value / (figures[bar.over].value if bar.over else 1.0)
    return Verdict(bar, measured, bound, factor)
