"""Cursors: opaque, versioned, and bound to what they were made for.

A cursor holds a place, a digest of the workspace and the filter it belongs to, and a checksum over all. It grants
nothing that its bearer could not ask for anyway, so it needs no secret: a checksum tells a damaged or made-up one, the
digest tells one of another filter.
"""

from base64 import urlsafe_b64decode, urlsafe_b64encode
from dataclasses import dataclass
from hashlib import sha256
from typing import TypeAlias
from uuid import UUID

import msgspec

from domain.errors import InvalidQuestion

_VERSION = 1
_DIGEST = 8
Place: TypeAlias = tuple[int | str, ...]
"""Where a page ends: the values of the key that it is ordered by."""


@dataclass(frozen=True, slots=True)
class CursorSpace:
    """The order of one list: cursors of it lead nowhere else."""

    digest: bytes

    @classmethod
    def of(cls, workspace: UUID, name: str, question: object) -> "CursorSpace":
        """`question`: everything that decides what is in the list and how it is ordered, as plain data."""
        told = msgspec.json.encode((str(workspace), name, question), order="deterministic")
        return cls(sha256(told).digest()[:_DIGEST])

    def cursor(self, *place: int | str) -> str:
        """The cursor of a place in this list."""
        told = bytes([_VERSION]) + self.digest + msgspec.json.encode(place)
        return urlsafe_b64encode(told + _checksum(told)).decode().rstrip("=")

    def place(self, cursor: str, *kinds: type[int] | type[str], argument: str = "after") -> Place:
        """The place that a cursor names, whose values are of `kinds`."""
        told = _told(cursor, argument)
        if told[1 : 1 + _DIGEST] != self.digest:
            raise InvalidQuestion(
                f"the cursor in `{argument}` was made for another filter or order; start again without it",
                path=(argument,),
                detail="CURSOR_OF_ANOTHER_FILTER",
            )
        place = msgspec.json.decode(told[1 + _DIGEST :])
        if [type(value) for value in place] != list(kinds):
            raise _invalid(argument)
        return tuple(place)


def _told(cursor: str, argument: str) -> bytes:
    try:
        raw = urlsafe_b64decode(cursor.encode("ascii") + b"=" * (-len(cursor) % 4))
    except ValueError:
        raise _invalid(argument) from None
    told, checksum = raw[:-_DIGEST], raw[-_DIGEST:]
    if checksum != _checksum(told) or told[:1] != bytes([_VERSION]):
        raise _invalid(argument)
    return told


def _invalid(argument: str) -> InvalidQuestion:
    return InvalidQuestion(
        f"`{argument}` is no cursor of ours; give one that an answer held, unchanged",
        path=(argument,),
        detail="INVALID_CURSOR",
    )


def _checksum(told: bytes) -> bytes:
    return sha256(b"deskledger cursor\0" + told).digest()[:_DIGEST]
