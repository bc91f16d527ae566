"""The KPIs, each declared once. Adding one over existing measures is one declaration here, and nothing else."""

from collections.abc import Iterable, Mapping
from types import MappingProxyType

from domain.errors import InvalidQuestion
from domain.kpi import (
    backlog,
    effectiveness,
    endings,
    handling,
    money,
    presence,
    promises,
    queue,
    removals,
    returning,
    speed,
    superseded,
    voice,
    volume,
)
from domain.kpi.kpi import Kpi


def catalogue_of(*rooms: tuple[Kpi, ...]) -> Mapping[str, Kpi]:
    """The KPIs of all rooms by name, if they fit together."""
    catalogue: dict[str, Kpi] = {}
    for kpi in (kpi for room in rooms for kpi in room):
        if kpi.name in catalogue:
            raise TypeError(f"the KPI {kpi.name} is declared twice")
        catalogue[kpi.name] = kpi
    for kpi in catalogue.values():
        if unknown := set(kpi.shown_with) - set(catalogue):
            raise TypeError(f"{kpi.name} is to be shown with {sorted(unknown)}, which are not in the catalogue")
    return MappingProxyType(catalogue)


def versions_of(catalogue: Mapping[str, Kpi], older: Iterable[Kpi]) -> Mapping[str, tuple[Kpi, ...]]:
    """Every version of each KPI, the oldest first. They are numbered from 1 without a gap."""
    versions = {name: [kpi] for name, kpi in catalogue.items()}
    for kpi in older:
        if kpi.name not in versions:
            raise TypeError(f"{kpi.name} is superseded by nothing")
        versions[kpi.name].append(kpi)
    for name, kpis in versions.items():
        kpis.sort(key=lambda kpi: kpi.version)
        if [kpi.version for kpi in kpis] != list(range(1, catalogue[name].version + 1)):
            raise TypeError(f"{name} has versions {[kpi.version for kpi in kpis]}, and some are missing or twice there")
    return MappingProxyType({name: tuple(kpis) for name, kpis in versions.items()})


CATALOGUE: Mapping[str, Kpi] = catalogue_of(
    volume.KPIS,
    backlog.KPIS,
    endings.KPIS,
    removals.KPIS,
    speed.KPIS,
    promises.KPIS,
    queue.KPIS,
    handling.KPIS,
    voice.KPIS,
    effectiveness.KPIS,
    returning.KPIS,
    money.KPIS,
    presence.KPIS,
)
"""All KPIs by name, in the order in which people want to read them."""
VERSIONS: Mapping[str, tuple[Kpi, ...]] = versions_of(CATALOGUE, superseded.KPIS)
"""All definitions that were ever in force, by name."""


def kpi(name: str, version: int | None = None) -> Kpi:
    """The declaration of a KPI: the one in force, or an earlier one by its number."""
    if name not in CATALOGUE:
        raise InvalidQuestion(f"there is no KPI {name!r}; there are: {', '.join(CATALOGUE)}", path=("kpis",))
    if version is None:
        return CATALOGUE[name]
    if not 1 <= version <= len(VERSIONS[name]):
        raise InvalidQuestion(
            f"{name} has versions 1 to {len(VERSIONS[name])}, none {version}", path=("versions",), detail="NO_VERSION"
        )
    return VERSIONS[name][version - 1]
