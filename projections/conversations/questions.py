"""The one resolver of every KPI: tiles, tables, charts, files and alerts all ask here."""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import replace
from uuid import UUID
from zoneinfo import ZoneInfo

from domain.errors import InvalidQuestion
from domain.instants import EARLIEST, Instant
from domain.kpi.catalogue import kpi as kpi_named
from domain.kpi.formula import Aggregate, Mean, Observed, Sum, Tally, Term, evaluate, measure_for, terms_of
from domain.kpi.kpi import Kpi
from domain.kpi.measures import Marks, Measure
from domain.kpi.periods import MOST_PIECES, pieces, previous, zone_of
from domain.kpi.question import Answer, Clock, Dimension, Figure, Question, Range, Row, Spread
from domain.words import ActorType
from eventstore.database import Session
from projections.conversations.cells import Sums
from projections.conversations.project import NAME
from projections.conversations.spread import read_spreads
from projections.conversations.sums import Group, Slice, Spot, read_sums
from projections.serving import serving

_NOTHING = Sums()


async def answer(connection: Session, workspace: UUID, question: Question, *, now: Instant) -> Answer:
    """Answer a question in the caller's snapshot. `now` decides what has matured, and nothing else.

    Raises `InvalidQuestion` where a range, zone, KPI or slice makes no sense.
    """
    kpis = _asked(question)
    zone = zone_of(question.zone)
    state = await serving(connection, workspace, NAME)
    reader = _Reader(connection, workspace, state.generation, question, now)
    current = await reader.figures(kpis, pieces(question.range, question.interval, zone))
    before: dict[tuple[str, Group, int], Figure] = {}
    if question.compare_to is not None:
        earlier = previous(question.range, zone)
        before = await reader.figures(kpis, pieces(earlier, question.interval, zone))
    rows = _rows(question, zone, kpis, current, before)
    return Answer(as_of=state.checkpoint, as_of_recorded_at=state.recorded_at, rows=tuple(rows))


def _asked(question: Question) -> list[Kpi]:
    """The KPIs, each of which can be cut in the way that is asked for."""
    if not question.kpis:
        raise InvalidQuestion("name at least one KPI", path=("kpis",))
    kpis = [kpi_named(name) for name in dict.fromkeys(question.kpis)]
    for kpi in kpis:
        for where, dimensions in (("group_by", question.group_by), ("where", tuple(question.where))):
            for dimension in dimensions:
                if dimension not in kpi.slices:
                    raise InvalidQuestion(
                        f"{kpi.name} has no {dimension}: what customers do is nobody's act; ask for it without",
                        path=(where,),
                        detail="SLICE_MAKES_NO_SENSE",
                    )
    return kpis


class _Reader:
    """Reads what figures are made of, once for all KPIs that need the same."""

    def __init__(self, connection: Session, workspace: UUID, generation: int, question: Question, now: Instant) -> None:
        self._connection = connection
        self._question = question
        self._now = now
        self._slice = Slice(
            workspace=workspace,
            generation=generation,
            measures=(),
            actor_types=(),
            group_by=question.group_by,
            where=question.where,
            histograms=question.spread,
        )

    async def figures(self, kpis: Sequence[Kpi], cut: Sequence[Range]) -> dict[tuple[str, Group, int], Figure]:
        """(KPI, group, index of the piece) -> figure, for everything that was counted."""
        alike: defaultdict[tuple[object, ...], list[Kpi]] = defaultdict(list)
        for kpi in kpis:
            alike[self._actor_types(kpi), kpi.matures_after].append(kpi)
        figures: dict[tuple[str, Group, int], Figure] = {}
        for together in alike.values():
            figures.update(await self._figures_of(together, cut))
        return figures

    async def _figures_of(self, kpis: Sequence[Kpi], cut: Sequence[Range]) -> dict[tuple[str, Group, int], Figure]:
        """KPIs that count the same actors' acts, and mature alike."""
        mature = _until(cut, self._now - kpis[0].matures_after)
        if not mature:
            return {}
        slice_ = replace(self._slice, actor_types=self._actor_types(kpis[0]))
        terms = dict.fromkeys(term for kpi in kpis for term in terms_of(kpi.formula))
        found = await self._sums(slice_, [term for term in terms if term.aggregate is not Aggregate.SO_FAR], mature)
        so_far = await self._sums_so_far(slice_, [term for term in terms if term.aggregate is Aggregate.SO_FAR], mature)
        figures = {}
        for kpi in kpis:
            spreads: dict[tuple[Group, int], Spread] = {}
            if self._question.spread and isinstance(kpi.formula, Mean):
                measure = kpi.formula.measure
                spreads = await read_spreads(self._connection, slice_, measure, mature, found, self._question.clock)
            for group, index in {(group, index) for _, group, index in (*found, *so_far)}:
                spread = spreads.get((group, index))
                figures[kpi.name, group, index] = self._figure(kpi, found, so_far, (group, index), spread)
        return figures

    async def _sums(self, slice_: Slice, terms: Sequence[Term], cut: Sequence[Range]) -> dict[Spot, Sums]:
        found: dict[Spot, Sums] = {}
        for distinct in (False, True):
            measures = {self._measure(term): None for term in terms if self._is_distinct(term.observed) is distinct}
            if measures:
                sliced = replace(slice_, measures=tuple(measures), distinct=distinct)
                found.update(await read_sums(self._connection, sliced, cut))
        return found

    async def _sums_so_far(self, slice_: Slice, terms: Sequence[Term], cut: Sequence[Range]) -> dict[Spot, Sums]:
        """What there is from the beginning until the end of each piece."""
        each = await self._sums(slice_, terms, [Range(EARLIEST, cut[0].until), *cut[1:]])
        found: dict[Spot, Sums] = {}
        for code, group in {(code, group) for code, group, _ in each}:
            before = _NOTHING
            for index in range(len(cut)):
                until_now = Sums()
                until_now.merge(before)
                until_now.merge(each.get((code, group, index), _NOTHING))
                before = found[code, group, index] = until_now
        return found

    def _figure(
        self,
        kpi: Kpi,
        found: dict[Spot, Sums],
        so_far: dict[Spot, Sums],
        where: tuple[Group, int],
        spread: Spread | None,
    ) -> Figure:
        def tally(term: Term) -> Tally:
            known = so_far if term.aggregate is Aggregate.SO_FAR else found
            sums = known.get((self._measure(term).code, *where), _NOTHING)
            return Tally(sums.n, sums.business if self._question.clock is Clock.BUSINESS else sums.calendar)

        return Figure(*evaluate(kpi.formula, tally), spread)

    def _actor_types(self, kpi: Kpi) -> tuple[ActorType, ...]:
        """Customers' acts are nobody's: whose acts count is no question there."""
        if Dimension.OPERATOR not in kpi.slices or self._question.actor_types is None:
            return kpi.actor_types
        return self._question.actor_types

    def _measure(self, term: Term) -> Measure:
        return measure_for(term.observed, self._slice.dimensions)

    def _is_distinct(self, observed: Observed) -> bool:
        """Whether one episode may have several of the samples that a figure sums."""
        if not isinstance(observed, Marks):
            return False
        measure = measure_for(observed, self._slice.dimensions)
        owner = {observed.by_operator: Dimension.OPERATOR, observed.by_team: Dimension.TEAM}.get(measure)
        return owner is not None and owner not in self._question.group_by and len(self._question.where[owner]) > 1


def _until(cut: Sequence[Range], end: Instant) -> list[Range]:
    """The pieces as far as an instant. They keep their places, since those after it come last."""
    return [Range(piece.since, min(piece.until, end)) for piece in cut if piece.since < end]


def _rows(
    question: Question,
    zone: ZoneInfo,
    kpis: Sequence[Kpi],
    current: dict[tuple[str, Group, int], Figure],
    before: dict[tuple[str, Group, int], Figure],
) -> list[Row]:
    """A row for every KPI, group and piece, counted or not: a chart has no holes."""
    cut = pieces(question.range, question.interval, zone)
    groups = sorted({group for _, group, _ in (*current, *before)}) if question.group_by else [()]
    if len(kpis) * len(groups) * len(cut) > MOST_PIECES * 10:
        raise InvalidQuestion(
            f"the answer has more than {MOST_PIECES * 10} rows; ask for fewer groups or pieces", path=("interval",)
        )
    return [
        Row(
            kpi=kpi.name,
            group=group,
            range=piece,
            figure=current.get((kpi.name, group, index)) or _uncounted(kpi),
            previous=before.get((kpi.name, group, index)) or _uncounted(kpi) if question.compare_to else None,
        )
        for kpi in kpis
        for group in groups
        for index, piece in enumerate(cut)
    ]


def _uncounted(kpi: Kpi) -> Figure:
    return Figure(None, 0, None if isinstance(kpi.formula, Sum) else 0, 0)
