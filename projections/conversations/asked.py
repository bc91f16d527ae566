"""Which KPIs a question asks for, and whether it makes sense to ask for them so."""

from collections.abc import Sequence

from domain.errors import InvalidQuestion
from domain.kpi.catalogue import kpi as kpi_named
from domain.kpi.formula import Aggregate, measure_for, terms_of
from domain.kpi.kpi import Kpi
from domain.kpi.measures import Unit
from domain.kpi.periods import MOST_PIECES
from domain.kpi.question import Anchor, Comparison, Dimension, Question

MOST_ROWS = MOST_PIECES * 10


def asked(question: Question) -> list[Kpi]:
    """The KPIs, each of which can be cut in the way that is asked for."""
    if unknown := set(question.versions) - set(question.kpis):
        raise InvalidQuestion(f"versions of what is not asked for: {', '.join(sorted(unknown))}", path=("versions",))
    named = [kpi_named(name, question.versions.get(name)) for name in dict.fromkeys(question.kpis)]
    kpis = [*named, *question.own]
    if not kpis:
        raise InvalidQuestion("name at least one KPI", path=("kpis",))
    if question.compare_to is Comparison.TEAM and Dimension.OPERATOR not in question.group_by:
        raise InvalidQuestion(
            "only operators have a team to be compared with: group by operator", path=("compareTo",), detail="NO_TEAM"
        )
    for kpi in kpis:
        _demand_slices(kpi, question)
        _demand_needs(kpi, question)
        _demand_anchor(kpi, question)
    return kpis


def demand_size(kpis: Sequence[Kpi], groups: int, pieces: int) -> None:
    """The answer is one that somebody can look at."""
    if len(kpis) * groups * pieces > MOST_ROWS:
        raise InvalidQuestion(
            f"the answer has more than {MOST_ROWS} rows; ask for fewer groups or pieces", path=("interval",)
        )


def _demand_slices(kpi: Kpi, question: Question) -> None:
    for where, dimensions in (("group_by", question.group_by), ("where", tuple(question.where))):
        for dimension in dimensions:
            reason = kpi.refusal(dimension)
            if reason is not None:
                raise InvalidQuestion(
                    f"{kpi.name} has no {dimension}: {reason}", path=(where,), detail="SLICE_MAKES_NO_SENSE"
                )


def _demand_needs(kpi: Kpi, question: Question) -> None:
    for dimension in kpi.needs:
        if dimension not in question.group_by and len(question.where.get(dimension, ())) != 1:
            raise InvalidQuestion(
                f"{kpi.name} mixes what cannot be compared: group by {dimension}, or restrict it to one",
                path=("group_by",),
                detail="SLICE_NEEDED",
            )


def _demand_anchor(kpi: Kpi, question: Question) -> None:
    if question.anchor is Anchor.STOPPED:
        return
    dimensions = {*question.group_by, *question.where}
    measures = [(term, measure_for(term.observed, dimensions)) for term in terms_of(kpi.formula)]
    if len({measure.unit is Unit.SECONDS for _, measure in measures}) > 1:
        raise InvalidQuestion(
            f"{kpi.name} has no cohort: only part of what it counts has a beginning of its own",
            path=("anchor",),
            detail="NO_COHORT",
        )
    for term, measure in measures:
        if measure.spread or term.aggregate is Aggregate.SO_FAR:
            raise InvalidQuestion(
                f"{kpi.name} has no cohort: its time counts where it passed, whenever it began",
                path=("anchor",),
                detail="NO_COHORT",
            )
