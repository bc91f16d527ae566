"""Golden timelines: a history, and what figures have to show of it (`tests.golden.notation`).

Expected values were worked out by hand from the definitions of KPIs, never taken from what the code answers. All of
them go through every fold of the domain and the KPIs' formulas, and once more through a real PostgreSQL
(`test_postgresql`).
"""

from collections.abc import Iterator
from contextlib import contextmanager

from tests.golden.desk import Desk
from tests.golden.notation import read

_listening: list[list[str]] = []


def shows(text: str) -> None:
    """Assert what a timeline expects; where somebody listens, hand it over instead."""
    if _listening:
        _listening[-1].append(text)
        return
    events, expected = read(text)
    assert expected, "a timeline that expects nothing shows nothing"
    desk = Desk(events)
    figures = [(one, desk.figure(one.question)) for one in expected]
    wrong = [f"{one.line}: it is {value}" for one, value in figures if value != one.value]
    assert not wrong, "\n".join(wrong)


@contextmanager
def listening() -> Iterator[list[str]]:
    """The timelines that tests tell meanwhile."""
    heard: list[str] = []
    _listening.append(heard)
    try:
        yield heard
    finally:
        _listening.remove(heard)
