"""Which reads leave a trace, and what it says of the question."""

from dataclasses import fields
from typing import Any

from api.context import Context
from projections.journal.filter import Filter


def plain(filter_: Any, **also: object) -> dict[str, object]:
    """What a filter (a dataclass) and other arguments say, as plain data, without what they leave unsaid."""
    said = {field.name: getattr(filter_, field.name) for field in fields(filter_)} | also
    return {name: value for name, value in said.items() if value is not None}


async def trace_entries(context: Context, operation: str, filter_: Filter, rows: int) -> None:
    """Entries of others' journals are about to be answered. One's own leave no trace, nor does a conversation that an
    operator works on."""
    principal = context.principal
    own = principal.operator is not None and filter_.operators == (principal.operator,)
    if not principal.sees_own_only and not own:
        await context.trace(operation, plain(filter_), rows)
