"""What a refusal of a whole request is in HTTP: its status, and the headers that go with that."""

from collections.abc import Mapping

from api.auth.tokens import Unauthenticated
from api.execution.refusals import RateLimited, TooManyAtOnce
from api.transport.request import UnsupportedMedia
from domain.errors import DeskledgerError, Forbidden, Unavailable

STATUSES: tuple[tuple[type[DeskledgerError], int], ...] = (
    (Unauthenticated, 401),
    (Forbidden, 403),
    (UnsupportedMedia, 415),
    (RateLimited, 429),
    (TooManyAtOnce, 429),
    (Unavailable, 503),
    (DeskledgerError, 400),
)
"""The first class that an error is of."""


def status_of(error: DeskledgerError) -> int:
    """The status of a request that is refused with an error."""
    return next(status for kind, status in STATUSES if isinstance(error, kind))


def headers_of(status: int) -> Mapping[str, str]:
    """What a client has to know beside a status."""
    return {401: {"WWW-Authenticate": "Bearer"}, 429: {"Retry-After": "1"}, 503: {"Retry-After": "1"}}.get(status, {})
