"""How far long work is, for whoever looks at a terminal."""

import sys
from collections.abc import Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from api.ingest.preparation import Progress

_STEPS = 400
"""How many times a bar moves at most: drawing costs more than reading."""


@contextmanager
def bar() -> Iterator["Progress"]:
    """A bar for each stage, where somebody is looking."""
    from api.ingest.preparation import silent

    if not sys.stderr.isatty():
        yield silent
        return
    from rich.console import Console
    from rich.progress import Progress as Bar
    from rich.progress import TaskID

    with Bar(console=Console(stderr=True), transient=True) as drawn:
        tasks: dict[str, TaskID] = {}
        shown: dict[str, int] = {}

        def progress(stage: str, done: int, total: int) -> None:
            if stage not in tasks:
                tasks[stage], shown[stage] = drawn.add_task(stage, total=total), 0
            if done == total or done - shown[stage] > total // _STEPS:
                shown[stage] = done
                drawn.update(tasks[stage], completed=done)

        yield progress
