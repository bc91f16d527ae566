"""Everything that can be set, in one place. Each setting is an environment variable: `DESKLEDGER_` and its name."""

import os
from collections.abc import Mapping
from ipaddress import ip_network
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, get_type_hints

import msgspec
from msgspec import Meta, Struct

from domain.errors import InvalidInput

if TYPE_CHECKING:
    from eventstore.proofs.outlets import Outlets

PREFIX = "DESKLEDGER_"


class Settings(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """What one process was told. Read once, at its start, with `Settings.from_environment()`."""

    home: Annotated[Path, Meta(description="Folder of the embedded database, the master key and locks")] = Path(
        ".deskledger"
    )
    database_url: Annotated[
        str,
        Meta(description="A PostgreSQL 15 or newer: `postgresql://user:password@host/name`; empty: the embedded one"),
    ] = ""
    host: Annotated[str, Meta(description="Address that `serve` listens on")] = "127.0.0.1"
    port: Annotated[int, Meta(ge=0, le=65535, description="Port that `serve` listens on; 0 takes a free one")] = 8000
    pool_size: Annotated[int, Meta(ge=3, le=500, description="Database connections of a process")] = 10
    workers: Annotated[bool, Meta(description="Whether `serve` runs the projections in its own process")] = True
    development: Annotated[bool, Meta(description="Whether the explorer page is served at /graphql")] = True
    allowed_origins: Annotated[str, Meta(description="Web pages that may call the API, comma-separated; `*`: all")] = (
        "*"
    )
    trusted_proxies: Annotated[
        str,
        Meta(
            description="Proxies whose `X-Forwarded-For` is believed: addresses, networks, comma-separated; empty: none"
        ),
    ] = ""
    heads_folder: Annotated[
        str,
        Meta(
            description="Folder outside the database where signed heads are kept, best on another machine: a ledger "
            "that went backwards is noticed by it; empty: none"
        ),
    ] = ""
    heads_webhooks: Annotated[
        str, Meta(description="Addresses that every signed head is posted to, comma-separated; empty: none")
    ] = ""
    time_authorities: Annotated[
        str,
        Meta(
            description="Time-stamping authorities (RFC 3161) that stamp the newest head, comma-separated; the stamps "
            "are kept in `DESKLEDGER_HEADS_FOLDER`; empty: none"
        ),
    ] = ""
    time_stamp_seconds: Annotated[float, Meta(ge=1, description="How often a ledger's newest head is stamped")] = (
        3_600.0
    )
    log_level: Annotated[str, Meta(pattern="^(debug|info|warning|error)$", description="What is logged")] = "info"
    log_format: Annotated[str, Meta(pattern="^(console|json)$", description="How it is logged")] = "console"
    max_body_bytes: Annotated[int, Meta(ge=1_000, description="Largest request body; a larger one is answered 413")] = (
        2_000_000
    )
    max_cost: Annotated[int, Meta(ge=100, description="Points that one operation may cost: see docs/limits.md")] = (
        100_000
    )
    rate_points: Annotated[int, Meta(ge=100, description="Points that a token may use at once, in each process")] = (
        5_000_000
    )
    rate_restored: Annotated[int, Meta(ge=1, description="Points that come back to a token each second")] = 500_000
    max_operations: Annotated[int, Meta(ge=1, description="Operations that a token may have open in a process")] = 500
    max_streams: Annotated[int, Meta(ge=1, description="Subscriptions that a token may have open in a process")] = 5_000
    statement_seconds: Annotated[
        float, Meta(gt=0, description="How long one statement of a question may take in the database")
    ] = 30.0
    at_least_seconds: Annotated[
        float, Meta(gt=0, description="How long a query waits for the position that `atLeast` names")
    ] = 5.0
    heartbeat_seconds: Annotated[float, Meta(gt=0, description="How often an idle subscription says where it is")] = (
        15.0
    )
    token_seconds: Annotated[
        float,
        Meta(gt=0, le=5, description="How long a process goes by what it knows of a token: a revoked one is dead then"),
    ] = 3.0

    @classmethod
    def from_environment(cls, environment: Mapping[str, str] = os.environ) -> "Settings":
        """The settings of `environment`. Raises InvalidInput for a value that cannot be, and for an unknown name."""
        told = {
            name.removeprefix(PREFIX).lower(): text
            for name, text in environment.items()
            if name.startswith(PREFIX) and name not in _NOT_OURS
        }
        try:
            return msgspec.convert(told, cls, strict=False, dec_hook=_path)
        except msgspec.ValidationError as error:
            raise InvalidInput(f"a {PREFIX}... environment variable is wrong: {error}") from None

    def __post_init__(self) -> None:
        """Raises ValueError for a proxy that is no address or network."""
        for proxy in self.proxies:
            try:
                ip_network(proxy)
            except ValueError as error:
                raise ValueError(f"trusted_proxies: {error}") from None
        for url in (*_listed(self.heads_webhooks), *_listed(self.time_authorities)):
            if not url.startswith(("http://", "https://")):
                raise ValueError(f"heads_webhooks, time_authorities: {url!r:.100} is no http or https address")
        if self.time_authorities and not self.heads_folder:
            raise ValueError("time_authorities: stamps are kept in heads_folder; set that, too")

    @property
    def proxies(self) -> list[str]:
        """The proxies that are trusted, each an address or network."""
        return _listed(self.trusted_proxies)

    @property
    def outlets(self) -> "Outlets":
        """Where signed heads are sent."""
        from eventstore.proofs.outlets import Outlets

        return Outlets(
            webhooks=_listed(self.heads_webhooks),
            authorities=_listed(self.time_authorities),
            folder=self.outside,
            seconds=self.time_stamp_seconds,
        )

    @property
    def folder(self) -> Path:
        """The home folder, absolute."""
        return self.home.expanduser().absolute()

    @property
    def outside(self) -> Path | None:
        """Where heads are kept outside the database, absolute; None: nowhere."""
        return Path(self.heads_folder).expanduser().absolute() if self.heads_folder else None


def _listed(text: str) -> list[str]:
    """What stands between commas."""
    return [each.strip() for each in text.split(",") if each.strip()]


def described() -> dict[str, tuple[str, object]]:
    """Every environment variable, what it means, and its default: the README's table."""
    hints = get_type_hints(Settings, include_extras=True)
    return {
        PREFIX + field.name.upper(): (hints[field.name].__metadata__[0].description, field.default)
        for field in msgspec.structs.fields(Settings)
    }


_NOT_OURS = {PREFIX + "TEST_DATABASE_URL"}
"""Read by the test suite only."""


def _path(kind: type, value: object) -> object:
    if kind is Path and isinstance(value, str):
        return Path(value)
    raise NotImplementedError
