"""Which rows belong together, in which order they happened, and which are the same row again."""

from pathlib import Path

import pytest

from api.ingest import spool
from api.ingest.mapping import parse_mapping
from tests.ingest.logs import HEAD, OPENED, Imported, csv, imported, mapping

THREADS = """
format = "csv"
source = "forum"
[time]
column = "at"
[case]
node = "post"
parent = "answers"
[key]
columns = ["post"]
[[actors.author]]
column = "by"
type = "customer"
[[events]]
type = "item.received"
actor = "author"
columns.item = "post"
"""


def _threads(folder: Path, *posts: str) -> dict[str, str]:
    """The conversation of each post; a post is written `post<answers`."""
    rows = []
    for number, post in enumerate(posts):
        name, _, answers = post.partition("<")
        rows.append(f"{name},{answers},2026-01-05T09:{number:02}:00Z,maria")
    made = imported(csv(folder, rows, header="post,answers,at,by"), parse_mapping(THREADS))
    return {getattr(event.payload, "item", ""): event.envelope.stream.id for event in made.events}


@pytest.mark.parametrize(
    ("posts", "threads"),
    [
        (["a"], {"a": "a"}),
        (["a", "b<a", "c<b"], {"a": "a", "b": "a", "c": "a"}),
        (["c<b", "b<a", "a"], {"a": "a", "b": "a", "c": "a"}),
        (["a", "b", "c<b"], {"a": "a", "b": "b", "c": "b"}),
        (["b<gone", "c<b", "d<gone"], {"b": "gone", "c": "gone", "d": "gone"}),
    ],
)
def test_a_thread_is_followed_to_its_root_and_a_missing_parent_is_one(
    tmp_path: Path, posts: list[str], threads: dict[str, str]
) -> None:
    assert _threads(tmp_path, *posts) == threads


def test_a_thread_of_ten_thousand_answers_is_followed(tmp_path: Path) -> None:
    rows = [f"{n},{n - 1 if n else ''},2026-01-05T09:00:00Z,maria" for n in reversed(range(10_000))]
    made = imported(csv(tmp_path, rows, header="post,answers,at,by"), parse_mapping(THREADS))
    assert {event.envelope.stream.id for event in made.events} == {"0"}


def test_posts_that_answer_each_other_in_a_circle_are_refused(tmp_path: Path) -> None:
    rows = [f"{posts},2026-01-05T09:00:00Z,maria" for posts in ("a,b", "b,a", "c,b", "d,d", "e,")]
    made = imported(csv(tmp_path, rows, header="post,answers,at,by"), parse_mapping(THREADS))
    assert made.codes == [(2, "ENDLESS_THREAD"), (3, "ENDLESS_THREAD"), (4, "ENDLESS_THREAD"), (5, "ENDLESS_THREAD")]
    assert [event.envelope.stream.id for event in made.events] == ["e"]


FIRST = "t1,1,2026-01-05T09:00:00Z,anna,New,x"


def _duplicates(made: Imported) -> tuple[int, int, list[int]]:
    duplicates = made.report.duplicates
    return duplicates.exact, duplicates.same_key, duplicates.lines


def test_a_row_that_is_there_twice_makes_its_events_once_and_is_reported(tmp_path: Path) -> None:
    made = imported(csv(tmp_path, [FIRST, "t2,1,2026-01-05T09:00:00Z,boris,New,", FIRST, FIRST]), mapping(OPENED))
    assert _duplicates(made) == (2, 0, [4, 5])
    assert len(made.events) == 2


def test_of_rows_with_one_key_the_same_stays_in_whatever_order_they_come(tmp_path: Path) -> None:
    rows = [FIRST, FIRST.replace("anna", "boris"), FIRST]
    made = imported(csv(tmp_path, rows), mapping(OPENED))
    again = imported(csv(tmp_path, rows[::-1]), mapping(OPENED))
    assert _duplicates(made)[:2] == _duplicates(again)[:2] == (1, 1)
    assert made.events == again.events


def test_a_mapping_may_refuse_rows_that_repeat_a_key(tmp_path: Path) -> None:
    head = HEAD.replace('columns = ["ticket", "n"]', 'columns = ["ticket", "n"]\nduplicates = "refused"')
    made = imported(csv(tmp_path, [FIRST, FIRST]), mapping(OPENED, head))
    assert made.codes == [(3, "DUPLICATE_KEY")]
    assert _duplicates(made) == (1, 0, [3])


def test_rows_of_the_same_instant_stand_in_the_mappings_order(tmp_path: Path) -> None:
    rows = [f"t1,{n},2026-01-05T09:00:00Z,anna,{state}," for n, state in ((10, "c"), (9, "b"), ("2.0", "a"))]
    text = "[[events]]\ntype = 'conversation.tagged'\nactor = 'agent'\ncolumns.tag = 'state'"
    made = imported(csv(tmp_path, rows), mapping(text))
    assert [getattr(event.payload, "tag", "") for event in made.events] == ["a", "b", "c"]


def test_words_may_give_the_order_and_a_second_column_what_they_leave_open(tmp_path: Path) -> None:
    head = HEAD.replace('order = ["n"]', 'order = [{ column = "state", words = ["New", "Open"] }, "n"]')
    cells = (("Open", 1), ("Odd", 0), ("New", 2), ("New", 1))
    rows = [f"t1,{n},2026-01-05T09:00:00Z,anna,{state},{state}{n}" for state, n in cells]
    text = "[[events]]\ntype = 'conversation.tagged'\nactor = 'agent'\ncolumns.tag = 'team'"
    made = imported(csv(tmp_path, rows), mapping(text, head.replace('["ticket", "n"]', '["ticket", "team"]')))
    assert [getattr(event.payload, "tag", "") for event in made.events] == ["New1", "New2", "Open1", "Odd0"]
    assert max(event.envelope.source_order or 0 for event in made.events) < 2**53


def test_events_are_appended_in_the_order_of_time_across_cases(tmp_path: Path) -> None:
    rows = [f"t{n % 7},{n},2026-01-05T09:{59 - n:02}:00Z,anna,New," for n in range(60)]
    made = imported(csv(tmp_path, rows), mapping(OPENED))
    instants = [event.envelope.occurred_at for event in made.events]
    assert instants == sorted(instants)


def test_a_case_beyond_all_bounds_is_left_out_whole_and_said(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    for module in ("spool", "preparation"):
        monkeypatch.setattr(f"api.ingest.{module}.LONGEST_CASE", 3)
    assert spool.LONGEST_CASE == 3
    rows = [f"long,{n},2026-01-05T09:00:00Z,anna,New," for n in range(5)]
    made = imported(csv(tmp_path, [*rows, FIRST]), mapping(OPENED))
    assert made.codes == [(2, "CASE_TOO_LONG")]
    assert [event.envelope.stream.id for event in made.events] == ["t1"]
