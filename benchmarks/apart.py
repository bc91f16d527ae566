"""Work in processes of its own, so that neither memory nor the interpreter's state of one figure touches another."""

import logging
import resource
from collections.abc import Callable
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass
from multiprocessing import get_context
from multiprocessing.synchronize import Barrier
from pathlib import Path
from typing import Generic, TypeVar

import structlog

T = TypeVar("T")

_barrier: Barrier | None = None


@dataclass(frozen=True, slots=True)
class Done(Generic[T]):
    """What a process returned, and the most memory that it held, in MB."""

    result: T
    peak: float


def apart(work: Callable[..., T], *arguments: object) -> Done[T]:
    """Run `work` in a fresh process. It and its arguments must be picklable."""
    return together(1, work, *arguments)[0]


def together(processes: int, work: Callable[..., T], *arguments: object) -> list[Done[T]]:
    """Run `work(*arguments, number)` (without the number for one process) in several fresh processes at once.

    Whoever prepares something first calls `all_ready` before the clock starts.
    """
    context = get_context("spawn")
    barrier = context.Barrier(processes)
    with ProcessPoolExecutor(processes, mp_context=context, initializer=_meet_at, initargs=(barrier,)) as pool:
        each = [(*arguments, number) if processes > 1 else arguments for number in range(processes)]
        return [future.result() for future in [pool.submit(_measured, work, own) for own in each]]


def all_ready(timeout: float = 300) -> None:
    """Wait until every process of `together` has come here."""
    assert _barrier is not None, "only in a process that `together` started"
    _barrier.wait(timeout)


def _meet_at(barrier: Barrier) -> None:
    global _barrier  # a process is told once, when it starts
    _barrier = barrier


def _measured(work: Callable[..., T], arguments: tuple[object, ...]) -> Done[T]:
    structlog.configure(wrapper_class=structlog.make_filtering_bound_logger(logging.WARNING))
    return Done(work(*arguments), _peak())


def _peak() -> float:
    """The most resident memory that this process had. (On Linux `getrusage` would tell of the one that started it.)"""
    status = Path("/proc/self/status")
    if status.exists():
        [line] = [line for line in status.read_text().splitlines() if line.startswith("VmHWM:")]
        return int(line.split()[1]) / 1024
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 2**20
