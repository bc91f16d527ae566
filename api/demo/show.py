"""The demo from its beginning to Ctrl-C: a desk that fills and lives, and the server over it."""

import asyncio
import contextlib
import os
import signal
import socket
import sys
from collections.abc import AsyncIterator, Iterator
from dataclasses import dataclass
from datetime import timedelta

import uvicorn
from rich.console import Console

from api.app import create_app
from api.demo.filling import filling
from api.demo.process import desk_process
from api.demo.recipe import Recipe
from api.demo.stories.staff import local_day, midnight
from api.demo.welcome import questions, tokens, welcome
from api.demo.writing import recipe_in
from api.opening import opened
from api.server import uvicorn_options
from api.settings import Settings
from api.workspaces import create_workspace
from domain.errors import Unavailable
from eventstore.clock import now

_LOOK = 0.2
_GLANCE = 1.0


@dataclass(frozen=True, slots=True)
class Play:
    """What is asked for: the workspace's short name, and the desk to begin where its ledger is empty."""

    workspace: str = "demo"
    days: int = 90
    operators: int = 45
    seed: int = 1

    def recipe(self) -> Recipe:
        """History begins at a midnight of the desk's zone, so many days before today's."""
        start = midnight(local_day(now()) - timedelta(days=self.days))
        return Recipe(start=start, days=self.days, operators=self.operators, seed=self.seed)


async def show(settings: Settings, url: str, play: Play) -> None:
    """Fill, serve and keep living, until Ctrl-C."""
    stop = _stop_signal()
    console = Console(stderr=True)
    async with opened(settings, url) as services, _served(settings, url) as address:
        workspace = await create_workspace(services.database, services.store, play.workspace)
        recipe = await recipe_in(services.store, workspace) or play.recipe()
        with desk_process(settings, url, workspace, recipe) as desk:
            with filling(services, workspace, desk, days=recipe.days, console=console) as bars:
                while not (stop.is_set() or await bars.done()):
                    await _either(stop, _LOOK)
            if not stop.is_set():
                given = await tokens(services, workspace)
                asked = questions(recipe, local_day(now()))
                sys.stdout.write("\n".join(welcome(address, given, asked, settings.folder)) + "\n")
                sys.stdout.flush()
            while not stop.is_set():
                desk.told()
                await _either(stop, _GLANCE)
    console.print("The desk is closed. Started again, it continues.")


def _stop_signal() -> asyncio.Event:
    """Set by Ctrl-C, and by whoever asks the process to end."""
    stop = asyncio.Event()
    for number in (signal.SIGINT, signal.SIGTERM):
        asyncio.get_running_loop().add_signal_handler(number, stop.set)
    return stop


async def _either(stop: asyncio.Event, seconds: float) -> None:
    """Until it is time to stop, or the seconds are over."""
    with contextlib.suppress(TimeoutError):
        await asyncio.wait_for(stop.wait(), seconds)


class _Server(uvicorn.Server):
    """Leaves signals to whoever runs it."""

    @contextlib.contextmanager
    def capture_signals(self) -> Iterator[None]:
        yield


@contextlib.asynccontextmanager
async def _served(settings: Settings, url: str) -> AsyncIterator[str]:
    """The API, at the address that this gives, for as long as this lasts."""
    bound = _bind(settings.host, settings.port)
    server = _Server(uvicorn.Config(create_app(settings, url), **uvicorn_options(settings)))
    running = asyncio.create_task(server.serve(sockets=[bound]), name="server")
    try:
        yield f"http://{settings.host}:{bound.getsockname()[1]}"
    finally:
        server.should_exit = True
        await running


def _bind(host: str, port: int) -> socket.socket:
    try:
        return socket.create_server((host, port), backlog=1_024)
    except OSError as error:
        raise Unavailable(
            f"cannot listen on {host}:{port} ({os.strerror(error.errno or 0)}); --port 0 takes a free one"
        ) from None
