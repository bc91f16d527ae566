"""The first look at a document: its text in one pass, before anything is parsed. What is hostile by its sheer mass is
refused here, in a few milliseconds."""

import re
from itertools import islice

from api.execution.refusals import TooLarge

MAX_CHARACTERS = 200_000
MAX_TOKENS = 10_000
MAX_NESTING = 60
"""Brackets of any kind within each other."""
MAX_DIRECTIVES = 100
MAX_ALIASES = 100
MAX_FRAGMENTS = 100
MAX_SPREADS = 500
"""Of fragments, named or inline; there are some hundred types of entry."""
MAX_TEXT = 20_000
"""Characters of one literal or comment; longer ones come in variables, which cost nothing to read."""

_TOKEN = re.compile(
    r'"""(?:[^"\\]|\\.|"(?!""))*(?:"""|\Z)'  # an end that is missing is the parser's to tell, and costs nothing here
    r'|"(?:[^"\\\n\r]|\\.)*"?'
    r"|\#[^\n\r]*"
    r"|\.\.\."
    r"|[!$&()\[\]{}:=@|]"
    r"|[_A-Za-z]\w*"
    r"|-?[0-9][0-9.eE+-]*",
    re.DOTALL,
)
_OPENING, _CLOSING = frozenset("([{"), frozenset(")]}")


def look(document: str) -> None:
    """Refuse a document that is too long, or has too many tokens, levels, directives or aliases."""
    if len(document) > MAX_CHARACTERS:
        raise TooLarge("TOO_LONG", "characters", len(document), MAX_CHARACTERS)
    tokens = [found[0] for found in islice(_TOKEN.finditer(document), MAX_TOKENS + 1)]
    deepest, aliases = _levels(tokens)
    for detail, what, measured, limit in (
        ("TOO_DEEP", "levels", deepest, MAX_NESTING),
        ("TOO_LONG", "characters in one text", max(map(len, tokens), default=0), MAX_TEXT),
        ("TOO_MANY_FRAGMENTS", "fragments", tokens.count("fragment"), MAX_FRAGMENTS),
        ("TOO_MANY_SPREADS", "spreads of fragments", tokens.count("..."), MAX_SPREADS),
        ("TOO_MANY_DIRECTIVES", "directives", tokens.count("@"), MAX_DIRECTIVES),
        ("TOO_MANY_ALIASES", "aliases", aliases, MAX_ALIASES),
        ("TOO_MANY_TOKENS", "tokens or more", len(tokens), MAX_TOKENS),
    ):
        if measured > limit:
            raise TooLarge(detail, what, measured, limit)


def _levels(tokens: list[str]) -> tuple[int, int]:
    """How deep brackets stand in each other, and how many aliases there are: colons outside arguments and variables."""
    deepest = nesting = within = aliases = 0
    for mark in tokens:
        if mark in _OPENING:
            nesting += 1
            within += mark == "("
            deepest = max(deepest, nesting)
        elif mark in _CLOSING:
            nesting -= 1
            within -= mark == ")"
        elif mark == ":" and within <= 0:
            aliases += 1
    return deepest, aliases
