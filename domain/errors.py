"""Everything Deskledger refuses, as one tree. A class is a stable code; the sentence says what, where and what to do.

DeskledgerError
├── InvalidInput            malformed: never stored, the same again will fail again
│   ├── InvalidEvent        one event of a batch
│   └── InvalidQuestion     a question that makes no sense (a slice, a range, a cursor)
├── CommandRefused          well-formed, but not in this state of affairs
├── NotFound                unknown, or not for you to know
├── Forbidden               known to be there, not yours to do
├── Conflict                somebody was faster (an expected version, a lease)
└── Unavailable             try again later: nothing was done
    └── Overloaded          the queue is full: slow down

Only the API layer knows what each of them is in HTTP or GraphQL.
"""

from typing import ClassVar


class DeskledgerError(Exception):
    """The root. `code` is stable and part of the API; `path` says where in the input, where that is known."""

    code: ClassVar[str] = "INTERNAL"

    def __init__(self, message: str, *, path: tuple[str | int, ...] = (), detail: str | None = None) -> None:
        super().__init__(message)
        self.message = message
        self.path = path
        self.detail = detail


class InvalidInput(DeskledgerError):
    """The input is malformed."""

    code = "INVALID_INPUT"


class InvalidEvent(InvalidInput):
    """An event is malformed. `detail` is a narrower stable code, such as `UNKNOWN_FIELD` or `TOO_LARGE`."""

    code = "INVALID_EVENT"


class InvalidQuestion(InvalidInput):
    """A question makes no sense, and the sentence says why."""

    code = "INVALID_QUESTION"


class CommandRefused(DeskledgerError):
    """The conversation, customer or operator is not in a state in which this can be done. `detail` names the reason."""

    code = "COMMAND_REFUSED"


class NotFound(DeskledgerError):
    """No such thing in this workspace, or not for the asker to know."""

    code = "NOT_FOUND"


class Forbidden(DeskledgerError):
    """The asker's role does not allow it."""

    code = "FORBIDDEN"


class Conflict(DeskledgerError):
    """Somebody else was faster; read again, and decide again."""

    code = "CONFLICT"


class Unavailable(DeskledgerError):
    """Something needed is not there just now; nothing was done; trying again later is safe."""

    code = "UNAVAILABLE"


class Overloaded(Unavailable):
    """More work is queued than can be held; nothing was done; try again more slowly."""

    code = "OVERLOADED"
