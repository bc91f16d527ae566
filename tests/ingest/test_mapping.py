"""A mapping that makes no sense is refused with where and why, before anything is read or appended."""

from pathlib import Path

import pytest

from api.ingest.errors import BadMapping
from api.ingest.mapping import parse_mapping, read_mapping, shipped
from api.ingest.plan import Plan
from tests.ingest.logs import HEAD, NOW, OPENED, csv, imported, mapping

ROW = "t1,1,2026-01-05T09:00:00Z,anna,New,"


def _refused(text: str, head: str = HEAD) -> tuple[str | None, str]:
    """The code and the place of the mapping's error."""
    with pytest.raises(BadMapping) as caught:
        Plan(parse_mapping(head + text), NOW)
    return caught.value.detail, ".".join(map(str, caught.value.path))


@pytest.mark.parametrize("name", shipped())
def test_every_mapping_that_comes_along_makes_sense(name: str) -> None:
    assert Plan(read_mapping(name), NOW).mapping.source == name


@pytest.mark.parametrize(
    ("text", "detail", "path"),
    [
        (OPENED.replace("opened", "begun"), "UNKNOWN_TYPE", "events.0.type"),
        (OPENED.replace('"agent"', '"nobody"'), "UNKNOWN_ACTOR", "events.0.actor"),
        (OPENED + 'columns = { colour = "state" }', "UNKNOWN_FIELD", "events.0.colour"),
        (OPENED + 'values = { priority = "extreme" }', "WRONG_VALUE", "events.0.values.priority"),
        (OPENED + "values = { channel = 7 }", "WRONG_VALUE", "events.0.values.channel"),
        (OPENED + 'columns = { team = "team" }\nvalues = { team = "x" }', "MALFORMED", "events.0.team"),
        (OPENED.replace("opened", "closed"), "MISSING_FIELD", "events.0"),
        (OPENED.replace("conversation.opened", "operator.left"), "MISSING_FIELD", "events.0"),
        (OPENED.replace("when.first", "when.frist"), "MALFORMED", "events.0.when"),
        (OPENED.replace("when.first = true", 'when.first = "yes"'), "MALFORMED", "events.0.when.first"),
        (OPENED.replace("when.first = true", 'when.matches.state = "("'), "BAD_PATTERN", "events.0.when.matches.state"),
        (OPENED + "colour = 1", "MALFORMED", "events.0"),
        ("", "MALFORMED", ""),
        ("events = []", "MALFORMED", "actors.*.0"),
        (OPENED + "[[actors.x]]\ntype = 'operator'", "MALFORMED", "actors.x"),
        (OPENED + "[[actors.x]]\ncolumn = 'by'\nvalue = 'me'\ntype = 'bot'", "MALFORMED", "actors.x"),
        (OPENED + "[[actors.x]]\ncolumn = 'by'\ntype = 'wizard'", "MALFORMED", "actors.*.0.type"),
        (OPENED + "[columns.x]\nof = 'by'\npattern = '(a)(b)'", "BAD_PATTERN", "columns.x.pattern"),
        (OPENED + "[columns.x]\nof = 'by'\npattern = '['", "BAD_PATTERN", "columns.x.pattern"),
        (OPENED * 65, "MALFORMED", "events"),
        ("this is no TOML", "NOT_TOML", ""),
    ],
)
def test_a_mapping_is_refused_with_where_and_why(text: str, detail: str, path: str) -> None:
    assert _refused(text) == (detail, path)


@pytest.mark.parametrize(
    ("old", "new", "detail", "path"),
    [
        ('zone = "UTC"', 'zone = "Mars/Olympus"', "BAD_ZONE", "time.zone"),
        ('zone = "UTC"', 'zone = "../../etc/passwd"', "BAD_ZONE", "time.zone"),
        ('zone = "UTC"', 'format = "%d/%m/%Y"', "NO_ZONE", "time.zone"),
        ('zone = "UTC"', 'offsets = "ignored"', "NO_ZONE", "time.zone"),
        ('zone = "UTC"', 'zone = "UTC"\nformat = "%H:%M"', "BAD_TIME_FORMAT", "time.format"),
        ('zone = "UTC"', 'zone = "UTC"\nformat = "%Y-%m-%d %Q"', "BAD_TIME_FORMAT", "time.format"),
        ('column = "ticket"', 'column = "ticket"\nnode = "n"', "MALFORMED", "case"),
        ('column = "ticket"', 'node = "n"', "MALFORMED", "case"),
        ('column = "ticket"', "", "MALFORMED", "case"),
        ('order = ["n"]', 'order = ["n", "n", "n", "n"]', "MALFORMED", "case.order"),
        ('columns = ["ticket", "n"]', "columns = []", "MALFORMED", "key.columns"),
        ('format = "csv"', 'format = "xml"', "MALFORMED", "format"),
        ('format = "csv"', 'format = "csv"\ncolour = "red"', "MALFORMED", ""),
    ],
)
def test_a_mappings_frame_is_refused_with_where_and_why(old: str, new: str, detail: str, path: str) -> None:
    assert old in HEAD
    assert _refused(OPENED, HEAD.replace(old, new, 1)) == (detail, path)


@pytest.mark.parametrize(
    ("old", "new", "path"),
    [
        ('column = "at"', 'column = "when"', "time.column"),
        ('column = "ticket"', 'column = "case"', "case.column"),
        ('order = ["n"]', 'order = ["place"]', "case.order"),
        ('order = ["n"]', 'order = [{ column = "place", words = ["a"] }]', "case.order"),
        ('columns = ["ticket", "n"]', 'columns = ["ticket", "id"]', "key.columns"),
        ('column = "by"', 'column = "agent"', "actors.agent"),
        ("when.first = true", 'when.is.status = "New"', "events.0.when"),
        ("when.first = true", 'when.any = [{ changed = "group" }]', "events.0.when"),
        ("when.first = true", 'when.latest = { column = "status", among = "a", is = "b" }', "events.0.when"),
        ("when.first = true", 'at = ["at", "opened"]', "events.0.at"),
        ("when.first = true", 'of = "operator"', "events.0.of"),
        ('actor = "agent"', 'actor = "agent"\ncolumns.team = "queue"', "events.0.columns.team"),
        ('actor = "agent"', 'actor = "agent"\n[columns.x]\nof = ["by", "surname"]', "columns"),
    ],
)
def test_a_column_that_is_not_there_is_said_before_any_row_is_read(
    tmp_path: Path, old: str, new: str, path: str
) -> None:
    text = HEAD + OPENED
    assert old in text
    with pytest.raises(BadMapping, match=r"there is no column .* there are at, by, n, state, team, ticket") as caught:
        imported(csv(tmp_path, ["no row at all"]), parse_mapping(text.replace(old, new)), strict=True)
    assert (caught.value.detail, ".".join(map(str, caught.value.path))) == ("UNKNOWN_COLUMN", path)


def test_a_made_column_does_not_hide_one_of_the_file(tmp_path: Path) -> None:
    with pytest.raises(BadMapping) as caught:
        imported(csv(tmp_path, [ROW]), mapping(OPENED + '[columns.team]\nof = "by"'))
    assert caught.value.detail == "COLUMN_TAKEN"


def test_a_mapping_that_is_not_there_is_told_which_ones_come_along() -> None:
    with pytest.raises(BadMapping, match="helpdesk_xes, servicenow, twitter") as caught:
        read_mapping("nowhere.toml")
    assert caught.value.detail == "NO_MAPPING"
