"""What is asked of KPIs, on the wire."""

from collections.abc import Sequence
from enum import StrEnum
from typing import Any

import strawberry

from api.auth.principal import Principal
from api.auth.roles import Right
from api.schema.ids import NodeKind, key_of
from api.schema.kpi_definitions import KpiName
from api.schema.scalars import BigInt, GivenDateTime
from domain.errors import Forbidden, InvalidInput, InvalidQuestion
from domain.instants import Instant, parse_instant
from domain.kpi.question import Clock, Comparison, Dimension, Interval, Question, Range
from domain.words import ActorType, Kind, Priority

_MAX_VALUES = 250


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


@strawberry.input(description="A question: several KPIs over one range.")
class KpisInput:
    kpis: list[KpiName] = strawberry.field(description="Which KPIs; the answer keeps their order.")
    range: RangeInput = strawberry.field(description="When the acts happened.")
    zone: str = strawberry.field(default="UTC", description="The IANA zone whose days, weeks and months are meant.")
    interval: Interval | None = strawberry.field(default=None, description="Cut the range into pieces; unsaid: one.")
    group_by: list[Dimension] = strawberry.field(default_factory=list, description="A row for each value of these.")
    where: KpiFilter | None = strawberry.field(default=None, description="What to restrict the figures to.")
    actor_types: list[ActorType] | None = strawberry.field(
        default=None, description="Whose acts count; unsaid, each KPI's own default."
    )
    clock: Clock = strawberry.field(default=Clock.CALENDAR, description="In which time durations are counted.")
    compare_to: Comparison | None = strawberry.field(default=None, description="What to set beside each figure.")
    at_least: BigInt | None = strawberry.field(
        default=None, description="Wait until this ledger position is counted: so one reads what one wrote."
    )


def question_of(given: KpisInput, *, spread: bool, principal: Principal) -> Question:
    """The question in the domain's words, within what the asker may see. `spread`: whether the answer's spread was
    selected."""
    return Question(
        kpis=tuple(name.value for name in given.kpis),
        range=Range(_instant(given.range.since, "since"), _instant(given.range.until, "until")),
        zone=given.zone,
        interval=given.interval,
        group_by=tuple(dict.fromkeys(given.group_by)),
        where=_permitted(_where(given.where), given.group_by, principal),
        actor_types=None if given.actor_types is None else tuple(dict.fromkeys(given.actor_types)),
        clock=given.clock,
        compare_to=given.compare_to,
        spread=spread,
    )


def _permitted(
    where: dict[Dimension, tuple[str, ...]], group_by: list[Dimension], principal: Principal
) -> dict[Dimension, tuple[str, ...]]:
    """An operator sees figures of themselves, and those that name nobody."""
    own = principal.scope(Right.FIGURES, Right.OWN_FIGURES)
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
    }
    for dimension, values in told.items():
        if values is not None and not 1 <= len(values) <= _MAX_VALUES:
            raise InvalidQuestion(f"give 1 to {_MAX_VALUES} values", path=("where", dimension.value), detail="TOO_MANY")
    return {dimension: tuple(values) for dimension, values in told.items() if values is not None}


def _keys(kind: NodeKind, ids: list[strawberry.ID] | None) -> list[str] | None:
    return None if ids is None else [key_of(kind, given) for given in ids]


def _words(words: Sequence[StrEnum] | None) -> list[str] | None:
    return None if words is None else [word.value for word in words]


def _instant(text: str, name: str) -> Instant:
    try:
        return parse_instant(text)
    except InvalidInput as error:
        raise InvalidQuestion(error.message, path=("range", name), detail="MALFORMED_INSTANT") from None
