"""Whatever is broken in a file, an import ends with a report or a coded refusal, and loses no row silently."""

import gzip
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from api.ingest import spool
from api.ingest.errors import BadFile, BadMapping
from api.ingest.mapping import DeskMapping
from domain.errors import Unavailable
from tests.ingest.logs import OPENED, csv, imported, mapping
from tests.ingest.test_xes import HEAD as XES_HEAD

_CSV = (
    b"ticket,n,at,by,state,team\n"
    + b"".join(b"t%d,%d,2026-01-05T09:%02d:00Z,anna,New,\n" % (n % 3, n, n) for n in range(20))
    + b't9,1,2026-01-05T09:00:00Z,"\xd0\x93\xd0\xb0\xd0\xbd\xd0\xbd\xd0\xb0",New,"a\nb"\n'
)
_XES = (
    b'<?xml version="1.0"?><log><trace><string key="concept:name" value="c1"/>'
    + b"".join(
        b'<event><string key="concept:name" value="a%d"/><string key="org:resource" value="anna"/>'
        b'<date key="time:timestamp" value="2026-01-05T09:%02d:00Z"/></event>' % (n, n)
        for n in range(10)
    )
    + b"</trace></log>"
)
_JSONL = b"".join(
    b'{"type":"conversation.viewed","conversation":"c%d","actor":{"type":"operator","id":"anna"},'
    b'"occurred_at":"2026-01-05T09:00:00Z","payload":{}}\n' % n
    for n in range(10)
)
_LOGS: dict[str, tuple[bytes, Callable[[], DeskMapping | None]]] = {
    "log.csv": (_CSV, lambda: mapping(OPENED)),
    "log.xes": (_XES, lambda: mapping("", XES_HEAD)),
    "log.jsonl": (_JSONL, lambda: None),
}


@st.composite
def _damage(draw: Any) -> Callable[[bytes], bytes]:
    """One to three cuts, each putting a few bytes in place of some others."""
    telling = [b'"', b"\n", b"\r", b",", b"\0", b"<", b"&", b"\xff", b"{", b"\\u0000", b"\xef\xbb\xbf", b"\xe2\x80\xa8"]
    cuts = draw(
        st.lists(
            st.tuples(st.floats(0, 1), st.integers(0, 40), st.one_of(st.sampled_from(telling), st.binary(max_size=8))),
            min_size=1,
            max_size=3,
        )
    )

    def damage(content: bytes) -> bytes:
        for where, length, instead in cuts:
            start = int(where * len(content))
            content = content[:start] + instead + content[start + length :]
        return content

    return damage


@pytest.mark.parametrize("name", _LOGS)
@settings(max_examples=150, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(damage=_damage(), packed=st.booleans())
def test_a_damaged_file_ends_with_a_report_or_a_coded_refusal(
    tmp_path: Path, name: str, damage: Callable[[bytes], bytes], packed: bool
) -> None:
    content, said = _LOGS[name]
    path = tmp_path / (f"{name}.gz" if packed else name)
    path.write_bytes(damage(gzip.compress(content, mtime=0)) if packed else damage(content))
    try:
        made = imported(path, said())
    except (BadFile, BadMapping):
        return
    duplicates = made.report.duplicates
    good = made.report.rows_read - made.report.refused.count - duplicates.exact - duplicates.same_key
    assert len(made.events) + made.report.rows_without_event == good
    assert sum(made.report.refused.by_code.values()) == made.report.refused.count


def test_a_full_folder_for_temporary_files_is_said(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(spool, "_SCHEMA", spool._SCHEMA + "PRAGMA max_page_count = 20;")
    rows = [f"t{n},1,2026-01-05T09:00:00Z,anna,New," for n in range(5_000)]
    with pytest.raises(Unavailable, match="the folder for temporary files does not take the log"):
        imported(csv(tmp_path, rows), mapping(OPENED))
