"""Reads what figures are made of, once for all KPIs that need the same, and applies their formulas."""

from collections import defaultdict
from collections.abc import Callable, Sequence
from dataclasses import replace
from uuid import UUID

from domain.instants import EARLIEST, Instant
from domain.kpi import certainty
from domain.kpi.formula import Aggregate, Mean, Observed, Sum, Tally, Term, evaluate, measure_for, terms_of
from domain.kpi.kpi import Kpi
from domain.kpi.measures import Marks, Measure
from domain.kpi.question import Clock, Detail, Dimension, Figure, PartOf, Question, Range, Spread
from domain.words import ActorType
from eventstore.database import Session
from projections.conversations.cells import Sums
from projections.conversations.sampled import Found
from projections.conversations.slices import Group, Slice
from projections.conversations.spread import Spreads, read_spreads
from projections.conversations.sums import read_sums

Figures = dict[tuple[str, Group, int], Figure]
"""(KPI, group, index of the piece) -> figure."""
_NOTHING = Sums()
_WITHHELD = "it rests on fewer than {} answers, which is too few to say something of one operator"


class FigureReader:
    """Figures of one question's slice, of one generation of the tables. `now` decides what has matured or fallen due,
    and nothing else."""

    def __init__(self, connection: Session, workspace: UUID, generation: int, question: Question, now: Instant) -> None:
        self._connection = connection
        self._question = question
        self._now = now
        self._slice = slice_of(workspace, generation, question)

    async def read(self, kpis: Sequence[Kpi], cut: Sequence[Range]) -> Figures:
        """The figures of everything that was counted."""
        alike: defaultdict[tuple[object, ...], list[Kpi]] = defaultdict(list)
        for kpi in kpis:
            alike[actor_types_of(kpi, self._question), kpi.matures_after].append(kpi)
        figures: Figures = {}
        for together in alike.values():
            figures.update(await self._read_alike(together, cut))
        return figures

    async def _read_alike(self, kpis: Sequence[Kpi], cut: Sequence[Range]) -> Figures:
        """KPIs that count the same actors' acts, and mature alike."""
        end = self._now - kpis[0].matures_after
        mature = until(cut, end)
        if not mature:
            return {}
        slice_ = replace(self._slice, actor_types=actor_types_of(kpis[0], self._question))
        terms = dict.fromkeys(term for kpi in kpis for term in _terms(kpi))
        now = await self._sums(slice_, [term for term in terms if term.aggregate is not Aggregate.SO_FAR], mature)
        so_far = await self._sums_so_far(slice_, [term for term in terms if term.aggregate is Aggregate.SO_FAR], mature)
        figures: Figures = {}
        for kpi in kpis:
            spreads = await self._spreads(kpi, slice_, mature, now)
            for where in {(group, index) for _, group, index in (*now, *so_far)}:
                figure = self._figure(kpi, self._tally(now, so_far, where), spreads.get(where))
                late = kpi.matures_after > 0 and cut[where[1]].until > end
                figures[kpi.name, *where] = replace(figure, provisional=True) if late else figure
        return figures

    async def _spreads(self, kpi: Kpi, slice_: Slice, cut: Sequence[Range], found: Found) -> Spreads:
        question = self._question
        if not question.details or not isinstance(kpi.formula, Mean):
            return {}
        extremes = Detail.EXTREMES in question.details
        measure = kpi.formula.measure
        return await read_spreads(self._connection, slice_, measure, cut, found, question.clock, extremes=extremes)

    async def _sums(self, slice_: Slice, terms: Sequence[Term], cut: Sequence[Range]) -> Found:
        found: Found = {}
        for distinct in (False, True):
            measures = {
                self._measure(term): None for term in terms if is_distinct(term.observed, self._question) is distinct
            }
            if measures:
                sliced = replace(slice_, measures=tuple(measures), distinct=distinct)
                found.update(await read_sums(self._connection, sliced, cut))
        return found

    async def _sums_so_far(self, slice_: Slice, terms: Sequence[Term], cut: Sequence[Range]) -> Found:
        """What there is from the beginning until the end of each piece."""
        each = await self._sums(slice_, terms, [Range(EARLIEST, cut[0].until), *cut[1:]])
        found: Found = {}
        for code, group in {(code, group) for code, group, _ in each}:
            before = _NOTHING
            for index in range(len(cut)):
                until_now = Sums()
                until_now.merge(before)
                until_now.merge(each.get((code, group, index), _NOTHING))
                before = found[code, group, index] = until_now
        return found

    def _tally(self, now: Found, so_far: Found, where: tuple[Group, int]) -> Callable[[Term], Tally]:
        def tally(term: Term) -> Tally:
            known = so_far if term.aggregate is Aggregate.SO_FAR else now
            sums = known.get((self._measure(term).code, *where), _NOTHING)
            return Tally(sums.n, sums.business if self._question.clock is Clock.BUSINESS else sums.calendar)

        return tally

    def _figure(self, kpi: Kpi, tally: Callable[[Term], Tally], spread: Spread | None) -> Figure:
        found = evaluate(kpi.formula, tally)
        figure = Figure(
            *found,
            certainty=certainty.of_spread(spread, found.n) if spread else certainty.of_counts(kpi, tally),
            parts=tuple(PartOf(part.name, evaluate(part.formula, tally).value) for part in kpi.parts),
            spread=spread if self._question.details & {Detail.SPREAD, Detail.EXTREMES} else None,
        )
        least = kpi.least_n_by_operator
        if Dimension.OPERATOR in self._slice.dimensions and 0 < figure.n < least:
            return replace(figure, value=None, certainty=None, withheld=_WITHHELD.format(least))
        return figure

    def _measure(self, term: Term) -> Measure:
        return measure_for(term.observed, self._slice.dimensions)


def slice_of(workspace: UUID, generation: int, question: Question) -> Slice:
    """What a question sums, before it is said which measures, and whose acts."""
    return Slice(
        workspace=workspace,
        generation=generation,
        measures=(),
        actor_types=(),
        group_by=question.group_by,
        where=question.where,
        histograms=bool(question.details),
        standings=question.standings,
        anchor=question.anchor,
        as_of=None if question.as_of is None else question.as_of.number,
        certain=question.certain,
    )


def actor_types_of(kpi: Kpi, question: Question) -> tuple[ActorType, ...]:
    """Customers' acts are nobody's: whose acts count is no question there."""
    if Dimension.OPERATOR not in kpi.slices or question.actor_types is None:
        return kpi.actor_types
    return question.actor_types


def is_distinct(observed: Observed, question: Question) -> bool:
    """Whether one episode may have several of the samples that a figure sums."""
    if not isinstance(observed, Marks):
        return False
    measure = measure_for(observed, {*question.group_by, *question.where})
    owner = {observed.by_operator: Dimension.OPERATOR, observed.by_team: Dimension.TEAM}.get(measure)
    return owner is not None and owner not in question.group_by and len(question.where[owner]) > 1


def until(cut: Sequence[Range], end: Instant) -> list[Range]:
    """The pieces as far as an instant. They keep their places, since those after it come last."""
    return [Range(piece.since, min(piece.until, end)) for piece in cut if piece.since < end]


def uncounted(kpi: Kpi) -> Figure:
    """The figure where there is nothing."""
    nothing = None if isinstance(kpi.formula, Sum) else 0
    return Figure(None, 0, nothing, 0, parts=tuple(PartOf(part.name, None) for part in kpi.parts))


def _terms(kpi: Kpi) -> list[Term]:
    return [term for formula in (kpi.formula, *(part.formula for part in kpi.parts)) for term in terms_of(formula)]
