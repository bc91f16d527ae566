"""`deskledger verify`: whether the ledgers are what was signed.

`verifier` prints a program with which others see for themselves, `accept-loss` goes on with what is left of a ledger.
"""

import asyncio
import json
from collections.abc import Awaitable, Callable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, TypeVar
from uuid import UUID

import typer

from api.cli._progress import bar
from api.settings import Settings
from domain.errors import Conflict, InvalidInput, NotFound

if TYPE_CHECKING:
    from api.context import Services
    from eventstore.proofs.findings import Finding
    from eventstore.proofs.verify import Verified

T = TypeVar("T")

_Workspace = Annotated[str | None, typer.Option(help="The workspace, by its short name or id; unsaid: all ledgers.")]


def register(app: typer.Typer) -> None:
    app.command("verify")(verify)
    app.command("accept-loss")(accept_loss)
    app.command("verifier")(verifier)


def verify(
    workspace: _Workspace = None,
    heads: Annotated[
        Path | None, typer.Option(help="Folder of heads kept outside; unsaid: DESKLEDGER_HEADS_FOLDER, if any.")
    ] = None,
    dump: Annotated[
        Path | None, typer.Option(help="A dump (pg_dump) in place of the database; it is restored apart for this.")
    ] = None,
    evidence: Annotated[Path | None, typer.Option(help="An evidence file (.json) in place of the database.")] = None,
    key: Annotated[
        list[str] | None, typer.Option(help="A public key to go by (hexadecimal); unsaid: those of `key show`.")
    ] = None,
    words: Annotated[
        bool, typer.Option(help="Open sealed words as well, which needs the master key.", show_default=False)
    ] = True,
    as_json: Annotated[bool, typer.Option("--json", help="One JSON document, for programs.")] = False,
) -> None:
    """Recompute every hash of the ledgers as they stand in the database, and compare them with all signed heads.

    Says what is wrong, and where first. Ends with status 1 where something is.
    """
    if evidence is not None:
        _check_evidence(evidence, key)
        return

    async def verified(services: "Services") -> "list[Verified]":
        folder, keys = heads or services.settings.outside, _publics(key)
        return [
            await _verified(services, one, folder, keys, words=words) for one in await _ledgers(services, workspace)
        ]

    all_ = _with_services(verified) if dump is None else _with_dump(dump, verified)
    if as_json:
        typer.echo(json.dumps([_facts(each) for each in all_], indent=2))
    else:
        for each in all_:
            _tell(each)
    if any(each.findings for each in all_):
        raise typer.Exit(1)


def accept_loss(
    workspace: Annotated[str, typer.Option(help="The workspace, by its short name or id.")],
    reason: Annotated[str, typer.Option(help="Why it went backwards, and who decided to go on.")],
) -> None:
    """Let a ledger go on that does not reach as far as its last exported head. The reason is kept for good, and the
    tree has another name from here on."""

    async def accepted(services: "Services") -> int:
        guard = services.guard
        lost = [one for one in await _ledgers(services, workspace) if await guard.lost(one) is not None]
        if not lost:
            raise Conflict("the ledger reaches as far as its last exported head: there is nothing to accept")
        return max([await guard.accept(one, reason) for one in lost])

    typer.echo(f"accepted; run {_with_services(accepted)} of its heads begins with the next event")


def verifier() -> None:
    """Print the program that checks evidence without Deskledger: give it away together with the public key."""
    from importlib.resources import files

    typer.echo(files("eventstore.proofs").joinpath("standalone.py").read_text("utf-8"), nl=False)


def _publics(given: Sequence[str] | None) -> Sequence[bytes]:
    """The keys to go by: those that were given, else all that ever signed here."""
    from eventstore.proofs.keys import public_keys

    if not given:
        return public_keys(Settings.from_environment().folder)
    try:
        return [bytes.fromhex(one) for one in given]
    except ValueError:
        raise InvalidInput("a public key is 64 hexadecimal digits; `deskledger key show` prints ours") from None


def _check_evidence(file: Path, given: Sequence[str] | None) -> None:
    """By the very program that others are given."""
    from eventstore.proofs import standalone

    keys = [part for key in _publics(given) for part in ("--key", key.hex())]
    if standalone.main([*keys, str(file)]):
        raise typer.Exit(1)


async def _verified(
    services: "Services", workspace: UUID, folder: Path | None, keys: Sequence[bytes], *, words: bool
) -> "Verified":
    from eventstore.proofs.exported import exported
    from eventstore.proofs.verify import Verification

    outside = exported(folder, workspace) if folder is not None else ()
    events = await services.store.head(workspace) + 1
    run = Verification(services.database, services.vault if words else None, workspace, keys)
    with bar() as progress:
        return await run.run(outside, lambda position: progress(f"{workspace}", min(position + 1, events), events))


async def _ledgers(services: "Services", named: str | None) -> Sequence[UUID]:
    """All ledgers, or both of the workspace that is named: its events, and who read what."""
    from api.workspaces import find_workspace
    from eventstore.access import access_ledger

    async with services.database.session() as connection:
        rows = await connection.fetch("SELECT workspace_id FROM ledgers ORDER BY workspace_id")
    ledgers = [row[0] for row in rows]
    if named is None:
        return ledgers
    found = await find_workspace(services.database, named)
    both = () if found is None else (found, access_ledger(found))
    chosen = [one for one in ledgers if one in both or str(one) == named]
    if not chosen:
        raise NotFound(f"there is no workspace {named!r}")
    return chosen


def _with_dump(dump: Path, work: "Callable[[Services], Awaitable[T]]") -> T:
    import migrations
    from api.opening import opened
    from eventstore.dumps import restored

    async def run(url: str) -> T:
        await migrations.upgrade(url)
        async with opened(Settings.from_environment(), url) as services:
            return await work(services)

    with restored(dump) as url:
        return asyncio.run(run(url))


def _with_services(work: "Callable[[Services], Awaitable[T]]") -> T:
    from api.opening import opened, reachable

    settings = Settings.from_environment()

    async def run(url: str) -> T:
        async with opened(settings, url) as services:
            return await work(services)

    with reachable(settings) as url:
        return asyncio.run(run(url))


def _tell(verified: "Verified") -> None:
    rate = verified.events / verified.seconds if verified.seconds else 0
    counted = (
        f"{_called(verified)}: {verified.events} events, {verified.heads} heads, "
        f"{verified.seconds:.1f} s ({rate:,.0f} events/s)"
    )
    if verified.first is None:
        unsigned = verified.events - verified.size
        tail = f"; the last {unsigned} are not signed yet" if unsigned else ""
        typer.echo(f"{counted}: everything is as it was signed{tail}")
        return
    typer.echo(f"{counted}: {verified.findings} findings, the first at position {verified.first.position}")
    for finding in verified.found:
        typer.echo(f"  {finding.kind}: {finding.message}")
    if verified.findings > len(verified.found):
        typer.echo(f"  and {verified.findings - len(verified.found)} more")


def _called(verified: "Verified") -> str:
    from eventstore.access import is_access_ledger

    return f"{verified.workspace} (who read what)" if is_access_ledger(verified.workspace) else str(verified.workspace)


def _facts(verified: "Verified") -> dict[str, object]:
    return {
        "workspace": str(verified.workspace),
        "events": verified.events,
        "heads": verified.heads,
        "signed": verified.size,
        "seconds": round(verified.seconds, 3),
        "findings": verified.findings,
        "first": verified.first and _finding(verified.first),
        "found": [_finding(one) for one in verified.found],
    }


def _finding(finding: "Finding") -> dict[str, object]:
    return {
        "kind": finding.kind,
        "position": finding.position,
        "until": finding.position if finding.until is None else finding.until,
        "message": finding.message,
    }
