"""What golden timelines are written in: it reads what it says, and a wrong expectation fails."""

from decimal import Decimal

import pytest

from domain.instants import parse_instant
from tests.golden import golden
from tests.golden.notation import Calendar, read, value_of


def test_a_wrong_expectation_fails_and_says_so() -> None:
    with pytest.raises(AssertionError, match="response_time  anna  4m: it is 300"):
        golden.shows("""
        Mon 09:00   maria writes
            09:05   anna replies

        response_time  anna  4m
        """)


def test_what_nobody_can_do_is_refused() -> None:
    with pytest.raises(ValueError, match="'yodels' is nothing that can be done"):
        read("Mon 09:00  anna yodels")


def test_times_are_those_on_the_wall() -> None:
    wall = Calendar("2026-10-19", "Europe/Kyiv")
    assert wall.instant("Sun 03:30") == parse_instant("2026-10-25T03:30:00+03:00")
    assert wall.instant("03:30*") == parse_instant("2026-10-25T03:30:00+02:00")
    assert wall.instant("Mon+1 00:00:01") == parse_instant("2026-10-26T00:00:01+02:00")


def test_values_are_numbers_shares_and_times() -> None:
    assert [value_of(text) for text in ("none", "0", "2/3", "1h05m", "2d17h", "6m30s")] == [
        None, 0, Decimal("0.666667"), 3_900, 234_000, 390,
    ]  # fmt: skip
