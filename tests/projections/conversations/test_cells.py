"""What is counted into a cell and out of it again leaves nothing behind."""

from domain.instants import MINUTE, QUARTER_HOUR, SECOND
from projections.conversations.cells import StretchCell
from projections.conversations.stretches import parts


def test_a_part_of_less_than_a_second_counts_nothing() -> None:
    """It begins 0.4 s before a quarter-hour, and lasts two minutes."""
    end = 4 * QUARTER_HOUR - 400_000 + 2 * MINUTE
    stretch = list(parts(end, 120, 120))
    assert [(quarter, ended, calendar) for quarter, ended, calendar, _ in stretch] == [(3, 0, 0), (4, 1, 120)]
    cell = StretchCell()
    cell.add(stretch)
    assert cell.packed()[:3] == (1, 120, 120)
    cell.take(stretch)
    assert cell.packed() == (0, 0, 0, None, b"")


def test_a_stretch_is_shared_out_over_its_quarter_hours() -> None:
    cell = StretchCell()
    cell.add(list(parts(4 * QUARTER_HOUR + 10 * SECOND, 1_000, 500)))
    assert cell.packed()[:3] == (1, 1_000, 500)
