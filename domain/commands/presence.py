"""What operators say of themselves."""

from domain.command import Command, command
from domain.commands.fields import OperatorId, Reason
from domain.commands.refusals import directory as no
from domain.events import presence as events
from domain.words import Presence, Subject


@command(events.PresenceChanged, of=Subject.OPERATOR, refused=(no.has_left, no.presence_unchanged))
class ChangePresence(Command):
    """Say that an operator is online, away, on a break or offline."""

    operator: OperatorId
    presence: Presence
    reason: Reason | None = None
