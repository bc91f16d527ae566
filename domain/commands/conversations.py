"""What operators want done to a conversation as a whole, in the order of `domain.events.conversations`."""

from domain.command import Command, command
from domain.commands.fields import (
    ChannelId,
    CommunityId,
    ConversationId,
    CustomerId,
    Heading,
    NewConversationId,
    NextHolderId,
    OtherConversationId,
    Reason,
    Tag,
    TeamId,
    Topic,
    Until,
)
from domain.commands.refusals import conversations as no
from domain.event import Event
from domain.events import conversations as events
from domain.words import Complexity, Kind, Outcome, Priority, Subject, WaitingFor

_CONVERSATION = Subject.CONVERSATION
_NOT_UNDER_WAY = (no.unknown, no.merged, no.spam, no.ended)
_NOT_THERE = (no.unknown, no.merged)


def _opened(wish: "OpenConversation") -> tuple[Event, ...]:
    """What the desk opens by command, the desk began."""
    return (
        events.ConversationOpened(
            channel=wish.channel,
            community=wish.community,
            kind=wish.kind,
            team=wish.team,
            customer=wish.customer,
            priority=wish.priority,
            complexity=wish.complexity,
            topic=wish.topic,
            heading=wish.heading,
            proactive=True,
        ),
    )


@command(events.ConversationOpened, of=_CONVERSATION, refused=(no.exists,), granted=_opened)
class OpenConversation(Command):
    """Begin a conversation with a customer. What customers begin opens by itself."""

    conversation: NewConversationId
    channel: ChannelId | None = None
    community: CommunityId | None = None
    kind: Kind | None = None
    team: TeamId | None = None
    customer: CustomerId | None = None
    priority: Priority | None = None
    complexity: Complexity | None = None
    topic: Topic | None = None
    heading: Heading | None = None


@command(events.ConversationClaimed, of=_CONVERSATION, refused=(*_NOT_UNDER_WAY, no.already_yours, no.held_by_another))
class ClaimConversation(Command):
    """Take a conversation that no operator holds under one's own control."""

    conversation: ConversationId
    team: TeamId | None = None


@command(
    events.ConversationAssigned,
    of=_CONVERSATION,
    refused=(*_NOT_UNDER_WAY, no.already_assigned, no.next_holder_has_left),
)
class AssignConversation(Command):
    """Give the conversation to an operator."""

    conversation: ConversationId
    assignee: NextHolderId
    team: TeamId | None = None


@command(events.ConversationUnassigned, of=_CONVERSATION, refused=(*_NOT_UNDER_WAY, no.not_assigned))
class UnassignConversation(Command):
    """Give the conversation back to its queue."""

    conversation: ConversationId


@command(
    events.ConversationTransferred,
    of=_CONVERSATION,
    refused=(*_NOT_UNDER_WAY, no.no_destination, no.already_there, no.next_holder_has_left),
)
class TransferConversation(Command):
    """Pass the conversation on to another queue, another operator, or both."""

    conversation: ConversationId
    to_team: TeamId | None = None
    to_operator: NextHolderId | None = None
    reason: Reason | None = None


@command(
    events.ConversationEscalated,
    of=_CONVERSATION,
    refused=(*_NOT_UNDER_WAY, no.no_destination, no.already_there, no.next_holder_has_left),
)
class EscalateConversation(Command):
    """Call in somebody with more knowledge or power."""

    conversation: ConversationId
    to_team: TeamId | None = None
    to_operator: NextHolderId | None = None
    reason: Reason | None = None


@command(events.ConversationPutOnHold, of=_CONVERSATION, refused=(*_NOT_UNDER_WAY, no.until_has_passed))
class PutConversationOnHold(Command):
    """Put the conversation aside until somebody else has done something. Held already, it is held anew."""

    conversation: ConversationId
    waiting_for: WaitingFor = WaitingFor.CUSTOMER
    until: Until | None = None


@command(events.ConversationResumed, of=_CONVERSATION, refused=(*_NOT_UNDER_WAY, no.not_on_hold))
class ResumeConversation(Command):
    """Go on with a conversation that was put on hold."""

    conversation: ConversationId


@command(events.ConversationResolved, of=_CONVERSATION, refused=(*_NOT_THERE, no.spam, no.nothing_to_resolve))
class ResolveConversation(Command):
    """Say that the customer's matter is solved: the episode ends."""

    conversation: ConversationId
    reason: Reason | None = None


@command(
    events.ConversationClosed,
    of=_CONVERSATION,
    refused=(*_NOT_THERE, no.spam, no.already_closed, no.closed_as_merged),
)
class CloseConversation(Command):
    """Close the conversation: ends an episode that is open, is administrative after a resolution."""

    conversation: ConversationId
    outcome: Outcome
    reason: Reason | None = None


@command(events.ConversationMarkedNoReplyNeeded, of=_CONVERSATION, refused=(*_NOT_UNDER_WAY, no.nothing_to_answer))
class MarkNoReplyNeeded(Command):
    """Judge that the customer's last words ask for no answer; the open turn ends without one."""

    conversation: ConversationId
    reason: Reason | None = None


@command(events.ConversationReopened, of=_CONVERSATION, refused=(no.unknown, no.still_open))
class ReopenConversation(Command):
    """Go on with a conversation that was resolved, closed, marked as spam or merged: its next episode begins."""

    conversation: ConversationId
    reason: Reason | None = None


@command(
    events.ConversationMerged,
    of=_CONVERSATION,
    refused=(*_NOT_THERE, no.into_itself, no.target_unknown, no.target_merged),
)
class MergeConversation(Command):
    """Let the conversation go on in another one; nothing more is expected in this one."""

    conversation: ConversationId
    into: OtherConversationId


@command(events.ConversationMarkedSpam, of=_CONVERSATION, refused=(*_NOT_THERE, no.spam))
class MarkSpam(Command):
    """Say that this is not a customer's matter at all."""

    conversation: ConversationId


@command(events.ConversationPriorityChanged, of=_CONVERSATION, refused=(*_NOT_THERE, no.priority_unchanged))
class ChangePriority(Command):
    """Say how urgent the matter is, and how hard."""

    conversation: ConversationId
    priority: Priority
    complexity: Complexity | None = None


@command(events.ConversationTopicChanged, of=_CONVERSATION, refused=(*_NOT_THERE, no.topic_unchanged))
class ChangeTopic(Command):
    """Say what the matter is."""

    conversation: ConversationId
    topic: Topic


@command(events.ConversationTagged, of=_CONVERSATION, refused=(*_NOT_THERE, no.already_tagged))
class TagConversation(Command):
    """Add a tag."""

    conversation: ConversationId
    tag: Tag


@command(events.ConversationUntagged, of=_CONVERSATION, refused=(*_NOT_THERE, no.not_tagged))
class UntagConversation(Command):
    """Take a tag away."""

    conversation: ConversationId
    tag: Tag
