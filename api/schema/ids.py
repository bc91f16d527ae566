"""Global ids, and the desk's own.

A global id is opaque, names its type and carries a checksum, so it is never mistaken for an id of the desk's own:
wherever an id comes in, either will do.
"""

from base64 import urlsafe_b64decode, urlsafe_b64encode
from enum import StrEnum
from zlib import crc32

from domain.errors import InvalidQuestion


class NodeKind(StrEnum):
    """What a global id can be of. Stable: it stands in ids that clients keep."""

    WORKSPACE = "W"
    ENTRY = "E"
    CONVERSATION = "C"
    OPERATOR = "O"
    TEAM = "T"
    CHANNEL = "H"
    COMMUNITY = "M"
    CUSTOMER = "U"


_CHECKSUM = 4


def global_id(kind: NodeKind, key: str) -> str:
    """The global id of the thing that the desk calls `key`."""
    told = f"{kind}{key}".encode()
    return urlsafe_b64encode(told + _checksum(told)).decode().rstrip("=")


def parse_global_id(text: str) -> tuple[NodeKind, str] | None:
    """Kind and key, or None where it is no global id."""
    try:
        raw = urlsafe_b64decode(text.encode("ascii") + b"=" * (-len(text) % 4))
        told, checksum = raw[:-_CHECKSUM], raw[-_CHECKSUM:]
        if not told or checksum != _checksum(told):
            return None
        decoded = told.decode()
        return NodeKind(decoded[0]), decoded[1:]
    except ValueError:
        return None


def key_of(kind: NodeKind, text: str) -> str:
    """The desk's own id, from that itself or from a global id. Raises where it is the global id of something else."""
    parsed = parse_global_id(text)
    if parsed is None:
        return text
    if parsed[0] is not kind:
        raise InvalidQuestion(
            f"this id is of a {parsed[0].name.lower()}; asked for is a {kind.name.lower()}", detail="ID_OF_ANOTHER_KIND"
        )
    return parsed[1]


def _checksum(told: bytes) -> bytes:
    return crc32(told).to_bytes(_CHECKSUM)
