"""Commands against the ledger: look whether it was done before, read, decide, append; and again if somebody was faster.

A command's events have ids made of its idempotency key. So a command sent twice is one command, whichever process it
reaches and whatever became of the first answer: the second finds the first one's events, before anything is decided.
"""

import asyncio
import random
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from uuid import UUID, uuid5

from msgspec import Struct, structs

from api.client import UNKNOWN, Client
from api.command_states import Known, States
from domain.command import Command, Wish, decide
from domain.commands.calendars import SetCalendar
from domain.commands.promises import SetPromise
from domain.envelope import Actor, Envelope, NewEvent, RecordedEvent
from domain.errors import CommandRefused, Conflict, InvalidInput
from domain.event import Commitment, Words
from domain.instants import AHEAD, Instant
from eventstore import clock
from eventstore.database import Database, Session
from eventstore.store import Append, Outcome, Store
from eventstore.vault import Vault
from projections.conversations.judged import was_judged

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
    client: Client = UNKNOWN
    """Where it came from: not part of the wish, which may be sent again from elsewhere."""


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

    def __init__(self, database: Database, store: Store, vault: Vault) -> None:
        self._database = database
        self._store = store
        self._vault = vault
        self._states = States(store)

    async def carry_out(self, workspace: UUID, request: Request) -> Done:
        """Do it once. Raises `CommandRefused` (the reason in `detail`), `InvalidInput` (a key used for something
        else, an event too large), `Conflict` (others were faster every time), `Unavailable`."""
        for attempt in range(_ATTEMPTS):
            request = await self._called_by_pseudonyms(workspace, request)
            async with self._database.transaction(workspace, readonly=True) as connection:
                earlier = await self._earlier(workspace, request, connection)
                known = None if earlier else await self._known(workspace, request.command, connection)
            if known is None:
                return await self._repeated(workspace, request, earlier)
            try:
                unit = _decided(workspace, request, known)
            except CommandRefused:
                if await self._earlier(workspace, request):
                    continue  # what stands in its way is this very wish, sent twice at once
                raise
            (appended,) = await self._store.append(workspace, [unit])
            if appended.error is not None:
                raise appended.error
            if appended.outcome is Outcome.APPENDED and appended.position is not None:
                return _done(unit.events, appended.position, repeated=False)
            await asyncio.sleep(random.random() * _PAUSE * attempt)  # noqa: S311 - so that two do not run in step
        raise Conflict("others changed it faster every time; look what it is now, and try again")

    async def _called_by_pseudonyms(self, workspace: UUID, request: Request) -> Request:
        """The same request with known customers called by their pseudonyms, by which the ledger knows them."""
        command = request.command
        named = {field: getattr(command, field) for field in command.declaration.pseudonyms}
        found = {field: await self._vault.find(workspace, name) for field, name in named.items() if name is not None}
        known = {field: str(pseudonym) for field, pseudonym in found.items() if pseudonym is not None}
        return structs.replace(request, command=structs.replace(command, **known)) if known else request

    async def _earlier(
        self, workspace: UUID, request: Request, connection: Session | None = None
    ) -> list[RecordedEvent]:
        """The events that the same key made before, if any, in their order."""
        most = len(request.command.declaration.becomes)
        ids = [event_id(workspace, request.key, number) for number in range(most)]
        found = await self._store.find(workspace, ids, connection=connection)
        return sorted(found.values(), key=lambda event: event.position)

    async def _known(self, workspace: UUID, command: Command, connection: Session) -> "_Known":
        consulted = command.consulted.items()
        others = {field: await self._states.of(connection, workspace, stream) for field, stream in consulted}
        subject = await self._states.of(connection, workspace, command.stream)
        return _Known(subject, others, await _judged(connection, workspace, command))

    async def _repeated(self, workspace: UUID, request: Request, earlier: Sequence[RecordedEvent]) -> Done:
        """The first time's answer. Raises `InvalidInput` where the key was used for something else then: whether it
        was, the ledger says, which can compare what was sealed and what was forgotten."""
        payloads = request.command.declaration.granted(request.command)
        opened = await self._store.open(workspace, earlier)
        again = tuple(
            NewEvent(_from_where_it_was(first.envelope, request), payload)
            for first, payload in zip(opened, payloads, strict=False)
        )
        if len(payloads) == len(earlier):
            (appended,) = await self._store.append(workspace, [Append(again)])
            if appended.outcome is not Outcome.MISMATCH:
                return _done(again, earlier[-1].position, repeated=True)
        raise InvalidInput(
            "this idempotency key was used for something else; make a new one for each wish",
            path=("idempotency_key",),
            detail="IDEMPOTENCY_KEY_REUSED",
        )


@dataclass(frozen=True, slots=True)
class _Known:
    """What a decision is about: the command's own stream, and those that it consults, by the field that names them."""

    subject: Known
    others: Mapping[str, Known]
    judged: bool


async def _judged(connection: Session, workspace: UUID, command: Command) -> bool:
    """Of a baseline, whether promises in its scope were judged since it is to hold."""
    match command:
        case SetCalendar(baseline=True, valid_from=int(since)) | SetPromise(baseline=True, valid_from=int(since)):
            return await was_judged(connection, workspace, command.scope, since=since, until=clock.now())
    return False


def _decided(workspace: UUID, request: Request, known: _Known) -> Append:
    """The events that the wish becomes, and the version of the stream that this was decided upon."""
    subject, others = known.subject, {field: other.state for field, other in known.others.items()}
    at = _instant_after(subject.latest)
    payloads = decide(Wish(subject.state, request.command, request.by, at, others, known.judged))
    return Append(
        tuple(
            NewEvent(
                Envelope(
                    id=event_id(workspace, request.key, number),
                    stream=request.command.stream,
                    actor=request.by,
                    occurred_at=at,
                    source_order=number,
                    interface=_INTERFACE,
                    session=request.session,
                    ip=request.client.ip,
                    user_agent=request.client.user_agent,
                ),
                payload,
            )
            for number, payload in enumerate(payloads)
        ),
        expected_version=subject.version,
    )


def _from_where_it_was(first: Envelope, request: Request) -> Envelope:
    """The envelope of a wish that was sent again, as if from where it was sent the first time."""
    return structs.replace(
        first,
        stream=request.command.stream,
        actor=request.by,
        ip=_told(first.ip),
        user_agent=_told(first.user_agent),
    )


def _told(words: Words | None) -> str | None:
    """Opened words; empty ones in the place of forgotten ones, with which anything agrees."""
    return "" if isinstance(words, Commitment) else words


def _instant_after(latest: Instant) -> Instant:
    """Now; but what was decided comes after what it was decided upon, even where a desk's clock runs ahead of ours."""
    now = clock.now()
    return max(now, min(latest + 1, now + AHEAD))


def _done(events: Sequence[NewEvent], position: int, *, repeated: bool) -> Done:
    ids = tuple(event.envelope.id for event in events)
    return Done(ids, position, events[-1].envelope.occurred_at, repeated)
