"""What a resolver has at hand: the services of this process, and the asker."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from time import perf_counter
from typing import TYPE_CHECKING, TypeAlias, TypeVar, cast

import strawberry
import structlog

from api.auth.principal import Principal
from api.auth.tokens import Authenticator
from api.client import UNKNOWN, Client
from api.commands import Commands
from api.execution.admission import Admission
from api.settings import Settings
from api.traces import Traces
from domain.errors import Unavailable
from eventstore.database import Database
from eventstore.proofs.guard import Guard
from eventstore.proofs.keys import SigningKeys
from eventstore.store import Store
from eventstore.vault import Vault
from projections.directory.query import Directory
from projections.hints import Ear

if TYPE_CHECKING:
    from api.live import KpiFeeds

log = structlog.get_logger("deskledger.api")
_T = TypeVar("_T")


@dataclass(frozen=True, slots=True)
class Services:
    """What this process has open."""

    settings: Settings
    database: Database
    store: Store
    vault: Vault
    signing: SigningKeys
    guard: Guard
    authenticator: Authenticator
    ear: Ear
    directory: Directory
    commands: Commands
    traces: Traces
    kpi_feeds: "KpiFeeds"
    admission: Admission


@dataclass(slots=True)
class Context:
    """One operation's surroundings."""

    services: Services
    principal: Principal
    client: Client = UNKNOWN
    cost: int = 1
    """What the operation costs, in points."""
    _kept: dict[object, object] = field(default_factory=dict)

    def once(self, make: "Callable[[Context], _T]") -> _T:
        """What `make` makes of this context, made once an operation: loaders that collect what a page asks for."""
        if make not in self._kept:
            self._kept[make] = make(self)
        return cast("_T", self._kept[make])

    async def trace(self, operation: str, asked: object, rows: int) -> None:
        """Put it on record that the asker is about to be answered `rows` rows; raises where that cannot be done."""
        await self.services.traces.read(self.principal, self.client, operation, asked, rows)


Info: TypeAlias = strawberry.Info[Context, None]


@dataclass(frozen=True, slots=True)
class Session:
    """An asker who was let in, for one request or one socket."""

    services: Services
    principal: Principal
    client: Client
    _token: str = field(repr=False)

    async def still_valid(self) -> None:
        """Raises Unauthenticated once the token has expired or was revoked. While the database is away nothing is said
        of the token, and nothing can be read with it either."""
        with suppress(Unavailable):
            await self.services.authenticator.authenticate(self._token)

    @contextmanager
    def operation(self, name: str | None, kind: str, cost: int = 1) -> Iterator[Context]:
        """The context of one operation, which is logged with its duration and without what it asked for. Raises
        what `Admission.admitted` raises."""
        began = perf_counter()
        try:
            with self.services.admission.admitted(self.principal.token, cost, stream=kind == "subscription"):
                yield Context(self.services, self.principal, self.client, cost)
        finally:
            log.info(
                "operation",
                operation=name,
                kind=kind,
                workspace=self.principal.slug,
                token=str(self.principal.token),
                role=str(self.principal.role),
                cost=cost,
                ms=round((perf_counter() - began) * 1000, 1),
            )
