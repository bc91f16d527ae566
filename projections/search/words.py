"""From a text to the keys that it is found by: the same for what is stored and for what is asked.

A word's keys are its form and its lemmas, all folded: case, diacritics and letters that people use for each other
(ё/е, ї/і, є/е, ґ/г, ş/ș) make no difference. The language of a few words cannot be told with certainty, and desks mix
them; so a word has the lemmas of every language that is written in its letters.
"""

import re
import unicodedata
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cache, lru_cache

import simplemma
from simplemma.strategies.dictionaries import DefaultDictionaryFactory

_PLAIN = re.compile(r"[^\W_]+(?:['\u2019\u02bc`][^\W_]+)*")
"""Letters and digits; within a word also apostrophes, of which Ukrainian has several."""
_WORD = re.compile(rf"{_PLAIN.pattern}(?:[\u2011-]{_PLAIN.pattern})*")
"""The same with hyphens."""
_APOSTROPHES = str.maketrans(dict.fromkeys("’ʼ`", "'"))
_ROMANIAN = str.maketrans("şţŞŢ", "șțȘȚ")
"""Cedillas, which old keyboards write, for the commas that dictionaries have."""
_ALIKE = str.maketrans("aceiopxy", "асеіорху")
"""Latin letters that stand in Cyrillic words by a slip of the keyboard's layout."""
_LETTERS = str.maketrans("єґ", "ег", "'")
_CYRILLIC = re.compile(r"[\u0400-\u04ff]")
_SHORT_I = "\u0438\u0306"
"""Decomposed й, which is a letter of its own and no и with a mark."""
_SHORTEST_STEM = 5
_CYRILLIC_ENDING = re.compile(
    "(?:иями|ями|ами|ими|ыми|іми|ого|ому|его|ему|ього|ьому|ях|ах|іях|ов|ев|ів|ей|ий|ый|ой|ая|яя|ое|ее|ою|ею|ую|юю|ые|ие|"
    "ых|их|іх|ым|им|ім|ам|ям|ом|ем|[аеиіуыя]?(?:ть|ти|ла|ло|ли|л|в)(?:ся|сь)?|ться|ешь|ете|ет|еш|ют|ут|ить|ишь|иш|ите|"
    "ит|ат|ят|а|я|о|е|и|і|ы|у|ю|ь|й)$"
)
_LATIN_ENDING = re.compile("(?:urilor|urile|ului|elor|ilor|uri|ele|ii|ul|le|ing|ed|es|s|e|i|a|u)$")
"""Endings of nouns, adjectives and verbs, for words that no dictionary has: names of goods, borrowed words, slips."""
_REFLEXIVE = ("ться", "тися")
LONGEST = 60
"""Characters of a key; what is longer is no word, and is found by its beginning."""


@dataclass(frozen=True, slots=True)
class Word:
    """A word of a text, where it stands in it, and its keys."""

    start: int
    end: int
    keys: frozenset[str]


def words_in(text: str, *, split: bool = False) -> Iterator[Word]:
    """The words of a text in order. `split`: a hyphenated one as its parts, so that neighbours are neighbours."""
    for match in (_PLAIN if split else _WORD).finditer(text):
        yield Word(match.start(), match.end(), keys_of(match.group()))


def keys_in(text: str) -> set[str]:
    """Everything that a text is found by."""
    return {key for split in (False, True) for word in words_in(text, split=split) for key in word.keys}


@lru_cache(maxsize=200_000)
def keys_of(word: str) -> frozenset[str]:
    """The keys of one word, in any form. One that no dictionary has, or may have for another, has its stem as well."""
    form = _usual(word)
    folded = fold(form)
    keys, in_dictionaries = {folded}, set[str]()
    for language in _languages(form):
        lemma = simplemma.lemmatize(form, lang=language)
        lemmas = {fold(lemma), fold(simplemma.lemmatize(lemma, lang=language))}
        keys |= lemmas
        if simplemma.is_known(form, lang=language):
            in_dictionaries |= lemmas
    bare = None if _CYRILLIC.search(form) else _bare_romanian().get(folded)
    if bare is not None:
        keys.add(fold(bare))
        in_dictionaries.add(fold(bare))
    keys |= _plainer(form, keys)
    stem = stem_of(folded)
    if stem is not None and stem not in map(stem_of, in_dictionaries):
        keys.add(stem)
    return frozenset(key for key in keys if key)


def _plainer(form: str, keys: set[str]) -> set[str]:
    """The verb of a reflexive one, or of an English -ing, where dictionaries take those for words of their own."""
    plainer = {key[:-2] for key in keys if key.endswith(_REFLEXIVE)}
    if form.endswith("ing") and len(form) > _SHORTEST_STEM:
        root = form[:-3]
        for verb in (root, f"{root}e", root[:-1] if root[-1] == root[-2] else root):
            if simplemma.lemmatize(verb, lang="en") == verb and simplemma.is_known(verb, lang="en"):
                plainer.add(verb)
    return plainer


def asked_by(word: str) -> frozenset[str]:
    """What a word asks for: any of its keys, and words of its stem that no dictionary has."""
    stem = stem_of(fold(_usual(word)))
    return keys_of(word) if stem is None else keys_of(word) | {stem}


def stem_of(folded: str) -> str | None:
    """A folded word without its ending, and a hyphen in the ending's place, so that it is no word; None where it is too
    short to have one."""
    if len(folded) < _SHORTEST_STEM or not folded.isalpha():
        return None
    ending = (_CYRILLIC_ENDING if _CYRILLIC.search(folded) else _LATIN_ENDING).search(folded, _SHORTEST_STEM - 1)
    return f"{folded[: ending.start()] if ending is not None else folded}-"


def fold(word: str) -> str:
    """A word without what makes no difference."""
    decomposed = unicodedata.normalize("NFKD", word.casefold()).replace(_SHORT_I, "й")
    bare = "".join(letter for letter in decomposed if not unicodedata.combining(letter))
    return bare.translate(_LETTERS)[:LONGEST]


def _usual(word: str) -> str:
    """A word as dictionaries spell it."""
    usual = unicodedata.normalize("NFC", word).lower().translate(_APOSTROPHES)
    if _CYRILLIC.search(usual):
        return usual.translate(_ALIKE)
    return usual.translate(_ROMANIAN)


def _languages(word: str) -> tuple[str, ...]:
    if not any(letter.isalpha() for letter in word):
        return ()
    return ("ru", "uk") if _CYRILLIC.search(word) else ("en", "ro")


@cache
def _bare_romanian() -> Mapping[str, str]:
    """Lemmas by forms without diacritics, as customers type them."""
    bare: dict[str, str] = {}
    for form, lemma in DefaultDictionaryFactory().get_dictionary("ro").items():
        if not form.isascii():
            bare.setdefault(fold(form), lemma)
    return bare
