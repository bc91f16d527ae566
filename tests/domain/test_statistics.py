"""Statistics against figures that others published, and against what can be computed by hand."""

import math
from statistics import fmean, variance

import pytest

from domain.statistics import Bounds, leave_one_out, of_mean, of_net_share, robust_z, t_quantile, wilson


@pytest.mark.parametrize(
    ("successes", "n", "low", "high"),
    [(81, 263, 0.2553, 0.3662), (15, 148, 0.0624, 0.1605), (0, 20, 0.0, 0.1611), (1, 29, 0.0061, 0.1718)],
)
def test_wilson_gives_the_intervals_of_newcombe_1998(successes: int, n: int, low: float, high: float) -> None:
    found = wilson(successes, n)
    assert found is not None
    assert found == pytest.approx((low, high), abs=5e-5)


def test_wilson_is_symmetric_and_stays_within_a_share() -> None:
    for n in range(1, 40):
        for successes in range(n + 1):
            low, high = wilson(successes, n) or Bounds(-1, -1)
            other = wilson(n - successes, n) or Bounds(-1, -1)
            assert 0 <= low <= successes / n <= high <= 1
            assert (low, high) == pytest.approx((1 - other.high, 1 - other.low))


def test_what_is_no_share_has_no_interval() -> None:
    assert wilson(0, 0) is None
    assert wilson(7, 5) is None
    assert of_net_share(0, 0, 0) is None
    assert of_mean(4.0, 1.0, 1) is None


@pytest.mark.parametrize(
    ("freedom", "published"),
    [(1, 12.706), (2, 4.303), (3, 3.182), (4, 2.776), (5, 2.571), (10, 2.228), (30, 2.042), (120, 1.980)],
)
def test_t_is_what_the_tables_say(freedom: int, published: float) -> None:
    assert t_quantile(0.975, freedom) == pytest.approx(published, abs=0.01 if freedom == 3 else 0.001)


def test_the_interval_of_a_mean_is_the_one_of_darwins_maize() -> None:
    """Fisher, The Design of Experiments (1935), section 19: fifteen pairs, in eighths of an inch."""
    maize = [49, -67, 8, 16, 6, 23, 28, 41, 14, 29, 56, 24, 75, 60, -48]
    low, high = of_mean(fmean(maize), variance(maize), len(maize)) or Bounds(0, 0)
    assert low == pytest.approx(0.03, abs=0.01)
    assert high == pytest.approx(41.84, abs=0.01)


@pytest.mark.parametrize(("n", "half"), [(20, 0.29), (100, 0.13)])
def test_nps_is_as_unsure_as_the_definition_says(n: int, half: float) -> None:
    low, high = of_net_share(7 * n // 10, n // 10, n) or Bounds(0, 0)
    assert (high - low) / 2 == pytest.approx(half, abs=0.005)
    assert (low + high) / 2 == pytest.approx(0.6)


def test_robust_z_is_the_modified_z_score() -> None:
    """Median 2.45; deviations .35 .15 .05 .05 .15 .35 .15 .15 5.75 5.85, so the MAD is .15."""
    values = [2.1, 2.6, 2.4, 2.5, 2.3, 2.1, 2.3, 2.6, 8.2, 8.3]
    assert robust_z(values, 8.3) == pytest.approx(0.6745 * 5.85 / 0.15)
    assert robust_z(values, 2.1) == pytest.approx(-0.6745 * 0.35 / 0.15)


def test_robust_z_where_most_are_the_same() -> None:
    assert robust_z([1, 1, 1, 1, 6], 6) == pytest.approx(5 / (math.sqrt(math.pi / 2) * 1), rel=1e-6)
    assert robust_z([3, 3, 3], 3) is None
    assert robust_z([], 3) is None


def test_each_is_compared_with_the_others_only() -> None:
    first, second, third = leave_one_out([1, 2, 9])
    assert (first, second, third) == ((5.5, 5.5, 2), (5.0, 5.0, 2), (1.5, 1.5, 2))
    assert leave_one_out([4.0]) == [None]
