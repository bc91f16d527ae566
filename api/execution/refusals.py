"""Why an operation is not begun, for its size or for what its asker has used up."""

from domain.errors import DeskledgerError


class TooLarge(DeskledgerError):
    """The document is larger than is answered; `detail` says in what way."""

    code = "QUERY_TOO_LARGE"

    def __init__(self, detail: str, what: str, measured: int, limit: int) -> None:
        super().__init__(f"this document has {measured:,} {what}; at most {limit:,} are answered", detail=detail)


class TooCostly(DeskledgerError):
    """The operation asks for more than one operation may."""

    code = "QUERY_TOO_COSTLY"


class RateLimited(DeskledgerError):
    """The token has used up what it may for now."""

    code = "RATE_LIMITED"


class TooManyAtOnce(DeskledgerError):
    """The token has as many operations open as it may."""

    code = "TOO_MANY_AT_ONCE"
