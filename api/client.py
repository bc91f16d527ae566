"""Where a request came from, as far as its connection says."""

from ipaddress import IPv6Address, ip_address

from msgspec import Struct
from starlette.requests import HTTPConnection

_LONGEST_USER_AGENT = 500


class Client(Struct, frozen=True):
    """The program at the other end, and its address."""

    ip: str | None = None
    user_agent: str | None = None


UNKNOWN = Client()
"""Somebody whom no connection brought."""


def client_of(connection: HTTPConnection) -> Client:
    """Who is at the other end of a connection; behind proxies that are trusted, who was at the other end of theirs."""
    host = None if connection.client is None else connection.client.host
    return Client(ip=_address(host), user_agent=_printable(connection.headers.get("user-agent")))


def _address(host: str | None) -> str | None:
    """The address in its usual form; None where it is none, as with sockets in the file system, or what a proxy made
    up."""
    try:
        address = ip_address(host or "")
    except ValueError:
        return None
    mapped = address.ipv4_mapped if isinstance(address, IPv6Address) else None
    return str(mapped or address)


def _printable(user_agent: str | None) -> str | None:
    """What can be shown of it, and stored whole."""
    if user_agent is None:
        return None
    return "".join(filter(str.isprintable, user_agent))[:_LONGEST_USER_AGENT].strip() or None
