"""JSON Lines of events: what a line may say, and that the published JSON Schema says the same."""

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import jsonschema
import pytest

from api.ingest.jsonl import json_schema, parse_line
from domain.errors import InvalidEvent
from domain.event import DECLARATIONS
from domain.events.replies import ReplySent
from domain.instants import format_instant
from domain.words import ActorType, Confidence, Subject
from tests.ingest.logs import Imported, imported

Line = dict[str, Any]

REPLY: Line = {
    "type": "reply.sent",
    "conversation": "c1",
    "actor": {"type": "operator", "id": "anna"},
    "occurred_at": "2026-01-05T09:00:00+02:00",
    "payload": {"reply": "r1", "text": "Вітаю!", "customer": "maria"},
}


def _line(**changes: object) -> Line:
    """The reply with other fields; a field that is None is left out."""
    return {name: value for name, value in {**REPLY, **changes}.items() if value is not None}


def _encoded(line: Line) -> bytes:
    return json.dumps(line, ensure_ascii=False).encode()


@pytest.fixture(scope="module")
def fits() -> Callable[[object], bool]:
    """Whether a line fits the published schema."""
    validator = jsonschema.Draft202012Validator(
        json_schema(), format_checker=jsonschema.Draft202012Validator.FORMAT_CHECKER
    )
    return lambda line: bool(validator.is_valid(line))


def test_a_line_says_who_did_what_when() -> None:
    event = parse_line(_encoded(_line(id="6a1b2c3d-0000-4000-8000-000000000001", source="crm", source_order=7)))
    envelope = event.envelope
    assert event.payload == ReplySent(reply="r1", text="Вітаю!", customer="maria")
    assert (envelope.stream.subject, envelope.stream.id) == (Subject.CONVERSATION, "c1")
    assert (envelope.actor.type, envelope.actor.id) == (ActorType.OPERATOR, "anna")
    assert envelope.actor.confidence is Confidence.ASSERTED
    assert format_instant(envelope.occurred_at) == "2026-01-05T07:00:00.000000Z"
    assert (str(envelope.id), envelope.source, envelope.source_order) == (
        "6a1b2c3d-0000-4000-8000-000000000001",
        "crm",
        7,
    )


def test_a_line_without_an_id_is_the_same_event_however_it_is_written() -> None:
    compact = json.dumps(REPLY, separators=(",", ":")).encode()
    reversed_line = json.dumps(dict(reversed(REPLY.items())), indent=1).encode()
    assert parse_line(compact) == parse_line(reversed_line)
    assert parse_line(compact).envelope.id != parse_line(_encoded(_line(conversation="c2"))).envelope.id


_BAD = [
    (_line(type=None), "MISSING_FIELD"),
    (_line(type="reply.begun"), "UNKNOWN_TYPE"),
    (_line(type=7), "MISSING_FIELD"),
    (_line(conversation=None), "MISSING_FIELD"),
    (_line(conversation=None, customer="maria"), "UNKNOWN_FIELD"),
    (_line(operator="anna"), "UNKNOWN_FIELD"),
    (_line(conversation=""), "WRONG_TYPE"),
    (_line(conversation="c" * 10_000), "WRONG_TYPE"),
    (_line(conversation=1), "WRONG_TYPE"),
    (_line(colour="red"), "UNKNOWN_FIELD"),
    (_line(actor=None), "MISSING_FIELD"),
    (_line(actor="anna"), "WRONG_TYPE"),
    (_line(actor={"type": "operator"}), "MISSING_FIELD"),
    (_line(actor={"type": "wizard", "id": "anna"}), "UNKNOWN_WORD"),
    (_line(actor={"type": "operator", "id": "a" * 201}), "TOO_LONG"),
    (_line(occurred_at=None), "MISSING_FIELD"),
    (_line(occurred_at="yesterday"), "BAD_TIME"),
    (_line(occurred_at="2026-01-05T09:00:00"), "BAD_TIME"),
    (_line(occurred_at=1_767_603_600), "WRONG_TYPE"),
    (_line(id="7"), "WRONG_VALUE"),
    (_line(source_order=2**53), "OUT_OF_RANGE"),
    (_line(source_order=1.5), "WRONG_TYPE"),
    (_line(payload=None), "MISSING_FIELD"),
    (_line(payload=[]), "WRONG_TYPE"),
    (_line(payload={}), "MISSING_FIELD"),
    (_line(payload={"reply": "r1", "colour": "red"}), "UNKNOWN_FIELD"),
    (_line(payload={"reply": "r1", "automated": "yes"}), "WRONG_TYPE"),
    (_line(payload={"reply": "r1", "kind": "pigeon"}), "UNKNOWN_WORD"),
    (_line(payload={"reply": "r1", "text": {"commitment": "0" * 64}}), "WRONG_TYPE"),
]


@pytest.mark.parametrize(("line", "code"), _BAD, ids=range(len(_BAD)))
def test_a_bad_line_is_refused_and_fits_the_schema_no_better(
    line: Line, code: str, fits: Callable[[object], bool]
) -> None:
    with pytest.raises(InvalidEvent) as caught:
        parse_line(_encoded(line))
    assert caught.value.detail == code
    assert not fits(line) or code == "BAD_TIME", "JSON Schema's own checks of date-time are optional"


@pytest.mark.parametrize(
    ("line", "code"),
    [
        (b"not JSON", "NOT_JSON"),
        (b"[1]", "WRONG_TYPE"),
        (b'"text"', "WRONG_TYPE"),
        (b'{"type": "reply.sent"', "NOT_JSON"),
        (b'{"type": "\xff"}', "NOT_JSON"),
        (_encoded(REPLY).replace(b'"anna"', b'"\\ud800"'), "NOT_JSON"),
        (_encoded(REPLY).replace(b'"anna"', b'"an\\u0000na"'), "ILL_FORMED_TEXT"),
        (b'{"type":' + b"[" * 100_000 + b"]" * 100_000 + b"}", "NOT_JSON"),
    ],
)
def test_what_is_no_event_at_all_is_refused(line: bytes, code: str) -> None:
    with pytest.raises(InvalidEvent) as caught:
        parse_line(line)
    assert caught.value.detail == code


def test_the_schema_is_sound_and_knows_every_event_type() -> None:
    schema = json_schema()
    jsonschema.Draft202012Validator.check_schema(schema)
    assert [line["properties"]["type"]["const"] for line in schema["oneOf"]] == [
        name for name, declared in DECLARATIONS.items() if declared.told
    ]
    assert "Commitment" not in json.dumps(schema)


def test_good_lines_fit_the_schema(fits: Callable[[object], bool]) -> None:
    full = _line(
        id="6a1b2c3d-0000-4000-8000-000000000001",
        on_behalf_of="boris",
        source="crm",
        source_order=3,
        interface="bot",
        session="s1",
        causation="6a1b2c3d-0000-4000-8000-000000000002",
        correlation="call-7",
        ip="192.0.2.1",
        user_agent="Mozilla",
        raw="{}",
    )
    for line in (REPLY, full, _line(type="operator.left", conversation=None, operator="anna", payload={})):
        assert parse_line(_encoded(line))
        assert fits(line)


def _file(folder: Path, *lines: bytes) -> Path:
    path = folder / "events.jsonl"
    path.write_bytes(b"\n".join(lines) + b"\n")
    return path


def _of(folder: Path, *lines: bytes) -> Imported:
    return imported(_file(folder, *lines), None)


def test_a_file_of_lines_is_taken_in_its_order_and_bad_lines_are_left_out(tmp_path: Path) -> None:
    late, early = _line(occurred_at="2026-01-06T09:00:00Z"), _line(occurred_at="2026-01-05T09:00:00Z")
    lines = b"\xef\xbb\xbf" + _encoded(late), b"", b"nonsense", _encoded(early), b"{" + b" " * 2_000_000 + b"}"
    made = _of(tmp_path, *lines)
    assert [event.envelope.occurred_at for event in made.events] == sorted(
        (event.envelope.occurred_at for event in made.events), reverse=True
    )
    assert made.codes == [(3, "NOT_JSON"), (5, "TOO_LONG")]
    assert (made.report.rows_read, len(made.events)) == (4, 2)


@pytest.mark.parametrize(
    ("changes", "code"),
    [
        ({"occurred_at": "0001-01-01T00:00:00Z"}, None),
        ({"occurred_at": "2999-01-01T00:00:00Z"}, None),
        ({"on_behalf_of": "x" * 10_000}, "TOO_LONG"),
    ],
)
def test_what_the_ledger_would_refuse_is_refused_with_its_line(
    tmp_path: Path, changes: dict[str, str], code: str | None
) -> None:
    made = _of(tmp_path, _encoded(REPLY), _encoded(_line(**changes)))
    assert [line for line, _ in made.codes] == [2]
    assert code is None or made.codes == [(2, code)]


def test_a_line_that_is_there_twice_is_one_event(tmp_path: Path) -> None:
    made = _of(tmp_path, _encoded(REPLY), _encoded(_line(conversation="c2")), _encoded(REPLY))
    assert (made.report.duplicates.exact, made.report.duplicates.lines) == (1, [3])
    assert len(made.events) == 2
