"""What can go wrong while folding: passing troubles, and events that will fail again."""

import asyncpg

from domain.errors import DeskledgerError, Unavailable

_PASSING = (
    Unavailable,
    asyncpg.SerializationError,
    asyncpg.DeadlockDetectedError,
    asyncpg.PostgresConnectionError,
    asyncpg.InsufficientResourcesError,
    asyncpg.OperatorInterventionError,
    asyncpg.IdleInTransactionSessionTimeoutError,
    asyncpg.InterfaceError,
    asyncpg.InternalClientError,
    OSError,
)
_LONGEST = 1_000


class Gap(DeskledgerError):
    """The ledger did not give the position that comes next. Folding what follows would hide a hole."""

    code = "GAP"

    def __init__(self, expected: int, found: int) -> None:
        super().__init__(f"position {expected} comes next, but the ledger gave {found}")
        self.expected = expected


def passing(error: Exception) -> bool:
    """Whether trying again later may succeed, with nothing else changed."""
    return isinstance(error, _PASSING) and not isinstance(error, ValueError)  # what the driver cannot send stays so


def described(error: Exception) -> str:
    """The error in one line, for the halted row."""
    return f"{type(error).__name__}: {error}"[:_LONGEST]
