"""Two hundred questions in four languages, each with what it must find."""

import re
import tomllib
from collections.abc import Iterator
from pathlib import Path
from typing import Any
from uuid import UUID

import api.demo.phrases
from domain.events.items import ItemReceived
from eventstore.database import Database
from eventstore.store import Store
from projections.search import query
from projections.search.filter import Filter
from projections.search.projection import Search
from projections.search.question import question_of
from tests.events import customer, event
from tests.projections.filling import append, fill
from tests.projections.histories import MONDAY
from tests.projections.search.corpus import QUESTIONS, TEXTS
from tests.projections.search.desk_questions import QUESTIONS as OF_THE_DESK

_PHRASES = Path(api.demo.phrases.__file__).parent
_LANGUAGES = ("ru", "uk", "ro", "en")
_NAMES = {"first_names", "last_names", "products", "cities"}


async def wrong(
    database: Database, store: Store, workspace: UUID, texts: dict[str, str], questions: dict[str, set[str]]
) -> dict[str, tuple[set[str], set[str]]]:
    """The questions that do not find just what they must: what they find, and what they should. Texts have names."""
    said = [
        event(ItemReceived(item=f"i{number}", text=text), by=customer("maria"), at=MONDAY, conversation="c")
        for number, text in enumerate(texts.values())
    ]
    names = dict(zip(await append(store, workspace, said), texts, strict=True))
    await fill(database, store, Search(store), workspace)
    failed = {}
    async with database.transaction(workspace, snapshot=True) as connection:
        for text, expected in questions.items():
            page = await query.texts(connection, store, workspace, question_of(text), Filter(), limit=100)
            found = {names[hit.position] for hit in page.hits}
            if found != expected:
                failed[text] = (found, expected)
            assert all(any(fragment.matched for fragment in hit.fragments) for hit in page.hits), text
    return failed


async def test_every_question_finds_what_was_meant_and_nothing_else(
    database: Database, store: Store, workspace: UUID
) -> None:
    assert await wrong(database, store, workspace, TEXTS, dict(QUESTIONS)) == {}


def sentences(node: Any, filled: dict[str, str]) -> Iterator[str]:
    """All that can be said, with something in each gap."""
    if isinstance(node, str):
        yield node.format(**filled)
    else:
        for part in node.values() if isinstance(node, dict) else node:
            yield from sentences(part, filled)


async def test_everything_that_the_simulated_desk_says_is_found_in_any_form(
    database: Database, store: Store, workspace: UUID
) -> None:
    texts: dict[str, str] = {}
    for language in _LANGUAGES:
        phrases = tomllib.loads((_PHRASES / f"{language}.toml").read_text("utf-8"))
        filled = {"order": "48213", "product": phrases["products"][0], "city": phrases["cities"][0], "help": "..."}
        told = {name: part for name, part in phrases.items() if name not in _NAMES}
        texts |= {text: text for text in sentences(told, filled) if text}
    questions = {
        question: {text for text in texts if re.search(pattern, text.casefold())} for question, pattern in OF_THE_DESK
    }
    assert len(questions) + len(QUESTIONS) >= 200
    assert await wrong(database, store, workspace, texts, questions) == {}
