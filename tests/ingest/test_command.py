"""`deskledger import` on the command line: what it prints, and how it ends."""

import asyncio
import contextlib
import json
import os
import sys
from pathlib import Path
from typing import cast
from uuid import UUID

import pytest

from api.workspaces import create_workspace, find_workspace
from eventstore.database import Database
from eventstore.store import Store
from tests.ingest.logs import HEAD, OPENED, csv

ROW = "t1,1,2026-01-05T09:00:00Z,anna,New,"


@pytest.fixture
def slug(tmp_path: Path) -> str:
    return f"desk-{tmp_path.parent.name}-{tmp_path.name}".replace("_", "-").lower()[-60:].strip("-")


@pytest.fixture
async def desk(database: Database, store: Store, slug: str) -> str:
    """A workspace of this test alone, by its short name."""
    await create_workspace(database, store, slug)
    return slug


@pytest.fixture
def said(tmp_path: Path) -> str:
    path = tmp_path / "desk.toml"
    path.write_text(HEAD + OPENED)
    return str(path)


_COMMAND = (sys.executable, "-c", "from api.cli import main; main()", "import")


def _environment(database_url: str, home: Path) -> dict[str, str]:
    return {"DESKLEDGER_DATABASE_URL": database_url, "DESKLEDGER_HOME": str(home), "PATH": ""}


async def _run(database_url: str, home: Path, *arguments: str) -> tuple[int | None, str, str]:
    """Status, output and errors of the command."""
    process = await asyncio.create_subprocess_exec(
        *_COMMAND,
        *arguments,
        env=_environment(database_url, home),
        stdout=asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.PIPE,
    )
    out, err = await process.communicate()
    return process.returncode, out.decode(), err.decode()


async def test_it_ends_with_a_report_in_words(database_url: str, tmp_path: Path, desk: str, said: str) -> None:
    log = csv(tmp_path, [ROW, ROW, "t2"])
    status, out, _ = await _run(database_url, tmp_path, str(log), "--mapping", said, "--workspace", desk)
    assert (status, out.splitlines()) == (
        0,
        [
            "log.csv: 3 rows read in 1 case",
            "  1 event appended",
            "  duplicates: 1 exact, 0 with the same key (line 3)",
            "  1 row refused:",
            "    line 4: the header has 6 cells, this row 1 [WRONG_NUMBER_OF_CELLS]",
            "  from 2026-01-05T09:00:00.000000Z to 2026-01-05T09:00:00.000000Z",
            "             1  conversation.opened",
        ],
    )


async def test_a_program_reads_the_report_as_json(database_url: str, tmp_path: Path, slug: str, said: str) -> None:
    log = csv(tmp_path, [ROW])
    arguments = (str(log), "--mapping", said, "--workspace", slug, "--create-workspace", "--report", "json")
    status, out, _ = await _run(database_url, tmp_path, *arguments)
    report = json.loads(out)
    assert status == 0
    assert (report["rows_read"], report["appended"], report["refused"]["count"]) == (1, 1, 0)


@pytest.mark.parametrize(
    ("rows", "arguments", "code", "detail"),
    [
        ([ROW, "t2"], ["--strict"], "STRICT", "WRONG_NUMBER_OF_CELLS"),
        ([], [], "BAD_FILE", "NO_ROWS"),
        ([ROW], ["--mapping", "nowhere.toml"], "BAD_MAPPING", "NO_MAPPING"),
        ([ROW], ["--mapping", "servicenow"], "BAD_MAPPING", "UNKNOWN_COLUMN"),
        ([ROW], ["--workspace", "nobodys"], "NOT_FOUND", None),
    ],
)
async def test_what_goes_wrong_has_a_stable_code_and_appends_nothing(
    database: Database,
    store: Store,
    database_url: str,
    tmp_path: Path,
    desk: str,
    said: str,
    rows: list[str],
    arguments: list[str],
    code: str,
    detail: str | None,
) -> None:
    log = csv(tmp_path, rows)
    given = (str(log), "--mapping", said, "--workspace", desk, "--report", "json", *arguments)
    status, out, _ = await _run(database_url, tmp_path, *given)
    error = json.loads(out)["error"]
    assert (status, error["code"], error["detail"]) == (1, code, detail)
    assert error["message"]
    assert await store.head(cast("UUID", await find_workspace(database, desk))) == -1


async def test_a_log_needs_a_mapping_and_is_told_which_there_are(database_url: str, tmp_path: Path, desk: str) -> None:
    status, _, err = await _run(database_url, tmp_path, str(csv(tmp_path, [ROW])), "--workspace", desk)
    assert status == 1
    assert "log.csv needs --mapping: a TOML file or one of helpdesk_xes, servicenow, twitter" in err
    assert err.endswith("[NO_MAPPING]\n")


async def test_a_log_without_one_good_row_ends_with_an_error_and_its_report(
    database_url: str, tmp_path: Path, desk: str, said: str
) -> None:
    log = csv(tmp_path, ["t1,1,yesterday,anna,New,"])
    status, out, _ = await _run(database_url, tmp_path, str(log), "--mapping", said, "--workspace", desk)
    assert status == 1
    assert "line 2: `yesterday` is no instant of the format iso [BAD_TIME]" in out


async def test_somebody_who_watches_sees_how_far_it_is(database_url: str, tmp_path: Path, desk: str, said: str) -> None:
    log = csv(tmp_path, [f"t{n},1,2026-01-05T09:00:00Z,anna,New," for n in range(2_000)])
    ours, terminal = os.openpty()
    process = await asyncio.create_subprocess_exec(
        *_COMMAND,
        *(str(log), "--mapping", said, "--workspace", desk),
        env=_environment(database_url, tmp_path) | {"TERM": "xterm", "COLUMNS": "100"},
        stdout=asyncio.subprocess.PIPE,
        stderr=terminal,
    )
    os.close(terminal)
    shown, (out, _) = await asyncio.gather(asyncio.to_thread(_read_to_the_end, ours), process.communicate())
    assert "2,000 events appended" in out.decode()
    assert all(stage in shown for stage in ("reading", "ordering", "appending"))


def _read_to_the_end(terminal: int) -> str:
    """What a terminal shows until nobody writes to it any more."""
    shown = b""
    with open(terminal, "rb", buffering=0) as screen, contextlib.suppress(OSError):
        while chunk := screen.read(4_096):
            shown += chunk
    return shown.decode(errors="replace")
