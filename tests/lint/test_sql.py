"""SQL in our sources keeps the rules; what is put together when the program runs is checked by the fixtures, which
lint every statement that the tests make the database execute."""

import ast
import re
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.lint.sql import faults, sharded_tables
from tests.schema import declare_all

ROOT = Path(__file__).parents[2]
SOURCES = [path for package in ("eventstore", "projections", "api") for path in sorted((ROOT / package).rglob("*.py"))]
_STATEMENT = re.compile(r"\s*(SELECT|INSERT|UPDATE|DELETE|WITH|MERGE|COPY|LOCK|BEGIN|SET)\b[^a-z]")
EXCUSED = {
    "eventstore/roles.py": "roles are made on one node, where an advisory lock is one",
    "api/ingest/spool.py": "an import's own SQLite file is another database",
}


def statements(source: str) -> Iterator[tuple[int, str]]:
    """Everything in a source that reads like SQL, with its line. What is put in when the program runs may hold the
    workspace, so it stands as if it did."""
    parts: set[int] = set()
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.JoinedStr):
            parts.update(id(value) for value in node.values)
            texts = [str(value.value) if isinstance(value, ast.Constant) else "{workspace_id}" for value in node.values]
            yield from _if_sql(node.lineno, "".join(texts))
        elif isinstance(node, ast.Constant) and isinstance(node.value, str) and id(node) not in parts:
            yield from _if_sql(node.lineno, node.value)


def _if_sql(line: int, text: str) -> Iterator[tuple[int, str]]:
    if _STATEMENT.match(text):
        yield line, text


@pytest.mark.parametrize("path", SOURCES, ids=lambda path: str(path.relative_to(ROOT)))
def test_sql_in_the_sources_keeps_the_rules(path: Path) -> None:
    declare_all()
    name = str(path.relative_to(ROOT))
    found = [
        f"{name}:{line} {fault}"
        for line, statement in statements(path.read_text())
        for fault in faults(statement, sharded_tables())
    ]

    assert name in EXCUSED or found == []


@pytest.mark.parametrize("path", sorted((ROOT / "eventstore").glob("*.py")), ids=lambda path: path.name)
def test_the_ledger_appends_with_plain_statements(path: Path) -> None:
    """On distributed tables the others cost five to ten times as much."""
    for line, statement in statements(path.read_text()):
        assert not re.search(r"\bunnest\s*\(|^\s*WITH\b", statement), f"line {line}"
    assert ".executemany(" not in path.read_text()


@pytest.mark.parametrize(
    "statement",
    [
        "SELECT position FROM events ORDER BY position",
        "SELECT set_config('deskledger.workspace', $1, true)",
        "SELECT 1 FROM ledgers WHERE workspace_id = $1 FOR UPDATE SKIP LOCKED",
        "SELECT pg_advisory_xact_lock($1)",
        "INSERT INTO events (workspace_id) VALUES ($1) ON CONFLICT DO NOTHING",
        "UPDATE checkpoints SET moved_at = now() WHERE workspace_id = $1",
        "UPDATE events SET type = $2 WHERE workspace_id = $1",
        "DELETE FROM events WHERE workspace_id = $1",
        "NOTIFY advanced",
    ],
)
def test_the_lint_finds_what_it_is_for(statement: str) -> None:
    assert list(faults(statement, {"events", "ledgers", "checkpoints"}))


@pytest.mark.parametrize(
    "statement",
    [
        "SELECT position FROM events WHERE workspace_id = $1 ORDER BY position",
        "INSERT INTO ledgers (workspace_id) VALUES ($1) ON CONFLICT DO NOTHING",
        "SET LOCAL deskledger.workspace = '3f0c1a52-8d3e-4c6e-9a6b-0d9a5f7a2b11'",
        "SELECT slug FROM workspaces",
    ],
)
def test_the_lint_leaves_in_peace_what_is_right(statement: str) -> None:
    assert list(faults(statement, {"events", "ledgers"})) == []
