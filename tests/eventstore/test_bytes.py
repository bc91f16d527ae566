"""The ledger's bytes: canonical by an independent implementation, the same for ever, and enough to verify by."""

import hashlib
import json
from pathlib import Path
from typing import Any
from uuid import UUID, uuid4

import pytest
import rfc8785
from hypothesis import given, settings
from msgspec import Struct, structs

from domain.envelope import NewEvent, RecordedEvent
from domain.event import DECLARATIONS, Commitment, Declaration
from domain.instants import moment_of
from eventstore import clock
from eventstore.codec import FORMS, commitment, content_of, leaf, leaf_hash, recorded
from eventstore.database import Database
from eventstore.sealing import Checked, Prepared, check, open_words, prepare
from eventstore.store import Store
from eventstore.vault import DataSubject, Keyring
from tests.eventstore.desk import append, asked, named, opened, replied
from tests.eventstore.payloads import new_events, sample

GOLDEN = Path(__file__).parent / "golden"


def prepared(workspace: UUID, new: NewEvent) -> tuple[Prepared, dict[UUID, DataSubject], Keyring]:
    """An event as it is stored, with its data subjects by id."""
    checked, keyring = check(new, clock.now()), Keyring()
    subjects = {name: DataSubject.new() for name in checked.names}
    return prepare(workspace, checked, subjects, keyring), {one.id: one for one in subjects.values()}, keyring


@given(new_events())
@settings(max_examples=200, deadline=None)
def test_content_is_what_rfc_8785_says(new: NewEvent) -> None:
    content = prepared(uuid4(), new)[0].content

    assert rfc8785.dumps(json.loads(content)) == content


@given(new_events())
@settings(max_examples=50, deadline=None)
def test_a_leaf_is_canonical_too_and_hashed_as_rfc_6962_says(new: NewEvent) -> None:
    workspace = uuid4()
    content = prepared(workspace, new)[0].content
    fields = {
        "workspace": str(workspace), "version": 3, "recorded_at": 1_772_442_000_000_001, "event": json.loads(content)
    }  # fmt: skip

    bytes_ = leaf(content, 1_772_442_000_000_001, 3, str(workspace).encode())

    assert bytes_ == rfc8785.dumps(fields)
    assert leaf_hash(bytes_) == hashlib.sha256(b"\0" + bytes_).digest()


@given(new_events())
@settings(max_examples=100, deadline=None)
def test_what_is_stored_opens_to_what_was_said_and_says_nothing_before(new: NewEvent) -> None:
    workspace = uuid4()
    event, subjects, keyring = prepared(workspace, new)
    content = json.loads(event.content)

    words = open_words(workspace, new.envelope.id, event.sealed, subjects, keyring) if event.sealed else {}

    assert {path: text for path, (_, text) in words.items()} == {path: text for path, text, _ in event.checked.words}
    for path, (salt, text) in words.items():
        holder = content["payload"] if path.startswith("payload.") else content
        said = holder[path.removeprefix("payload.")]
        assert said == {"commitment": hashlib.sha256(salt + text.encode()).hexdigest()}


@given(new_events())
@settings(max_examples=100, deadline=None)
def test_what_is_stored_is_read_as_the_same_event(new: NewEvent) -> None:
    event, _, _ = prepared(uuid4(), new)

    read = recorded(0, 0, event.type, moment_of(0), event.content)

    assert _without_personal(event.checked, read.envelope) == _without_personal(event.checked, new.envelope)
    assert _without_personal(event.checked, read.payload) == _without_personal(event.checked, new.payload)


def _without_personal(checked: Checked, struct: Struct) -> dict[str, Any]:
    """The fields that are stored as they come; customers' ids are not, nor are words."""
    personal = {path.removeprefix("payload.") for path, _, _ in checked.words} | set(checked.form.pseudonyms)
    fields = {name: value for name, value in structs.asdict(struct).items() if name not in personal}
    for name in ("actor", "stream"):
        holder = fields.get(name)
        if holder is not None and "customer" in (getattr(holder, "type", ""), getattr(holder, "subject", "")):
            fields[name] = None
    return fields


async def test_every_stored_leaf_recomputes(store: Store, database: Database, workspace: UUID) -> None:
    await append(store, workspace, opened(), asked(), replied(), named("Maria"))

    async with database.transaction(workspace) as connection:
        rows = await connection.fetch("SELECT * FROM events WHERE workspace_id = $1 ORDER BY position", workspace)

    for row, event in zip(rows, await store.read(workspace, after=-1, limit=10), strict=True):
        fields = {
            "event": json.loads(row["content"]), "recorded_at": event.recorded_at, "version": row["version"],
            "workspace": str(workspace),
        }  # fmt: skip
        assert row["leaf_hash"] == hashlib.sha256(b"\0" + rfc8785.dumps(fields)).digest()
        assert json.loads(row["content"])["type"] == row["type"] == event.payload.declaration.name
        assert json.loads(row["content"])["id"] == str(row["event_id"])
        assert moment_of(event.envelope.occurred_at) == row["occurred_at"]
        stream = json.loads(row["content"])["stream"]
        key = hashlib.sha256(f"{stream['subject']}\0{stream['id']}".encode()).digest()[:16]
        assert row["stream_key"].bytes == key


def golden_content(declared: Declaration) -> bytes:
    """The sample's content, with nought for chance."""
    new = sample(declared)
    checked = check(new, clock.now())
    replaced: dict[str, object] = {
        path: {"commitment": commitment(bytes(32), words.encode())} for path, words, _ in checked.words
    }
    replaced.update({f"payload.{name}": str(UUID(int=3)) for name in checked.form.pseudonyms})
    form = FORMS[declared.payload]
    return content_of(form, new.envelope, new.payload, replaced, new.envelope.stream.id, new.envelope.actor.id)


def golden(path: Path) -> RecordedEvent:
    """What a golden file is read as."""
    return recorded(0, 0, path.name.rpartition(".v")[0], moment_of(0), path.read_bytes())


@pytest.mark.parametrize("declared", DECLARATIONS.values(), ids=DECLARATIONS)
def test_the_current_version_of_each_type_is_stored_as_ever(declared: Declaration) -> None:
    """To add the files of new types and versions: `python -m tests.eventstore.test_bytes`. A file that is there is
    never changed: what it shows stands in ledgers, and a changed event gets a new version and an upcaster."""
    path = GOLDEN / f"{declared.name}.v{declared.version}.json"

    assert golden_content(declared) == path.read_bytes()


@pytest.mark.parametrize("path", sorted(GOLDEN.glob("*.json")), ids=lambda path: path.stem)
def test_every_version_that_ever_was_is_read_in_the_newest_shape(path: Path) -> None:
    event = golden(path)

    declared = DECLARATIONS[path.name.rpartition(".v")[0]]
    assert type(event.payload) is declared.payload
    assert isinstance(event.envelope.ip, Commitment)
    if path.stem.endswith(f".v{declared.version}"):
        plain = {name for name in declared.payload.__struct_fields__ if name not in declared.personal}
        expected = structs.asdict(sample(declared).payload)
        expected.update(dict.fromkeys(declared.pseudonyms, str(UUID(int=3))))
        assert {name: getattr(event.payload, name) for name in plain} == {name: expected[name] for name in plain}


if __name__ == "__main__":
    for one in DECLARATIONS.values():
        target = GOLDEN / f"{one.name}.v{one.version}.json"
        if not target.exists():
            target.write_bytes(golden_content(one))
