"""What can be done in a golden timeline, in words, and the event that it is.

Groups of a pattern are fields of the payload; words such as `team=red` at the end of a line are fields too.
"""

import re
from collections.abc import Mapping
from types import MappingProxyType
from typing import Any, NamedTuple

import msgspec

from domain.envelope import Actor, NewEvent
from domain.event import Event
from domain.events import (
    calendars,
    calls,
    conversations,
    costs,
    customers,
    directory,
    items,
    presence,
    promises,
    replies,
)
from domain.events import surveys as s
from domain.instants import Instant
from domain.words import ActorType, Confidence, Subject
from tests.events import event

CUSTOMERS = ("maria", "ion", "petr")
OTHERS = {"robot": ActorType.BOT, "rule": ActorType.RULE, "timeout": ActorType.SYSTEM, "platform": ActorType.SYSTEM}
"""Who is no operator, besides customers. `anna?` is Anna as far as we can tell: her act is inferred."""
_FIELDS = {"first": "first_response", "next": "next_response"}
_SECONDS = {"first_response", "next_response", "resolution"}
_LISTS = {"pauses_for", "channels", "communities", "kinds", "priorities", "segments", "closed_on", "promises"}


class Act(NamedTuple):
    """Words, and what they mean."""

    words: str
    payload: type[Event]
    fixed: Mapping[str, object] = MappingProxyType({})


ACTS = (
    # Customers
    Act(r"writes(?: (?P<item>\S+))?", items.ItemReceived),
    Act(r"mails(?: (?P<item>\S+))?", items.ItemReceived, {"kind": "email"}),
    Act(r"comments(?: (?P<item>\S+))?(?: to (?P<in_reply_to>\S+))?", items.ItemReceived, {"kind": "comment"}),
    Act(r"edits (?P<item>\S+)", items.ItemEdited),
    Act(r"takes back (?P<item>\S+)", items.ItemWithdrawn),
    Act(r"rates (?P<score>\d)(?: (?P<survey>\S+))?", s.SurveyAnswered, {"scale": "rating_1_5"}),
    Act(r"recommends (?P<score>\d+)(?: (?P<survey>\S+))?", s.SurveyAnswered, {"scale": "nps_0_10"}),
    # Answers
    Act(r"replies(?: (?P<reply>r\S*))?(?: to (?P<in_reply_to>\S+))?", replies.ReplySent),
    Act(r"has a template sent", replies.ReplySent, {"automated": True}),
    Act(r"deletes reply (?P<reply>\S+)", replies.ReplyDeleted),
    Act(r"edits reply (?P<reply>\S+)", replies.ReplyEdited),
    Act(r"notes", replies.NoteAdded),
    Act(r"notes: (?P<text>.+)", replies.NoteAdded),
    Act(r"deletes (?P<item>\S+)", items.CommentDeleted),
    Act(r"hides (?P<item>\S+)", items.CommentHidden),
    Act(r"shows (?P<item>\S+)", items.CommentUnhidden),
    Act(r"restores (?P<item>\S+)", items.CommentRestored),
    # Who has it
    Act(r"opens", conversations.ConversationOpened),
    Act(r"claims", conversations.ConversationClaimed),
    Act(r"assigns to (?P<assignee>\S+)", conversations.ConversationAssigned),
    Act(r"unassigns", conversations.ConversationUnassigned),
    Act(r"transfers to team (?P<to_team>\S+)", conversations.ConversationTransferred),
    Act(r"transfers to (?P<to_operator>\S+)", conversations.ConversationTransferred),
    Act(r"escalates(?: to team (?P<to_team>\S+))?", conversations.ConversationEscalated),
    Act(r"hands off", conversations.BotHandedOff),
    Act(r"views", conversations.ConversationViewed),
    Act(r"takes it up", conversations.FocusTaken),
    Act(r"puts it down", conversations.FocusLeft),
    Act(r"waits for (?P<waiting_for>\S+)", conversations.ConversationPutOnHold),
    Act(r"goes on", conversations.ConversationResumed),
    # What becomes of it
    Act(r"resolves", conversations.ConversationResolved),
    Act(r"closes", conversations.ConversationClosed, {"outcome": "no_action"}),
    Act(r"closes as (?P<outcome>\S+)", conversations.ConversationClosed),
    Act(r"needs no reply", conversations.ConversationMarkedNoReplyNeeded),
    Act(r"reopens", conversations.ConversationReopened),
    Act(r"merges into (?P<into>\S+)", conversations.ConversationMerged),
    Act(r"marks as spam", conversations.ConversationMarkedSpam),
    Act(r"sets priority (?P<priority>\S+)", conversations.ConversationPriorityChanged),
    Act(r"tags it (?P<tag>\S+)", conversations.ConversationTagged),
    Act(r"sets segment (?P<segment>\S+)", conversations.ConversationSegmentChanged),
    Act(r"sets topic (?P<topic>\S+)", conversations.ConversationTopicChanged),
    Act(r"reports (?P<metric>\S+) broken", conversations.SlaReported, {"kept": False}),
    # Calls and surveys
    Act(r"rings(?: (?P<call>\S+))?", calls.CallOffered),
    Act(r"queues(?: (?P<call>k\S*))?(?: to (?P<team>\S+))?", calls.CallQueued),
    Act(r"is rung", calls.CallRang),
    Act(r"picks up(?: (?P<call>\S+))?", calls.CallAnswered),
    Act(r"holds the line", calls.CallHeld),
    Act(r"talks on", calls.CallResumed),
    Act(r"hangs up(?: (?P<call>\S+))?", calls.CallEnded),
    Act(r"finishes", calls.CallAfterWorkEnded),
    Act(r"gives up(?: (?P<call>\S+))?", calls.CallAbandoned),
    Act(r"wants a callback", calls.CallCallbackRequested),
    Act(r"asks for a rating(?: (?P<survey>\S+))?", s.SurveySent, {"scale": "rating_1_5"}),
    Act(r"asks for a recommendation(?: (?P<survey>\S+))?", s.SurveySent, {"scale": "nps_0_10"}),
    # The desk
    Act(r"is (?P<presence>online|away|offline)", presence.PresenceChanged),
    Act(r"has a break", presence.PresenceChanged, {"presence": "break"}),
    Act(r"joins team (?P<team>\S+)", directory.OperatorJoinedTeam),
    Act(r"joins(?: (?P<team>\S+))?", directory.OperatorJoined),
    Act(r"leaves", directory.OperatorLeft),
    Act(r"names team (?P<stream>\S+) (?P<name>.+)", directory.TeamNamed),
    Act(r"renames team (?P<stream>\S+) (?P<name>.+)", directory.TeamRenamed),
    Act(r"is also (?P<into>\S+)", customers.CustomerMerged),
    Act(r"records (?P<cost>\S+) of (?P<amount>\d+) for (?P<month>\S+)", costs.CostRecorded, {"currency": "MDL"}),
    Act(r"promises (?P<promise>\S+)", promises.PromiseSet, {"pauses_for": (), "counted_in": "calendar"}),
    Act(r"withdraws promise (?P<promise>\S+)", promises.PromiseWithdrawn),
    Act(r"looks at promises (?P<promises>\S+)", promises.PromisesOrdered),
    Act(r"sets hours (?P<hours>.+)", calendars.CalendarSet, {"zone": "UTC"}),
)
_DAYS = ("Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun")
_NAMED = {"item": "i", "reply": "r", "note": "n"}
_ALWAYS_CALLED = {"call": "k1", "survey": "s1"}


def told(who: str, what: str, at: Instant, *, conversation: str, order: int) -> NewEvent:
    """The event that a line tells of. `order`: the line's number, from which what is not named takes its name."""
    words = what.split()
    cut = len(words)
    while "=" in words[cut - 1]:
        cut -= 1
    said = dict(word.split("=", 1) for word in words[cut:])
    act, groups = _act(" ".join(words[:cut]))
    fields = {**act.fixed, **{key: value for key, value in groups.items() if value is not None}, **said}
    stream = _stream(act.payload, who, conversation, fields)
    payload = msgspec.convert(_converted(act.payload, fields, order), act.payload, strict=False)
    return event(payload, by=actor(who), at=at, **stream)


def actor(name: str) -> Actor:
    if name in CUSTOMERS:
        return Actor(ActorType.CUSTOMER, name)
    if name.endswith("?"):
        return Actor(ActorType.OPERATOR, name[:-1], Confidence.INFERRED)
    return Actor(OTHERS.get(name, ActorType.OPERATOR), name)


def _act(words: str) -> tuple[Act, dict[str, str | None]]:
    for act in ACTS:
        if found := re.fullmatch(act.words, words):
            return act, found.groupdict()
    raise ValueError(f"{words!r} is nothing that can be done; what can be stands in `ACTS`")


def _stream(payload: type[Event], who: str, conversation: str, fields: dict[str, object]) -> dict[str, Any]:
    match payload.declaration.subject:
        case Subject.CONVERSATION:
            return {"conversation": conversation}
        case Subject.OPERATOR:
            return {"operator": who}
        case Subject.CUSTOMER:
            return {"customer": who}
        case Subject.WORKSPACE:
            return {"of": "workspace"}
    return {"of": str(fields.pop("stream"))}


def _converted(payload: type[Event], fields: dict[str, object], order: int) -> dict[str, object]:
    """Fields of a payload, made of words."""
    made: dict[str, object] = {}
    for key, value in fields.items():
        name = _FIELDS.get(key, key)
        if name == "hours":
            made |= _hours(str(value))
        elif name in _SECONDS:
            made[name] = _seconds(str(value))
        elif name in _LISTS:
            made[name] = tuple(str(value).split(",")) if value else ()
        else:
            made[name] = value
    known = payload.__struct_fields__
    made |= {name: f"{short}{order}" for name, short in _NAMED.items() if name in known and name not in made}
    made |= {name: usual for name, usual in _ALWAYS_CALLED.items() if name in known and name not in made}
    if payload is promises.PromiseSet:
        made["name"] = made["promise"]
    return made


def _seconds(text: str) -> int:
    return int(text[:-1]) * {"h": 3_600, "m": 60, "s": 1}[text[-1]]


def _hours(text: str) -> dict[str, object]:
    """`Mon-Fri 09:00-13:00 14:00-18:00`: on each of these days, each of these intervals."""
    days, *intervals = text.split()
    first, last = (_DAYS.index(day) for day in (days.split("-") * 2)[:2])
    spans = [
        tuple(day * 1_440 + edge for edge in edges)
        for day in range(first, last + 1)
        for edges in (_interval(interval) for interval in intervals)
    ]
    return {"opens": tuple(opens for opens, _ in spans), "closes": tuple(closes for _, closes in spans)}


def _interval(text: str) -> tuple[int, int]:
    opens, closes = (int(edge[:2]) * 60 + int(edge[3:]) for edge in text.split("-"))
    return opens, closes if closes > opens else closes + 1_440
