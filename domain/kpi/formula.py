"""Formulas: what a KPI is made of. Sums of measures, a ratio of two of them, or the mean of durations.

count(REPLY_SENT)
count(ENDED_WITHOUT_REPLY) / count(ENDED_ANSWERED, ENDED_WITH_OPEN_TURN, ENDED_WITHOUT_REPLY)
mean(FIRST_RESPONSE)
count(PROCESSED)        marks: distinct, so by operator, by team and in all they are three different counts
"""

from collections.abc import Collection
from dataclasses import dataclass

from domain.kpi.measures import Marks, Measure, Unit
from domain.kpi.question import Dimension

Term = Measure | Marks


def measure_for(term: Term, dimensions: Collection[Dimension]) -> Measure:
    """The measure that counts a term, when figures are cut along these dimensions."""
    if isinstance(term, Measure):
        return term
    if Dimension.OPERATOR in dimensions:
        return term.by_operator
    return term.by_team if Dimension.TEAM in dimensions else term.overall


@dataclass(frozen=True, slots=True)
class Count:
    """How many samples there are of any of the terms."""

    terms: tuple[Term, ...]

    def __truediv__(self, whole: "Count") -> "Ratio":
        return Ratio(self, whole)

    def __str__(self) -> str:
        return " + ".join(f"n({_name(term)})" for term in self.terms)


@dataclass(frozen=True, slots=True)
class Ratio:
    """One count over another."""

    part: Count
    whole: Count

    def __str__(self) -> str:
        return f"({self.part}) / ({self.whole})"


@dataclass(frozen=True, slots=True)
class Mean:
    """The mean of durations in seconds; median, percentiles and extremes come beside it."""

    measure: Measure

    def __str__(self) -> str:
        return f"mean({self.measure.name})"


Formula = Count | Ratio | Mean


def count(*terms: Term) -> Count:
    """How many samples there are of any of `terms`."""
    return Count(terms)


def mean(measure: Measure) -> Mean:
    """The mean of a measure of durations."""
    if measure.unit is not Unit.SECONDS:
        raise TypeError(f"{measure.name} has no duration to take the mean of")
    return Mean(measure)


def terms_of(formula: Formula) -> tuple[Term, ...]:
    """All terms of a formula."""
    match formula:
        case Count(terms):
            return terms
        case Ratio(part, whole):
            return part.terms + whole.terms
        case Mean(measure):
            return (measure,)


def _name(term: Term) -> str:
    return term.name if isinstance(term, Measure) else term.overall.name
