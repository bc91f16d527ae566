"""Commands against the ledger: look whether it was done before, read, decide, append; and again if somebody was faster.

A command's events have ids made of its idempotency key. So a command sent twice is one command, whichever process it
reaches and whatever became of the first answer: the second finds the first one's events, before anything is decided.
"""

import asyncio
import random
from collections.abc import Sequence
from dataclasses import dataclass
from uuid import UUID, uuid5

from msgspec import Struct, structs

from domain.command import Command, Wish, decide
from domain.commands.state import state_of
from domain.envelope import Actor, Envelope, NewEvent, RecordedEvent
from domain.errors import CommandRefused, Conflict, InvalidInput
from domain.event import Event
from domain.instants import AHEAD, Instant
from eventstore import clock
from eventstore.store import Append, Appended, Outcome, Store
from eventstore.vault import Vault

_ATTEMPTS = 12
_PAUSE = 0.02
"""Seconds that a loser waits at most, for each attempt that it lost."""
_INTERFACE = "api"


class Request(Struct, frozen=True):
    """A wish, who has it, and the key under which it is one wish however often it is sent."""

    command: Command
    by: Actor
    key: str
    session: str | None = None


@dataclass(frozen=True, slots=True)
class Done:
    """What became of a wish: its events (ids, in order), the last one's place in the ledger, and when it happened."""

    events: tuple[UUID, ...]
    position: int
    occurred_at: Instant
    repeated: bool
    """It had been done before; these are the events of the first time."""


def event_id(workspace: UUID, key: str, number: int) -> UUID:
    """The id of the command's event of that number (0, 1, ...)."""
    return uuid5(workspace, f"command:{number}:{key}")


def fresh_id(workspace: UUID, key: str) -> str:
    """The id of what a command makes where its sender names none: that of the event which makes it."""
    return str(event_id(workspace, key, 0))


class Commands:
    """Carries out commands in any workspace."""

    def __init__(self, store: Store, vault: Vault) -> None:
        self._store = store
        self._vault = vault

    async def carry_out(self, workspace: UUID, request: Request) -> Done:
        """Do it once. Raises `CommandRefused` (the reason in `detail`), `InvalidInput` (a key used for something
        else, an event too large), `Conflict` (others were faster every time), `Unavailable`."""
        for attempt in range(_ATTEMPTS):
            request = await self._known(workspace, request)
            earlier = await self._earlier(workspace, request)
            if earlier is not None:
                return earlier
            try:
                unit = await self._decided(workspace, request)
            except CommandRefused:
                earlier = await self._earlier(workspace, request)  # the same key may have done just now what refuses it
                if earlier is None:
                    raise
                return earlier
            (appended,) = await self._store.append(workspace, [unit])
            if appended.error is not None:
                raise appended.error
            if appended.outcome is Outcome.APPENDED:
                return _done(unit.events, appended)
            await asyncio.sleep(random.random() * _PAUSE * attempt)  # noqa: S311 - so that two do not run in step
        raise Conflict("others changed it faster every time; look what it is now, and try again")

    async def _known(self, workspace: UUID, request: Request) -> Request:
        """The same request with known customers called by their pseudonyms, by which the ledger knows them."""
        command = request.command
        named = {field: getattr(command, field) for field in command.declaration.pseudonyms}
        found = {field: await self._vault.find(workspace, name) for field, name in named.items() if name is not None}
        known = {field: str(pseudonym) for field, pseudonym in found.items() if pseudonym is not None}
        return structs.replace(request, command=structs.replace(command, **known)) if known else request

    async def _earlier(self, workspace: UUID, request: Request) -> Done | None:
        """What the same key did before, if anything. Raises `InvalidInput` where that was something else."""
        most = len(request.command.declaration.becomes)
        found = await self._store.find(workspace, [event_id(workspace, request.key, number) for number in range(most)])
        if not found:
            return None
        recorded = sorted(found.values(), key=lambda event: event.position)
        again = _again(request, recorded)
        if again is not None:
            (appended,) = await self._store.append(workspace, [Append(again)])
            if appended.outcome is not Outcome.MISMATCH:
                return Done(
                    tuple(event.envelope.id for event in recorded),
                    recorded[-1].position,
                    recorded[-1].envelope.occurred_at,
                    repeated=True,
                )
        raise InvalidInput(
            "this idempotency key was used for something else; make a new one for each wish",
            path=("idempotencyKey",),
            detail="IDEMPOTENCY_KEY_REUSED",
        )

    async def _decided(self, workspace: UUID, request: Request) -> Append:
        """The events that the wish becomes, and the version of the stream that this was decided upon."""
        command = request.command
        consulted = command.consulted
        streams = await self._store.read_streams(workspace, [command.stream, *consulted.values()])
        history = streams[command.stream]
        at = _instant_after(history)
        others = {field: state_of(stream.subject, streams[stream]) for field, stream in consulted.items()}
        state = state_of(command.stream.subject, history)
        payloads = decide(Wish(state, command, request.by, at, others))
        version = max((event.version for event in history), default=-1)
        return Append(_new_events(workspace, request, payloads, at), version)


def _instant_after(history: Sequence[RecordedEvent]) -> Instant:
    """Now; but what was decided comes after what it was decided upon, even where a desk's clock runs ahead of ours."""
    now = clock.now()
    latest = max((event.envelope.occurred_at for event in history), default=0)
    return max(now, min(latest + 1, now + AHEAD))


def _new_events(workspace: UUID, request: Request, payloads: Sequence[Event], at: Instant) -> tuple[NewEvent, ...]:
    return tuple(
        NewEvent(
            Envelope(
                id=event_id(workspace, request.key, number),
                stream=request.command.stream,
                actor=request.by,
                occurred_at=at,
                source_order=number,
                interface=_INTERFACE,
                session=request.session,
            ),
            payload,
        )
        for number, payload in enumerate(payloads)
    )


def _again(request: Request, recorded: Sequence[RecordedEvent]) -> tuple[NewEvent, ...] | None:
    """The wish's events as they would have been the first time; None where there would have been another number."""
    payloads = request.command.declaration.granted(request.command)
    if len(payloads) != len(recorded):
        return None
    return tuple(
        NewEvent(structs.replace(first.envelope, stream=request.command.stream, actor=request.by), payload)
        for first, payload in zip(recorded, payloads, strict=True)
    )


def _done(events: Sequence[NewEvent], appended: Appended) -> Done:
    if appended.position is None:
        raise AssertionError("what was appended has a position")
    return Done(
        tuple(event.envelope.id for event in events),
        appended.position,
        events[-1].envelope.occurred_at,
        repeated=False,
    )
