"""Plain data, such as parsed JSON, made into what we declared: everything malformed is refused with where and why.

msgspec converts; where it refuses, each field is tried on its own, so that place and reason are found without reading
them out of a sentence that quotes the input. What its types cannot say is checked here for all: text that UTF-8 or
PostgreSQL cannot hold, and integers that JSON cannot carry exactly.
"""

import re
from collections.abc import Iterator, Mapping
from enum import Enum
from typing import Any, TypeVar, get_args

import msgspec
from msgspec import Struct, structs

from domain.errors import InvalidInput

S_ = TypeVar("S_", bound=Struct)

Path = tuple[str | int, ...]
"""Where in the input: names and indices, from the outside in."""

LARGEST_INTEGER = 2**53 - 1
"""Canonical JSON (RFC 8785) carries no larger one exactly; nor does JavaScript."""


def convert(fields: object, to: type[S_], *, refuse: type[InvalidInput], at: Path = ()) -> S_:
    """A flat struct from plain data. Raises `refuse` with a path that begins with `at` and one of these details:
    `WRONG_TYPE`, `UNKNOWN_FIELD`, `MISSING_FIELD`, `UNKNOWN_WORD`, `TOO_LONG`, `TOO_SHORT`, `OUT_OF_RANGE`,
    `ILL_FORMED_TEXT`, `WRONG_VALUE`."""
    try:
        made = msgspec.convert(fields, to)
    except (msgspec.ValidationError, UnicodeEncodeError):
        raise _refusal(fields, to, refuse, at) from None
    for name in to.__struct_fields__:
        for inside, value in _leaves(getattr(made, name)):
            if fault := _fault(value):
                raise refuse(f"`{name}`: {fault[1]}", path=(*at, name, *inside), detail=fault[0])
    return made


def text_fault(text: str) -> str | None:
    """Why a text can't be stored, or None where it can."""
    if "\0" in text:
        return "a NUL character cannot be stored; leave it out"
    if not text.isascii():
        try:
            text.encode()
        except UnicodeEncodeError:
            return _HALF_A_CHARACTER
    return None


def quoted(words: object) -> str:
    """Somebody else's words in a sentence of ours: shortened, and always encodable."""
    text = str(words) if isinstance(words, str | int) else type(words).__name__
    short = text if len(text) <= _QUOTED else text[:_QUOTED] + "…"
    return short.encode("utf-8", "backslashreplace").decode().replace("\0", "\\0")


_HALF_A_CHARACTER = "half a surrogate pair is no character; send well-formed Unicode"
_QUOTED = 60
"""How many characters of a foreign word our sentences repeat."""

Fault = tuple[str, str]
"""A detail code and a sentence."""


def _leaves(value: object) -> Iterator[tuple[Path, object]]:
    if isinstance(value, tuple):
        for index, part in enumerate(value):
            yield (index,), part
    else:
        yield (), value


def _fault(value: object) -> Fault | None:
    """What is wrong with a value of the right type."""
    if isinstance(value, str):
        sentence = text_fault(value)
        return None if sentence is None else ("ILL_FORMED_TEXT", sentence)
    if isinstance(value, int) and abs(value) > LARGEST_INTEGER:
        return ("OUT_OF_RANGE", f"integers go up to {LARGEST_INTEGER}")
    return None


def _refusal(fields: object, to: type[Struct], refuse: type[InvalidInput], at: Path) -> InvalidInput:
    """The first thing wrong with `fields`, which msgspec refused."""
    if not isinstance(fields, Mapping):
        return refuse(f"an object is expected here, not {_kind(fields)}", path=at, detail="WRONG_TYPE")
    known = {field.encode_name: field for field in structs.fields(to)}
    for name in fields:
        if name not in known:
            sentence = f"there is no field `{quoted(name)}` here; there are {', '.join(known) or 'none'}"
            return refuse(sentence, path=(*at, quoted(name)), detail="UNKNOWN_FIELD")
    for name, field in known.items():
        if name not in fields:
            if field.required:
                return refuse(f"`{name}` is missing", path=(*at, name), detail="MISSING_FIELD")
        elif found := _field_fault(fields[name], field.type):
            inside, detail, sentence = found
            return refuse(f"`{name}`: {sentence}", path=(*at, name, *inside), detail=detail)
    return refuse("the values do not go together", path=at, detail="WRONG_VALUE")


def _field_fault(value: object, wanted: Any) -> tuple[Path, str, str] | None:
    """What is wrong with one field's value: where inside it, the code, the sentence."""
    if isinstance(value, Mapping):
        return (), "WRONG_TYPE", "a plain value is expected, not an object"
    try:
        msgspec.convert(value, wanted)
    except UnicodeEncodeError:
        return (), "ILL_FORMED_TEXT", _HALF_A_CHARACTER
    except msgspec.ValidationError as error:
        sentence, place = _PLACE.findall(str(error))[0]
        detail = next((code for pattern, code in _DETAILS if pattern.match(sentence)), "WRONG_VALUE")
        if detail == "UNKNOWN_WORD":
            sentence = f"`{quoted(value)}` is none of {', '.join(_words(wanted))}"
        return tuple(int(index) for index in _INDEX.findall(place)), detail, sentence.replace(" | object", "")
    return None


def _words(wanted: Any) -> Iterator[str]:
    """The words of the closed list that a field's type names."""
    for part in (wanted, *get_args(wanted)):
        if isinstance(part, type) and issubclass(part, Enum):
            yield from (str(word.value) for word in part)


def _kind(value: object) -> str:
    """What JSON calls a value."""
    names = {list: "an array", str: "a string", bool: "a boolean", int: "a number", float: "a number"}
    return "null" if value is None else names.get(type(value), f"`{type(value).__name__}`")


_PLACE = re.compile(r"\A(.*?)(?: - at `\$((?:\[\d+\])+)`)?\Z", re.DOTALL)
"""msgspec's sentence about one value, and where in an array."""
_INDEX = re.compile(r"\d+")
_DETAILS = (
    (re.compile("Invalid enum value"), "UNKNOWN_WORD"),
    (re.compile("Expected `[^`]*` of length <="), "TOO_LONG"),
    (re.compile("Expected `[^`]*` of length >="), "TOO_SHORT"),
    (re.compile("Expected `[^`]*` [<>]|Integer value out of range"), "OUT_OF_RANGE"),
    (re.compile("Expected `"), "WRONG_TYPE"),
)
"""What msgspec's sentences begin with, and what we call that. Golden in `tests/domain/test_conversion.py`."""
