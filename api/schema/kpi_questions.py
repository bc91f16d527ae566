"""What is asked of KPIs, on the wire."""

from collections.abc import Sequence
from enum import StrEnum
from typing import Any

import strawberry

from api.auth.principal import Principal
from api.auth.roles import Right
from api.context import Context, Info
from api.schema.ids import NodeKind, key_of
from api.schema.kpi_definitions import KpiName
from api.schema.kpi_formulas import KpiFormulaInput, kpi_of
from api.schema.reading import reached, selects
from api.schema.scalars import BigInt, GivenDateTime
from domain.conversation.sample import Standing
from domain.errors import Forbidden, InvalidInput, InvalidQuestion
from domain.instants import Instant, parse_instant
from domain.kpi.question import (
    Anchor,
    Clock,
    Comparison,
    Detail,
    Dimension,
    Hours,
    Interval,
    Position,
    Question,
    Range,
    Weekday,
)
from domain.words import ActorType, Complexity, Kind, Priority
from projections.conversations.project import NAME

_MAX_VALUES = 250
_MAX_FORMULAS = 20


@strawberry.input(description="A stretch of time: from an instant on, up to but not including another.")
class RangeInput:
    since: GivenDateTime = strawberry.field(description="The first instant that is in it.")
    until: GivenDateTime = strawberry.field(description="The first instant that is no longer in it.")


def _values(what: str) -> Any:
    return strawberry.field(
        default=None,
        description=f'Only these {what}, by the desk\'s ids or global ones, at most {_MAX_VALUES}; `""`: none said.',
    )


@strawberry.input(
    description="What figures are restricted to. Several values: any of them; several fields: all of them."
)
class KpiFilter:
    operators: list[strawberry.ID] | None = _values("operators")
    teams: list[strawberry.ID] | None = _values("teams")
    channels: list[strawberry.ID] | None = _values("channels")
    communities: list[strawberry.ID] | None = _values("communities")
    priorities: list[Priority] | None = strawberry.field(default=None, description="Only these priorities.")
    kinds: list[Kind] | None = strawberry.field(default=None, description="Only these kinds of item.")
    complexities: list[Complexity] | None = strawberry.field(default=None, description="Only these complexities.")
    segments: list[str] | None = strawberry.field(
        default=None, description=f'Only customers of these segments, at most {_MAX_VALUES}; `""`: none said.'
    )
    tags: list[str] | None = strawberry.field(
        default=None, description=f'Only conversations with any of these tags, at most {_MAX_VALUES}; `""`: none.'
    )
    hours: list[Hours] | None = strawberry.field(
        default=None, description="Only what happened in business hours, or out of them."
    )


@strawberry.input(description="An earlier definition of a KPI.")
class KpiVersionInput:
    kpi: KpiName = strawberry.field(description="Of which KPI.")
    version: int = strawberry.field(description="The number of the definition, from 1.")


@strawberry.input(one_of=True, description="An earlier state of the ledger: exactly one of these.")
class AsOfInput:
    position: BigInt | None = strawberry.field(
        default=strawberry.UNSET, description="Events up to this ledger position count, it included."
    )
    instant: GivenDateTime | None = strawberry.field(
        default=strawberry.UNSET, description="Events recorded up to this instant count, it included."
    )


@strawberry.input(description="A question: several KPIs over one range.")
class KpisInput:
    kpis: list[KpiName] = strawberry.field(description="Which KPIs; the answer keeps their order.")
    range: RangeInput = strawberry.field(description="When the acts happened.")
    formulas: list[KpiFormulaInput] = strawberry.field(
        default_factory=list, description=f"Formulas of one's own, after the KPIs: at most {_MAX_FORMULAS}."
    )
    versions: list[KpiVersionInput] = strawberry.field(
        default_factory=list, description="Earlier definitions that are meant; unsaid, those in force."
    )
    zone: str = strawberry.field(default="UTC", description="The IANA zone whose days, weeks and months are meant.")
    interval: Interval | None = strawberry.field(default=None, description="Cut the range into pieces; unsaid: one.")
    weeks_begin: Weekday = strawberry.field(
        default=Weekday.MONDAY, description="On which day weeks begin; Monday makes those of ISO 8601."
    )
    group_by: list[Dimension] = strawberry.field(default_factory=list, description="A row for each value of these.")
    where: KpiFilter | None = strawberry.field(default=None, description="What to restrict the figures to.")
    actor_types: list[ActorType] | None = strawberry.field(
        default=None, description="Whose acts count; unsaid, each KPI's own default."
    )
    clock: Clock = strawberry.field(default=Clock.CALENDAR, description="In which time durations are counted.")
    anchor: Anchor = strawberry.field(default=Anchor.STOPPED, description="What puts a sample into a period.")
    compare_to: Comparison | None = strawberry.field(default=None, description="What to set beside each figure.")
    standings: list[Standing] = strawberry.field(
        default_factory=lambda: [Standing.REGULAR],
        description="Which conversations count: others than regular ones do only where that is said.",
    )
    as_of: AsOfInput | None = strawberry.field(
        default=None, description="Answer as the ledger stood then; unsaid: as it stands now."
    )
    at_least: BigInt | None = strawberry.field(
        default=None, description="Wait until this ledger position is counted: so one reads what one wrote."
    )


async def question_of(
    context: Context, given: KpisInput, *, details: frozenset[Detail], certain: bool = False
) -> Question:
    """The question in the domain's words, within what the asker may see. `details`: what the answer is to hold beside
    the figures; `certain`: only acts whose actor the source said."""
    if len(given.formulas) > _MAX_FORMULAS:
        raise InvalidQuestion(f"give at most {_MAX_FORMULAS} formulas", path=("formulas",), detail="TOO_MANY")
    return Question(
        kpis=tuple(name.value for name in given.kpis),
        range=range_of(given.range),
        zone=given.zone,
        interval=given.interval,
        weeks_begin=given.weeks_begin,
        group_by=tuple(dict.fromkeys(given.group_by)),
        where=_permitted(_where(given.where), given.group_by, context.principal),
        actor_types=None if given.actor_types is None else tuple(dict.fromkeys(given.actor_types)),
        clock=given.clock,
        anchor=given.anchor,
        compare_to=given.compare_to,
        standings=tuple(dict.fromkeys(given.standings)),
        certain=certain,
        as_of=await _position(context, given.as_of),
        versions={asked.kpi.value: asked.version for asked in given.versions},
        own=tuple(kpi_of(formula) for formula in given.formulas),
        details=details,
    )


def details_selected(info: Info) -> frozenset[Detail]:
    """What a query wants beside the figures: what costs more is computed only for those who ask."""
    wanted = {
        Detail.SPREAD: selects(info, "spread"),
        Detail.EXTREMES: selects(info, "fastest") or selects(info, "slowest"),
        Detail.CERTAINTY: selects(info, "certainty"),
    }
    return frozenset(detail for detail, is_wanted in wanted.items() if is_wanted)


def range_of(given: RangeInput) -> Range:
    """A range in the domain's words."""
    return Range(_instant(given.since, ("range", "since")), _instant(given.until, ("range", "until")))


async def _position(context: Context, given: AsOfInput | None) -> Position | None:
    if given is None:
        return None
    store, workspace = context.services.store, context.principal.workspace
    if isinstance(given.position, int):
        position: int = given.position
    else:
        position = await store.position_at(workspace, _instant(str(given.instant), ("asOf", "instant")))
    head = await store.head(workspace)
    if not 0 <= position <= head:
        raise InvalidQuestion(
            f"the ledger holds positions 0 to {head}, and no {position}", path=("asOf",), detail="BEYOND_THE_HEAD"
        )
    await reached(context, NAME, position)
    found = await store.read_at(workspace, [position])
    return Position(position, found[position].recorded_at)


def _permitted(
    where: dict[Dimension, tuple[str, ...]], group_by: list[Dimension], principal: Principal
) -> dict[Dimension, tuple[str, ...]]:
    """An operator sees figures of themselves, and those that name nobody; a lead those of their teams."""
    sight = principal.sight(Right.FIGURES)
    if sight.teams is not None:
        if not set(where.get(Dimension.TEAM, ())) <= set(sight.teams):
            raise Forbidden("a token of role LEAD sees no other team's figures", path=("where", "teams"))
        return {Dimension.TEAM: tuple(sorted(sight.teams)), **where}
    own = sight.operator
    if own is None or (Dimension.OPERATOR not in where and Dimension.OPERATOR not in group_by):
        return where
    if where.get(Dimension.OPERATOR, (own,)) != (own,):
        raise Forbidden("a token of role OPERATOR sees no other operator's figures", path=("where", "operators"))
    return {**where, Dimension.OPERATOR: (own,)}


def _where(given: KpiFilter | None) -> dict[Dimension, tuple[str, ...]]:
    if given is None:
        return {}
    told: dict[Dimension, list[str] | None] = {
        Dimension.OPERATOR: _keys(NodeKind.OPERATOR, given.operators),
        Dimension.TEAM: _keys(NodeKind.TEAM, given.teams),
        Dimension.CHANNEL: _keys(NodeKind.CHANNEL, given.channels),
        Dimension.COMMUNITY: _keys(NodeKind.COMMUNITY, given.communities),
        Dimension.PRIORITY: _words(given.priorities),
        Dimension.KIND: _words(given.kinds),
        Dimension.COMPLEXITY: _words(given.complexities),
        Dimension.SEGMENT: given.segments,
        Dimension.TAG: given.tags,
        Dimension.HOURS: _words(given.hours),
    }
    for dimension, values in told.items():
        if values is not None and not 1 <= len(values) <= _MAX_VALUES:
            raise InvalidQuestion(f"give 1 to {_MAX_VALUES} values", path=("where", dimension.value), detail="TOO_MANY")
    return {dimension: tuple(values) for dimension, values in told.items() if values is not None}


def _keys(kind: NodeKind, ids: list[strawberry.ID] | None) -> list[str] | None:
    return None if ids is None else [key_of(kind, given) for given in ids]


def _words(words: Sequence[StrEnum] | None) -> list[str] | None:
    return None if words is None else [word.value for word in words]


def _instant(text: str, path: tuple[str, ...]) -> Instant:
    try:
        return parse_instant(text)
    except InvalidInput as error:
        raise InvalidQuestion(error.message, path=path, detail="MALFORMED_INSTANT") from None
