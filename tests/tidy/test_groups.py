"""Tests that share something dear to make are kept in one process by their group."""

import pytest

pytestmark = pytest.mark.xdist_group("groups")


def test_a_group_is_known_to_the_scheduler(request: pytest.FixtureRequest) -> None:
    """Else it is ignored in silence, and each process makes what a group was to share."""
    grouped = request.node.nodeid.endswith("@groups")
    assert grouped is bool(getattr(request.config.option, "loadgroup", False))
