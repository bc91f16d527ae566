"""A small discrete-event simulation: many stories told at once, on one clock that jumps from happening to happening.

A story is a generator. It yields the microseconds that it waits, or `None` to sleep until somebody resumes it. The
clock never runs backwards, so what stories record as they go is in order of time.
"""

from collections.abc import Generator, Iterator
from heapq import heappop, heappush
from itertools import count
from typing import Any

from domain.instants import Instant

Story = Generator[int | None, Any, None]


class Clockwork:
    """All stories, and what time it is in them."""

    def __init__(self, start: Instant) -> None:
        self.now = start
        self.current: Story
        """Whose turn it is."""
        self._due: list[tuple[Instant, int, Story, object]] = []
        self._turns = count()

    def tell(self, story: Story) -> None:
        """Begin a story."""
        self.resume(story)

    def resume(self, story: Story, value: object = None) -> None:
        """Wake a story that sleeps; its `yield` gives `value`."""
        heappush(self._due, (self.now, next(self._turns), story, value))

    def run(self) -> Iterator[Instant]:
        """Take turns until nobody has anything left to tell; the instant after each turn."""
        due, turns = self._due, self._turns
        while due:
            self.now, _, story, value = heappop(due)
            self.current = story
            try:
                wait = story.send(value)
            except StopIteration:
                pass
            else:
                if wait is not None:
                    heappush(due, (self.now + wait, next(turns), story, None))
            yield self.now
