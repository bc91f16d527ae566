"""What commands are made of. Each sort of field is described once; schema and documentation repeat it."""

from typing import Annotated

from msgspec import Meta

from domain import event
from domain.command import Consults, Fresh, Identifies, Moment
from domain.instants import EARLIEST
from domain.words import Subject

_ConversationId = Annotated[event.Id, Identifies(Subject.CONVERSATION)]
_CustomerId = Annotated[event.CustomerId, Identifies(Subject.CUSTOMER)]
_OperatorId = Annotated[event.Id, Identifies(Subject.OPERATOR)]
_TeamId = Annotated[event.Id, Identifies(Subject.TEAM)]
_ChannelId = Annotated[event.Id, Identifies(Subject.CHANNEL)]
_CommunityId = Annotated[event.Id, Identifies(Subject.COMMUNITY)]
_PartId = Annotated[event.Id, Identifies()]
_Words = Annotated[str, Meta(min_length=1)]

ConversationId = Annotated[_ConversationId, Meta(description="The conversation's id, in the desk's own words.")]
OtherConversationId = Annotated[
    _ConversationId, Meta(description="The id of the conversation that goes on."), Consults(Subject.CONVERSATION)
]
NewConversationId = Annotated[
    _ConversationId, Meta(description="The conversation's id in the desk's own words; unsaid, one is made."), Fresh()
]
ItemId = Annotated[_PartId, Meta(description="The id of the customer's item, in the desk's own words.")]
AnsweredItemId = Annotated[_PartId, Meta(description="The customer's item that it answers; unsaid, the open turn.")]
ReplyId = Annotated[_PartId, Meta(description="The reply's id, in the desk's own words.")]
NewReplyId = Annotated[
    _PartId, Meta(description="The reply's id in the desk's own words; unsaid, one is made."), Fresh()
]
NewNoteId = Annotated[_PartId, Meta(description="The note's id in the desk's own words; unsaid, one is made."), Fresh()]
NewSurveyId = Annotated[
    _PartId, Meta(description="The survey's id in the desk's own words; unsaid, one is made."), Fresh()
]
CustomerId = Annotated[_CustomerId, Meta(description="The customer's id, in the desk's own words.")]
OtherCustomerId = Annotated[
    _CustomerId, Meta(description="The id of the customer whose record goes on."), Consults(Subject.CUSTOMER)
]
OperatorId = Annotated[_OperatorId, Meta(description="The operator's id, in the desk's own words.")]
NextHolderId = Annotated[
    _OperatorId, Meta(description="The id of the operator who is to hold it."), Consults(Subject.OPERATOR)
]
TeamId = Annotated[_TeamId, Meta(description="The team's id, in the desk's own words.")]
ChannelId = Annotated[_ChannelId, Meta(description="The channel's id, in the desk's own words.")]
CommunityId = Annotated[_CommunityId, Meta(description="The community's id, in the desk's own words.")]
CostlyTeam = Annotated[_TeamId, Meta(description="The team that it was spent for; unsaid, no team in particular.")]
CostlyChannel = Annotated[
    _ChannelId, Meta(description="The channel that it was spent for; unsaid, no channel in particular.")
]
Place = Annotated[_CommunityId, Meta(description="The community in which it holds; unsaid, it holds in all.")]
Occasion = Annotated[_ConversationId, Meta(description="The conversation that gave occasion to it.")]

Prose = Annotated[_Words, Meta(description="The words themselves.")]
Heading = Annotated[_Words, Meta(description="What the conversation is headed with, such as a mail's subject.")]
PersonName = Annotated[_Words, Meta(description="What the person is called.")]
Name = Annotated[event.Label, Meta(description="What it is called.")]
Reason = Annotated[event.Label, Meta(description="Why, as one of the desk's own short reasons.")]
Tag = Annotated[event.Label, Meta(description="The tag.")]
Topic = Annotated[event.Label, Meta(description="What the conversation is about, as one of the desk's own topics.")]
Template = Annotated[event.Label, Meta(description="The prepared answer that was used.")]
Zone = Annotated[
    event.Label, Meta(description="The IANA name of the zone in which the desk counts its days: Europe/Chisinau.")
]
Until = Annotated[int, Meta(ge=EARLIEST, description="Until when it holds; unsaid, until it is lifted."), Moment()]
ValidFrom = Annotated[
    int, Meta(ge=EARLIEST, description="From when on it holds: now, where nothing is said, or later."), Moment()
]
LiveSince = Annotated[int, Meta(ge=EARLIEST, description="The instant from which on somebody is told."), Moment()]
Baseline = Annotated[
    bool,
    Meta(
        description="Whether it is to hold from an instant in the past on, as it did before it was said here. Accepted "
        "only as long as no promise in its scope was judged since then."
    ),
]
CalendarTeam = Annotated[_TeamId, Meta(description="The team whose calendar it is.")]
CalendarCommunity = Annotated[_CommunityId, Meta(description="The community whose calendar it is.")]
ZoneOfCalendar = Annotated[event.Label, Meta(description="The IANA name of the zone of its hours: Europe/Chisinau.")]
PromiseId = Annotated[_PartId, Meta(description="The promise's id, in the desk's own words.")]
NewPromiseId = Annotated[
    _PartId, Meta(description="The promise's id in the desk's own words; unsaid, one is made."), Fresh()
]
ChannelIds = Annotated[
    tuple[_ChannelId, ...],
    Meta(max_length=100, description="For conversations in these channels; none: in all."),
]
CommunityIds = Annotated[
    tuple[_CommunityId, ...],
    Meta(max_length=100, description="For conversations in these communities; none: in all."),
]
AsPrimary = Annotated[bool, Meta(description="Whether it is the team whose figures they count in.")]
AndResolve = Annotated[bool, Meta(description="Whether the matter is solved with it: the episode ends.")]
