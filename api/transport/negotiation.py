"""What the client wants to be answered in: the Accept header of GraphQL over HTTP."""

from collections.abc import Iterable, Iterator
from enum import StrEnum


class Media(StrEnum):
    """What an answer can be written in."""

    GRAPHQL = "application/graphql-response+json"
    JSON = "application/json"
    EVENTS = "text/event-stream"
    HTML = "text/html"


def accepted(headers: Iterable[str], offers: Iterable[Media]) -> Media | None:
    """The offer that the client likes best, ties going to the earlier offer; None where it takes none of them.

    A client that does not say gets `application/json`, as clients older than the specification expect.
    """
    ranges = [wanted for header in headers for wanted in _ranges(header)]
    if not ranges:
        return Media.JSON
    scored = [(_liking(ranges, offer), offer) for offer in offers]
    quality, best = max(scored, key=lambda pair: pair[0])
    if quality <= 0:
        return None
    everything = all(kind == "*/*" for kind, _ in ranges)
    return Media.JSON if everything else best


def _liking(ranges: list[tuple[str, float]], offer: Media) -> float:
    """How much the client likes an offer: 0 to 1."""
    return max((quality for kind, quality in ranges if _covers(kind, offer)), default=0.0)


def _ranges(header: str) -> Iterator[tuple[str, float]]:
    for part in header.split(","):
        kind, *parameters = (piece.strip().lower() for piece in part.split(";"))
        if kind:
            yield kind, _quality(parameters)


def _quality(parameters: list[str]) -> float:
    for parameter in parameters:
        name, _, value = parameter.partition("=")
        if name == "q":
            try:
                return float(value)
            except ValueError:
                return 0.0
    return 1.0


def _covers(kind: str, offer: Media) -> bool:
    main = offer.partition("/")[0]
    return kind in (offer, f"{main}/*", "*/*")
