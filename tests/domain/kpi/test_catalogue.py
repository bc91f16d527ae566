"""The catalogue: what fits together, and which definitions stay answerable."""

from dataclasses import replace

import pytest

from domain.errors import InvalidQuestion
from domain.kpi.catalogue import CATALOGUE, catalogue_of, kpi, versions_of
from domain.kpi.kpi import ALL_SLICES, Kpi
from domain.kpi.question import Dimension

_RESOLVED = CATALOGUE["resolved"]


def _next(of: Kpi) -> Kpi:
    return replace(of, version=of.version + 1, shown_with=())


def test_a_superseded_definition_stays_beside_the_one_in_force() -> None:
    current = _next(_RESOLVED)
    versions = versions_of(catalogue_of((current,)), [_RESOLVED])
    assert versions["resolved"] == (_RESOLVED, current)


def test_no_version_is_lost_or_given_twice() -> None:
    twice = _next(_next(_RESOLVED))
    for older in ([], [_RESOLVED], [_RESOLVED, _RESOLVED]):
        with pytest.raises(TypeError, match="missing or twice"):
            versions_of(catalogue_of((twice,)), older)
    with pytest.raises(TypeError, match="superseded by nothing"):
        versions_of({}, [_RESOLVED])


def test_what_is_shown_beside_must_be_there() -> None:
    with pytest.raises(TypeError, match="not in the catalogue"):
        catalogue_of((replace(_RESOLVED, shown_with=("happiness",)),))
    with pytest.raises(TypeError, match="declared twice"):
        catalogue_of((replace(_RESOLVED, shown_with=()), replace(_RESOLVED, shown_with=())))


def test_a_definition_is_found_by_its_number() -> None:
    assert kpi("resolved", 1) is kpi("resolved") is _RESOLVED
    with pytest.raises(InvalidQuestion, match="versions 1 to 1, none 2"):
        kpi("resolved", 2)


@pytest.mark.parametrize("declared", CATALOGUE.values(), ids=lambda declared: declared.name)
def test_every_slice_that_a_kpi_has_not_is_refused_with_a_reason(declared: Kpi) -> None:
    for dimension in Dimension:
        reason = declared.refusal(dimension)
        assert (reason is None) is (dimension in declared.slices)
        assert reason is None or len(reason) > 20
    assert set(declared.slices) <= set(ALL_SLICES)
