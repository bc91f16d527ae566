"""What a row makes: the mapping's rules, checked against the vocabulary, as functions from a row to events."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from uuid import UUID, uuid5

import msgspec
from msgspec import inspect, structs

import domain.events  # noqa: F401 - fills the registry of event types
from api.ingest.conditions import Place, Test, columns_in, remembered, test_of
from api.ingest.errors import BadMapping, BadRow
from api.ingest.keys import EVENTS_OF_ROW, Placed
from api.ingest.mapping import Candidate, DeskMapping, Rule, Scalar, listed
from api.ingest.rows import Cells
from api.ingest.times import Clock
from domain.conversion import quoted
from domain.envelope import Actor, Envelope, NewEvent, Stream
from domain.errors import InvalidEvent
from domain.event import DECLARATIONS, Declaration, payload_of
from domain.instants import Instant
from domain.words import Subject

NAMESPACE = UUID("3d0b7c3e-6c0a-5d0e-9a54-6f0d0f2c7b11")
"""Of ids of imported events (UUIDv5): of this and the source, then of type, part and the row's key."""
INTERFACE = "import"
_LONGEST_ID = 200

_encode = msgspec.json.Encoder(order="deterministic").encode
_Converter = Callable[[str], Scalar]


def namespace_of(source: str) -> UUID:
    """What the ids of a source's events are made in."""
    return uuid5(NAMESPACE, source)


def event_id(namespace: UUID, kind: str, part: str, key: str) -> UUID:
    """The id of an event that a row makes: the same however often and in whatever order the row is imported."""
    return uuid5(namespace, f"{kind}\n{part}\n{key}")


def raw_of(cells: Mapping[str, str]) -> str:
    """A row as the source delivered it, as JSON; the order of its columns does not matter."""
    return _encode(cells).decode()


@dataclass(frozen=True, slots=True)
class _Who:
    """A candidate for the actor."""

    candidate: Candidate
    test: Test

    def of(self, place: Place) -> Actor | None:
        candidate = self.candidate
        name = candidate.value if candidate.column is None else place.row.get(candidate.column)
        if name is None or not self.test(place):
            return None
        return Actor(candidate.type, _as_id(name), candidate.confidence)


@dataclass(frozen=True, slots=True)
class _Maker:
    """A rule, ready for rows."""

    rule: Rule
    named: tuple[str, str]
    """Type and part: of several rules that share them, the first that applies makes the event."""
    declaration: Declaration
    test: Test
    actors: Sequence[_Who]
    fields: Sequence[tuple[str, str, _Converter]]
    """Fields of the payload: name, column, and what makes a cell its value."""

    def actor(self, place: Place) -> Actor:
        for who in self.actors:
            if (actor := who.of(place)) is not None:
                return actor
        raise BadRow(f"the mapping's actor {self.rule.actor} is nobody here", detail="NO_ACTOR")

    def payload(self, row: Cells) -> dict[str, Scalar]:
        values = dict(self.rule.values)
        for name, column, convert in self.fields:
            if column in row:
                values[name] = convert(row[column])
        return values


class Rules:
    """The events that rows make."""

    def __init__(self, mapping: DeskMapping, clock: Clock) -> None:
        self._source = mapping.source
        self._namespace = namespace_of(mapping.source)
        self._clock = clock
        who = {name: _candidates(name, candidates) for name, candidates in mapping.actors.items()}
        self._makers = [_maker(rule, number, who) for number, rule in enumerate(mapping.events)]
        self.remembered = frozenset(name for rule in mapping.events for name in remembered(rule.when))
        """Columns whose earlier words conditions ask about."""

    def of(self, place: Place, placed: Placed, case: str, delivered: Cells) -> list[NewEvent]:
        """The events of a row, in the order of the rules. Raises BadRow or InvalidEvent: then it makes none."""
        makers: dict[tuple[str, str], _Maker] = {}
        for maker in self._makers:
            if maker.test(place):
                makers.setdefault(maker.named, maker)
        if not makers:
            return []
        raw = raw_of(delivered)
        return [self._event(maker, place, placed, case, raw, index) for index, maker in enumerate(makers.values())]

    def _event(self, maker: _Maker, place: Place, placed: Placed, case: str, raw: str, index: int) -> NewEvent:
        rule = maker.rule
        try:
            payload = payload_of(rule.type, maker.payload(place.row))
        except InvalidEvent as error:
            column = rule.columns.get(str(error.path[-1]), "") if error.path else ""
            where = f" (from the column {column})" if column else ""
            raise BadRow(f"{rule.type}: {error.message}{where}", detail=error.detail) from None
        envelope = Envelope(
            id=event_id(self._namespace, rule.type, rule.part, placed.key),
            stream=Stream(maker.declaration.subject, _as_id(self._subject(rule, place.row, case))),
            actor=maker.actor(place),
            occurred_at=self._instant(rule, place.row, placed.at),
            source=self._source,
            source_order=placed.order * EVENTS_OF_ROW + index,
            interface=INTERFACE,
            raw=raw,
        )
        return NewEvent(envelope, payload)

    def _subject(self, rule: Rule, row: Cells, case: str) -> str:
        if rule.of is None:
            return case
        if rule.of not in row:
            raise BadRow(f"{rule.type} needs {rule.of}, which is missing", detail="MISSING_CELL")
        return row[rule.of]

    def _instant(self, rule: Rule, row: Cells, at: Instant) -> Instant:
        if rule.at is None:
            return at
        for column in listed(rule.at):
            if column in row:
                return self._clock(row[column])
        raise BadRow(f"{rule.type} needs {', '.join(listed(rule.at))}, which is missing", detail="MISSING_CELL")


def columns_of_rules(mapping: DeskMapping) -> Iterator[tuple[tuple[str, ...], str]]:
    """The columns that rules and actors name, each with where."""
    for number, rule in enumerate(mapping.events):
        path = ("events", str(number))
        for column in columns_in(rule.when):
            yield (*path, "when"), column
        for name, column in rule.columns.items():
            yield (*path, "columns", name), column
        for column in listed(rule.at or ()):
            yield (*path, "at"), column
        if rule.of is not None:
            yield (*path, "of"), rule.of
    for name, candidates in mapping.actors.items():
        for candidate in candidates:
            if candidate.column is not None:
                yield ("actors", name), candidate.column
            for column in columns_in(candidate.when):
                yield ("actors", name, "when"), column


def _as_id(name: str) -> str:
    if len(name) > _LONGEST_ID:
        raise BadRow(f"an id has at most {_LONGEST_ID} characters: `{quoted(name)}`", detail="TOO_LONG")
    return name


def _candidates(name: str, candidates: Sequence[Candidate]) -> list[_Who]:
    for candidate in candidates:
        if (candidate.column is None) == (candidate.value is None):
            problem = "who acted is named by either `column` or `value`"
            raise BadMapping(problem, path=("actors", name), detail="MALFORMED")
    return [_Who(candidate, test_of(candidate.when, ("actors", name, "when"))) for candidate in candidates]


def _maker(rule: Rule, number: int, who: Mapping[str, Sequence[_Who]]) -> _Maker:
    path = ("events", str(number))
    declaration = DECLARATIONS.get(rule.type)
    if declaration is None:
        problem = f"there is no event type `{quoted(rule.type)}`; `deskledger schema events` lists all"
        raise BadMapping(problem, path=(*path, "type"), detail="UNKNOWN_TYPE")
    if rule.actor not in who:
        known = ", ".join(who)
        problem = f"there is no actor `{quoted(rule.actor)}` in [actors]; there are {known}"
        raise BadMapping(problem, path=(*path, "actor"), detail="UNKNOWN_ACTOR")
    if rule.of is None and declaration.subject is not Subject.CONVERSATION:
        problem = f"{rule.type} is about a {declaration.subject}: say in `of` which column names it"
        raise BadMapping(problem, path=path, detail="MISSING_FIELD")
    test = test_of(rule.when, (*path, "when"))
    return _Maker(rule, (rule.type, rule.part), declaration, test, who[rule.actor], _fields(rule, path))


def _fields(rule: Rule, path: tuple[str, ...]) -> list[tuple[str, str, _Converter]]:
    """The payload's fields that come from columns. Raises BadMapping where fields do not fit the event type."""
    fields = {field.name: field for field in structs.fields(DECLARATIONS[rule.type].payload)}
    said = {**rule.columns, **rule.values}
    for name in said:
        if name not in fields:
            problem = f"{rule.type} has no field `{quoted(name)}`; it has {', '.join(fields) or 'none'}"
            raise BadMapping(problem, path=(*path, name), detail="UNKNOWN_FIELD")
    if twice := rule.columns.keys() & rule.values.keys():
        raise BadMapping(f"{min(twice)} has a column and a value", path=(*path, min(twice)), detail="MALFORMED")
    if lacking := [name for name, field in fields.items() if field.required and name not in said]:
        raise BadMapping(f"{rule.type} needs {', '.join(lacking)}", path=path, detail="MISSING_FIELD")
    for name, value in rule.values.items():
        try:
            msgspec.convert(value, fields[name].type)
        except msgspec.ValidationError as error:
            problem = f"{rule.type}: `{quoted(str(value))}` is no {name}: {error}"
            raise BadMapping(problem, path=(*path, "values", name), detail="WRONG_VALUE") from None
    return [(name, column, _converter(name, fields[name].type)) for name, column in rule.columns.items()]


def _converter(name: str, kind: object) -> _Converter:
    described = inspect.type_info(kind)
    kinds = described.types if isinstance(described, inspect.UnionType) else (described,)
    if any(isinstance(one, inspect.BoolType) for one in kinds):
        return lambda cell: _truth(name, cell)
    if any(isinstance(one, inspect.IntType) for one in kinds):
        return lambda cell: _whole(name, cell)
    return lambda cell: cell


def _truth(name: str, cell: str) -> bool:
    lowered = cell.lower()
    if lowered not in _TRUTHS:
        raise BadRow(f"{name}: `{quoted(cell)}` is neither true nor false", detail="WRONG_TYPE")
    return _TRUTHS[lowered]


_TRUTHS = {"true": True, "false": False, "yes": True, "no": False, "1": True, "0": False}


def _whole(name: str, cell: str) -> int:
    try:
        return int(cell)
    except ValueError:
        raise BadRow(f"{name}: `{quoted(cell)}` is no whole number", detail="WRONG_TYPE") from None
