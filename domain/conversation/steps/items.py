"""What customers write, take back, and have removed. A call is an item that no written reply answers: it counts, and
opens no turn."""

from domain.conversation.state import NOBODY, Conversation, credit_of
from domain.conversation.steps.endings import reopen
from domain.conversation.steps.opening import first_public_item
from domain.conversation.steps.processing import processed
from domain.conversation.steps.table import Steps
from domain.envelope import RecordedEvent
from domain.events import calls, items
from domain.kpi.measures import COMMENT_DELETED, COMMENT_HIDDEN, COMMENT_RETURNED, ITEM_RECEIVED
from domain.words import ActorType, Kind, WaitingFor


def received(state: Conversation, event: RecordedEvent, payload: items.ItemReceived) -> None:
    state.said(channel=payload.channel, community=payload.community, kind=payload.kind, team=payload.team)
    _customer_is(state, event, payload.customer)
    _count(state, event)
    state.turns.receive(payload.item, event.envelope.occurred_at, event.position)


def call_offered(state: Conversation, event: RecordedEvent, payload: calls.CallOffered) -> None:
    state.said(channel=payload.channel, community=payload.community, kind=Kind.CALL, team=payload.team)
    _customer_is(state, event, payload.customer)
    _count(state, event)


def _customer_is(state: Conversation, event: RecordedEvent, said: str | None) -> None:
    if said is not None:
        state.customer = said
    elif state.customer is None and event.envelope.actor.type is ActorType.CUSTOMER:
        state.customer = event.envelope.actor.id


def _count(state: Conversation, event: RecordedEvent) -> None:
    """The customer's next item after an ending reopens; and who has written need not be waited for any longer."""
    first_public_item(state, event, by_desk=False)
    if state.ending is not None:
        reopen(state, event, by_customer=True)
    if state.on_hold is WaitingFor.CUSTOMER:
        state.on_hold = None
    state.items_received += 1
    state.spoke_last = ActorType.CUSTOMER
    state.observe(ITEM_RECEIVED, event.envelope.occurred_at, NOBODY, event.position)


def withdrawn(state: Conversation, _: RecordedEvent, payload: items.ItemWithdrawn) -> None:
    state.turns.withdraw(payload.item)


def removed(state: Conversation, event: RecordedEvent, payload: items.CommentDeleted | items.CommentHidden) -> None:
    """Removed without a reply is processed; what a customer removes is only taken back."""
    actor = event.envelope.actor
    if actor.type is ActorType.CUSTOMER:
        state.turns.withdraw(payload.item)
        return
    measure = COMMENT_DELETED if isinstance(payload, items.CommentDeleted) else COMMENT_HIDDEN
    state.observe(measure, event.envelope.occurred_at, credit_of(actor), event.position)
    if not state.episode.replied:
        processed(state, event)
    state.turns.remove(payload.item)


def returned(state: Conversation, event: RecordedEvent, payload: items.CommentRestored | items.CommentUnhidden) -> None:
    credit = credit_of(event.envelope.actor)
    state.observe(COMMENT_RETURNED, event.envelope.occurred_at, credit, event.position)
    state.turns.give_back(payload.item, awaited=state.answer_awaited)


STEPS: Steps = {
    items.ItemReceived: received,
    items.ItemWithdrawn: withdrawn,
    items.CommentDeleted: removed,
    items.CommentHidden: removed,
    items.CommentRestored: returned,
    items.CommentUnhidden: returned,
}
