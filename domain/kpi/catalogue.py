"""The KPIs, each declared once. Adding one over existing measures is one declaration here, and nothing else."""

from collections.abc import Mapping
from types import MappingProxyType

from domain.errors import InvalidQuestion
from domain.kpi import backlog, effectiveness, endings, handling, queue, removals, speed, voice, volume
from domain.kpi.kpi import Kpi


def _catalogue(*rooms: tuple[Kpi, ...]) -> Mapping[str, Kpi]:
    catalogue: dict[str, Kpi] = {}
    for kpi in (kpi for room in rooms for kpi in room):
        if kpi.name in catalogue:
            raise TypeError(f"the KPI {kpi.name} is declared twice")
        catalogue[kpi.name] = kpi
    for kpi in catalogue.values():
        if unknown := set(kpi.shown_with) - set(catalogue):
            raise TypeError(f"{kpi.name} is to be shown with {sorted(unknown)}, which are not in the catalogue")
    return MappingProxyType(catalogue)


CATALOGUE: Mapping[str, Kpi] = _catalogue(
    volume.KPIS,
    backlog.KPIS,
    endings.KPIS,
    removals.KPIS,
    speed.KPIS,
    queue.KPIS,
    handling.KPIS,
    voice.KPIS,
    effectiveness.KPIS,
)
"""All KPIs by name, in the order in which people want to read them."""


def kpi(name: str) -> Kpi:
    """The declaration of a KPI."""
    try:
        return CATALOGUE[name]
    except KeyError:
        raise InvalidQuestion(f"there is no KPI {name!r}; there are: {', '.join(CATALOGUE)}", path=("kpis",)) from None
