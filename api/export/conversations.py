"""A row for each conversation: how it stands, as `conversation { state }` answers it."""

from collections.abc import AsyncIterator

from api.context import Context
from api.export import headers
from api.export.table import Cell, Column, Kind, Row, Table
from api.schema.reading import reading
from api.schema.sight import conversations_seen
from domain.instants import Instant, format_instant
from domain.kpi.question import Range
from domain.text import Locale
from projections.conversations.listing import opened_within
from projections.conversations.project import NAME
from projections.conversations.query import ConversationState

_PAGE = 1_000
_INSTANTS = frozenset({"opened_at", "last_at", "ended_at", "waiting_since"})
_NUMBERS = frozenset({"episode", "items", "replies", "first_response"})
_ENUMS = frozenset({"status", "standing", "outcome", "kind", "priority", "on_hold"})


def table_of(context: Context, range_: Range, locale: Locale) -> Table:
    """The conversations that were first opened in the range. Each page is a snapshot of its own."""
    columns = [Column(title.in_(locale), _kind(name)) for name, title in headers.CONVERSATIONS.items()]
    return Table("conversations", columns, _rows(context, range_))


async def _rows(context: Context, range_: Range) -> AsyncIterator[Row]:
    after = ""
    while True:
        async with reading(context, NAME) as connection:
            page = await opened_within(connection, context.principal.workspace, range_, after=after, limit=_PAGE)
        seen = await conversations_seen(context, page)
        for conversation in page:
            if conversation.id in seen:
                yield _row(conversation)
        if len(page) < _PAGE:
            return
        after = page[-1].id


def _row(state: ConversationState) -> Row:
    return [_cell(name, getattr(state, "id" if name == "conversation" else name)) for name in headers.CONVERSATIONS]


def _cell(name: str, value: str | Instant | bool | None) -> Cell:
    if value is None:
        return None
    if name in _INSTANTS:
        return format_instant(int(value))
    if isinstance(value, bool):
        return str(value).lower()
    return str(value).upper() if name in _ENUMS else str(value)


def _kind(name: str) -> Kind:
    if name in _NUMBERS:
        return Kind.NUMBER
    return Kind.WORD if name in _INSTANTS | _ENUMS | {"proactive"} else Kind.TEXT
