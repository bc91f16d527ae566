"""The schema, asked by tokens of whatever role, in a workspace of the test's own."""

from collections.abc import AsyncIterator, Callable
from dataclasses import dataclass
from typing import Any
from uuid import UUID, uuid4

import pytest
from strawberry.types import ExecutionResult

from api.auth.principal import Principal
from api.auth.roles import Role
from api.context import Context, Services
from api.opening import opened
from api.schema import schema
from api.settings import Settings

TOLD = "errors { code path message }"


@dataclass(frozen=True)
class Asker:
    """Somebody with a token."""

    services: Services
    principal: Principal

    async def asks(self, document: str, **variables: Any) -> ExecutionResult:
        context = Context(self.services, self.principal)
        result = await schema.execute(document, variable_values=variables, context_value=context)
        assert isinstance(result, ExecutionResult)
        return result

    async def wants(self, mutation: str, shown: str = TOLD, **given: Any) -> dict[str, Any]:
        """One mutation by its name, under a key of its own unless one is given; its payload."""
        result = await self._mutation(mutation, shown, given)
        assert result.errors is None, result.errors
        payload: dict[str, Any] = (result.data or {})[mutation]
        return payload

    async def is_denied(self, mutation: str, **given: Any) -> str:
        """The code of the top-level error."""
        result = await self._mutation(mutation, TOLD, given)
        assert result.errors is not None
        assert len(result.errors) == 1
        code: str = getattr(result.errors[0].original_error, "code", "")
        return code

    async def _mutation(self, mutation: str, shown: str, given: dict[str, Any]) -> ExecutionResult:
        kind = f"{mutation[0].upper()}{mutation[1:]}Input"
        document = f"mutation ($input: {kind}!) {{ {mutation}(input: $input) {{ {shown} }} }}"
        return await self.asks(document, input={"idempotencyKey": str(uuid4()), **given})


Token = Callable[..., Asker]


@pytest.fixture(scope="session")
async def services(database_url: str, tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[Services]:
    """What a server process has open."""
    settings = Settings(home=tmp_path_factory.mktemp("home"), pool_size=5)
    async with opened(settings, database_url) as services:
        yield services


@pytest.fixture
async def desk_workspace(services: Services) -> UUID:
    """A workspace of this test alone, under the server's own keys."""
    workspace = uuid4()
    await services.store.create_ledger(workspace)
    return workspace


@pytest.fixture
def token(services: Services, desk_workspace: UUID) -> Token:
    """Makes an asker: `token(Role.OPERATOR, "anna")`."""

    def made(role: Role, operator: str | None = None) -> Asker:
        return Asker(services, Principal(uuid4(), desk_workspace, "test", role, operator, None))

    return made


@pytest.fixture
def anna(token: Token) -> Asker:
    return token(Role.OPERATOR, "anna")
