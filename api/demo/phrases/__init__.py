"""What people at the desk say, in four languages: a file of phrases for each, put together by chance."""

import tomllib
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from typing import Any

from api.demo.chance import Chance
from domain.text import Locale

Phrases = tuple[str, ...]

TOPICS = ("delivery", "payment", "refund", "account", "defect", "price")


@dataclass(frozen=True, slots=True)
class Topic:
    """What customers ask about one matter, and what they are told."""

    heading: str
    help: str
    asks: Phrases
    answers: Phrases


@dataclass(frozen=True, slots=True)
class Phrasebook:
    """One language's phrases, read from the file of its name."""

    first_names: Phrases
    last_names: Phrases
    products: Phrases
    cities: Phrases
    greetings: Phrases
    details: Phrases
    nudges: Phrases
    thanks: Phrases
    follow_ups: Phrases
    angry: Phrases
    insults: Phrases
    praise: Phrases
    criticism: Phrases
    spam: Phrases
    hellos: Phrases
    questions: Phrases
    holding: Phrases
    closings: Phrases
    rude: Phrases
    apologies: Phrases
    notes: Phrases
    customer_notes: Phrases
    bot_answers: Phrases
    bot_insists: Phrases
    rating_good: Phrases
    rating_bad: Phrases
    topics: dict[str, Topic]


@cache
def phrasebook(language: Locale) -> Phrasebook:
    """The phrases of a language. A file that lacks one, or has one too many, does not load."""
    read: dict[str, Any] = tomllib.loads(files(__name__).joinpath(f"{language}.toml").read_text("utf-8"))
    topics = {name: Topic(**_tuples(topic)) for name, topic in read.pop("topics").items()}
    return Phrasebook(**_tuples(read), topics=topics)


def _tuples(read: dict[str, Any]) -> dict[str, Any]:
    return {name: tuple(value) if isinstance(value, list) else value for name, value in read.items()}


class Speech:
    """What is said in one conversation: one language, one matter, one order."""

    __slots__ = ("_book", "_chance", "_slots", "_topic")

    def __init__(self, chance: Chance, language: Locale, topic: str) -> None:
        book = self._book = phrasebook(language)
        self._chance = chance
        self._topic = book.topics[topic]
        self._slots = {
            "order": f"{10_000 + chance.below(90_000)}",
            "product": chance.pick(book.products),
            "city": chance.pick(book.cities),
            "help": self._topic.help,
        }

    @property
    def heading(self) -> str:
        return self._topic.heading.format_map(self._slots)

    @property
    def answers(self) -> Phrases:
        """The prepared answers of the matter, which operators use as templates."""
        return self._topic.answers

    def ask(self, *, upset: bool) -> str:
        book, pick = self._book, self._chance.pick
        return self._join(
            pick(book.greetings), pick(book.angry) if upset else "", pick(self._topic.asks), pick(book.details)
        )

    def answer(self, matter: str, *, sorry: bool) -> str:
        book, pick = self._book, self._chance.pick
        return self._join(pick(book.hellos), pick(book.apologies) if sorry else "", matter, pick(book.closings))

    def any_of(self, phrases: str) -> str:
        """One of the phrasebook's `phrases`, such as `nudges`."""
        chosen: str = self._chance.pick(getattr(self._book, phrases))
        return chosen.format_map(self._slots)

    def _join(self, *parts: str) -> str:
        return " ".join(filter(None, parts)).format_map(self._slots)
