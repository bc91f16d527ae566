"""When a rule applies: conditions of the mapping as functions of a row and the one before it in its case."""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from functools import reduce

from api.ingest.columns import pattern_of
from api.ingest.mapping import Condition, Latest, listed
from api.ingest.rows import Cells

Test = Callable[["Place"], bool]


@dataclass(slots=True)
class Place:
    """A row in its case."""

    row: Cells
    previous: Cells
    """Nothing, where it is the first."""
    first: bool
    last: bool
    seen: Mapping[str, Mapping[str, int]] = field(default_factory=dict)
    """By column that a `latest` asks about, and by word: the index of the latest earlier row that has it."""


def test_of(condition: Condition, path: tuple[str, ...]) -> Test:
    """The condition as a function. Raises BadMapping for a pattern that is none."""
    tests = [*_tests(condition, path)]
    return _all(tests) if tests else lambda _: True


def columns_in(condition: Condition) -> Iterator[str]:
    """The columns that it asks about."""
    for words in (
        condition.is_,
        condition.is_not,
        condition.was,
        condition.matches,
        condition.becomes,
        condition.leaves,
    ):
        yield from words
    for names in (condition.present, condition.absent, condition.changed, condition.set_, condition.cleared):
        yield from listed(names)
    if condition.latest is not None:
        yield condition.latest.column
    for inner in condition.any:
        yield from columns_in(inner)


def remembered(condition: Condition) -> Iterator[str]:
    """The columns whose earlier words it asks about."""
    if condition.latest is not None:
        yield condition.latest.column
    for inner in condition.any:
        yield from remembered(inner)


def _tests(condition: Condition, path: tuple[str, ...]) -> Iterator[Test]:
    if condition.first is not None:
        yield _first(condition.first)
    if condition.last is not None:
        yield _last(condition.last)
    for of_words, mapping in (
        (_is, condition.is_),
        (_is_not, condition.is_not),
        (_was, condition.was),
        (_becomes, condition.becomes),
        (_leaves, condition.leaves),
    ):
        for column, words in mapping.items():
            yield of_words(column, frozenset(listed(words)))
    for column, pattern in condition.matches.items():
        yield _matches(column, pattern, path)
    for of_column, names in (
        (_present, condition.present),
        (_absent, condition.absent),
        (_changed, condition.changed),
        (_set, condition.set_),
        (_cleared, condition.cleared),
    ):
        for column in listed(names):
            yield of_column(column)
    if condition.latest is not None:
        yield _latest(condition.latest)
    if condition.any:
        yield _any([test_of(inner, (*path, "any")) for inner in condition.any])


def _first(wanted: bool) -> Test:
    return lambda place: place.first == wanted


def _last(wanted: bool) -> Test:
    return lambda place: place.last == wanted


def _is(column: str, words: frozenset[str]) -> Test:
    return lambda place: place.row.get(column) in words


def _is_not(column: str, words: frozenset[str]) -> Test:
    return lambda place: place.row.get(column) not in words


def _was(column: str, words: frozenset[str]) -> Test:
    return lambda place: place.previous.get(column) in words


def _becomes(column: str, words: frozenset[str]) -> Test:
    return lambda place: place.row.get(column) in words and place.previous.get(column) not in words


def _leaves(column: str, words: frozenset[str]) -> Test:
    return lambda place: place.previous.get(column) in words and place.row.get(column) not in words


def _matches(column: str, pattern: str, path: tuple[str, ...]) -> Test:
    search = pattern_of(pattern, (*path, "matches", column)).search
    return lambda place: column in place.row and search(place.row[column]) is not None


def _present(column: str) -> Test:
    return lambda place: column in place.row


def _absent(column: str) -> Test:
    return lambda place: column not in place.row


def _changed(column: str) -> Test:
    def test(place: Place) -> bool:
        was, now = place.previous.get(column), place.row.get(column)
        return was is not None and now is not None and was != now

    return test


def _set(column: str) -> Test:
    def test(place: Place) -> bool:
        now = place.row.get(column)
        return now is not None and place.previous.get(column) != now

    return test


def _cleared(column: str) -> Test:
    return lambda place: column in place.previous and column not in place.row


def _latest(latest: Latest) -> Test:
    column, wanted = latest.column, frozenset(listed(latest.is_))
    among = wanted.union(listed(latest.among))

    def test(place: Place) -> bool:
        seen = place.seen[column]
        known = [word for word in among if word in seen]
        return bool(known) and max(known, key=seen.__getitem__) in wanted

    return test


def _any(tests: list[Test]) -> Test:
    return reduce(lambda one, other: lambda place: one(place) or other(place), tests)


def _all(tests: list[Test]) -> Test:
    return reduce(lambda one, other: lambda place: one(place) and other(place), tests)
