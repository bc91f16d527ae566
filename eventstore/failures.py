"""What the database says when it cannot, in our words."""

from collections.abc import Iterator
from contextlib import contextmanager

import asyncpg

from domain.errors import Unavailable

AWAY = (
    OSError,
    TimeoutError,
    asyncpg.PostgresConnectionError,
    asyncpg.InterfaceError,
    asyncpg.OperatorInterventionError,  # shutting down, crashed, starting up
    asyncpg.TooManyConnectionsError,
    asyncpg.InternalClientError,  # the driver, on a connection that is just being cut
)
"""Raised where the server is not there, is going away or is coming up."""

BROKEN_OFF = (
    asyncpg.PostgresConnectionError,
    asyncpg.AdminShutdownError,
    asyncpg.CrashShutdownError,
    asyncpg.InternalClientError,
    ConnectionResetError,
    BrokenPipeError,
)
"""The connection is gone in the middle: if that was at COMMIT, nobody told us whether it got through."""

RETRIED = (
    *BROKEN_OFF,
    asyncpg.SerializationError,
    asyncpg.DeadlockDetectedError,
    asyncpg.UniqueViolationError,
    asyncpg.DivisionByZeroError,  # how the lane says that the ledger is shorter than was remembered
)
"""After these the same append is simply done again: its checks run anew, and its ids make a second time harmless."""


@contextmanager
def translated() -> Iterator[None]:
    """Whatever is raised within and means `Unavailable` is raised as that."""
    try:
        yield
    except Exception as error:
        ours = unavailable(error)
        if ours is None or ours is error:
            raise
        raise ours from error


def unavailable(error: BaseException) -> Unavailable | None:
    """The error as `Unavailable`, where that is what it means; else None."""
    if isinstance(error, Unavailable):
        return error
    if isinstance(error, asyncpg.DiskFullError):
        return Unavailable("the database's disk is full: nothing can be appended until there is room; reading goes on")
    if isinstance(error, asyncpg.QueryCanceledError | asyncpg.LockNotAvailableError):
        return Unavailable(f"the database took too long: {error}", detail="TOO_SLOW")
    if isinstance(error, ValueError):
        return None  # a value that the driver cannot send is an `InterfaceError`, too
    if isinstance(error, AWAY):
        return Unavailable(f"the database is not there just now: {error or type(error).__name__}")
    return None
