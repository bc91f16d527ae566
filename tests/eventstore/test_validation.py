"""What is malformed is refused at the store, whoever sends it, with a code, a place and a sentence."""

from typing import Any
from uuid import UUID

import pytest
from msgspec import structs

from domain.envelope import Actor, NewEvent, Stream
from domain.event import Commitment, Event
from domain.events.conversations import ConversationPutOnHold
from domain.events.items import ItemReceived
from domain.instants import DAY, Instant, parse_instant
from domain.words import ActorType, Subject
from eventstore import clock
from eventstore.sealing import MAX_BYTES
from eventstore.store import Append, Outcome, Store
from tests.events import event
from tests.eventstore.desk import append, asked, tagged


def with_envelope(**fields: Any) -> NewEvent:
    new = tagged(1)
    return NewEvent(structs.replace(new.envelope, **fields), new.payload)


def with_payload(new: NewEvent, **fields: Any) -> NewEvent:
    return NewEvent(new.envelope, structs.replace(new.payload, **fields))


LONG = "x" * 10_000
MALFORMED: dict[str, tuple[NewEvent, str, tuple[str, ...]]] = {
    "from before desks had logs": (
        with_envelope(occurred_at=parse_instant("1989-12-31T23:59:59.999999Z")), "OUT_OF_RANGE", ("occurred_at",)
    ),
    "from the year 1": (with_envelope(occurred_at=-62_135_596_800_000_000), "OUT_OF_RANGE", ("occurred_at",)),
    "from the year 2999": (
        with_envelope(occurred_at=parse_instant("2999-01-01T00:00:00Z")), "OUT_OF_RANGE", ("occurred_at",)
    ),
    "an instant beyond the calendar": (with_envelope(occurred_at=2**62), "OUT_OF_RANGE", ("occurred_at",)),
    "an instant that is text": (with_envelope(occurred_at="2026-03-02T09:00Z"), "WRONG_TYPE", ("occurred_at",)),
    "a stream without an id": (
        with_envelope(stream=Stream(Subject.CONVERSATION, "")), "TOO_SHORT", ("stream", "id")
    ),
    "a stream's id of 10,000 characters": (
        with_envelope(stream=Stream(Subject.CONVERSATION, LONG)), "TOO_LONG", ("stream", "id")
    ),
    "an actor's id of 201 characters": (
        with_envelope(actor=Actor(ActorType.OPERATOR, "x" * 201)), "TOO_LONG", ("actor", "id")
    ),
    "a session of 10,000 characters": (with_envelope(session=LONG), "TOO_LONG", ("session",)),
    "a stream of another subject": (
        with_envelope(stream=Stream(Subject.OPERATOR, "anna")), "WRONG_VALUE", ("stream", "subject")
    ),
    "a source order beyond JSON": (with_envelope(source_order=2**53), "OUT_OF_RANGE", ("source_order",)),
    "a time beyond JSON": (
        event(ConversationPutOnHold(until=2**53), conversation="c1", by="anna", at="2026-03-02T09:00Z"),
        "OUT_OF_RANGE", ("payload", "until"),
    ),
    "a NUL in an id": (
        with_envelope(stream=Stream(Subject.CONVERSATION, "c\0")), "ILL_FORMED_TEXT", ("stream", "id")
    ),
    "a NUL in a tag": (with_payload(tagged(1), tag="a\0b"), "ILL_FORMED_TEXT", ("payload", "tag")),
    "half a surrogate pair in a tag": (
        with_payload(tagged(1), tag="\ud83d"), "ILL_FORMED_TEXT", ("payload", "tag")
    ),
    "a tag that is a number": (with_payload(tagged(1), tag=7), "WRONG_TYPE", ("payload", "tag")),
    "a NUL in words": (with_payload(asked(), text="a\0b"), "ILL_FORMED_TEXT", ("payload", "text")),
    "half a surrogate pair in words": (
        with_payload(asked(), text="\udc00 and so on"), "ILL_FORMED_TEXT", ("payload", "text")
    ),
    "words of 10 MB": (asked("x" * 10_000_000), "TOO_LARGE", ()),
    "words of 64 kB, besides an envelope": (asked("x" * MAX_BYTES), "TOO_LARGE", ()),
    "a commitment from outside": (
        with_payload(asked(), text=Commitment("0" * 64)), "WRONG_TYPE", ("payload", "text")
    ),
}  # fmt: skip


@pytest.mark.parametrize(("new", "detail", "path"), MALFORMED.values(), ids=MALFORMED)
async def test_malformed_events_are_refused_with_code_and_place(
    store: Store, workspace: UUID, new: NewEvent, detail: str, path: tuple[str, ...]
) -> None:
    (refused,) = await append(store, workspace, new)

    assert refused.outcome is Outcome.INVALID
    assert refused.error is not None
    assert (refused.error.detail, refused.error.path) == (detail, path)
    assert await store.head(workspace) == -1


async def test_the_limit_on_size_is_said(store: Store, workspace: UUID) -> None:
    (refused,) = await append(store, workspace, asked("я" * 40_000))

    assert "65536" in str(refused.error)


@pytest.mark.parametrize("ahead", [0, DAY - 60_000_000])
async def test_a_desks_clock_may_run_ahead_by_a_day(store: Store, workspace: UUID, ahead: Instant) -> None:
    (appended,) = await append(store, workspace, with_envelope(occurred_at=clock.now() + ahead))

    assert appended.outcome is Outcome.APPENDED


@pytest.mark.parametrize(
    "text",
    ["\\u0000", "\\", '"', "line\r\nline\ttab\x07\x7f", "\u2028\u2029\ufeff", "𝄞 😀 e\u0301", "x" * 60_000, ""],
    ids=ascii,
)
async def test_whatever_a_customer_may_write_is_kept_to_the_letter(store: Store, workspace: UUID, text: str) -> None:
    await append(store, workspace, asked(text))

    (read,) = await store.open(workspace, await store.read(workspace, after=-1, limit=1))
    assert isinstance(read.payload, ItemReceived)
    assert read.payload.text == text


async def test_something_that_is_no_event_type_is_refused(store: Store, workspace: UUID) -> None:
    class Unheard(Event):
        """Not declared."""

    (refused,) = await append(store, workspace, NewEvent(tagged(1).envelope, Unheard()))

    assert refused.error is not None
    assert refused.error.detail == "UNKNOWN_TYPE"


async def test_a_unit_without_events_is_refused(store: Store, workspace: UUID) -> None:
    (refused,) = await store.append(workspace, [Append(())])

    assert refused.outcome is Outcome.INVALID
