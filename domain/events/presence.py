"""Whether operators are there to work."""

from domain.event import Event, Label, event
from domain.text import Text
from domain.words import Presence, Subject


@event(
    "presence.changed",
    of=Subject.OPERATOR,
    title=Text("Presence changed", "Статус присутствия", "Статус присутності", "Prezență schimbată"),
)
class PresenceChanged(Event):
    """The operator is now online, away, on a break or offline."""

    presence: Presence
    reason: Label | None = None
