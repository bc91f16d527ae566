"""The subscriptions. Each message carries a cursor of the matching query's cursor space: page, stream, be cut off, and
go on from the last cursor with nothing missed and nothing doubled."""

import asyncio
import dataclasses
from collections.abc import AsyncGenerator
from contextlib import aclosing
from enum import StrEnum
from hashlib import blake2b
from typing import Annotated, Any, TypeAlias

import strawberry

from api.auth.roles import Right
from api.context import Context, Info
from api.schema.access import Needs
from api.schema.cursors import CursorSpace
from api.schema.entries import JournalEntry, shown
from api.schema.fields import argument
from api.schema.journal import AskedFilter, cursor_space
from api.schema.journal_filter import permitted
from api.schema.kpi_questions import details_selected, question_of
from api.schema.kpis import AskedKpis, KpiAnswer
from api.schema.kpis import shown as shown_answer
from api.schema.reading import reached, reading
from api.schema.tracing import trace_entries
from domain.errors import Unavailable
from domain.kpi.question import Answer
from projections.conversations.project import NAME as FIGURES
from projections.journal import query
from projections.journal.filter import Filter, Order
from projections.journal.projection import NAME

_BATCH = 100
_POLL_SECONDS = 1.0
_AWAY_SECONDS = 0.5

From = Annotated[
    str | None,
    argument(
        "The last cursor that you have, from a page or a message: the stream goes on after it. Unsaid: from now on."
    ),
]


class ResetReason(StrEnum):
    """Why a follower has to start over."""

    LEDGER_WENT_BACK = "ledger_went_back"


strawberry.enum(ResetReason, name="StreamResetReason", description="Why a follower has to start over.")


@strawberry.type(description="New entries of the journal, in ledger order.")
class JournalBatch:
    entries: list[JournalEntry] = strawberry.field(description="The entries: at least one.")
    cursor: str = strawberry.field(description="Where the stream is now: resume with it as `after`.")


@strawberry.type(description="Nothing new; but the stream is alive, and has got this far.")
class Heartbeat:
    cursor: str = strawberry.field(description="Where the stream is now: resume with it as `after`.")


@strawberry.type(description="What you have is not what the ledger holds: drop it, read anew, and follow from there.")
class StreamReset:
    reason: ResetReason = strawberry.field(description="Why.")
    resume_after: str = strawberry.field(description="A cursor of the ledger's present end.")


@strawberry.type(description="An answer that has changed.")
class KpiUpdate:
    answer: KpiAnswer = strawberry.field(description="The whole answer, as `kpis` would give it.")
    cursor: str = strawberry.field(description="Where the stream is now: resume with it as `after`.")


JournalMessage = Annotated[
    JournalBatch | Heartbeat | StreamReset,
    strawberry.union("JournalMessage", description="A message of `journalStream`."),
]
KpiMessage = Annotated[
    KpiUpdate | Heartbeat | StreamReset, strawberry.union("KpiMessage", description="A message of `kpiUpdates`.")
]
Messages: TypeAlias = AsyncGenerator[JournalBatch | Heartbeat | StreamReset, None]


async def _journal_stream(
    info: Info,
    filter: AskedFilter = None,  # noqa: A002 - its name on the wire
    after: From = None,
) -> AsyncGenerator[JournalMessage, None]:
    context = info.context
    wanted = await permitted(context, filter)
    space = cursor_space(context.principal.workspace, wanted, Order.LEDGER)
    place = None if after is None else int(space.place(after, int)[0])
    async with aclosing(_follow(context, wanted, space, place)) as messages:
        async for message in messages:
            yield message


async def _follow(context: Context, wanted: Filter, space: CursorSpace, place: int | None) -> Messages:
    """The entries after a place (None: from now on), and then those that come."""
    services, workspace = context.services, context.principal.workspace
    heartbeat, silent = services.settings.heartbeat_seconds, 0.0
    head = await services.store.head(workspace)
    if place is not None and place > head:
        yield StreamReset(reason=ResetReason.LEDGER_WENT_BACK, resume_after=space.cursor(head))
        place = head
    async with services.ear.waiter(workspace, NAME) as waiter:
        if place is None:
            place = head
            yield Heartbeat(cursor=space.cursor(place))
        while True:
            page = await _page(context, wanted, place)
            if page is None:
                await asyncio.sleep(_AWAY_SECONDS)
            elif page.entries:
                place, silent = _reached(page), 0.0
                await trace_entries(context, "journalStream", wanted, len(page.entries))
                entries = [shown(entry, space.cursor(entry.position), context) for entry in page.entries]
                yield JournalBatch(entries=entries, cursor=space.cursor(place))
            elif page.more:
                place = _reached(page)
            else:
                place = max(place, page.checkpoint)
                pause = min(_POLL_SECONDS, heartbeat)
                if not await waiter.wait(pause):
                    silent += pause
                if silent >= heartbeat:
                    silent = 0.0
                    yield Heartbeat(cursor=space.cursor(place))


async def _page(context: Context, wanted: Filter, place: int) -> query.Page | None:
    """What comes after a place. None while it cannot be read: a stream outlives an outage, and misses nothing by it."""
    try:
        async with reading(context, NAME) as connection:
            return await query.entries(
                connection,
                context.services.store,
                context.principal.workspace,
                wanted,
                after=place,
                limit=_BATCH,
                removed=context.principal.may(Right.REMOVED_CONTENT),
            )
    except Unavailable:
        return None


def _reached(page: query.Page) -> int:
    """How far a page has looked, in a ledger that the journal may lag behind."""
    if page.scanned_until is not None:
        return page.scanned_until
    return page.entries[-1].position if page.more else max(page.checkpoint, page.entries[-1].position)


async def _kpi_updates(
    info: Info,
    input: AskedKpis,  # noqa: A002 - as Relay calls it
    after: From = None,
) -> AsyncGenerator[KpiMessage, None]:
    context = info.context
    services, workspace = context.services, context.principal.workspace
    question = await question_of(context, input, details=details_selected(info))
    space = CursorSpace.of(workspace, "kpis", dataclasses.asdict(question))
    known = None if after is None else space.place(after, int, int)
    if input.at_least is not None:
        await reached(context, FIGURES, input.at_least)
    head = await services.store.head(workspace)
    if known is not None and int(known[0]) > head:
        yield StreamReset(reason=ResetReason.LEDGER_WENT_BACK, resume_after=space.cursor(head, 0))
        known = None
    heartbeat = services.settings.heartbeat_seconds
    at = (-1, 0) if known is None else known
    async with aclosing(services.kpi_feeds.follow(workspace, question, heartbeat=heartbeat)) as answers:
        async for answer in answers:
            at = at if answer is None else (answer.as_of, _digest(answer))
            if answer is None or at == known:
                yield Heartbeat(cursor=space.cursor(*at))
            else:
                yield KpiUpdate(answer=shown_answer(answer, question), cursor=space.cursor(*at))
            known = None


def _digest(answer: Answer) -> int:
    """Of the figures: time alone may have moved them since a cursor was given, at the same place in the ledger."""
    return int.from_bytes(blake2b(repr(answer.rows).encode(), digest_size=6).digest())


JOURNAL_STREAM: Any = strawberry.subscription(
    _journal_stream,
    description="The journal as it grows, in ledger order. An operator sees what they did themselves, a lead "
    "what was done in their teams.",
    extensions=[Needs(Right.JOURNAL)],
)
KPI_UPDATES: Any = strawberry.subscription(
    _kpi_updates,
    description="The answer to a question, now and whenever it changes. Who is slow gets the latest one, not a queue.",
    extensions=[Needs(Right.FIGURES)],
)
