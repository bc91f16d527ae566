"""What the words of the mapping language mean."""

import random
from pathlib import Path

import pytest

from api.ingest.mapping import parse_mapping
from domain.words import ActorType, Confidence
from tests.ingest.logs import HEAD, OPENED, Imported, csv, imported, mapping


def _rows(*states: str, ticket: str = "t1") -> list[str]:
    """Rows of one ticket, an hour apart, with these states; `state/team` names a team as well."""
    rows = []
    for number, state in enumerate(states):
        word, _, team = state.partition("/")
        rows.append(f"{ticket},{number},2026-01-05T{9 + number:02}:00:00Z,anna,{word},{team}")
    return rows


def _when(folder: Path, condition: str, *states: str) -> list[int]:
    """The numbers of the rows for which the condition holds."""
    text = f'[[events]]\ntype = "conversation.viewed"\nactor = "agent"\n{condition}'
    made = imported(csv(folder, _rows(*states)), mapping(text))
    return [(event.envelope.source_order or 0) // 64 for event in made.events]


@pytest.mark.parametrize(
    ("condition", "states", "rows"),
    [
        ("", ["New", "Open"], [0, 1]),
        ("when.first = true", ["New", "Open", "Open"], [0]),
        ("when.first = false", ["New", "Open", "Open"], [1, 2]),
        ("when.last = true", ["New", "Open", "Open"], [2]),
        ("when.first = true\nwhen.last = true", ["New", "Open"], []),
        ("when.is.state = 'Open'", ["New", "Open", ""], [1]),
        ("when.is.state = ['New', 'Open']", ["New", "Open", ""], [0, 1]),
        ("when.is_not.state = 'Open'", ["New", "Open", ""], [0, 2]),
        ("when.was.state = 'New'", ["New", "Open", "New"], [1]),
        ("when.matches.state = '^Op'", ["New", "Open", "StOp"], [1]),
        ("when.present = 'state'", ["New", ""], [0]),
        ("when.absent = 'state'", ["New", ""], [1]),
        ("when.becomes.state = 'Done'", ["Done", "Done", "Open", "Done", "", "Done"], [0, 3, 5]),
        ("when.becomes.state = ['Done', 'Gone']", ["Open", "Done", "Gone"], [1]),
        ("when.leaves.state = 'Done'", ["Done", "Open", "Done", "Done", ""], [1, 4]),
        ("when.leaves.state = ['Done', 'Gone']", ["Done", "Gone", "Open"], [2]),
        ("when.changed = 'team'", ["a/x", "a/x", "a/y", "a/", "a/z"], [2]),
        ("when.set = 'team'", ["a/", "a/x", "a/x", "a/y", "a/", "a/y"], [1, 3, 5]),
        ("when.set = 'team'", ["a/x"], [0]),
        ("when.cleared = 'team'", ["a/", "a/x", "a/", "a/"], [2]),
        ("when.is.state = 'a'\nwhen.changed = 'team'", ["a/x", "b/y", "a/z"], [2]),
        ("when.any = [{ is.state = 'a' }, { is.team = 'x' }]", ["a/y", "b/x", "b/y"], [0, 1]),
        ("when.any = [{ first = true }]\nwhen.is.state = 'b'", ["a", "b"], []),
    ],
)
def test_a_condition_holds_of_a_row_and_the_one_before_it(
    tmp_path: Path, condition: str, states: list[str], rows: list[int]
) -> None:
    assert _when(tmp_path, condition, *states) == rows


def test_latest_asks_what_came_last_of_several(tmp_path: Path) -> None:
    condition = "when.is.state = 'Take'\nwhen.latest = { column = 'state', among = 'Take', is = 'Done' }"
    assert _when(tmp_path, condition, "Take", "Done", "Wait", "Take", "Wait", "Take", "Done", "Take") == [3, 7]


def test_conditions_look_at_the_case_and_not_at_other_cases_rows_between(tmp_path: Path) -> None:
    text = '[[events]]\ntype = "conversation.viewed"\nactor = "agent"\nwhen.becomes.state = "Done"'
    mixed = [row for pair in zip(_rows("New", "Done"), _rows("Done", "Done", ticket="t2"), strict=True) for row in pair]
    made = imported(csv(tmp_path, mixed), mapping(text))
    assert [(event.envelope.stream.id, event.envelope.source_order) for event in made.events] == [("t2", 0), ("t1", 64)]


def test_one_row_makes_several_events_in_the_order_of_the_rules(tmp_path: Path) -> None:
    made = imported(csv(tmp_path, ["t1,3,2026-01-05T09:00:00Z,anna,New,x"]), mapping(OPENED + _CLAIM + _HOLD))
    assert made.types == ["conversation.opened", "conversation.claimed", "conversation.put_on_hold"]
    assert [event.envelope.source_order for event in made.events] == [3 * 64, 3 * 64 + 1, 3 * 64 + 2]


_CLAIM = '[[events]]\ntype = "conversation.claimed"\nactor = "agent"\n'
_HOLD = '[[events]]\ntype = "conversation.put_on_hold"\nactor = "agent"\n'


def test_of_several_rules_of_one_type_the_first_that_applies_makes_the_event(tmp_path: Path) -> None:
    close = '[[events]]\ntype = "conversation.closed"\nactor = "agent"\n'
    spam, other = "when.is.state = 'Spam'\nvalues.outcome = 'spam'\n", "values.outcome = 'solved'\n"
    made = imported(csv(tmp_path, _rows("Spam", "Done")), mapping(close + spam + close + other))
    assert [getattr(event.payload, "outcome", None) for event in made.events] == ["spam", "solved"]


def test_parts_tell_two_events_of_one_type_apart(tmp_path: Path) -> None:
    tag = '[[events]]\ntype = "conversation.tagged"\nactor = "agent"\n'
    by_team, by_state = "part = 'team'\ncolumns.tag = 'team'\n", "part = 'state'\ncolumns.tag = 'state'\n"
    made = imported(csv(tmp_path, _rows("New/x")), mapping(tag + by_team + tag + by_state))
    assert [getattr(event.payload, "tag", None) for event in made.events] == ["x", "New"]
    assert len({event.envelope.id for event in made.events}) == 2


def test_who_acted_is_the_first_candidate_that_is_named_and_fits(tmp_path: Path) -> None:
    actors = """
        [[actors.who]]
        column = "by"
        type = "bot"
        when.matches.by = "bot$"
        [[actors.who]]
        column = "by"
        type = "operator"
        [[actors.who]]
        value = "desk"
        type = "system"
        confidence = "inferred"
        """
    rows = [f"t{n},1,2026-01-05T09:0{n}:00Z,{by},New," for n, by in enumerate(["robot", "anna", ""])]
    text = '[[events]]\ntype = "conversation.viewed"\nactor = "who"\n'
    made = imported(csv(tmp_path, rows), mapping(text + actors))
    assert [(a.id, a.type, a.confidence) for a in (event.envelope.actor for event in made.events)] == [
        ("robot", ActorType.BOT, Confidence.ASSERTED),
        ("anna", ActorType.OPERATOR, Confidence.ASSERTED),
        ("desk", ActorType.SYSTEM, Confidence.INFERRED),
    ]


def test_an_event_may_be_about_somebody_else_and_at_another_time(tmp_path: Path) -> None:
    text = """
        [[events]]
        type = "presence.changed"
        actor = "agent"
        of = "by"
        at = ["seen", "at"]
        values.presence = "online"
        """
    rows = ["t1,1,2026-01-05T09:00:00Z,anna,2026-01-05T08:00:00Z", "t2,1,2026-01-05T09:00:00Z,boris,"]
    made = imported(csv(tmp_path, rows, header="ticket,n,at,by,seen"), mapping(text))
    assert [(event.envelope.stream.subject, event.envelope.stream.id) for event in made.events] == [
        ("operator", "anna"),
        ("operator", "boris"),
    ]
    assert made.events[1].envelope.occurred_at - made.events[0].envelope.occurred_at == 3_600_000_000


def test_cells_become_what_their_field_holds(tmp_path: Path) -> None:
    text = """
        [[events]]
        type = "survey.answered"
        actor = "agent"
        columns = { survey = "ticket", score = "state" }
        values.scale = "rating_1_5"
        [[events]]
        type = "sla.reported"
        actor = "agent"
        columns.kept = "team"
        values.metric = "first answer"
        [[events]]
        type = "conversation.put_on_hold"
        actor = "agent"
        columns.until = "until"
        [columns.until]
        of = "at"
        time = true
        """
    made = imported(csv(tmp_path, _rows("5/False", "good/true", "1/maybe", "11/true")), mapping(text))
    assert made.codes == [(3, "WRONG_TYPE"), (4, "WRONG_TYPE"), (5, "OUT_OF_RANGE")]
    assert [getattr(made.events[n].payload, name) for n, name in enumerate(["score", "kept", "until"])] == [
        5,
        False,
        made.events[0].envelope.occurred_at,
    ]


def _column(folder: Path, column: str, *states: str) -> Imported:
    text = f"{_TAGGED}[columns.made]\n{column}"
    return imported(csv(folder, _rows(*states)), mapping(text))


_TAGGED = "[[events]]\ntype = 'conversation.tagged'\nactor = 'agent'\nwhen.present = 'made'\ncolumns.tag = 'made'\n"


@pytest.mark.parametrize(
    ("column", "tags"),
    [
        ("of = 'state'", ["a-1", "b", "c"]),
        ("of = 'state'\npattern = '-(.)'", ["1"]),
        ("of = 'state'\npattern = '[a-c]'", ["a", "b", "c"]),
        ("of = 'state'\npattern = 'a(x?)'", []),
        ("of = ['state', 'team']", ["a-1/x"]),
        ("of = ['state', 'team']\njoin = ' of '", ["a-1 of x"]),
        ("of = 'state'\nwords = { b = 'B' }\nother = 'missing'", ["B"]),
        ("of = 'state'\nwords = { b = 'B' }\nother = 'kept'", ["a-1", "B", "c"]),
        ("of = 'state'\npattern = '^.'\nwords = { a = 'A', b = 'B', c = 'C' }", ["A", "B", "C"]),
        ("of = 'ticket'\n[columns.unused]\nof = 'made'", ["t1", "t1", "t1"]),
    ],
)
def test_a_made_column_is_joined_matched_and_translated(tmp_path: Path, column: str, tags: list[str]) -> None:
    made = _column(tmp_path, column, "a-1/x", "b", "c")
    assert [getattr(event.payload, "tag", None) for event in made.events] == tags


def test_a_word_that_the_mapping_does_not_know_refuses_its_row(tmp_path: Path) -> None:
    made = _column(tmp_path, "of = 'state'\nwords = { a = 'A' }", "a", "b", "a")
    assert made.codes == [(3, "UNKNOWN_WORD")]
    assert len(made.events) == 2


def test_cells_that_say_nothing_are_missing(tmp_path: Path) -> None:
    text = f"missing = ['?', 'none']\n{HEAD}{_TAGGED.replace('made', 'state')}"
    made = imported(csv(tmp_path, _rows("?", "none", " ", "", "x")), parse_mapping(text))
    assert [getattr(event.payload, "tag", None) for event in made.events] == ["x"]
    assert made.report.rows_without_event == 4


def test_a_row_is_refused_whole_or_makes_all_its_events(tmp_path: Path) -> None:
    made = imported(csv(tmp_path, _rows("x" * 201, "x")), mapping(OPENED + _TAGGED.replace("made", "state")))
    assert made.codes == [(2, "TOO_LONG")]
    assert "from the column state" in str(made.report.refused.first[0]["reason"])
    assert made.types == ["conversation.tagged"]


def test_rows_in_any_order_make_the_same_events(tmp_path: Path) -> None:
    rows = [row for n in range(40) for row in _rows("New/x", "Open/y", "Open/x", "Done", ticket=f"t{n}")]
    text = OPENED + _CLAIM + "when.set = 'team'\n" + _HOLD + "when.becomes.state = 'Done'\n"
    expected = imported(csv(tmp_path, rows), mapping(text)).events
    for seed in range(5):
        random.Random(seed).shuffle(rows)
        assert imported(csv(tmp_path, rows), mapping(text)).events == expected


def test_the_order_of_columns_changes_no_event(tmp_path: Path) -> None:
    one = imported(csv(tmp_path, ["t1,1,2026-01-05T09:00:00Z,anna"], header="ticket,n,at,by"), mapping(OPENED))
    other = imported(csv(tmp_path, ["anna,2026-01-05T09:00:00Z,t1,1"], header="by,at,ticket,n"), mapping(OPENED))
    assert one.events == other.events


def test_two_sources_never_share_an_id(tmp_path: Path) -> None:
    path = csv(tmp_path, _rows("New"))
    one, other = (
        imported(path, parse_mapping((HEAD + OPENED).replace('source = "desk"', f'source = "{name}"'))).events[0]
        for name in ("desk", "other")
    )
    assert one.envelope.id != other.envelope.id
    assert one.envelope.id.version == 5
