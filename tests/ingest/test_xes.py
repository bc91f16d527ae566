"""XES logs: streamed, never expanded, refused where they are broken."""

import gzip
from pathlib import Path

import pytest

from api.ingest.errors import BadFile, BadMapping
from tests.ingest.logs import Imported, imported, mapping

HEAD = """
format = "xes"
source = "xes"
[time]
column = "time:timestamp"
[case]
column = "case:concept:name"
[key]
columns = ["case:concept:name", "concept:name", "time:timestamp"]
[[actors.agent]]
column = "org:resource"
type = "operator"
[[events]]
type = "conversation.tagged"
actor = "agent"
columns = { tag = "concept:name" }
"""


def _event(name: str = "Open", at: str = "2026-01-05T09:00:00Z", more: str = "") -> str:
    return f"""<event>
        <string key="concept:name" value="{name}"/><string key="org:resource" value="anna"/>
        <date key="time:timestamp" value="{at}"/>{more}</event>"""


def _log(*events: str, before: str = "", after: str = "</log>") -> str:
    traces = "\n".join(f'<trace><string key="concept:name" value="c1"/>{event}</trace>' for event in events)
    return f'<?xml version="1.0" encoding="UTF-8"?>{before}\n<log xmlns="http://www.xes-standard.org/">{traces}{after}'


def _of(folder: Path, text: str, name: str = "log.xes") -> Imported:
    path = folder / name
    path.write_bytes(gzip.compress(text.encode(), mtime=0) if name.endswith(".gz") else text.encode())
    return imported(path, mapping("", HEAD))


def _tags(made: Imported) -> list[str]:
    return [getattr(event.payload, "tag", "") for event in made.events]


@pytest.mark.parametrize("name", ["log.xes", "log.xes.gz"])
def test_the_events_of_traces_are_rows(tmp_path: Path, name: str) -> None:
    made = _of(tmp_path, _log(_event("Open"), _event("Close", "2026-01-05T10:00:00+02:00")), name)
    assert _tags(made) == ["Close", "Open"]
    assert {event.envelope.stream.id for event in made.events} == {"c1"}


def test_attributes_of_attributes_are_left_out(tmp_path: Path) -> None:
    nested = '<string key="a" value="b"><string key="concept:name" value="inner"/></string>'
    assert _tags(_of(tmp_path, _log(_event("Open", more=nested)))) == ["Open"]


def test_a_repeated_event_is_a_duplicate_with_its_line(tmp_path: Path) -> None:
    made = _of(tmp_path, _log(_event(), _event(), _event("Close")))
    assert (made.report.duplicates.exact, made.report.duplicates.lines) == (1, [5])
    assert made.report.rows_read == 3


def test_an_event_that_says_too_little_is_refused_with_its_line(tmp_path: Path) -> None:
    empty = '<event><string key="concept:name" value="Open"/></event>'
    made = _of(tmp_path, _log(_event(), f"\n{empty}", '<event><string key="x"/></event>'))
    assert made.codes == [(6, "MISSING_CELL"), (7, "MALFORMED")]
    assert _tags(made) == ["Open"]


_BOMB = '<!DOCTYPE log [<!ENTITY a "aaaaaaaaaa"><!ENTITY b "&a;&a;&a;&a;&a;&a;&a;&a;&a;&a;">]>'
_OUTSIDE = '<!DOCTYPE log [<!ENTITY x SYSTEM "file:///etc/passwd">]>'


@pytest.mark.parametrize(
    ("text", "code"),
    [
        (_log(_event("&b;"), before=_BOMB), "ENTITIES"),
        (_log(_event("&x;"), before=_OUTSIDE), "ENTITIES"),
        (_log(_event(), before='<!DOCTYPE log SYSTEM "http://example.org/log.dtd">'), "ENTITIES"),
        (_log(_event(), after=""), "BROKEN_XML"),
        (_log(_event("a<b")), "BROKEN_XML"),
        (_log(_event("\x01")), "BROKEN_XML"),
        (_log(_event() + "</event>"), "BROKEN_XML"),
        (_log(), "NO_ROWS"),
        ("<html><body/></html>", "NOT_XES"),
        ("<log>" + "<a>" * 70_000, "NOT_XES"),
        ("<log><trace><string key='" + "x" * 20_000_000, "NOT_XES"),
        ("ticket,n\n1,2\n", "OTHER_FORMAT"),
    ],
    ids=range(12),
)
def test_what_is_no_sound_log_is_refused_whole(tmp_path: Path, text: str, code: str) -> None:
    with pytest.raises(BadFile) as caught:
        _of(tmp_path, text)
    assert caught.value.detail == code


def test_broken_xml_is_said_with_its_line(tmp_path: Path) -> None:
    with pytest.raises(BadFile, match="line 6: the XML is broken"):
        _of(tmp_path, _log(_event(), "\n&amp"))


def test_a_column_that_no_event_has_is_said_before_any_row_is_refused(tmp_path: Path) -> None:
    path, other = tmp_path / "log.xes", mapping("", HEAD.replace("org:resource", "org:group"))
    path.write_text(_log(_event()))
    with pytest.raises(BadMapping, match="there is no column `org:group`") as caught:
        imported(path, other, strict=True)
    assert caught.value.path == ("actors", "agent")
