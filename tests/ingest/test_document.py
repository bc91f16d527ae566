"""`docs/import.md` says what is so."""

import re
from pathlib import Path

import pytest
from msgspec import structs

from api.ingest import mapping as language
from api.ingest.mapping import parse_mapping
from domain.words import ActorType
from tests.ingest.logs import imported

ROOT = Path(__file__).parents[2]
PAGE = (ROOT / "docs" / "import.md").read_text(encoding="utf-8")


def _block(kind: str) -> str:
    found = re.search(rf"```{kind}\n(.*?)```", PAGE, re.DOTALL)
    assert found
    return found.group(1)


def test_the_small_desks_log_makes_the_events_that_the_page_says(tmp_path: Path) -> None:
    (tmp_path / "log.csv").write_text(_block("csv"))
    made = imported(tmp_path / "log.csv", parse_mapping(_block("toml")))
    assert made.types == [
        "conversation.opened",
        "conversation.opened",
        "conversation.transferred",
        "conversation.resolved",
        "conversation.closed",
    ]
    assert made.report.refused.count == 0
    assert [event.envelope.actor.type for event in made.events][2:] == [
        ActorType.OPERATOR,
        ActorType.OPERATOR,
        ActorType.SYSTEM,
    ]


def test_the_line_of_json_on_the_page_is_an_event(tmp_path: Path) -> None:
    (tmp_path / "events.jsonl").write_text(_block("json"))
    assert imported(tmp_path / "events.jsonl", None).types == ["reply.sent"]


def test_every_code_is_on_the_page_and_no_other() -> None:
    source = "".join(path.read_text() for path in (ROOT / "api" / "ingest").glob("*.py"))
    found = re.findall(r'detail="([A-Z_]+)"|Refusal\([\w.\[\]]+, "([A-Z_]+)"|\("([A-Z_]+)", f?"', source)
    raised = {code for codes in found for code in codes if code}
    of_the_domain = set(re.findall(r'"([A-Z][A-Z_]{3,})"', (ROOT / "domain" / "conversion.py").read_text()))
    codes = PAGE.partition("## Codes")[2]
    said = {code for row in re.findall(r"^\| (`.*?) \|", codes, re.MULTILINE) for code in re.findall(r"`(\w+)`", row)}
    assert raised <= said
    assert said - raised <= of_the_domain | {"TOO_LARGE", "MISMATCH"}


@pytest.mark.parametrize(
    "part",
    [
        language.DeskMapping,
        language.Csv,
        language.Time,
        language.Case,
        language.Key,
        language.Column,
        language.Condition,
        language.Candidate,
        language.Rule,
    ],
)
def test_every_word_of_the_language_is_on_the_page(part: type) -> None:
    words = {field.encode_name for field in structs.fields(part)}
    assert {word for word in words if not re.search(rf"(`|\[){word}\b", PAGE)} == set()
