"""`docs/conversation.md` says what is possible where; here it is worked out from the declarations."""

from collections.abc import Iterator
from pathlib import Path

from domain.command import COMMANDS, Wish
from domain.commands.conversations import ReopenConversation
from domain.commands.state import ConversationState
from domain.commands.state.conversation import UNDER_WAY, Phase
from domain.envelope import Actor
from domain.words import ActorType, Subject
from tests.decisions import MORNING
from tests.domain.test_refusals import PLAIN

PAGE = Path(__file__).parents[2] / "docs" / "conversation.md"
BEGINS = "<!-- made of the declarations and checked by tests/domain/test_conversation_page.py -->\n"
WHERE = (
    "CONVERSATION_UNKNOWN",
    "CONVERSATION_MERGED",
    "CONVERSATION_SPAM",
    "CONVERSATION_ENDED",
    "NOTHING_TO_RESOLVE",
    "ALREADY_CLOSED",
    "STILL_OPEN",
    "NOT_ON_HOLD",
)
"""The refusals for where a conversation stands."""
ANNA = Actor(ActorType.OPERATOR, "anna")


def rows() -> Iterator[tuple[str, ...]]:
    yield ("command", *(phase.value for phase in Phase))
    yield ("---",) * (1 + len(Phase))
    for declared in COMMANDS.values():
        if declared.subject is Subject.CONVERSATION and declared.command in PLAIN:
            name = declared.name[0].lower() + declared.name[1:]
            yield (f"`{name}`", *(answer(declared.command, phase) for phase in Phase))


def answer(kind: type, phase: Phase) -> str:
    verdict = phase if phase in (Phase.SPAM, Phase.MERGED) else None
    state = ConversationState(course=Phase.CLOSED if verdict else phase, verdict=verdict)
    wish = Wish(state, PLAIN[kind], ANNA, MORNING, {})
    refused = (one.code for one in PLAIN[kind].declaration.refusals if one.code in WHERE and one.objection(wish))
    return next((f"`{code}`" for code in refused), "yes")


def table() -> str:
    return "".join(f"| {' | '.join(row)} |\n" for row in rows())


def test_the_page_says_what_is_possible_where() -> None:
    text = PAGE.read_text("utf-8").split(BEGINS)[1]
    told = "".join(line + "\n" for line in text.splitlines() if line.startswith("|"))
    assert told == table(), f"put this into {PAGE.name}:\n{table()}"


def test_there_is_no_end_that_the_desk_cannot_take_back() -> None:
    ends = [phase for phase in Phase if phase is not Phase.UNKNOWN and phase not in UNDER_WAY]
    assert {answer(ReopenConversation, phase) for phase in ends} == {"yes"}
