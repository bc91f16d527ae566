"""What wishes become when nothing stands in their way."""

from domain.command import COMMANDS, command_of
from domain.commands.conversations import (
    AssignConversation,
    ClaimConversation,
    CloseConversation,
    EscalateConversation,
    MarkNoReplyNeeded,
    MarkSpam,
    MergeConversation,
    OpenConversation,
    PutConversationOnHold,
    ReopenConversation,
    ResolveConversation,
    ResumeConversation,
    TransferConversation,
)
from domain.commands.customers import BlockCustomer, MuteCustomer, UnblockCustomer, UnmuteCustomer
from domain.commands.directory import AddOperator, AddOperatorToTeam, RemoveOperatorFromTeam
from domain.commands.items import DeleteComment, HideComment, RestoreComment
from domain.commands.presence import ChangePresence
from domain.commands.replies import AddNote, EditReply, SendReply
from domain.commands.surveys import SendSurvey
from domain.events.calls import CallAnswered, CallOffered
from domain.events.conversations import (
    BotHandedOff,
    ConversationAssigned,
    ConversationClaimed,
    ConversationClosed,
    ConversationMarkedNoReplyNeeded,
    ConversationMarkedSpam,
    ConversationMerged,
    ConversationOpened,
    ConversationPutOnHold,
    ConversationReopened,
    ConversationResolved,
    ConversationTransferred,
    ConversationUnassigned,
)
from domain.events.customers import CustomerBlocked, CustomerMuted, CustomerUnblocked
from domain.events.directory import OperatorJoined, OperatorLeft
from domain.events.items import CommentDeleted, CommentHidden, ItemEdited, ItemReceived, ItemWithdrawn
from domain.events.presence import PresenceChanged
from domain.events.replies import NoteAdded, ReplyDeleted, ReplySent
from domain.events.surveys import SurveySent
from domain.instants import HOUR
from domain.words import Kind, Outcome, Presence, SurveyScale, WaitingFor
from tests.decisions import MORNING, NOTHING
from tests.events import bot, customer

MARIA = customer("maria")
OPEN = NOTHING.then(ItemReceived(item="i1"), by=MARIA)
CLAIMED = OPEN.then(ConversationClaimed())
ANSWERED = CLAIMED.then(ReplySent(reply="r1"))
RESOLVED = ANSWERED.then(ConversationResolved())
CLOSED = RESOLVED.then(ConversationClosed(outcome=Outcome.SOLVED))

CLOSE = CloseConversation(conversation="c1", outcome=Outcome.NO_ACTION)
CLAIM = ClaimConversation(conversation="c1")
RESOLVE = ResolveConversation(conversation="c1")
REOPEN = ReopenConversation(conversation="c1")
NO_REPLY_NEEDED = MarkNoReplyNeeded(conversation="c1")


# Holding


def test_an_operator_takes_what_nobody_holds() -> None:
    OPEN.when(ClaimConversation(conversation="c1", team="first-line")).becomes(ConversationClaimed(team="first-line"))


def test_what_a_bot_holds_any_operator_may_take() -> None:
    OPEN.then(ConversationClaimed(), by=bot()).when(CLAIM, by="anna").is_granted()


def test_what_went_back_to_the_queue_can_be_taken_again() -> None:
    CLAIMED.then(ConversationUnassigned()).when(CLAIM, by="boris").is_granted()
    CLAIMED.then(ConversationTransferred(to_team="second-line")).when(CLAIM, by="boris").is_granted()


def test_what_a_bot_handed_off_waits_for_anybody() -> None:
    NOTHING.then(ConversationClaimed(), by=bot()).then(BotHandedOff(to_team="first-line"), by=bot()).when(
        CLAIM
    ).is_granted()


def test_who_took_the_call_holds_the_conversation() -> None:
    call = NOTHING.then(CallOffered(call="k1"), by=MARIA).then(CallAnswered(call="k1"), by="boris")
    call.when(CLAIM, by="anna").is_refused("HELD_BY_ANOTHER")


def test_the_same_operator_can_be_given_it_in_another_team() -> None:
    CLAIMED.when(AssignConversation(conversation="c1", assignee="anna", team="second-line")).becomes(
        ConversationAssigned(assignee="anna", team="second-line")
    )


def test_whoever_left_and_came_back_can_be_given_work() -> None:
    back = CLAIMED.then(OperatorLeft(), of="boris").then(OperatorJoined(), of="boris")
    back.when(TransferConversation(conversation="c1", to_operator="boris")).becomes(
        ConversationTransferred(to_operator="boris")
    )


def test_an_escalation_may_name_a_team_an_operator_or_both() -> None:
    for wish in (
        EscalateConversation(conversation="c1", to_team="experts"),
        EscalateConversation(conversation="c1", to_operator="boris"),
        EscalateConversation(conversation="c1", to_team="experts", to_operator="boris", reason="refund"),
    ):
        CLAIMED.when(wish).is_granted()


# Waiting


def test_a_customer_who_writes_need_not_be_waited_for_any_longer() -> None:
    waiting = CLAIMED.then(ConversationPutOnHold(waiting_for=WaitingFor.CUSTOMER))
    waiting.when(ResumeConversation(conversation="c1")).is_granted()
    waiting.then(ItemReceived(item="i2"), by=MARIA).when(ResumeConversation(conversation="c1")).is_refused(
        "NOT_ON_HOLD"
    )


def test_a_vendor_is_waited_for_whatever_the_customer_writes() -> None:
    waiting = CLAIMED.then(ConversationPutOnHold(waiting_for=WaitingFor.VENDOR)).then(ItemReceived(item="i2"), by=MARIA)
    waiting.when(ResumeConversation(conversation="c1")).is_granted()


def test_what_waits_can_be_put_aside_anew_with_another_end() -> None:
    waiting = CLAIMED.then(ConversationPutOnHold())
    wish = PutConversationOnHold(conversation="c1", waiting_for=WaitingFor.VENDOR, until=MORNING + HOUR)
    waiting.when(wish).becomes(ConversationPutOnHold(waiting_for=WaitingFor.VENDOR, until=MORNING + HOUR))


def test_what_waits_can_be_resolved_without_being_resumed() -> None:
    CLAIMED.then(ConversationPutOnHold()).when(RESOLVE).becomes(ConversationResolved())


# Ending and beginning again


def test_a_desk_that_resolves_first_closes_later() -> None:
    RESOLVED.when(CLOSE).becomes(ConversationClosed(outcome=Outcome.NO_ACTION))


def test_the_customers_next_item_opens_what_was_resolved_or_closed() -> None:
    for ended in (RESOLVED, CLOSED):
        again = ended.then(ItemReceived(item="i2"), by=MARIA)
        again.when(RESOLVE).is_granted()
        again.when(REOPEN).is_refused("STILL_OPEN")


def test_the_desk_may_reopen_whatever_ended() -> None:
    for ended in (
        RESOLVED,
        CLOSED,
        OPEN.then(ConversationMarkedSpam()),
        OPEN.then(ConversationMerged(into="c2")),
        OPEN.then(ConversationClosed(outcome=Outcome.SPAM)),
    ):
        ended.when(REOPEN).becomes(ConversationReopened())


def test_spam_stays_spam_whatever_its_author_writes_next() -> None:
    spam = OPEN.then(ConversationMarkedSpam()).then(ItemReceived(item="i2"), by=MARIA)
    spam.when(CLAIM).is_refused("CONVERSATION_SPAM")
    spam.then(ConversationReopened()).when(CLAIM).is_granted()


def test_closed_as_spam_is_spam() -> None:
    OPEN.then(ConversationClosed(outcome=Outcome.SPAM)).when(MarkSpam(conversation="c1")).is_refused(
        "CONVERSATION_SPAM"
    )


def test_what_was_merged_and_reopened_can_be_merged_elsewhere() -> None:
    back = OPEN.then(ItemReceived(item="j1"), by=MARIA, of="c3").then(ConversationMerged(into="c2"))
    back.then(ConversationReopened()).when(MergeConversation(conversation="c1", into="c3")).becomes(
        ConversationMerged(into="c3")
    )


def test_a_late_fact_takes_the_place_that_its_instant_gives_it() -> None:
    late_item = RESOLVED.then(ItemReceived(item="i0"), by=MARIA, at=MORNING - HOUR)
    late_item.when(RESOLVE).is_refused("NOTHING_TO_RESOLVE")


def test_a_conversation_known_from_any_fact_at_all_is_open() -> None:
    NOTHING.then(ReplySent(reply="r1")).when(RESOLVE).is_granted()


def test_what_the_desk_opens_it_began() -> None:
    NOTHING.when(OpenConversation(conversation="c1", customer="maria", channel="telegram")).becomes(
        ConversationOpened(customer="maria", channel="telegram", proactive=True)
    )


# Answering


def test_a_reply_can_resolve_in_the_same_breath() -> None:
    OPEN.when(SendReply(conversation="c1", reply="r1", text="It is on its way", and_resolve=True)).becomes(
        ReplySent(reply="r1", text="It is on its way"), ConversationResolved()
    )


def test_further_words_after_an_end_begin_nothing_again() -> None:
    wish = SendReply(conversation="c1", reply="r2", text="And thank you")
    CLOSED.when(wish).becomes(ReplySent(reply="r2", text="And thank you"))
    CLOSED.then(ReplySent(reply="r2")).when(RESOLVE).is_refused("NOTHING_TO_RESOLVE")


def test_a_note_can_be_left_wherever_there_is_a_conversation() -> None:
    for anywhere in (OPEN, CLOSED, OPEN.then(ConversationMerged(into="c2"))):
        anywhere.when(AddNote(conversation="c1", note="n1", text="Rude")).becomes(NoteAdded(note="n1", text="Rude"))


def test_an_edit_changes_what_stands() -> None:
    ANSWERED.when(EditReply(conversation="c1", reply="r1", text="Tuesday")).is_granted()


def test_a_thank_you_may_be_left_unanswered() -> None:
    ANSWERED.then(ItemReceived(item="i2"), by=MARIA).when(NO_REPLY_NEEDED).becomes(ConversationMarkedNoReplyNeeded())


def test_a_bots_answer_leaves_the_turn_open() -> None:
    OPEN.then(ReplySent(reply="r1"), by=bot()).when(NO_REPLY_NEEDED).is_granted()
    OPEN.then(ReplySent(reply="r1", automated=True)).when(NO_REPLY_NEEDED).is_granted()


def test_the_only_answer_deleted_leaves_the_customer_waiting_again() -> None:
    ANSWERED.when(NO_REPLY_NEEDED).is_refused("NOTHING_TO_ANSWER")
    ANSWERED.then(ReplyDeleted(reply="r1")).when(NO_REPLY_NEEDED).is_granted()


def test_nobody_waits_for_an_answer_to_what_was_taken_back() -> None:
    OPEN.then(ItemWithdrawn(item="i1"), by=MARIA).when(NO_REPLY_NEEDED).is_refused("NOTHING_TO_ANSWER")


def test_among_comments_each_waits_for_its_own_answer() -> None:
    comments = NOTHING.then(ItemReceived(item="i1", kind=Kind.COMMENT), by=MARIA)
    comments = comments.then(ItemReceived(item="i2"), by=customer("petru")).then(
        ReplySent(reply="r1", in_reply_to="i2")
    )
    comments.when(NO_REPLY_NEEDED).is_granted()
    comments.then(ReplySent(reply="r2", in_reply_to="i1")).when(NO_REPLY_NEEDED).is_refused("NOTHING_TO_ANSWER")


# Moderating


def test_what_is_hidden_can_be_deleted_and_what_is_deleted_only_restored() -> None:
    OPEN.then(CommentHidden(item="i1")).when(DeleteComment(conversation="c1", item="i1")).is_granted()
    deleted = OPEN.then(CommentDeleted(item="i1"))
    deleted.when(HideComment(conversation="c1", item="i1")).is_refused("ITEM_ALREADY_DELETED")
    deleted.when(RestoreComment(conversation="c1", item="i1")).is_granted()


def test_comments_are_moderated_wherever_they_stand() -> None:
    wish = DeleteComment(conversation="c1", item="i1", reason="insult")
    for anywhere in (OPEN, CLOSED, OPEN.then(ConversationMarkedSpam()), OPEN.then(ConversationMerged(into="c2"))):
        anywhere.when(wish).becomes(CommentDeleted(item="i1", reason="insult"))


def test_an_edited_item_is_the_item_it_was() -> None:
    OPEN.then(ItemEdited(item="i1"), by=MARIA).when(HideComment(conversation="c1", item="i1")).is_granted()


# Asking


def test_a_reopened_conversation_may_be_surveyed_again() -> None:
    asked = RESOLVED.then(SurveySent(survey="s1", scale=SurveyScale.THUMBS)).then(ItemReceived(item="i2"), by=MARIA)
    asked.when(SendSurvey(conversation="c1", survey="s2", scale=SurveyScale.THUMBS)).is_granted()


# Customers


def test_who_is_blocked_in_one_community_can_be_blocked_in_another_and_in_all() -> None:
    blocked = NOTHING.then(CustomerBlocked(community="shop"))
    blocked.when(BlockCustomer(customer="maria", community="club")).becomes(CustomerBlocked(community="club"))
    blocked.when(BlockCustomer(customer="maria")).becomes(CustomerBlocked())


def test_a_block_of_all_communities_is_lifted_as_a_whole() -> None:
    blocked = NOTHING.then(CustomerBlocked(community="shop")).then(CustomerBlocked())
    blocked.when(UnblockCustomer(customer="maria", community="club")).is_refused("CUSTOMER_NOT_BLOCKED")
    blocked.when(UnblockCustomer(customer="maria")).becomes(CustomerUnblocked())
    lifted = blocked.then(CustomerUnblocked())
    lifted.when(UnblockCustomer(customer="maria", community="shop")).is_refused("CUSTOMER_NOT_BLOCKED")


def test_a_mute_runs_out_by_itself() -> None:
    muted = NOTHING.then(CustomerMuted(until=MORNING + HOUR))
    wish = UnmuteCustomer(customer="maria")
    muted.when(wish, at=MORNING + HOUR - 1).is_granted()
    muted.when(wish, at=MORNING + HOUR).is_refused("CUSTOMER_NOT_MUTED")


def test_a_mute_can_be_prolonged() -> None:
    muted = NOTHING.then(CustomerMuted(until=MORNING + HOUR))
    muted.when(MuteCustomer(customer="maria", until=MORNING + HOUR)).is_refused("CUSTOMER_ALREADY_MUTED")
    muted.when(MuteCustomer(customer="maria", until=MORNING + 2 * HOUR)).is_granted()


def test_a_mute_of_all_communities_is_lifted_as_a_whole() -> None:
    muted = NOTHING.then(CustomerMuted())
    muted.when(UnmuteCustomer(customer="maria", community="shop")).is_refused("CUSTOMER_NOT_MUTED")
    muted.when(UnmuteCustomer(customer="maria")).is_granted()


# Operators


def test_somebody_of_whom_no_joining_is_known_works_all_the_same() -> None:
    NOTHING.when(ChangePresence(operator="anna", presence=Presence.ONLINE)).becomes(
        PresenceChanged(presence=Presence.ONLINE)
    )


def test_who_left_can_join_again() -> None:
    NOTHING.then(OperatorJoined()).then(OperatorLeft()).when(AddOperator(operator="anna", team="first-line")).becomes(
        OperatorJoined(team="first-line")
    )


def test_a_second_team_can_become_the_primary_one() -> None:
    joined = NOTHING.then(OperatorJoined(team="first-line"))
    joined.when(AddOperatorToTeam(operator="anna", team="first-line", primary=False)).is_granted()
    joined.when(AddOperatorToTeam(operator="anna", team="second-line")).is_granted()
    joined.when(RemoveOperatorFromTeam(operator="anna", team="first-line")).is_granted()


# From plain data


def test_ids_of_what_a_command_makes_are_made_where_none_is_said() -> None:
    made = command_of("AddNote", {"conversation": "c1", "text": "Rude"}, fresh="made")
    assert made == AddNote(conversation="c1", note="made", text="Rude")
    said = command_of("AddNote", {"conversation": "c1", "note": "n1", "text": "Rude"}, fresh="made")
    assert said == AddNote(conversation="c1", note="n1", text="Rude")


def test_a_command_becomes_events_of_its_own_subject_only() -> None:
    strangers = [
        (one.name, made.declaration.name)
        for one in COMMANDS.values()
        for made in one.becomes
        if made.declaration.subject is not one.subject
    ]
    assert strangers == []
