"""Every refusal that any command declares, in a history in which it applies. The last test finds those left out."""

from collections.abc import Iterator

import pytest

from domain import commands
from domain.command import COMMANDS, Command
from domain.commands import conversations as c
from domain.commands import customers as u
from domain.commands import directory as d
from domain.commands import items as i
from domain.commands import presence as p
from domain.commands import replies as r
from domain.commands import surveys as s
from domain.commands.costs import RecordCost
from domain.events.conversations import (
    ConversationAssigned,
    ConversationClaimed,
    ConversationClosed,
    ConversationMarkedSpam,
    ConversationMerged,
    ConversationPriorityChanged,
    ConversationResolved,
    ConversationTagged,
    ConversationTopicChanged,
)
from domain.events.costs import CostRecorded
from domain.events.customers import CustomerBlocked, CustomerMerged, CustomerMuted
from domain.events.directory import (
    ChannelNamed,
    CommunityNamed,
    OperatorJoined,
    OperatorJoinedTeam,
    OperatorLeft,
    TeamNamed,
    WorkspaceConfigured,
)
from domain.events.items import CommentDeleted, CommentHidden, ItemReceived, ItemWithdrawn
from domain.events.presence import PresenceChanged
from domain.events.replies import NoteAdded, ReplyDeleted, ReplySent
from domain.events.surveys import SurveySent
from domain.words import Complexity, CostKind, Outcome, Presence, Priority, SurveyScale
from tests.decisions import MORNING, NOTHING, Case
from tests.domain import refused_arrangements
from tests.events import customer

OPEN = NOTHING.then(ItemReceived(item="i1"), by=customer("maria"))
CLAIMED = OPEN.then(ConversationClaimed(team="first-line"))
ANSWERED = CLAIMED.then(ReplySent(reply="r1"))
RESOLVED = ANSWERED.then(ConversationResolved())
CLOSED = ANSWERED.then(ConversationClosed(outcome=Outcome.SOLVED))
MERGED = OPEN.then(ConversationMerged(into="c2"))
SPAM = OPEN.then(ConversationMarkedSpam())
BORIS_LEFT = CLAIMED.then(OperatorLeft(), of="boris")
HIDDEN = OPEN.then(CommentHidden(item="i1"))
DELETED = OPEN.then(CommentDeleted(item="i1"))
WITHDRAWN = OPEN.then(ItemWithdrawn(item="i1"), by=customer("maria"))
SURVEYED = RESOLVED.then(SurveySent(survey="s1", scale=SurveyScale.RATING_1_5))
BLOCKED = NOTHING.then(CustomerBlocked(community="shop"))
MUTED = NOTHING.then(CustomerMuted())
JOINED = NOTHING.then(OperatorJoined(team="first-line"))
LEFT = JOINED.then(OperatorLeft())

PLAIN: dict[type[Command], Command] = {
    type(command): command
    for command in (
        c.ClaimConversation(conversation="c1"),
        c.AssignConversation(conversation="c1", assignee="boris"),
        c.UnassignConversation(conversation="c1"),
        c.TransferConversation(conversation="c1", to_team="second-line"),
        c.EscalateConversation(conversation="c1", to_team="second-line"),
        c.PutConversationOnHold(conversation="c1"),
        c.ResumeConversation(conversation="c1"),
        c.ResolveConversation(conversation="c1"),
        c.CloseConversation(conversation="c1", outcome=Outcome.NO_ACTION),
        c.MarkNoReplyNeeded(conversation="c1"),
        c.ReopenConversation(conversation="c1"),
        c.MergeConversation(conversation="c1", into="c2"),
        c.MarkSpam(conversation="c1"),
        c.ChangePriority(conversation="c1", priority=Priority.HIGH),
        c.ChangeTopic(conversation="c1", topic="delivery"),
        c.TagConversation(conversation="c1", tag="vip"),
        c.UntagConversation(conversation="c1", tag="vip"),
        i.HideComment(conversation="c1", item="i1"),
        i.UnhideComment(conversation="c1", item="i1"),
        i.DeleteComment(conversation="c1", item="i1"),
        i.RestoreComment(conversation="c1", item="i1"),
        r.SendReply(conversation="c1", reply="r9", text="Good morning"),
        r.EditReply(conversation="c1", reply="r1", text="Good day"),
        r.DeleteReply(conversation="c1", reply="r1"),
        r.AddNote(conversation="c1", note="n1", text="Was rude"),
        s.SendSurvey(conversation="c1", survey="s9", scale=SurveyScale.NPS_0_10),
        u.NameCustomer(customer="maria", name="Maria"),
        u.BlockCustomer(customer="maria"),
        u.UnblockCustomer(customer="maria"),
        u.MuteCustomer(customer="maria"),
        u.UnmuteCustomer(customer="maria"),
        u.NoteOnCustomer(customer="maria", text="Calls every Monday"),
        u.MergeCustomers(customer="maria", into="masha"),
    )
}
"""A plain wish of each kind that is refused for what most others are refused for."""

EVERYWHERE = {
    "CONVERSATION_UNKNOWN": NOTHING,
    "CONVERSATION_MERGED": MERGED,
    "CONVERSATION_SPAM": SPAM,
    "CONVERSATION_ENDED": RESOLVED,
    "ITEM_UNKNOWN": NOTHING.then(ItemReceived(item="i2"), by=customer("maria")),
    "ITEM_WITHDRAWN": WITHDRAWN,
    "ITEM_ALREADY_DELETED": DELETED,
    "REPLY_UNKNOWN": CLAIMED,
    "REPLY_ALREADY_DELETED": ANSWERED.then(ReplyDeleted(reply="r1")),
    "CUSTOMER_MERGED": NOTHING.then(CustomerMerged(into="masha")),
}
"""Refusals that apply to all commands that declare them in the same history."""


CASES = [
    Case("what exists can't be opened", OPEN, c.OpenConversation(conversation="c1"), "CONVERSATION_EXISTS"),
    Case("one's own can't be claimed", CLAIMED, c.ClaimConversation(conversation="c1"), "ALREADY_YOURS"),
    Case(
        "another's can't be claimed",
        OPEN.then(ConversationAssigned(assignee="boris")),
        c.ClaimConversation(conversation="c1"),
        "HELD_BY_ANOTHER",
    ),
    Case(
        "who holds it can't be assigned again",
        CLAIMED,
        c.AssignConversation(conversation="c1", assignee="anna"),
        "ALREADY_ASSIGNED",
    ),
    Case(
        "who left gets nothing assigned",
        BORIS_LEFT,
        c.AssignConversation(conversation="c1", assignee="boris"),
        "OPERATOR_HAS_LEFT",
    ),
    Case(
        "who left gets nothing transferred",
        BORIS_LEFT,
        c.TransferConversation(conversation="c1", to_operator="boris"),
        "OPERATOR_HAS_LEFT",
    ),
    Case(
        "who left gets nothing escalated",
        BORIS_LEFT,
        c.EscalateConversation(conversation="c1", to_operator="boris"),
        "OPERATOR_HAS_LEFT",
    ),
    Case("what nobody holds can't be unassigned", OPEN, c.UnassignConversation(conversation="c1"), "NOT_ASSIGNED"),
    Case("a transfer goes somewhere", CLAIMED, c.TransferConversation(conversation="c1"), "NO_DESTINATION"),
    Case("an escalation goes somewhere", CLAIMED, c.EscalateConversation(conversation="c1"), "NO_DESTINATION"),
    Case(
        "a transfer goes elsewhere",
        CLAIMED,
        c.TransferConversation(conversation="c1", to_team="first-line", to_operator="anna"),
        "ALREADY_THERE",
    ),
    Case(
        "an escalation goes elsewhere",
        CLAIMED,
        c.EscalateConversation(conversation="c1", to_operator="anna"),
        "ALREADY_THERE",
    ),
    Case(
        "nothing waits for yesterday",
        OPEN,
        c.PutConversationOnHold(conversation="c1", until=MORNING),
        "UNTIL_HAS_PASSED",
    ),
    Case("what does not wait can't be resumed", OPEN, c.ResumeConversation(conversation="c1"), "NOT_ON_HOLD"),
    Case(
        "what is resolved can't be resolved", RESOLVED, c.ResolveConversation(conversation="c1"), "NOTHING_TO_RESOLVE"
    ),
    Case(
        "what is closed can't be closed",
        CLOSED,
        c.CloseConversation(conversation="c1", outcome=Outcome.NO_ACTION),
        "ALREADY_CLOSED",
    ),
    Case(
        "a closing does not merge",
        OPEN,
        c.CloseConversation(conversation="c1", outcome=Outcome.MERGED),
        "MERGE_TARGET_UNSAID",
    ),
    Case("what is answered needs no waiver", ANSWERED, c.MarkNoReplyNeeded(conversation="c1"), "NOTHING_TO_ANSWER"),
    Case("what is open can't be reopened", OPEN, c.ReopenConversation(conversation="c1"), "STILL_OPEN"),
    Case("nothing goes on in itself", OPEN, c.MergeConversation(conversation="c1", into="c1"), "MERGE_INTO_ITSELF"),
    Case("nothing goes on in nowhere", OPEN, c.MergeConversation(conversation="c1", into="c7"), "MERGE_TARGET_UNKNOWN"),
    Case(
        "nothing goes on in what goes on elsewhere",
        OPEN.then(ConversationMerged(into="c3"), of="c2"),
        c.MergeConversation(conversation="c1", into="c2"),
        "MERGE_TARGET_MERGED",
    ),
    Case(
        "a priority changes",
        OPEN.then(ConversationPriorityChanged(priority=Priority.HIGH, complexity=Complexity.HARD)),
        c.ChangePriority(conversation="c1", priority=Priority.HIGH),
        "PRIORITY_UNCHANGED",
    ),
    Case(
        "a topic changes",
        OPEN.then(ConversationTopicChanged(topic="delivery")),
        c.ChangeTopic(conversation="c1", topic="delivery"),
        "TOPIC_UNCHANGED",
    ),
    Case(
        "a tag is added once",
        OPEN.then(ConversationTagged(tag="vip")),
        c.TagConversation(conversation="c1", tag="vip"),
        "ALREADY_TAGGED",
    ),
    Case("no tag, nothing to take away", OPEN, c.UntagConversation(conversation="c1", tag="vip"), "NOT_TAGGED"),
    Case("what is hidden can't be hidden", HIDDEN, i.HideComment(conversation="c1", item="i1"), "ITEM_ALREADY_HIDDEN"),
    Case("what is seen can't be shown", OPEN, i.UnhideComment(conversation="c1", item="i1"), "ITEM_NOT_HIDDEN"),
    Case("what stands can't be restored", HIDDEN, i.RestoreComment(conversation="c1", item="i1"), "ITEM_NOT_DELETED"),
    Case(
        "a reply has its own id",
        ANSWERED,
        r.SendReply(conversation="c1", reply="r1", text="Good morning"),
        "REPLY_EXISTS",
    ),
    Case(
        "an answer to nothing is none",
        OPEN,
        r.SendReply(conversation="c1", reply="r1", text="Good morning", in_reply_to="i2"),
        "ANSWERED_ITEM_UNKNOWN",
    ),
    Case(
        "what the customer took back can't be answered",
        WITHDRAWN,
        r.SendReply(conversation="c1", reply="r1", text="Good morning", in_reply_to="i1"),
        "ANSWERED_ITEM_GONE",
    ),
    Case(
        "a reply resolves only what is open",
        RESOLVED,
        r.SendReply(conversation="c1", reply="r2", text="And thanks", and_resolve=True),
        "NOTHING_TO_RESOLVE",
    ),
    Case(
        "a note has its own id",
        OPEN.then(NoteAdded(note="n1")),
        r.AddNote(conversation="c1", note="n1", text="Was rude"),
        "NOTE_EXISTS",
    ),
    Case(
        "a survey has its own id",
        SURVEYED,
        s.SendSurvey(conversation="c1", survey="s1", scale=SurveyScale.RATING_1_5),
        "SURVEY_EXISTS",
    ),
    Case(
        "a customer is asked once an episode",
        SURVEYED,
        s.SendSurvey(conversation="c1", survey="s2", scale=SurveyScale.RATING_1_5),
        "ALREADY_SURVEYED",
    ),
    Case(
        "who is blocked there can't be blocked there",
        BLOCKED,
        u.BlockCustomer(customer="maria", community="shop"),
        "CUSTOMER_ALREADY_BLOCKED",
    ),
    Case("who is not blocked can't be unblocked", NOTHING, u.UnblockCustomer(customer="maria"), "CUSTOMER_NOT_BLOCKED"),
    Case("who is muted can't be muted", MUTED, u.MuteCustomer(customer="maria"), "CUSTOMER_ALREADY_MUTED"),
    Case("who is heard can't be unmuted", NOTHING, u.UnmuteCustomer(customer="maria"), "CUSTOMER_NOT_MUTED"),
    Case(
        "nobody is muted until yesterday",
        NOTHING,
        u.MuteCustomer(customer="maria", until=MORNING),
        "UNTIL_HAS_PASSED",
    ),
    Case("nobody is another self", NOTHING, u.MergeCustomers(customer="maria", into="maria"), "MERGE_INTO_ITSELF"),
    Case(
        "nobody goes on in who goes on elsewhere",
        NOTHING.then(CustomerMerged(into="mariya"), of="masha"),
        u.MergeCustomers(customer="maria", into="masha"),
        "MERGE_TARGET_MERGED",
    ),
    Case("nobody joins twice", JOINED, d.AddOperator(operator="anna"), "OPERATOR_ALREADY_JOINED"),
    Case("nobody leaves twice", LEFT, d.RemoveOperator(operator="anna"), "OPERATOR_HAS_LEFT"),
    Case("who left joins no team", LEFT, d.AddOperatorToTeam(operator="anna", team="x"), "OPERATOR_HAS_LEFT"),
    Case(
        "who left is not there", LEFT, p.ChangePresence(operator="anna", presence=Presence.ONLINE), "OPERATOR_HAS_LEFT"
    ),
    Case(
        "nobody joins their primary team twice",
        JOINED,
        d.AddOperatorToTeam(operator="anna", team="first-line"),
        "ALREADY_IN_TEAM",
    ),
    Case(
        "nobody joins a second team twice",
        JOINED.then(OperatorJoinedTeam(team="second-line", primary=False)),
        d.AddOperatorToTeam(operator="anna", team="second-line", primary=False),
        "ALREADY_IN_TEAM",
    ),
    Case(
        "nobody leaves a team that is not theirs",
        JOINED,
        d.RemoveOperatorFromTeam(operator="anna", team="second-line"),
        "NOT_IN_TEAM",
    ),
    Case(
        "presence changes",
        NOTHING.then(PresenceChanged(presence=Presence.BREAK)),
        p.ChangePresence(operator="anna", presence=Presence.BREAK),
        "PRESENCE_UNCHANGED",
    ),
    *(
        Case(f"{sentence} ({of})", history, command, code)
        for of, named, name, rename in (
            ("team", TeamNamed(name="First"), d.NameTeam(team="first-line", name="A"), d.RenameTeam),
            ("channel", ChannelNamed(name="First"), d.NameChannel(channel="telegram", name="A"), d.RenameChannel),
            ("community", CommunityNamed(name="First"), d.NameCommunity(community="shop", name="A"), d.RenameCommunity),
        )
        for sentence, history, command, code in (
            ("what has a name is renamed", NOTHING.then(named), name, "ALREADY_NAMED"),
            ("what has no name is named", NOTHING, rename(**{of: name.stream.id}, name="A"), "NOT_NAMED"),
            (
                "a new name is another one",
                NOTHING.then(named),
                rename(**{of: name.stream.id}, name="First"),
                "NAME_UNCHANGED",
            ),
        )
    ),
    Case("a zone exists", NOTHING, d.ConfigureWorkspace(name="Shop", zone="Europe/Atlantis"), "ZONE_UNKNOWN"),
    Case(
        "settings change",
        NOTHING.then(WorkspaceConfigured(name="Shop", zone="Europe/Chisinau")),
        d.ConfigureWorkspace(name="Shop", zone="Europe/Chisinau"),
        "SETTINGS_UNCHANGED",
    ),
    *refused_arrangements.CASES,
    Case(
        "all costs are in one currency",
        NOTHING.then(CostRecorded(month="2026-03", cost=CostKind.SALARY, amount=100, currency="MDL")),
        RecordCost(month="2026-02", cost=CostKind.TELECOM, amount=100, currency="EUR"),
        "OTHER_CURRENCY",
    ),
    Case(
        "what is recorded so is not recorded again",
        NOTHING.then(CostRecorded(month="2026-03", cost=CostKind.SALARY, amount=100, currency="MDL")),
        RecordCost(month="2026-03", cost=CostKind.SALARY, amount=100, currency="MDL"),
        "COST_UNCHANGED",
    ),
]


def everywhere() -> Iterator[Case]:
    for kind, command in PLAIN.items():
        for code in kind.declaration.codes:
            if code in EVERYWHERE:
                yield Case(f"{kind.__name__}, {code}", EVERYWHERE[code], command, code)


@pytest.mark.parametrize("case", [*everywhere(), *CASES], ids=lambda case: case.sentence)
def test_refused(case: Case) -> None:
    case.history.when(case.command, judged=case.judged).is_refused(case.code)


def test_every_refusal_that_a_command_declares_is_shown_above() -> None:
    shown = {(type(case.command), case.code) for case in [*everywhere(), *CASES]}
    declared = {(one.command, code) for one in COMMANDS.values() for code in one.codes}
    assert declared == shown


def test_every_refusal_says_when_it_applies() -> None:
    unsaid = [refusal.code for one in COMMANDS.values() for refusal in one.refusals if not refusal.meaning]
    assert unsaid == []


def test_the_registry_is_filled_by_one_import() -> None:
    assert commands.__all__ == sorted(commands.__all__)
    assert {one.command.__module__ for one in COMMANDS.values()} == {
        f"domain.commands.{name}" for name in commands.__all__
    }
