"""What the demo says when it is open: where it is, who may come in, what to ask."""

import json
import os
import shlex
from collections.abc import Iterator, Sequence
from datetime import date, timedelta
from importlib.resources import files
from pathlib import Path
from string import Template
from uuid import UUID

import msgspec

from api.auth.roles import Role
from api.auth.tokens import Unauthenticated, create_token
from api.context import Services
from api.demo.cast import TEAMS
from api.demo.recipe import Recipe
from api.demo.stories.staff import local_day, midnight
from domain.instants import format_instant

ORDINARY_OPERATOR = "op-01"
"""Whose token the one of role operator is."""
LED_TEAM = TEAMS[0].id
"""Which team the token of role lead leads."""
ASKED_BY = Role.INVESTIGATOR
"""Who may see all that the questions ask for."""


class Question(msgspec.Struct, frozen=True):
    """A query to paste, with what it finds out."""

    title: str
    query: str

    @property
    def body(self) -> str:
        """As a request's body, on one line."""
        return json.dumps({"query": " ".join(self.query.split())}, ensure_ascii=False)


def questions(recipe: Recipe, today: date) -> list[Question]:
    """The queries of `api/demo/queries`, in order of their names; the first line of each is its title. In them,
    `$start` stands for the beginning of history, `$since` for that of the last thirty days, `$until` for their end."""
    days = {
        "start": local_day(recipe.start),
        "since": today - timedelta(days=29),
        "until": today + timedelta(days=1),
    }
    written = {name: format_instant(midnight(day)) for name, day in days.items()}
    found = []
    for file in sorted(files("api.demo").joinpath("queries").iterdir(), key=lambda file: file.name):
        title, _, query = Template(file.read_text("utf-8")).substitute(written).partition("\n")
        found.append(Question(title.removeprefix("# "), query.strip()))
    return found


def tokens_file(folder: Path) -> Path:
    return folder / "demo-tokens.json"


async def tokens(services: Services, workspace: UUID) -> dict[Role, str]:
    """A token for each role: those of the last time while they are good, else new ones, kept in the home folder."""
    path = tokens_file(services.settings.folder)
    kept = msgspec.json.decode(path.read_bytes(), type=dict[Role, str]) if path.exists() else {}
    for role in Role:
        if not await _good(services, workspace, kept.get(role)):
            operator = ORDINARY_OPERATOR if role is Role.OPERATOR else None
            teams = (LED_TEAM,) if role is Role.LEAD else ()
            kept[role] = await create_token(
                services.database, workspace, role, operator=operator, teams=teams, label="demo"
            )
    _write(path, msgspec.json.format(msgspec.json.encode(kept, order="sorted"), indent=2))
    return {role: kept[role] for role in Role}


async def _good(services: Services, workspace: UUID, token: str | None) -> bool:
    if token is None:
        return False
    try:
        return (await services.authenticator.authenticate(token)).workspace == workspace
    except Unauthenticated:
        return False


def _write(path: Path, content: bytes) -> None:
    """Whole or not at all, for its owner's eyes only."""
    half = path.with_suffix(".half")
    with os.fdopen(os.open(half, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "wb") as file:
        file.write(content)
    half.replace(path)


def welcome(address: str, given: dict[Role, str], asked: Sequence[Question], folder: Path) -> Iterator[str]:
    """The lines that the demo prints."""
    yield f"The desk is open:  {address}/graphql"
    yield ""
    yield f"A token for each role (kept in {tokens_file(folder)}):"
    width = max(len(role) for role in given)
    yield from (f"  {role:{width}}  {token}" for role, token in given.items())
    yield ""
    yield f"Three questions. Open the address in a browser, give it the {ASKED_BY}'s token, and paste them there:"
    for number, question in enumerate(asked, 1):
        yield ""
        yield f"{number}. {question.title}"
        yield ""
        yield from (f"    {line}" for line in question.query.splitlines())
        yield ""
        yield curl(address, given[ASKED_BY], question)
    yield ""
    yield "The desk goes on living, with a visitor every twenty seconds. Ctrl-C ends it; started again, it continues."


def curl(address: str, token: str, question: Question) -> str:
    """The question as a command line."""
    return (
        f"curl -s {address}/graphql -H 'content-type: application/json' -H 'authorization: Bearer {token}' "
        f"-d {shlex.quote(question.body)}"
    )
