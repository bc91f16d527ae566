"""The rules for SQL that let the same code run on one PostgreSQL and on many (Citus). Each says why."""

import re
from collections.abc import Iterable, Iterator

from eventstore.tables import SHARD, metadata

_FORBIDDEN = {
    r"\bSKIP\s+LOCKED\b": "work is claimed by a compare-and-set lease; there is no queue across machines",
    r"\bset_config\s*\(": "it does not reach the workers, and every query then silently returns nothing",
    r"\bpg_(try_)?advisory": "advisory locks are per node, so they lock nothing between workers",
    r"\bSET\b[^;]*\b(now\s*\(|current_timestamp\b|clock_timestamp\s*\(|jsonb_build_object\s*\(|date_trunc\s*\()":
        "functions in SET are refused on distributed tables; instants and JSON are made in Python",
    r"\bINSERT\s+INTO\s+events\b.*\bON\s+CONFLICT\b": "each event gets its own outcome; nothing is dropped in silence",
    r"\b(UPDATE\s+events|DELETE\s+FROM\s+events|TRUNCATE)\b": "the ledger is append-only",
    r"\bNOTIFY\b": "within a transaction it takes a lock that all commits share; use `Database.notify`",
}  # fmt: skip


_WORK = {"projection_generations"}
"""Tables in which workers look for something to do, across workspaces, by a plain SELECT."""


def faults(statement: str, sharded: Iterable[str]) -> Iterator[str]:
    """What is wrong with a statement, each with its reason. `sharded` are tables that stand with their workspace."""
    for pattern, why in _FORBIDDEN.items():
        found = re.search(pattern, statement, re.IGNORECASE | re.DOTALL)
        if found:
            yield f"`{' '.join(found.group()[:60].split())}`: {why}"
    names = "|".join(map(re.escape, sharded))
    touched = re.search(rf"\b(FROM|JOIN|INTO|UPDATE|COPY)\s+({names})\b", statement, re.IGNORECASE)
    looking_for_work = touched and touched[2] in _WORK and statement.lstrip().startswith("SELECT")
    if touched and "workspace_id" not in statement and not looking_for_work:
        yield f"`{touched.group()}` without workspace_id: it would ask every machine"


def sharded_tables() -> set[str]:
    return {table.name for table in metadata.tables.values() if table.info == SHARD}
