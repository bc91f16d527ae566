"""The simulated desk as a process of its own, as real desks are: all it does is append. Whoever shows the demo hears
from it through a pipe; when that end closes, the desk ends too.
"""

import asyncio
import multiprocessing
import signal
from collections.abc import Coroutine, Iterator
from contextlib import contextmanager
from multiprocessing.connection import Connection
from multiprocessing.process import BaseProcess
from uuid import UUID

from api.demo.living import visitors
from api.demo.recipe import Recipe
from api.demo.simulation import Simulation
from api.demo.writing import write_history, write_present
from api.logs import configure_logs
from api.opening import opened
from api.settings import Settings
from domain.errors import DeskledgerError, Unavailable
from domain.instants import Instant
from eventstore.clock import now

_SPAWN = multiprocessing.get_context("spawn")
_PATIENCE = 10.0
"""Seconds that the process has to end by itself."""


class DeskProcess:
    """The running process, as its parent sees it."""

    def __init__(self, process: BaseProcess, pipe: Connection) -> None:
        self._process = process
        self._pipe = pipe
        self._told = 0.0

    def told(self) -> float:
        """How far history has been told: from 0 to 1, where the desk lives on. Raises Unavailable where the process has
        ended, with what it said of it."""
        try:
            while self._pipe.poll():
                heard: float | str = self._pipe.recv()
                if isinstance(heard, str):
                    raise Unavailable(f"the simulated desk has ended: {heard}")
                self._told = heard
        except EOFError:
            self._process.join()
            raise Unavailable(f"the simulated desk has ended, with status {self._process.exitcode}") from None
        return self._told


@contextmanager
def desk_process(settings: Settings, url: str, workspace: UUID, recipe: Recipe) -> Iterator[DeskProcess]:
    """Run the simulated desk on a workspace for as long as this lasts."""
    ours, theirs = _SPAWN.Pipe()
    process = _SPAWN.Process(target=_main, args=(theirs, settings, url, workspace, recipe), name="desk", daemon=True)
    process.start()
    theirs.close()
    try:
        yield DeskProcess(process, ours)
    finally:
        ours.close()
        process.join(_PATIENCE)
        if process.is_alive():
            process.kill()
            process.join()


def _main(pipe: Connection, settings: Settings, url: str, workspace: UUID, recipe: Recipe) -> None:
    """The process. Ctrl-C reaches it as well, but its parent says when to end."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    configure_logs(settings)
    try:
        asyncio.run(_until_closed(pipe, _work(pipe, settings, url, workspace, recipe)))
    except DeskledgerError as error:
        pipe.send(error.message)


async def _until_closed(pipe: Connection, work: Coroutine[None, None, None]) -> None:
    """Do the work until the other end of the pipe closes. Nothing is ever sent from there, so what can be read there
    is its end."""
    closed = asyncio.Event()
    asyncio.get_running_loop().add_reader(pipe.fileno(), closed.set)
    working, waiting = asyncio.create_task(work), asyncio.create_task(closed.wait())
    await asyncio.wait((working, waiting), return_when=asyncio.FIRST_COMPLETED)
    for task in (working, waiting):
        task.cancel()
    results = await asyncio.gather(working, return_exceptions=True)
    if isinstance(results[0], Exception):
        raise results[0]


async def _work(pipe: Connection, settings: Settings, url: str, workspace: UUID, recipe: Recipe) -> None:
    async with opened(settings, url) as services:
        begun = now()

        def told(at: Instant) -> None:
            pipe.send(min(0.999, (at - recipe.start) / (begun - recipe.start)))

        future = await write_history(services.store, workspace, Simulation(recipe).events(), told=told)
        pipe.send(1.0)
        async with asyncio.TaskGroup() as living:
            living.create_task(write_present(services.store, workspace, future))
            living.create_task(write_present(services.store, workspace, visitors(recipe, now())))
