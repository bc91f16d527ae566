"""How far the demo has got, as two bars: the desk's history, and the read models behind it."""

from collections.abc import Iterator
from contextlib import contextmanager
from uuid import UUID

from rich.console import Console
from rich.progress import BarColumn, Progress, TaskProgressColumn, TextColumn, TimeElapsedColumn

from api.context import Services
from api.demo.process import DeskProcess
from api.opening import all_projections
from domain.errors import Unavailable
from projections.serving import serving

_CLOSE = 50
"""Events that a read model may be behind a living desk, to count as caught up."""
_NOT_YET = 0.999


class Filling:
    """Watches over a desk's filling."""

    def __init__(self, services: Services, workspace: UUID, desk: DeskProcess, progress: Progress, days: int) -> None:
        self._services = services
        self._workspace = workspace
        self._desk = desk
        self._progress = progress
        self._history = progress.add_task(f"{days} days at the desk", total=1.0)
        self._figures = progress.add_task("journals and figures", total=1.0)

    async def done(self) -> bool:
        """Look, show, and say whether all is there."""
        told = self._desk.told()
        head = await self._services.store.head(self._workspace)
        folded = await self._folded()
        done = told == 1 and folded >= head - _CLOSE
        share = 1.0 if done else min(_NOT_YET, told * (folded + 1) / max(1, head + 1))
        self._progress.update(self._history, completed=told)
        self._progress.update(self._figures, completed=share)
        return done

    async def _folded(self) -> int:
        """The position that every read model has reached."""
        names = [each.name for each in all_projections(self._services.store)]
        async with self._services.database.transaction(self._workspace, readonly=True) as connection:
            try:
                found = [await serving(connection, self._workspace, name) for name in names]
            except Unavailable as error:
                if error.detail == "NOT_BEGUN":
                    return -1
                raise
        if any(each.halted for each in found):
            raise Unavailable("a read model has met an event that it cannot fold, and stands still")
        return min(each.checkpoint for each in found)


@contextmanager
def filling(
    services: Services, workspace: UUID, desk: DeskProcess, *, days: int, console: Console
) -> Iterator[Filling]:
    """The bars, for as long as this lasts."""
    columns = (TextColumn("{task.description}"), BarColumn(), TaskProgressColumn(), TimeElapsedColumn())
    with Progress(*columns, console=console) as progress:
        yield Filling(services, workspace, desk, progress, days)
