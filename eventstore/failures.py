"""What the database says when it cannot, in our words."""

import asyncpg

from domain.errors import Unavailable

AWAY = (
    OSError,
    TimeoutError,
    asyncpg.PostgresConnectionError,
    asyncpg.InterfaceError,
    asyncpg.OperatorInterventionError,  # shutting down, crashed, starting up
    asyncpg.TooManyConnectionsError,
)
"""Raised where the server is not there, is going away or is coming up."""

RETRIED = (
    asyncpg.SerializationError,
    asyncpg.DeadlockDetectedError,
    asyncpg.PostgresConnectionError,
    asyncpg.UniqueViolationError,
)
"""After these the same append is simply done again: its checks run anew, and its ids make a second time harmless,
even where the first one's COMMIT had got through before the connection broke."""


def unavailable(error: BaseException) -> Unavailable | None:
    """The error as `Unavailable`, where that is what it means; else None."""
    if isinstance(error, Unavailable):
        return error
    if isinstance(error, asyncpg.DiskFullError):
        return Unavailable("the database's disk is full: nothing can be appended until there is room; reading goes on")
    if isinstance(error, asyncpg.QueryCanceledError | asyncpg.LockNotAvailableError):
        return Unavailable(f"the database took too long: {error}")
    if isinstance(error, AWAY):
        return Unavailable(f"the database is not there just now: {error or type(error).__name__}")
    return None
