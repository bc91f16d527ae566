"""What is asked for in words: `refund "deleted comment" жалоб*`. Every word and phrase must be there."""

import re
from dataclasses import dataclass

from domain.errors import InvalidQuestion
from projections.search.words import asked_by, fold, words_in

_MOST_TERMS = 20
_SHORTEST_PREFIX = 2
_LONGEST = 500
_PARTS = re.compile(r"[\"\u201c\u201d\u201e\u00ab\u00bb]([^\"\u201c\u201d\u201e\u00ab\u00bb]*)"
                    r"[\"\u201c\u201d\u201e\u00ab\u00bb]|(\S+)")  # fmt: skip
"""What stands in quotation marks of any of the four languages, or between blanks."""


@dataclass(frozen=True, slots=True)
class Term:
    """One word: a text has it if it has any of the keys, or a key that begins with the prefix."""

    keys: tuple[str, ...]
    prefix: str | None = None

    def fits(self, keys: frozenset[str]) -> bool:
        if self.prefix is not None:
            return any(key.startswith(self.prefix) for key in keys)
        return not keys.isdisjoint(self.keys)


@dataclass(frozen=True, slots=True)
class Question:
    """`terms`: words that must be there, also those of phrases; `phrases`: which must follow each other."""

    terms: tuple[Term, ...]
    phrases: tuple[tuple[Term, ...], ...]


def question_of(text: str) -> Question:
    """What a text asks for. Raises `InvalidQuestion` where it asks for nothing, or for too much."""
    terms: list[Term] = []
    phrases: list[tuple[Term, ...]] = []
    for quoted, word in _PARTS.findall(text[: _LONGEST + 1]):
        found = _phrase(quoted) if quoted else _word(word)
        terms += found
        if quoted and len(found) > 1:
            phrases.append(found)
    distinct = tuple(dict.fromkeys(terms))
    if not distinct:
        raise _refused("`text` holds no word to look for", "NO_WORDS")
    if len(distinct) > _MOST_TERMS or len(text) > _LONGEST:
        raise _refused(f"`text` holds at most {_MOST_TERMS} words and {_LONGEST} characters", "TOO_MANY")
    return Question(distinct, tuple(phrases))


def _term(word: str) -> Term:
    return Term(tuple(sorted(asked_by(word))))


def _phrase(quoted: str) -> tuple[Term, ...]:
    return tuple(_term(quoted[word.start : word.end]) for word in words_in(quoted, split=True))


def _word(word: str) -> tuple[Term, ...]:
    if not word.endswith("*"):
        return tuple(_term(word[found.start : found.end]) for found in words_in(word))
    prefix = fold(word[:-1])
    if len(prefix) < _SHORTEST_PREFIX or not prefix.isalnum():
        raise _refused(
            f"before `*` there must be {_SHORTEST_PREFIX} letters at least, and nothing but letters", "PREFIX"
        )
    return (Term((), prefix),)


def _refused(message: str, detail: str) -> InvalidQuestion:
    return InvalidQuestion(message, path=("text",), detail=detail)
