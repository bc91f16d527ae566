"""Simulated events as lines of the plain format (`api.ingest.jsonl`), for files that others import."""

from typing import Any

import msgspec

from domain.envelope import NewEvent
from domain.instants import format_instant

_encode = msgspec.json.Encoder().encode


def line_of(event: NewEvent) -> bytes:
    """The line that, imported, is this event again."""
    envelope = event.envelope
    said: dict[str, Any] = {
        "type": event.payload.declaration.name,
        "id": envelope.id,
        envelope.stream.subject.value: envelope.stream.id,
        "actor": {"type": envelope.actor.type, "id": envelope.actor.id},
        "occurred_at": format_instant(envelope.occurred_at),
        "source": envelope.source,
        "interface": envelope.interface,
        "session": envelope.session,
        "ip": envelope.ip,
        "user_agent": envelope.user_agent,
        "causation": envelope.causation,
        "correlation": envelope.correlation,
        "payload": _without_none(msgspec.to_builtins(event.payload)),
    }
    return _encode(_without_none(said))


def _without_none(fields: dict[str, Any]) -> dict[str, Any]:
    return {name: value for name, value in fields.items() if value is not None}
