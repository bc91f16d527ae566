"""Why something can't be done to a conversation."""

from typing import Any

from domain.command import Wish, refusal
from domain.commands.state import ConversationState
from domain.commands.state.conversation import UNDER_WAY, Phase
from domain.words import ActorType, Outcome

About = Wish[ConversationState, Any]


# Where it stands


@refusal("CONVERSATION_EXISTS")
def exists(wish: About) -> str | None:
    """A conversation of this id is known already."""
    known = wish.state.phase is not Phase.UNKNOWN
    return f"conversation {wish.command.conversation!r} exists already" if known else None


@refusal("CONVERSATION_UNKNOWN")
def unknown(wish: About) -> str | None:
    """Nothing is known of such a conversation."""
    known = wish.state.phase is not Phase.UNKNOWN
    return None if known else f"there is no conversation {wish.command.conversation!r}"


@refusal("CONVERSATION_MERGED")
def merged(wish: About) -> str | None:
    """The conversation goes on in another one; act there, or reopen it."""
    if wish.state.phase is not Phase.MERGED:
        return None
    return f"the conversation was merged into {wish.state.merged_into or 'another one'}; act there, or reopen it"


@refusal("CONVERSATION_SPAM")
def spam(wish: About) -> str | None:
    """The conversation was marked as spam; reopen it first."""
    return "the conversation was marked as spam; reopen it first" if wish.state.phase is Phase.SPAM else None


@refusal("CONVERSATION_ENDED")
def ended(wish: About) -> str | None:
    """No episode is open; reopen the conversation first."""
    if wish.state.phase in UNDER_WAY:
        return None
    return f"the conversation is {wish.state.phase.value}; reopen it first"


@refusal("NOTHING_TO_RESOLVE")
def nothing_to_resolve(wish: About) -> str | None:
    """No episode is open: it was resolved or closed already."""
    if wish.state.phase in UNDER_WAY:
        return None
    return f"the conversation is {wish.state.phase.value} already; there is nothing open in it to resolve"


@refusal("ALREADY_CLOSED")
def already_closed(wish: About) -> str | None:
    """The conversation is closed."""
    return "the conversation is closed already" if wish.state.phase is Phase.CLOSED else None


@refusal("STILL_OPEN")
def still_open(wish: About) -> str | None:
    """The conversation did not end, so that it can't be reopened."""
    return "the conversation is open; there is nothing to reopen" if wish.state.phase in UNDER_WAY else None


@refusal("NOT_ON_HOLD")
def not_on_hold(wish: About) -> str | None:
    """The conversation does not wait for anybody."""
    return None if wish.state.phase is Phase.ON_HOLD else "the conversation is not on hold"


@refusal("NOTHING_TO_ANSWER")
def nothing_to_answer(wish: About) -> str | None:
    """No item of the customer awaits an answer."""
    return None if wish.state.turns.open else "no item of the customer awaits an answer"


@refusal("MERGE_TARGET_UNSAID")
def closed_as_merged(wish: About) -> str | None:
    """Closed as merged, it would be lost in which conversation it goes on; merge it instead."""
    if wish.command.outcome is not Outcome.MERGED:
        return None
    return "a closing does not say in which conversation this one goes on; use mergeConversation"


@refusal("UNTIL_HAS_PASSED")
def until_has_passed(wish: Wish[Any, Any]) -> str | None:
    """The end wished for lies in the past."""
    until = wish.command.until
    return "`until` lies in the past" if until is not None and until <= wish.at else None


# Who holds it


@refusal("ALREADY_YOURS")
def already_yours(wish: About) -> str | None:
    """The asker holds the conversation."""
    yours = wish.by.type is ActorType.OPERATOR and wish.state.holder == wish.by.id
    return "you hold the conversation already" if yours else None


@refusal("HELD_BY_ANOTHER")
def held_by_another(wish: About) -> str | None:
    """Another operator holds the conversation; it can be assigned or transferred, but not claimed."""
    holder = wish.state.holder
    if holder is None or holder == wish.by.id:
        return None
    return f"operator {holder!r} holds the conversation; assign or transfer it instead"


@refusal("ALREADY_ASSIGNED")
def already_assigned(wish: About) -> str | None:
    """The operator holds the conversation, in that team's queue."""
    state, wanted = wish.state, wish.command
    stays = wanted.team is None or wanted.team == state.team
    same = state.holder == wanted.assignee and stays
    return f"operator {wanted.assignee!r} holds the conversation already" if same else None


@refusal("NOT_ASSIGNED")
def not_assigned(wish: About) -> str | None:
    """Nobody holds the conversation."""
    return "nobody holds the conversation" if wish.state.holder is None else None


@refusal("NO_DESTINATION")
def no_destination(wish: About) -> str | None:
    """Neither a team nor an operator was named."""
    nowhere = wish.command.to_team is None and wish.command.to_operator is None
    return "say a team, an operator, or both" if nowhere else None


@refusal("ALREADY_THERE")
def already_there(wish: About) -> str | None:
    """The conversation is where it is to go."""
    state, wanted = wish.state, wish.command
    same = state.holder == wanted.to_operator and wanted.to_team in (None, state.team)
    return "the conversation is there already" if same else None


@refusal("OPERATOR_HAS_LEFT")
def next_holder_has_left(wish: About) -> str | None:
    """The operator who is to hold it no longer works at the desk."""
    return next((f"operator in `{field}` has left the desk" for field, one in wish.others.items() if one.left), None)


# What is said of it


@refusal("PRIORITY_UNCHANGED")
def priority_unchanged(wish: About) -> str | None:
    """Priority and complexity are these already."""
    state, wanted = wish.state, wish.command
    same = state.priority is wanted.priority and wanted.complexity in (None, state.complexity)
    return f"the priority is {wanted.priority.value} already" if same else None


@refusal("TOPIC_UNCHANGED")
def topic_unchanged(wish: About) -> str | None:
    """The topic is this already."""
    return "the topic is this already" if wish.state.topic == wish.command.topic else None


@refusal("ALREADY_TAGGED")
def already_tagged(wish: About) -> str | None:
    """The conversation has the tag."""
    return "the conversation has this tag already" if wish.command.tag in wish.state.tags else None


@refusal("NOT_TAGGED")
def not_tagged(wish: About) -> str | None:
    """The conversation has no such tag."""
    return None if wish.command.tag in wish.state.tags else "the conversation has no such tag"


# In which other one it goes on


@refusal("MERGE_INTO_ITSELF")
def into_itself(wish: About) -> str | None:
    """A conversation can't go on in itself."""
    same = wish.command.into == wish.command.conversation
    return "a conversation can't be merged into itself" if same else None


@refusal("MERGE_TARGET_UNKNOWN")
def target_unknown(wish: About) -> str | None:
    """Nothing is known of the conversation in which it is to go on."""
    known = wish.others["into"].phase is not Phase.UNKNOWN
    return None if known else f"there is no conversation {wish.command.into!r}"


@refusal("MERGE_TARGET_MERGED")
def target_merged(wish: About) -> str | None:
    """The conversation in which it is to go on was merged itself."""
    into = wish.others["into"]
    if into.phase is not Phase.MERGED:
        return None
    return f"conversation {wish.command.into!r} was itself merged into {into.merged_into or 'another one'}"
