"""Cells: whatever is counted in and out, in whatever order, what is left says what there is."""

from collections import Counter
from random import Random

import pytest

from domain.instants import DAY, MINUTE, QUARTER_HOUR, SECOND, parse_instant
from projections.conversations.cells import (
    CountCell,
    DurationCell,
    Entry,
    Form,
    StretchCell,
    Sums,
    unpack,
    unpack_quarters,
    unpack_whole,
)
from projections.conversations.stretches import day_of, parts, within

MONDAY = parse_instant("2026-03-02T00:00:00Z")


@pytest.mark.parametrize("size", [1, 40, 383, 384, 385, 3_000])
def test_a_count_says_how_many_there_are_in_each_quarter_hour(size: int) -> None:
    r = Random(size)
    quarters = [r.randrange(96) for _ in range(size)]
    cell = CountCell()
    for start in range(0, size, 50):
        cell.add(quarters[start : start + 50])
    n, calendar, business, whole, packed = cell.packed()
    assert (n, calendar, business, whole) == (size, 0, 0, None)
    assert {at: sums.n for at, sums in unpack_quarters(Form.COUNTS, n, packed).items()} == Counter(quarters)


@pytest.mark.parametrize("size", [3, 390, 500])
def test_what_is_counted_out_leaves_what_was_never_counted_in(size: int) -> None:
    r = Random(size)
    quarters = [r.randrange(96) for _ in range(size)]
    left = quarters[: size // 2]
    lived, other = CountCell(), CountCell()
    lived.add(quarters)
    stored = unpack(Form.COUNTS, *_kept(lived))
    assert isinstance(stored, CountCell)
    stored.take(quarters[size // 2 :])
    other.add(left)
    assert stored.packed() == other.packed()
    with pytest.raises(ValueError, match="in which it is not"):
        other.take([95 - left[0], *left])


def _kept(cell: CountCell) -> tuple[int, bytes]:
    n, _, _, _, quarters = cell.packed()
    return n, quarters


def test_durations_keep_both_clocks_and_their_order_does_not_matter() -> None:
    r = Random(1)
    entries: list[Entry] = [(r.randrange(96), calendar, calendar // 2) for calendar in r.sample(range(9_000), 60)]
    cell, other = DurationCell(), DurationCell()
    cell.add(entries)
    other.add(entries[30:])
    other.add([*entries[:30], (1, 5, 5)])
    other.take([(1, 5, 5)])
    assert cell.packed() == other.packed()
    n, calendar, business, whole, quarters = cell.packed()
    sums = unpack_whole(n, calendar, business, whole)
    by_quarter = Sums()
    for part in unpack_quarters(Form.DURATIONS, n, quarters).values():
        by_quarter.merge(part)
    for read in (sums, by_quarter):
        assert (read.n, read.calendar, read.business) == (60, sum(e[1] for e in entries), sum(e[2] for e in entries))
    for business_clock in (False, True):
        assert sums.durations(business=business_clock) == by_quarter.durations(business=business_clock)


@pytest.mark.parametrize("seed", range(20))
def test_a_stretch_is_shared_out_without_losing_a_second(seed: int) -> None:
    r = Random(seed)
    calendar = r.randrange(DAY // SECOND)
    business = r.randrange(calendar + 1)
    at = MONDAY + calendar * SECOND + r.randrange(DAY - calendar * SECOND + 1)
    shared = list(parts(at, calendar, business))
    assert day_of(at) == MONDAY // DAY
    assert (sum(part[1] for part in shared), sum(part[2] for part in shared)) == (1, calendar)
    assert sum(part[3] for part in shared) == business
    assert all(0 <= quarter < 96 and seconds <= QUARTER_HOUR // SECOND for quarter, _, seconds, _ in shared)
    edge = MONDAY + r.randrange(DAY)
    before, after = within(at, calendar, business, MONDAY, edge), within(at, calendar, business, edge, MONDAY + DAY)
    assert (before[0] + after[0], before[1] + after[1]) == (calendar, business)


def test_a_stretch_belongs_to_the_quarter_hours_that_it_passes() -> None:
    assert list(parts(MONDAY + 20 * MINUTE, 10 * 60, 5 * 60)) == [(0, 0, 300, 150), (1, 1, 300, 150)]
    assert list(parts(MONDAY + DAY, 60, 60)) == [(95, 1, 60, 60)]
    with pytest.raises(ValueError, match="not cut at midnight"):
        list(parts(MONDAY + 10 * MINUTE, 11 * 60, 0))


def test_stretches_counted_out_leave_nothing_and_less_than_a_second_is_nothing() -> None:
    cell = StretchCell()
    two = [*parts(MONDAY + 20 * MINUTE, 10 * 60, 0), *parts(MONDAY + 15 * MINUTE + SECOND // 2, 1, 1)]
    cell.add(two)
    n, calendar, business, _, quarters = cell.packed()
    assert (n, calendar, business) == (2, 601, 1)
    read = unpack_quarters(Form.STRETCHES, n, quarters)
    assert sum(sums.calendar for sums in read.values()) == 601
    again = unpack(Form.STRETCHES, n, quarters)
    assert isinstance(again, StretchCell)
    again.take(two)
    assert again.packed() == (0, 0, 0, None, b"")


def test_a_part_without_a_second_is_not_kept() -> None:
    cell = StretchCell()
    cell.add([(3, 0, 0, 0)])
    assert cell.packed() == (0, 0, 0, None, b"")
