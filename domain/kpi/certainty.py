"""How sure a figure is: the interval of a share, of a difference of shares, of a mean."""

from collections.abc import Callable
from decimal import Decimal

from domain import statistics
from domain.kpi.formula import Aggregate, Ratio, Tally, Term, terms_of
from domain.kpi.kpi import Kpi, Unit
from domain.kpi.question import Certainty, Spread, rounded


def of_counts(kpi: Kpi, tally: Callable[[Term], Tally]) -> Certainty | None:
    """For shares and points, which are their own variance; None for anything else and where nothing was counted."""
    formula = kpi.formula
    if not isinstance(formula, Ratio) or not _counts_only(formula):
        return None

    def counted(sign: int) -> int:
        return sum(tally(term).n for term in formula.part.terms if term.sign == sign)

    whole = sum(term.sign * tally(term).n for term in formula.whole.terms)
    if kpi.unit is Unit.SHARE:
        return _told(statistics.wilson(counted(1) - counted(-1), whole))
    if kpi.unit is Unit.POINTS:
        return _told(statistics.of_net_share(counted(1), counted(-1), whole), times=formula.times)
    return None


def of_spread(spread: Spread, n: int) -> Certainty | None:
    """For means; None for fewer than two samples."""
    return _told(statistics.of_mean(float(spread.mean), float(spread.variance), n))


def _counts_only(formula: Ratio) -> bool:
    return all(term.aggregate is Aggregate.COUNT for term in terms_of(formula))


def _told(bounds: statistics.Bounds | None, times: int = 1) -> Certainty | None:
    if bounds is None:
        return None
    return Certainty(*(rounded(Decimal(bound * times)) for bound in bounds))
