"""How each operator's figure stands to those of the others in the same place and time."""

from collections.abc import Mapping
from decimal import Decimal
from statistics import median

from domain import statistics
from domain.kpi.question import TeamComparison, rounded

_AS_FAR = 2
"""A team moved as well where its median operator moved at least this part of one's own way: a half."""


def compare(values: Mapping[str, Decimal], before: Mapping[str, Decimal]) -> dict[str, TeamComparison]:
    """For each operator who has a figure. `before`: the figures of the period before."""
    everybody = [float(value) for value in values.values()]
    moved = {operator: value - before[operator] for operator, value in values.items() if operator in before}
    typical = median(moved.values()) if moved else None
    return {
        operator: TeamComparison(
            mean=None if peers is None else rounded(Decimal(peers.mean)),
            median=None if peers is None else rounded(Decimal(peers.median)),
            peers=0 if peers is None else peers.n,
            robust_z=_told(statistics.robust_z(everybody, float(values[operator]))),
            team_wide=_team_wide(moved.get(operator), typical),
        )
        for operator, peers in zip(values, statistics.leave_one_out(everybody), strict=True)
    }


def _team_wide(own: Decimal | None, typical: Decimal | None) -> bool | None:
    if own is None or typical is None:
        return None
    return own * typical > 0 and abs(typical) * _AS_FAR >= abs(own)


def _told(value: float | None) -> Decimal | None:
    return None if value is None else rounded(Decimal(value))
