"""What of a text is shown where it was found: the words asked for, and what stands around them."""

import asyncio
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from projections.search.question import Question, Term
from projections.search.words import Word, words_in

_AROUND = 60
"""Characters shown before the first word that was found."""
_LONGEST = 240


@dataclass(frozen=True, slots=True)
class Fragment:
    """A piece of an excerpt; the pieces one after another are the excerpt."""

    text: str
    matched: bool


async def excerpts_of(said: Mapping[int, str | None], question: Question) -> dict[int, tuple[Fragment, ...]]:
    """The excerpts of texts, by position, whose words are known; in a thread, since new words take their time."""
    return await asyncio.to_thread(
        lambda: {one: tuple(excerpt(words, question)) for one, words in said.items() if words is not None}
    )


async def with_phrases(said: Mapping[int, str | None], question: Question) -> set[int]:
    """Which texts hold all phrases; likewise."""
    return await asyncio.to_thread(
        lambda: {one for one, words in said.items() if words is not None and has_phrases(words, question)}
    )


def has_phrases(text: str, question: Question) -> bool:
    """Whether the words of every phrase follow each other somewhere."""
    words = list(words_in(text, split=True))
    return all(next(_places(words, phrase), None) is not None for phrase in question.phrases)


def excerpt(text: str, question: Question) -> list[Fragment]:
    """The part of a text around the first words that were found, cut into what was found and what was not."""
    spans = _merged(_spans(text, question))
    begin = 0
    if spans and spans[0][0] > _AROUND:
        begin = text.rfind(" ", 0, spans[0][0] - _AROUND) + 1
    end = len(text) if len(text) - begin <= _LONGEST else begin + _LONGEST
    fragments = [Fragment("…", matched=False)] if begin > 0 else []
    at = begin
    for start, stop in spans:
        if stop > end:
            break
        if start > at:
            fragments.append(Fragment(text[at:start], matched=False))
        fragments.append(Fragment(text[start:stop], matched=True))
        at = stop
    if at < end:
        fragments.append(Fragment(text[at:end], matched=False))
    if end < len(text):
        fragments.append(Fragment("…", matched=False))
    return fragments


def _spans(text: str, question: Question) -> Iterator[tuple[int, int]]:
    in_phrases = {term for phrase in question.phrases for term in phrase}
    alone = [term for term in question.terms if term not in in_phrases]
    for split in (False, True):
        for word in words_in(text, split=split):
            if any(term.fits(word.keys) for term in alone):
                yield word.start, word.end
    words = list(words_in(text, split=True))
    for phrase in question.phrases:
        for place in _places(words, phrase):
            for word in words[place : place + len(phrase)]:
                yield word.start, word.end


def _places(words: Sequence[Word], phrase: Sequence[Term]) -> Iterator[int]:
    for place in range(len(words) - len(phrase) + 1):
        if all(term.fits(words[place + offset].keys) for offset, term in enumerate(phrase)):
            yield place


def _merged(spans: Iterator[tuple[int, int]]) -> list[tuple[int, int]]:
    """Spans in order, those that overlap as one."""
    merged: list[tuple[int, int]] = []
    for start, stop in sorted(set(spans)):
        if merged and start < merged[-1][1]:
            merged[-1] = (merged[-1][0], max(stop, merged[-1][1]))
        else:
            merged.append((start, stop))
    return merged
