"""Formulas: what a KPI is made of. Sums over samples, ratios of two such sums, or the mean of amounts.

count(REPLY_SENT)
count(ENDED_WITHOUT_REPLY) / count(ENDED_ANSWERED, ENDED_WITH_OPEN_TURN, ENDED_WITHOUT_REPLY)
mean(FIRST_RESPONSE)
count(PROCESSED)                              marks: distinct, so by operator, by team and in all they are three counts
count(CONVERSATION_OPENED) - count(ENDED)     may be negative
total(TALK, HOLD) / total(ONLINE)             seconds over seconds, by the clock that is asked for
total(COST) / total(HANDLING) * 60            so much for each minute
net_share(PROMOTER, DETRACTOR, SURVEY_ANSWERED)    points, -100 to 100
standing(BACKLOG_ENTERED, BACKLOG_LEFT)       how many stand at the end of each piece of the range

`evaluate` applies a formula to sums: the resolver's, or those of samples counted one by one.
"""

from collections.abc import Callable, Collection
from dataclasses import dataclass, replace
from decimal import Decimal
from enum import StrEnum
from typing import NamedTuple

from domain.kpi.measures import Marks, Measure, Unit
from domain.kpi.question import Dimension, rounded

Observed = Measure | Marks


def measure_for(observed: Observed, dimensions: Collection[Dimension]) -> Measure:
    """The measure that counts what is observed, when figures are cut along these dimensions."""
    if isinstance(observed, Measure):
        return observed
    if Dimension.OPERATOR in dimensions:
        return observed.by_operator
    return observed.by_team if Dimension.TEAM in dimensions else observed.overall


class Aggregate(StrEnum):
    """What is made of the samples of a term."""

    COUNT = "n"
    """How many there are in the piece."""
    TOTAL = "sum"
    """Their seconds by the clock that is asked for, or their values."""
    SO_FAR = "so_far"
    """How many there are from the beginning of the ledger until the end of the piece."""


@dataclass(frozen=True, slots=True)
class Term:
    """One thing summed, to be added (sign 1) or taken away (-1)."""

    aggregate: Aggregate
    observed: Observed
    sign: int = 1

    @property
    def name(self) -> str:
        return (self.observed if isinstance(self.observed, Measure) else self.observed.overall).name

    @property
    def unit(self) -> Unit:
        """The unit of what the term yields."""
        if self.aggregate is Aggregate.TOTAL and isinstance(self.observed, Measure):
            return self.observed.unit
        return Unit.COUNT


@dataclass(frozen=True, slots=True)
class Sum:
    """Terms added up."""

    terms: tuple[Term, ...]

    def __add__(self, other: "Sum") -> "Sum":
        return summed(self.terms + other.terms)

    def __sub__(self, other: "Sum") -> "Sum":
        return summed(self.terms + tuple(replace(term, sign=-term.sign) for term in other.terms))

    def __truediv__(self, whole: "Sum") -> "Ratio":
        return Ratio(self, whole)

    @property
    def unit(self) -> Unit:
        """The unit of all its terms."""
        return self.terms[0].unit

    @property
    def is_difference(self) -> bool:
        return any(term.sign < 0 for term in self.terms)

    def __str__(self) -> str:
        words = "".join(f" {'+' if term.sign > 0 else '-'} {term.aggregate}({term.name})" for term in self.terms)
        return words.removeprefix(" + ").lstrip()


@dataclass(frozen=True, slots=True)
class Ratio:
    """One sum over another, so many `times`."""

    part: Sum
    whole: Sum
    times: int = 1

    def __mul__(self, times: int) -> "Ratio":
        return replace(self, times=self.times * times)

    def __str__(self) -> str:
        return f"({self.part}) / ({self.whole})" + (f" * {self.times}" if self.times != 1 else "")


@dataclass(frozen=True, slots=True)
class Mean:
    """The mean of what the samples of a measure carry, seconds or values; median, percentiles and extremes come
    beside it."""

    measure: Measure

    def __str__(self) -> str:
        return f"mean({self.measure.name})"


Formula = Sum | Ratio | Mean


def count(*observed: Observed) -> Sum:
    """How many samples there are of any of these."""
    return summed(tuple(Term(Aggregate.COUNT, each) for each in observed))


def total(*measures: Measure) -> Sum:
    """All seconds (by the clock that is asked for), or all of a value, that the samples of these measures carry."""
    for measure in measures:
        _demand_amounts(measure)
    return summed(tuple(Term(Aggregate.TOTAL, measure) for measure in measures))


def standing(entered: Measure, *left: Measure) -> Sum:
    """How many stand at the end of each piece: all that entered until then, less all that left. All are observed in
    the same place (operator, team and so on), so that any slice can be asked for."""
    return Sum((Term(Aggregate.SO_FAR, entered), *[Term(Aggregate.SO_FAR, measure, sign=-1) for measure in left]))


def mean(measure: Measure) -> Mean:
    """The mean of a measure of durations or values."""
    _demand_amounts(measure)
    return Mean(measure)


def net_share(plus: Measure, minus: Measure, whole: Measure) -> Ratio:
    """The share of one thing less the share of its opposite, in points from -100 to 100."""
    return (count(plus) - count(minus)) / count(whole) * 100


def terms_of(formula: Formula) -> tuple[Term, ...]:
    """All terms of a formula."""
    match formula:
        case Sum(terms):
            return terms
        case Ratio(part, whole):
            return part.terms + whole.terms
        case Mean(measure):
            return (Term(Aggregate.TOTAL, measure),)


def measures_of(formula: Formula) -> tuple[Measure, ...]:
    """What a formula counts, each once; of marks the one in all."""
    observed = dict.fromkeys(term.observed for term in terms_of(formula))
    return tuple(each if isinstance(each, Measure) else each.overall for each in observed)


def is_timed(formula: Formula) -> bool:
    """Whether it adds up time, so that it matters by which clock."""
    return any(term.unit is Unit.SECONDS for term in terms_of(formula))


class Tally(NamedTuple):
    """How many samples there are, and what they carry in all: seconds by the clock asked for, or a value."""

    n: int = 0
    amount: int = 0


class Evaluated(NamedTuple):
    """A formula's figure. `value` is None where nothing was counted; `denominator` where there is none; `n`: how many
    samples it rests on (the denominator's, where there is one; of a standing, how many stand)."""

    value: Decimal | None
    numerator: int
    denominator: int | None
    n: int


def evaluate(formula: Formula, tally: Callable[[Term], Tally]) -> Evaluated:
    """The figure that a formula makes of sums: `tally` has those of each term."""
    match formula:
        case Sum(terms):
            tallies = [tally(term) for term in terms]
            amount = _amount(terms, tallies)
            scale = _scale(formula)
            counted = any(each.n for each in tallies)
            n = amount if terms[0].aggregate is Aggregate.SO_FAR else sum(each.n for each in tallies)
            return Evaluated(rounded(Decimal(amount) / scale) if counted else None, amount, None, n)
        case Ratio(part, whole, times):
            numerator = _amount(part.terms, [tally(term) for term in part.terms])
            tallies = [tally(term) for term in whole.terms]
            denominator = _amount(whole.terms, tallies)
            factor = Decimal(times) * _scale(whole) / _scale(part)
            if part.unit is Unit.MONEY and not any(tally(term).n for term in part.terms):
                return Evaluated(None, 0, denominator, 0)  # what was not recorded is unknown, not free
            n = sum(term.sign * each.n for term, each in zip(whole.terms, tallies, strict=True))
            return _quotient(numerator, denominator, n, factor)
        case Mean(measure):
            n, amount = tally(Term(Aggregate.TOTAL, measure))
            return _quotient(amount, n, n, Decimal(1) / measure.scale)


def _quotient(part: int, whole: int, n: int, factor: Decimal) -> Evaluated:
    return Evaluated(None if whole == 0 else rounded(Decimal(part) * factor / whole), part, whole, n)


def _amount(terms: Collection[Term], tallies: Collection[Tally]) -> int:
    return sum(
        term.sign * (each.amount if term.aggregate is Aggregate.TOTAL else each.n)
        for term, each in zip(terms, tallies, strict=True)
    )


def _scale(summed: Sum) -> int:
    """How many stored units make one."""
    term = summed.terms[0]
    carries = term.aggregate is Aggregate.TOTAL and isinstance(term.observed, Measure)
    return term.observed.scale if carries and isinstance(term.observed, Measure) else 1


def summed(terms: tuple[Term, ...]) -> Sum:
    """Terms added up. Raises TypeError where they cannot be: seconds and counts, say."""
    if not terms:
        raise TypeError("a sum of nothing is no formula")
    together = Sum(terms)
    if len({(term.unit, _scale(Sum((term,)))) for term in terms}) > 1:
        raise TypeError(f"{together} adds up different units")
    if len({term.aggregate is Aggregate.SO_FAR for term in terms}) > 1:
        raise TypeError(f"{together} adds what stands to what happened")
    return together


def _demand_amounts(measure: Measure) -> None:
    if not measure.carries_amounts:
        raise TypeError(f"samples of {measure.name} are only counted: they carry neither seconds nor a value")
