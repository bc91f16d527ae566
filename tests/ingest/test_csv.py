"""CSV as it comes: rows, and what is no row, with its line and why."""

import codecs
import gzip
from pathlib import Path

import pytest

from api.ingest.errors import BadFile, BadMapping, StrictlyRefused
from tests.ingest.logs import HEAD, OPENED, Imported, csv, imported, mapping

GOOD = "t1,1,2026-01-05T09:00:00Z,anna,New,"
ALSO_GOOD = "t2,1,2026-01-05T09:05:00Z,boris,New,"
HEADER = "ticket,n,at,by,state,team"


def _of(path: Path) -> Imported:
    return imported(path, mapping(OPENED))


def _bytes(folder: Path, content: bytes, name: str = "log.csv") -> Path:
    path = folder / name
    path.write_bytes(content)
    return path


def packed(content: bytes) -> bytes:
    """The same bytes at any time of day: parametrised tests are named by them, alike in each process."""
    return gzip.compress(content, mtime=0)


def _tickets(made: Imported) -> list[str]:
    return [event.envelope.stream.id for event in made.events]


@pytest.mark.parametrize("newline", ["\n", "\r\n"])
@pytest.mark.parametrize("bom", [b"", codecs.BOM_UTF8])
def test_a_byte_order_mark_and_either_line_end_change_nothing(tmp_path: Path, newline: str, bom: bytes) -> None:
    made = _of(_bytes(tmp_path, bom + newline.join([HEADER, GOOD, ALSO_GOOD, ""]).encode()))
    assert _tickets(made) == ["t1", "t2"]
    assert made.report.refused.count == 0


def test_a_last_line_without_its_end_is_a_row(tmp_path: Path) -> None:
    assert _tickets(_of(_bytes(tmp_path, f"{HEADER}\n{GOOD}".encode()))) == ["t1"]


def test_blank_lines_are_no_rows(tmp_path: Path) -> None:
    made = _of(csv(tmp_path, ["", GOOD, "", ALSO_GOOD, ""], header=f"\n\n{HEADER}"))
    assert (made.report.rows_read, made.report.refused.count) == (2, 0)


def test_a_quoted_newline_belongs_to_its_cell(tmp_path: Path) -> None:
    made = _of(csv(tmp_path, ['t1,1,2026-01-05T09:00:00Z,anna,"New\nand\r\nurgent",', ALSO_GOOD]))
    assert _tickets(made) == ["t1", "t2"]
    assert '"state":"New\\nand\\r\\nurgent"' in str(made.events[0].envelope.raw)


@pytest.mark.parametrize(
    ("bad", "code"),
    [
        ("t1,1,2026-01-05T09:00:00Z", "WRONG_NUMBER_OF_CELLS"),
        (f"{GOOD},,", "WRONG_NUMBER_OF_CELLS"),
        ('t1,1,"2026"-01,anna,New,', "MALFORMED"),
        ("t1,1,yesterday,anna,New,", "BAD_TIME"),
        ("t1,1,2026-01-05T09:00:00+99:00,anna,New,", "BAD_TIME"),
        ("t1,1,0001-01-01T00:00:00Z,anna,New,", "TIME_OUT_OF_RANGE"),
        ("t1,1,2999-01-01T00:00:00Z,anna,New,", "TIME_OUT_OF_RANGE"),
        ("t1,one,2026-01-05T09:00:00Z,anna,New,", "BAD_ORDER"),
        ("t1,-1,2026-01-05T09:00:00Z,anna,New,", "BAD_ORDER"),
        ("t1,99999999999999999999,2026-01-05T09:00:00Z,anna,New,", "BAD_ORDER"),
        (",1,2026-01-05T09:00:00Z,anna,New,", "MISSING_CELL"),
        ("t1,1,2026-01-05T09:00:00Z,,New,", "NO_ACTOR"),
        ("t" * 201 + ",1,2026-01-05T09:00:00Z,anna,New,", "TOO_LONG"),
        ("t1,1,2026-01-05T09:00:00Z," + "a" * 10_000 + ",New,", "TOO_LONG"),
        ("t1,1,2026-01-05T09:00:00Z,an\0na,New,", "NUL_BYTE"),
        ("x" * 2_000_000, "TOO_LONG"),
    ],
)
def test_a_bad_row_is_refused_with_its_line_and_the_rest_goes_on(tmp_path: Path, bad: str, code: str) -> None:
    made = _of(csv(tmp_path, [ALSO_GOOD, bad, "t3,1,2026-01-05T09:10:00Z,vera,New,"]))
    assert made.codes == [(3, code)]
    assert _tickets(made) == ["t2", "t3"]
    assert made.report.rows_read == 3


def test_a_row_in_another_encoding_is_refused_alone(tmp_path: Path) -> None:
    good = "t1,1,2026-01-05T09:00:00Z,Ганна,New,"
    made = _of(_bytes(tmp_path, f"{HEADER}\n{good}\n".encode() + b"t2,1,2026-01-05T09:00:00Z,Jos\xe9,New,\n"))
    assert made.codes == [(3, "NOT_DECODABLE")]
    assert _tickets(made) == ["t1"]


@pytest.mark.parametrize("last", ["", ALSO_GOOD])
def test_a_quote_that_is_never_closed_swallows_no_row_but_its_own(tmp_path: Path, last: str) -> None:
    rows = ['t0,1,2026-01-05T09:00:00Z,"anna,New,', *(GOOD.replace("t1", f"t{n}") for n in range(1, 1_500)), last]
    made = _of(csv(tmp_path, rows))
    assert made.codes == [(2, "MALFORMED")]
    assert made.report.rows_read == len([row for row in rows if row])


def test_a_bare_carriage_return_ends_a_row(tmp_path: Path) -> None:
    made = _of(_bytes(tmp_path, f"{HEADER}\n{GOOD}\r{ALSO_GOOD}\n".encode()))
    assert _tickets(made) == ["t1", "t2"]


def test_a_strict_import_stops_at_the_first_bad_row(tmp_path: Path) -> None:
    with pytest.raises(StrictlyRefused, match="line 3: the header has 6 cells, this row 2") as caught:
        imported(csv(tmp_path, [GOOD, "t2,1", "t3,1"]), mapping(OPENED), strict=True)
    assert caught.value.detail == "WRONG_NUMBER_OF_CELLS"


def test_refused_rows_go_into_a_file_with_their_words(tmp_path: Path) -> None:
    made = imported(csv(tmp_path, ["t1,2", GOOD]), mapping(OPENED), refused=tmp_path / "refused.jsonl")
    assert (tmp_path / "refused.jsonl").read_text() == (
        '{"line":2,"code":"WRONG_NUMBER_OF_CELLS","reason":"the header has 6 cells, this row 2","row":"t1,2\\n"}\n'
    )
    assert made.report.refused.by_code == {"WRONG_NUMBER_OF_CELLS": 1}


def test_a_report_shows_the_first_refusals_and_the_file_has_all(tmp_path: Path) -> None:
    made = imported(csv(tmp_path, ["t1"] * 300), mapping(OPENED), refused=tmp_path / "refused.jsonl")
    assert made.report.refused.count == len((tmp_path / "refused.jsonl").read_text().splitlines()) == 300
    assert len(made.report.refused.first) == 20
    assert made.report.all_refused


@pytest.mark.parametrize(
    ("content", "name", "code"),
    [
        (b"", "log.csv", "EMPTY"),
        (b"\xef\xbb\xbf \n", "log.csv", "EMPTY"),
        (b"", "log.csv.gz", "EMPTY"),
        (HEADER.encode(), "log.csv", "NO_ROWS"),
        (f"{HEADER}\n\n\n".encode(), "log.csv", "NO_ROWS"),
        (f"{HEADER},by\n{GOOD},\n".encode(), "log.csv", "BAD_HEADER"),
        (b"ticket,\xff\xff\n1,2\n", "log.csv", "BAD_HEADER"),
        (b"ticket,n\0\n1,2\n", "log.csv", "BAD_HEADER"),
        (packed(f"{HEADER}\n{GOOD}\n".encode()), "log.csv", "NOT_TEXT"),
        (f"{HEADER}\n{GOOD}\n".encode(), "log.csv.gz", "NOT_GZIP"),
        (packed(f"{HEADER}\n{GOOD}\n".encode() * 1000)[:-20], "log.csv.gz", "TRUNCATED"),
        (packed(f"{HEADER}\n{GOOD}\n".encode())[:12], "log.csv.gz", "TRUNCATED"),
        (packed(b"a,b\n1,2\n")[:-8] + b"\0" * 8, "log.csv.gz", "BROKEN_GZIP"),
        (packed(b"a,b\n1,2\n")[:10] + b"\xff" * 30, "log.csv.gz", "BROKEN_GZIP"),
        (b"<?xml version='1.0'?><log/>", "log.csv", "OTHER_FORMAT"),
        (f"{HEADER}\n{GOOD}\n".encode(), "log.xes", "OTHER_FORMAT"),
        (f"{HEADER}\n{GOOD}\n".encode(), "log.jsonl", "OTHER_FORMAT"),
        (b"PK\x03\x04\x14\x00\x06\x00", "log.csv", "NOT_TEXT"),
        (b"\x89PNG\r\n\x1a\n", "log.csv", "NOT_TEXT"),
        (bytes(range(256)) * 40, "log.csv", "NOT_TEXT"),
        (f"{HEADER}\n{GOOD}\n".encode("utf-16"), "log.csv", "NOT_TEXT"),
        (f"{HEADER}\n{GOOD}\n".encode("utf-16-le"), "log.csv", "NOT_TEXT"),
        (HEADER.encode() + "\nt1,1,2026-01-05T09:00:00Z,Ганна,New,\n".encode("cp1251"), "log.csv", "WRONG_ENCODING"),
    ],
)
def test_a_file_that_is_not_what_it_should_be_is_refused_whole(
    tmp_path: Path, content: bytes, name: str, code: str
) -> None:
    with pytest.raises(BadFile) as caught:
        _of(_bytes(tmp_path, content, name))
    assert caught.value.detail == code


def test_a_file_that_is_not_there_is_refused(tmp_path: Path) -> None:
    with pytest.raises(BadFile) as caught:
        _of(tmp_path / "nowhere.csv")
    assert caught.value.detail == "CANNOT_OPEN"


def test_a_refused_file_that_cannot_be_written_is_said_before_anything_is_read(tmp_path: Path) -> None:
    with pytest.raises(BadFile) as caught:
        imported(csv(tmp_path, [GOOD]), mapping(OPENED), refused=tmp_path / "nowhere" / "refused.jsonl")
    assert caught.value.detail == "CANNOT_WRITE"


def test_a_mapping_may_name_another_encoding_and_delimiter(tmp_path: Path) -> None:
    head = HEAD.replace("[time]", '[csv]\nencoding = "cp1251"\ndelimiter = ";"\n[time]')
    text = f"{HEADER}\nt1,1,2026-01-05T09:00:00Z,Ганна,New,\n".replace(",", ";")
    made = imported(_bytes(tmp_path, text.encode("cp1251")), mapping(OPENED, head))
    assert made.events[0].envelope.actor.id == "Ганна"


@pytest.mark.parametrize("encoding", ["utf-16", "no-such", "base64"])
def test_an_encoding_that_csv_cannot_be_read_in_is_refused(tmp_path: Path, encoding: str) -> None:
    head = HEAD.replace("[time]", f'[csv]\nencoding = "{encoding}"\n[time]')
    with pytest.raises(BadMapping) as caught:
        imported(csv(tmp_path, [GOOD]), mapping(OPENED, head))
    assert caught.value.detail == "BAD_ENCODING"


def test_plain_and_packed_give_the_same_events(tmp_path: Path) -> None:
    plain = csv(tmp_path, [GOOD, ALSO_GOOD])
    small = _bytes(tmp_path, packed(plain.read_bytes()), "log.CSV.GZ")
    assert _of(small).events == _of(plain).events
