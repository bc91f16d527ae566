"""`deskledger token`: give and take access."""

import asyncio
from collections.abc import Awaitable, Callable
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Annotated, TypeVar
from uuid import UUID

import typer

from api.auth.roles import Role
from api.settings import Settings
from domain.errors import NotFound

if TYPE_CHECKING:
    from api.auth.tokens import Token
    from api.context import Services

T = TypeVar("T")
_Workspace = Annotated[str, typer.Option(help="The workspace, by its short name.")]


def register(app: typer.Typer) -> None:
    commands = typer.Typer(help="Give and take access to the API.", no_args_is_help=True)
    commands.command("create")(create)
    commands.command("list")(show)
    commands.command("revoke")(revoke)
    app.add_typer(commands, name="token")


def create(
    workspace: _Workspace,
    role: Annotated[Role, typer.Option(help="What the token may be used for.")],
    operator: Annotated[str | None, typer.Option(help="Whose token it is; required for the role operator.")] = None,
    team: Annotated[
        list[str] | None, typer.Option(help="A team that is led; for the role lead, once for each.")
    ] = None,
    label: Annotated[str | None, typer.Option(help="What it is for; shown by `token list`.")] = None,
    days: Annotated[
        int | None, typer.Option(help="Valid for so many days; unsaid, until it is revoked.", min=1)
    ] = None,
    create_workspace: Annotated[
        bool, typer.Option(help="Make the workspace where there is none of that name.")
    ] = False,
) -> None:
    """Make a token and print it. It is kept as a digest only: it cannot be shown again."""
    from api import workspaces
    from api.auth.tokens import create_token

    async def made(services: "Services") -> str:
        if create_workspace:
            await workspaces.create_workspace(services.database, services.store, workspace)
        expires_at = None if days is None else datetime.now(UTC) + timedelta(days=days)
        found = await _workspace(services, workspace)
        return await create_token(
            services.database, found, role, operator=operator, teams=team or (), label=label, expires_at=expires_at
        )

    typer.echo(_with_services(made))


def show(workspace: _Workspace) -> None:
    """List the workspace's tokens, without what they are."""
    from api.auth.tokens import list_tokens

    async def listed(services: "Services") -> list[str]:
        tokens = await list_tokens(services.database, await _workspace(services, workspace))
        return [
            "\t".join((str(token.id), token.role, token.operator or "-", _state(token), token.label or ""))
            for token in tokens
        ]

    for line in _with_services(listed):
        typer.echo(line)


def revoke(workspace: _Workspace, token: Annotated[UUID, typer.Argument(help="Its id, as `token list` says.")]) -> None:
    """Take a token's validity away. Servers know within seconds, and close what it had open."""
    from api.auth.tokens import revoke_token

    async def revoked(services: "Services") -> None:
        await revoke_token(services.database, await _workspace(services, workspace), token)

    _with_services(revoked)


def _with_services(work: Callable[["Services"], Awaitable[T]]) -> T:
    from api.opening import opened, reachable

    settings = Settings.from_environment()

    async def run(url: str) -> T:
        async with opened(settings, url) as services:
            return await work(services)

    with reachable(settings) as url:
        return asyncio.run(run(url))


async def _workspace(services: "Services", slug: str) -> UUID:
    from api.workspaces import find_workspace

    found = await find_workspace(services.database, slug)
    if found is None:
        raise NotFound(f"there is no workspace {slug!r}; `--create-workspace` makes it")
    return found


def _state(token: "Token") -> str:
    if token.revoked_at is not None:
        return f"revoked {token.revoked_at:%Y-%m-%d}"
    return "valid" if token.expires_at is None else f"until {token.expires_at:%Y-%m-%d}"
