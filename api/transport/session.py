"""Lets askers in."""

from collections.abc import Callable

from api.auth.tokens import Unauthenticated
from api.client import Client
from api.context import Services, Session


class Sessions:
    """Lets in whoever brings a valid token. `services` raises Unavailable while the database is away at the start."""

    def __init__(self, services: Callable[[], Services]) -> None:
        self._services = services

    async def of_header(self, authorization: str | None, client: Client) -> Session:
        """The session of an Authorization header."""
        scheme, _, token = (authorization or "").partition(" ")
        if scheme.lower() != "bearer" or not token.strip():
            raise Unauthenticated("send a token: `Authorization: Bearer ...`; `deskledger token create` makes one")
        services = self._services()
        return Session(services, await services.authenticator.authenticate(token.strip()), client, token.strip())
