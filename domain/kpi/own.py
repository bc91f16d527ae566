"""Formulas of the asker's own: a KPI made on the spot over the measures that there are, validated as a declared one."""

from collections.abc import Iterable, Mapping
from types import MappingProxyType

from domain.errors import InvalidQuestion
from domain.kpi import measures
from domain.kpi.formula import Aggregate, Formula, Mean, Observed, Ratio, Sum, Term, mean, summed, terms_of
from domain.kpi.kpi import ALL_SLICES, EVERYBODY, NO_ACTOR, OPERATORS, Direction, Kpi, Unit, units_of
from domain.kpi.measures import Attribution, Marks, Measure
from domain.text import Text

OBSERVED: Mapping[str, Observed] = MappingProxyType(
    {
        (each.overall if isinstance(each, Marks) else each).name: each
        for each in vars(measures).values()
        if isinstance(each, Measure | Marks)
    }
)
"""Whatever a formula can be made of, by name."""
CODE = "OWN"
"""Where declared KPIs have their number in the catalogue."""
_LONGEST_NAME = 60
_MOST_TERMS = 20


def own_kpi(name: str, formula: Formula, *, unit: Unit | None, direction: Direction) -> Kpi:
    """A KPI of the asker's own. Whose acts count and along what it can be cut follow from its measures."""
    if not name.isascii() or not name.isidentifier() or len(name) > _LONGEST_NAME:
        raise InvalidQuestion(
            f"a formula is named by at most {_LONGEST_NAME} letters, digits and underscores", path=("formulas", "name")
        )
    possible = units_of(formula)
    wanted = unit or next(iter(possible), None)
    if wanted is None or wanted not in possible:
        fitting = ", ".join(possible) or "none"
        raise InvalidQuestion(f"{formula} has no unit {unit or ''}; it can have: {fitting}", path=("formulas", "unit"))
    nobodys = any(_measure(term).attribution is Attribution.NOBODY for term in terms_of(formula))
    return Kpi(
        name=name,
        code=CODE,
        version=1,
        title=Text(name, name, name, name),
        meaning=Text(*(str(formula) for _ in Text._fields)),
        formula=formula,
        unit=wanted,
        direction=direction,
        slices=NO_ACTOR if nobodys else ALL_SLICES,
        actor_types=EVERYBODY if nobodys else OPERATORS,
    )


def own_sum(terms: Iterable[Term]) -> Sum:
    """Terms added up, if they can be."""
    given = tuple(terms)
    if not 1 <= len(given) <= _MOST_TERMS:
        raise InvalidQuestion(f"a sum has 1 to {_MOST_TERMS} terms", path=("formulas",), detail="TOO_MANY")
    for term in given:
        if term.aggregate is Aggregate.TOTAL and not _measure(term).carries_amounts:
            raise InvalidQuestion(f"{term.name} is only counted: there is nothing to total", path=("formulas",))
    try:
        return summed(given)
    except TypeError as error:
        raise InvalidQuestion(str(error), path=("formulas",)) from None


def own_ratio(part: Sum, whole: Sum, times: int) -> Ratio:
    """One sum over another."""
    if not 1 <= times <= 1_000_000:
        raise InvalidQuestion("a ratio is taken 1 to 1,000,000 times", path=("formulas", "times"))
    return part / whole * times


def own_mean(observed: Observed) -> Mean:
    """The mean of what samples carry."""
    try:
        if isinstance(observed, Measure):
            return mean(observed)
        raise TypeError(f"{observed.overall.name} is only counted: there is nothing to take the mean of")
    except TypeError as error:
        raise InvalidQuestion(str(error), path=("formulas", "mean")) from None


def _measure(term: Term) -> Measure:
    return term.observed if isinstance(term.observed, Measure) else term.observed.overall
