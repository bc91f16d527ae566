"""KPI answers that follow the ledger. One computation for each distinct question, whatever the number of its followers;
who is slow gets the latest answer, not a queue of them."""

import asyncio
import contextlib
from collections.abc import AsyncGenerator
from dataclasses import dataclass, field
from uuid import UUID

import structlog

from domain.errors import DeskledgerError, Unavailable
from domain.instants import SECOND, Instant
from domain.kpi.question import Answer, Question
from eventstore.clock import now
from eventstore.database import Database
from projections.conversations.moving import moves_at
from projections.conversations.project import NAME
from projections.conversations.questions import answer
from projections.hints import Ear
from projections.serving import serving

log = structlog.get_logger("deskledger.api")

_LEAST_SECONDS = 0.25
"""Between two computations of a question: an eye sees no more."""
_POLL_SECONDS = 1.0


@dataclass(slots=True)
class _Feed:
    """One question's latest answer, and those who follow it."""

    followers: int = 0
    latest: Answer | None = None
    failed: DeskledgerError | None = None
    moved: asyncio.Condition = field(default_factory=asyncio.Condition)
    task: asyncio.Task[None] | None = None

    async def publish(self, found: Answer | None, failed: DeskledgerError | None = None) -> None:
        async with self.moved:
            self.latest, self.failed = found, failed
            self.moved.notify_all()


class KpiFeeds:
    """The questions that are followed in this process."""

    def __init__(self, database: Database, ear: Ear) -> None:
        self._database = database
        self._ear = ear
        self._feeds: dict[tuple[UUID, str], _Feed] = {}

    async def follow(
        self, workspace: UUID, question: Question, *, heartbeat: float
    ) -> AsyncGenerator[Answer | None, None]:
        """The answer now, and whenever it has changed; None after `heartbeat` seconds without a change."""
        key = (workspace, repr(question))
        feed = self._feeds.setdefault(key, _Feed())
        feed.followers += 1
        if feed.task is None:
            feed.task = asyncio.create_task(self._keep(feed, workspace, question), name="kpi feed")
        try:
            seen: Answer | None = None
            while True:
                found = await _next(feed, seen, heartbeat)
                seen = found or seen
                yield found
        finally:
            feed.followers -= 1
            if feed.followers == 0:
                feed.task.cancel()
                self._feeds.pop(key, None)

    async def _keep(self, feed: _Feed, workspace: UUID, question: Question) -> None:
        """Put the question whenever the projection has advanced, and when time alone moves its answer."""
        computed = -2
        due: Instant | None = None
        async with self._ear.waiter(workspace, NAME) as waiter:
            while True:
                try:
                    checkpoint = await self._checkpoint(workspace)
                    if checkpoint != computed or (due is not None and now() >= due):
                        due = await self._compute(feed, workspace, question)
                        computed = checkpoint
                except Unavailable as error:
                    log.info("a KPI feed waits", reason=error.code)
                except DeskledgerError as error:
                    await feed.publish(None, error)
                    return
                except Exception as error:  # a fault of ours ends the feed, and with it the wait of its followers
                    log.error("a KPI feed failed", exc_info=error)
                    await feed.publish(None, Unavailable("figures cannot be followed just now; ask again"))
                    return
                await asyncio.sleep(_LEAST_SECONDS)
                left = _POLL_SECONDS if due is None else (due - now()) / SECOND
                await waiter.wait(min(max(left, 0.0), _POLL_SECONDS))

    async def _checkpoint(self, workspace: UUID) -> int:
        async with self._database.session() as connection:
            return (await serving(connection, workspace, NAME)).checkpoint

    async def _compute(self, feed: _Feed, workspace: UUID, question: Question) -> Instant | None:
        """Publish the answer if it is another one, and say when time alone will move it."""
        instant = now()
        async with self._database.transaction(workspace, snapshot=True) as connection:
            found = await answer(connection, workspace, question, now=instant)
            due = await moves_at(connection, workspace, question, now=instant)
        if feed.latest is None or feed.latest.rows != found.rows:
            await feed.publish(found)
        return due


async def _next(feed: _Feed, seen: Answer | None, heartbeat: float) -> Answer | None:
    """The latest answer once it is another one than `seen`; None when the time is up."""
    with contextlib.suppress(TimeoutError):
        async with asyncio.timeout(heartbeat), feed.moved:
            await feed.moved.wait_for(lambda: feed.failed is not None or feed.latest is not seen)
            if feed.failed is not None:
                raise feed.failed
            return feed.latest
    return None
