"""Public comments: questions and praise, criticism and insults, spam; and the moderation of them."""

from collections.abc import Generator
from enum import StrEnum
from typing import Any
from uuid import UUID

from api.demo.cast import Inflow
from api.demo.clockwork import Story
from api.demo.desk import ROUTER, Desk
from api.demo.people import Case, Operator
from api.demo.plants import Fault
from api.demo.stories.talk import answer, attention, file, open_case, put_down, receive, resolve, send
from domain.events.conversations import (
    ConversationClosed,
    ConversationMarkedNoReplyNeeded,
    ConversationMarkedSpam,
    ConversationReopened,
)
from domain.events.customers import CustomerBlocked, CustomerMuted, CustomerUnblocked, CustomerUnmuted
from domain.events.items import CommentDeleted, CommentHidden, CommentRestored, CommentUnhidden
from domain.instants import DAY
from domain.words import Outcome


class Tone(StrEnum):
    """What sort of comment it is; the values name the phrases."""

    QUESTION = "question"
    PRAISE = "praise"
    CRITICISM = "criticism"
    INSULT = "insults"
    SPAM = "spam"


def comment(desk: Desk, inflow: Inflow) -> Story:
    """Somebody comments in public, and an operator answers or moderates."""
    case, newcomer = desk.new_case(inflow)
    tone = _tone(desk)
    case.upset = tone in (Tone.CRITICISM, Tone.INSULT)
    open_case(desk, case, newcomer=newcomer)
    said = receive(desk, case, case.speech.ask(upset=False) if tone is Tone.QUESTION else case.speech.any_of(tone))
    goes_on = True
    while goes_on:
        operator = yield from attention(desk, case)
        yield from _handle(desk, case, operator, tone, said)
        desk.clock.tell(put_down(desk, case, operator, seconds=700))
        goes_on = case.answers > 0 and (yield from _thread_goes_on(desk, case))
        tone = Tone.QUESTION


def _tone(desk: Desk) -> Tone:
    drawn = desk.chance.between(0, 1)
    if drawn < 0.36:
        return Tone.QUESTION
    if drawn < 0.63:
        return Tone.PRAISE
    if drawn < 0.88:
        return Tone.CRITICISM
    return Tone.INSULT if drawn < 0.94 else Tone.SPAM


def _handle(desk: Desk, case: Case, operator: Operator, tone: Tone, said: UUID) -> Story:
    chance = desk.chance
    if tone is Tone.SPAM:
        yield from _remove(desk, case, operator, said, reason="spam")
        desk.did(operator, case.stream, ConversationMarkedSpam())
        desk.did(operator, case.stream, ConversationClosed(outcome=Outcome.SPAM))
    elif tone is Tone.INSULT and chance.is_so(0.8):
        yield from _remove(desk, case, operator, said, reason="insult")
        desk.did(operator, case.stream, ConversationClosed(outcome=Outcome.NO_ACTION, reason="insult"))
        desk.clock.tell(_sanction(desk, case, operator))
    elif tone is Tone.CRITICISM and chance.is_so(0.7 if operator.has(Fault.CLEANS_UP_COMMENTS) else 0.03):
        yield from _remove(desk, case, operator, said, reason=None)
        desk.did(operator, case.stream, ConversationClosed(outcome=Outcome.NO_ACTION))
    elif tone is Tone.PRAISE and chance.is_so(0.6):
        yield desk.labour(operator, 20)
        desk.did(operator, case.stream, ConversationMarkedNoReplyNeeded(reason="praise"))
        desk.did(operator, case.stream, ConversationClosed(outcome=Outcome.NO_ACTION, reason="praise"))
    else:
        yield from _reply(desk, case, operator, tone)


def _reply(desk: Desk, case: Case, operator: Operator, tone: Tone) -> Story:
    if tone is Tone.PRAISE:
        yield desk.labour(operator, 60)
        send(desk, case, operator, case.speech.any_of("hellos"))
    else:
        yield from answer(desk, case, operator, seconds=170)
        file(desk, case, operator)
    resolve(desk, case, operator)


def _remove(desk: Desk, case: Case, operator: Operator, said: UUID, *, reason: str | None) -> Story:
    """Delete or hide the comment; now and then the lead undoes it the next day."""
    yield desk.labour(operator, 40)
    deleted = desk.chance.is_so(0.5)
    payload = CommentDeleted(item=case.item, reason=reason) if deleted else CommentHidden(item=case.item, reason=reason)
    removal = desk.did(operator, case.stream, payload, traced=True, causation=said)
    if desk.chance.is_so(0.07):
        desk.clock.tell(_undo(desk, case, case.item, removal, deleted=deleted))


def _undo(desk: Desk, case: Case, item: str, removal: UUID, *, deleted: bool) -> Story:
    yield desk.chance.about(40_000)
    payload = CommentRestored(item=item) if deleted else CommentUnhidden(item=item)
    desk.did(desk.lead(case.team), case.stream, payload, traced=True, causation=removal)


def _sanction(desk: Desk, case: Case, operator: Operator) -> Story:
    """Who insults is blocked or muted for a while, or let off."""
    chance, stream, community = desk.chance, case.customer.stream, case.inflow.community
    yield chance.about(15)
    if chance.is_so(0.4):
        blocked = CustomerBlocked(community=community, conversation=case.id, reason="insult")
        desk.did(operator, stream, blocked, traced=True)
        if chance.is_so(0.2):
            yield chance.about(200_000)
            desk.did(desk.lead(case.team), stream, CustomerUnblocked(community=community), traced=True)
    elif chance.is_so(0.5):
        until = desk.clock.now + 3 * DAY
        muted = CustomerMuted(community=community, conversation=case.id, until=until, reason="insult")
        desk.did(operator, stream, muted, traced=True)
        yield 3 * DAY
        desk.did(desk.lead(case.team), stream, CustomerUnmuted(community=community))


def _thread_goes_on(desk: Desk, case: Case) -> Generator[int | None, Any, bool]:
    """Whether the commenter comes back to what was answered."""
    if not desk.chance.is_so(0.15):
        return False
    yield desk.chance.about(2_500, 0.9)
    desk.record(ROUTER, case.stream, ConversationReopened(reason="customer_wrote"))
    case.solved = False
    receive(desk, case, case.speech.any_of("follow_ups"))
    return True
