"""The mapping language: what a TOML file says of a desk's log. `docs/import.md` explains it with examples.

These structs are the language: what they do not name is no word of it. What they cannot say about meaning (a type of
event that does not exist, a column that is not there) is checked in `vocabulary` and `plan`.
"""

import re
from collections.abc import Mapping
from pathlib import Path
from typing import Annotated, Literal

import msgspec
from msgspec import Meta, Struct, field

from api.ingest.errors import BadMapping
from domain.words import ActorType, Confidence

SHIPPED = Path(__file__).parent / "mappings"

Name = Annotated[str, Meta(min_length=1, max_length=200)]
Words = Name | Annotated[tuple[Name, ...], Meta(min_length=1)]
"""A word, or any of several."""
Names = Annotated[tuple[Name, ...], Meta(min_length=1, max_length=100)]
Scalar = str | int | bool


class _Part(Struct, frozen=True, forbid_unknown_fields=True):
    """A table of the mapping."""


class Csv(_Part, frozen=True):
    """How the cells stand in the file."""

    delimiter: Annotated[str, Meta(min_length=1, max_length=1)] = ","
    encoding: Name = "utf-8"
    short_rows: Literal["refused", "missing"] = "refused"
    """Rows with fewer cells than the header: refused, or what they lack is missing."""


class Time(_Part, frozen=True):
    """How instants are written, and when a row's was."""

    column: Name
    format: Name = "iso"
    """`iso`, `epoch`, `epoch_ms`, or a strptime pattern."""
    zone: Name | None = None
    """The IANA zone of times written without an offset."""
    offsets: Literal["believed", "ignored"] = "believed"
    """Offsets that are written: right, or false, and the wall clock is the zone's."""


class Ranked(_Part, frozen=True):
    """An order by a column's words: the first comes first, one that is not listed last."""

    column: Name
    words: Names


class Case(_Part, frozen=True):
    """Which rows belong together, and in which order those of the same instant happened."""

    column: Name | None = None
    node: Name | None = None
    """For threads: the column with a row's own id, and with that of the row it answers."""
    parent: Name | None = None
    order: tuple[Name | Ranked, ...] = ()


class Key(_Part, frozen=True):
    """What makes a row itself: the columns that event ids are made of."""

    columns: Names
    duplicates: Literal["reported", "refused"] = "reported"
    """A second row with the same key makes no event: it is counted as a duplicate, or refused."""


class Column(_Part, frozen=True):
    """A column made of others: `of` one or several (joined), its pattern's group, translated."""

    of: Words
    join: str = "/"
    pattern: Name | None = None
    words: Mapping[str, str] = {}
    other: Literal["refused", "missing", "kept"] = "refused"
    """What becomes of a word that `words` does not list."""
    time: bool = False
    """An instant in the format of `[time]`, for fields that hold one."""


class Latest(_Part, frozen=True):
    """Of the case's earlier rows whose `column` is one of `among`, the latest is one of `is`."""

    column: Name
    among: Words
    is_: Words = field(name="is")


class Condition(_Part, frozen=True):
    """All that is said must hold, of this row and of the one before it in its case."""

    first: bool | None = None
    last: bool | None = None
    is_: Mapping[Name, Words] = field(name="is", default={})
    is_not: Mapping[Name, Words] = {}
    was: Mapping[Name, Words] = {}
    """The same of the row before; where there is none, it does not hold."""
    matches: Mapping[Name, Name] = {}
    present: Words = ()
    absent: Words = ()
    becomes: Mapping[Name, Words] = {}
    """It is one of these, and was none of them, or there was no row before."""
    leaves: Mapping[Name, Words] = {}
    """It was one of these, and is none of them."""
    changed: Words = ()
    """It is not what it was, neither being missing."""
    set_: Words = field(name="set", default=())
    """It is there, and is not what it was."""
    cleared: Words = ()
    """It was there, and is missing."""
    latest: Latest | None = None
    any: tuple["Condition", ...] = ()
    """At least one of these holds as well."""


class Candidate(_Part, frozen=True):
    """Somebody who may have acted. Of an actor's candidates the first that is named and fits did."""

    type: ActorType
    column: Name | None = None
    value: Name | None = None
    confidence: Confidence = Confidence.ASSERTED
    when: Condition = Condition()


class Rule(_Part, frozen=True):
    """An event that a row makes. Of several rules of one type and part, the first that applies makes it."""

    type: Name
    actor: Name
    when: Condition = Condition()
    part: str = ""
    """Tells two events of one type apart that one row may make."""
    at: Words | None = None
    """The column of its instant, or several, of which the first that is there; unsaid, the row's own."""
    of: Name | None = None
    """The column with the id of what it is about; unsaid, the case: a conversation."""
    columns: Mapping[Name, Name] = {}
    values: Mapping[Name, Scalar] = {}


class DeskMapping(_Part, frozen=True):
    """A mapping file."""

    format: Literal["csv", "xes"]
    source: Name
    time: Time
    case: Case
    key: Key
    actors: Mapping[Name, Annotated[tuple[Candidate, ...], Meta(min_length=1)]]
    events: Annotated[tuple[Rule, ...], Meta(min_length=1, max_length=64)]
    missing: tuple[str, ...] = ()
    """Cells that say that nothing is known, besides empty ones."""
    csv: Csv = Csv()
    columns: Mapping[Name, Column] = {}


def listed(words: Words) -> tuple[str, ...]:
    """A word or several as several."""
    return (words,) if isinstance(words, str) else words


def shipped() -> list[str]:
    """The names of the mappings that come along."""
    return sorted(path.stem for path in SHIPPED.glob("*.toml"))


def read_mapping(name: str) -> DeskMapping:
    """The mapping in a file, or a shipped one by its name. Raises BadMapping."""
    path = SHIPPED / f"{name}.toml" if name in shipped() else Path(name)
    try:
        text = path.read_text(encoding="utf-8-sig")
    except OSError as error:
        known = ", ".join(shipped())
        reason = f"there is no mapping {name!r} ({error.strerror}); name a TOML file or one of {known}"
        raise BadMapping(reason, detail="NO_MAPPING") from None
    except UnicodeDecodeError:
        raise BadMapping(f"{name} is no UTF-8 text", detail="NOT_TOML") from None
    return parse_mapping(text)


def parse_mapping(text: str) -> DeskMapping:
    """The mapping that a TOML text says. Raises BadMapping."""
    try:
        return msgspec.toml.decode(text, type=DeskMapping)
    except msgspec.ValidationError as error:
        sentence, _, where = str(error).partition(" - at `$")
        raise BadMapping(sentence, path=_path(where), detail="MALFORMED") from None
    except msgspec.DecodeError as error:
        raise BadMapping(f"the mapping is no TOML: {error}", detail="NOT_TOML") from None


def _path(where: str) -> tuple[str, ...]:
    """msgspec's path, such as `.actors[...][0].type`, as names and numbers; it says `*` for a name of the mapping's."""
    return tuple(re.findall(r"[^.\[\]`]+", where.replace("[...]", ".*")))
