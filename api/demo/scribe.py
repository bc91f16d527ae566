"""Writes down what the stories tell, as events with ids that depend on nothing but the recipe and the turn."""

from hashlib import sha256
from uuid import UUID

from domain.envelope import Actor, Envelope, NewEvent, Stream
from domain.event import Event
from domain.instants import Instant

SOURCE = "simulation"
"""What every simulated event names as its source."""

_MILLISECOND = 1_000


class Scribe:
    """Holds what was recorded until it is collected."""

    def __init__(self, signature: str) -> None:
        drawn = int.from_bytes(sha256(signature.encode()).digest()[:4]) >> 2
        self._high = 7 << 76 | (drawn >> 18) << 64
        self._low = 2 << 62 | (drawn & 0x3FFFF) << 44
        self._count = 0
        self.written: list[NewEvent] = []

    def write(
        self,
        at: Instant,
        stream: Stream,
        actor: Actor,
        payload: Event,
        *,
        interface: str | None = None,
        session: str | None = None,
        ip: str | None = None,
        user_agent: str | None = None,
        causation: UUID | None = None,
        correlation: str | None = None,
    ) -> UUID:
        """Record a fact; its id is a UUIDv7, so that ids grow with time, with a counter where chance would stand."""
        self._count += 1
        id_ = UUID(int=(at // _MILLISECOND) << 80 | self._high | self._low | self._count)
        envelope = Envelope(
            id=id_,
            stream=stream,
            actor=actor,
            occurred_at=at,
            source=SOURCE,
            interface=interface,
            session=session,
            causation=causation,
            correlation=correlation,
            ip=ip,
            user_agent=user_agent,
        )
        self.written.append(NewEvent(envelope, payload))
        return id_
