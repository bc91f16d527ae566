"""Who read what. These stand in a workspace's second ledger, `access`, and in no other."""

from domain.event import Count, Event, Label, WrittenText, event
from domain.text import Text
from domain.words import Subject


@event(
    "access.recorded",
    of=Subject.WORKSPACE,
    title=Text("Records were read", "Записи прочитаны", "Записи прочитано", "Înregistrări citite"),
    told=False,
)
class AccessRecorded(Event):
    """Somebody read what leaves a trace; the envelope's session is the token."""

    operation: Label
    """What was asked: `journal`, `search`, `removedContent`, `export conversations`, ..."""
    role: Label
    """The token's."""
    rows: Count
    """How many were answered, since the last trace of the same question."""
    text: WrittenText | None = None
    """With which words and filter, as JSON. What is looked for may be about anybody, so it is personal."""
