"""What operators want done to customers. A customer of whom nothing is known yet can be named, blocked and the like."""

from domain.command import Command, command
from domain.commands.fields import CustomerId, Occasion, OtherCustomerId, PersonName, Place, Prose, Reason, Until
from domain.commands.refusals import customers as no
from domain.commands.refusals.conversations import until_has_passed
from domain.events import customers as events
from domain.words import Subject

_CUSTOMER = Subject.CUSTOMER


@command(events.CustomerNamed, of=_CUSTOMER, refused=(no.merged,))
class NameCustomer(Command):
    """Say what the customer is called."""

    customer: CustomerId
    name: PersonName


@command(events.CustomerBlocked, of=_CUSTOMER, refused=(no.merged, no.already_blocked))
class BlockCustomer(Command):
    """Let the customer write no longer, in one community or in all."""

    customer: CustomerId
    community: Place | None = None
    conversation: Occasion | None = None
    reason: Reason | None = None


@command(events.CustomerUnblocked, of=_CUSTOMER, refused=(no.merged, no.not_blocked))
class UnblockCustomer(Command):
    """Let the customer write again; in all communities, unless one is named."""

    customer: CustomerId
    community: Place | None = None
    conversation: Occasion | None = None


@command(events.CustomerMuted, of=_CUSTOMER, refused=(no.merged, until_has_passed, no.already_muted))
class MuteCustomer(Command):
    """Let what the customer writes reach nobody, in one community or in all."""

    customer: CustomerId
    community: Place | None = None
    conversation: Occasion | None = None
    until: Until | None = None
    reason: Reason | None = None


@command(events.CustomerUnmuted, of=_CUSTOMER, refused=(no.merged, no.not_muted))
class UnmuteCustomer(Command):
    """Hear the customer again; in all communities, unless one is named."""

    customer: CustomerId
    community: Place | None = None
    conversation: Occasion | None = None


@command(events.CustomerNoted, of=_CUSTOMER, refused=(no.merged,))
class NoteOnCustomer(Command):
    """Write down something about the customer."""

    customer: CustomerId
    text: Prose
    conversation: Occasion | None = None


@command(events.CustomerMerged, of=_CUSTOMER, refused=(no.merged, no.into_itself, no.target_merged))
class MergeCustomers(Command):
    """Say that two customers are one person; the other one's record goes on."""

    customer: CustomerId
    into: OtherCustomerId
