"""How episodes end, and how ended conversations go on.

A resolution or a closing ends the open episode. After that only a resolution that was missing, or a verdict, changes
anything: desks that resolve first close days later, and that is administrative.
"""

from domain.conversation.episode import Ending, Episode, Resolved, Spoiled
from domain.conversation.sample import Credit, Standing
from domain.conversation.state import NOBODY, Conversation, credit_of
from domain.conversation.steps.contacts import contact
from domain.conversation.steps.processing import processed
from domain.conversation.steps.table import Steps
from domain.conversation.turns import TurnState
from domain.envelope import RecordedEvent
from domain.events import conversations
from domain.instants import DAY, Instant, seconds_between
from domain.kpi import measures as m
from domain.words import ActorType, Outcome

CONTEST_WINDOW = DAY
"""A close without a reply that brings the customer back within this is contested."""

_SET_ASIDE = frozenset({Outcome.SPAM, Outcome.DUPLICATE, Outcome.MERGED, Outcome.TEST})
_STANDINGS = {Outcome.SPAM: Standing.SPAM, Outcome.MERGED: Standing.MERGED, Outcome.TEST: Standing.TEST}


def resolved(state: Conversation, event: RecordedEvent, _: conversations.ConversationResolved) -> None:
    _end(state, event, Outcome.SOLVED)


def closed(state: Conversation, event: RecordedEvent, payload: conversations.ConversationClosed) -> None:
    _end(state, event, payload.outcome)


def merged(state: Conversation, event: RecordedEvent, _: conversations.ConversationMerged) -> None:
    _end(state, event, Outcome.MERGED)


def marked_spam(state: Conversation, event: RecordedEvent, _: conversations.ConversationMarkedSpam) -> None:
    _end(state, event, Outcome.SPAM)


def _end(state: Conversation, event: RecordedEvent, outcome: Outcome) -> None:
    already = state.ending
    if already is None:
        _end_episode(state, event, outcome)
    if outcome is Outcome.SOLVED and (already is None or not already.solved):
        state.episode.ending = _ending(state, event, outcome)
        _observe_resolution(state, event)
        _excuse(state)
    elif already is None and state.latest_resolution is None:
        credit, at = credit_of(event.envelope.actor), event.envelope.occurred_at
        state.observe_latest(m.UNSOLVED_CLOSE, at, credit, event.position, since=state.opened_at)
    if outcome in _STANDINGS:
        state.stand(_STANDINGS[outcome])


def _end_episode(state: Conversation, event: RecordedEvent, outcome: Outcome) -> None:
    episode = state.episode
    _observe_ending(state, event, outcome)
    state.open_seconds += seconds_between(episode.opened_at, event.envelope.occurred_at)
    state.open_spans.append((episode.opened_at, event.envelope.occurred_at))
    episode.ending = _ending(state, event, outcome)
    _excuse(state)
    state.turns.end_open(TurnState.LEFT)
    state.on_hold = None


def _ending(state: Conversation, event: RecordedEvent, outcome: Outcome) -> Ending:
    credit, at = credit_of(event.envelope.actor), event.envelope.occurred_at
    return Ending(
        at=at,
        position=event.position,
        outcome=outcome,
        credit=credit,
        team=state.team_of(credit, at),
        context=state.context,
        solved=outcome is Outcome.SOLVED,
        without_reply=not state.episode.replied,
    )


def _observe_ending(state: Conversation, event: RecordedEvent, outcome: Outcome) -> None:
    """One of three exclusive classes; set aside as spam and the like, none of them."""
    episode, at, credit = state.episode, event.envelope.occurred_at, credit_of(event.envelope.actor)
    if outcome in _SET_ASIDE:
        state.observe(m.ENDED_SET_ASIDE, at, credit, event.position)
        return
    own = m.OWN if credit.operator in episode.replied_by | episode.spoken_by else 0
    if not episode.replied:
        state.observe(m.ENDED_WITHOUT_REPLY, at, credit, event.position)
        processed(state, event)
    elif state.turns.open:
        state.observe(m.ENDED_WITH_OPEN_TURN, at, credit, event.position, flags=own)
    else:
        state.observe(m.ENDED_ANSWERED, at, credit, event.position, flags=own)


def _observe_resolution(state: Conversation, event: RecordedEvent) -> None:
    """The first resolution stays the first; the full time, and the time open, move to the last one."""
    at, credit, opened_at = event.envelope.occurred_at, credit_of(event.envelope.actor), state.opened_at
    state.take_back(m.UNSOLVED_CLOSE)
    if state.latest_resolution is not None:
        state.unmark(state.latest_resolution, m.FULL_RESOLUTION)
    episode, flags = state.episode, _of_resolution(state, credit)
    resolved_ = state.observe(m.RESOLVED, at, credit, event.position, since=opened_at, flags=flags)
    state.latest_resolution = resolved_
    episode.resolution = Resolved(resolved_, _of_cohort(state, event), _of_held(state, event))
    contact(state, event)
    team, community = state.team_of(credit, at), state.context.community
    business = sum(state.around.business_seconds(team, community, *span) for span in state.open_spans)
    state.observe_latest(m.OPEN_TIME, at, credit, event.position, seconds=state.open_seconds, business=business)


def _of_resolution(state: Conversation, credit: Credit) -> int:
    """What a resolution was, besides."""
    episode = state.episode
    flags = m.FULL_RESOLUTION.flag | (m.RESOLVED_ESCALATED.flag if episode.escalated else 0)
    if state.latest_resolution is None:
        flags |= m.FIRST_RESOLUTION.flag
    if episode.number == 1:
        flags |= m.RESOLVED_FIRST.flag | (m.RESOLVED_FIRST_ESCALATED.flag if episode.escalated else 0)
    if credit.actor_type is ActorType.OPERATOR and episode.contributors <= {credit.operator}:
        flags |= m.RESOLVED_ALONE.flag
    if episode.answers == 1 and episode.number == 1:
        flags |= m.RESOLVED_AT_ONCE.flag
    return flags


def _of_cohort(state: Conversation, event: RecordedEvent) -> int | None:
    """Among the episodes that began then and there it is one that was resolved, within so many days."""
    began = state.beginning()
    if began is None:
        return None
    took = event.envelope.occurred_at - state.episode.opened_at
    soon = sum(measure.flag for days, measure in m.COHORT_RESOLVED_WITHIN.items() if took <= days * DAY)
    measure, number = m.COHORT_RESOLVED, state.episode.number
    return state.observe_in(began.place, measure, began.at, event.position, episode=number, flags=soon)


def _of_held(state: Conversation, event: RecordedEvent) -> int | None:
    """Among the episodes that an operator had it is one that they resolved."""
    actor = event.envelope.actor
    if actor.type is not ActorType.OPERATOR:
        return None
    held = state.observe_held(credit_of(actor), event.envelope.occurred_at, event.position)
    if held is not None:
        state.mark(held, m.COHORT_HELD_RESOLVED)
    return held


def reopened(state: Conversation, event: RecordedEvent, _: conversations.ConversationReopened) -> None:
    """Also takes back a verdict: who opens spam again says that it was none."""
    if state.standing is not Standing.REGULAR:
        state.stand(Standing.REGULAR)
    if state.ending is not None:
        reopen(state, event, by_customer=event.envelope.actor.type is ActorType.CUSTOMER)


def reopen(state: Conversation, event: RecordedEvent, *, by_customer: bool) -> None:
    """Begin the next episode. A holder who had claimed it holds it still."""
    ended, at = state.episode, event.envelope.occurred_at
    held = {state.holder} if state.holder is not None and state.holder in ended.claimed_by else set()
    before = ended.before if ended.needless and ended.before is not None else ended
    before.before = None
    state.episode = Episode(ended.number + 1, at, claimed_by={*held}, before=before)
    state.episode.reopening = state.observe(m.EPISODE_REOPENED, at, NOBODY, event.position)
    _spoil(state, before)
    if before.ending is not None:
        _hold_against(state, event, before, before.ending, by_customer=by_customer)


def _hold_against(
    state: Conversation, event: RecordedEvent, before: Episode, ending: Ending, *, by_customer: bool
) -> None:
    """What the reopening says of how the episode before it had ended. That it was reopened is taken back where nothing
    was needed; that the customer came back is not."""
    position, number = event.position, before.number
    waited = event.envelope.occurred_at - ending.at
    if ending.solved and waited <= max(m.RETURN_WINDOWS) * DAY:
        measure, flags = m.REOPENED_BY_CUSTOMER if by_customer else m.REOPENED_BY_DESK, _how_late(state, before, waited)
        state.episode.held_against = state.observe_of_ending(measure, ending, number, position, flags=flags)
    if ending.without_reply and by_customer and waited <= CONTEST_WINDOW and ending.outcome not in _SET_ASIDE:
        state.observe_of_ending(m.CLOSE_CONTESTED, ending, number, position)


def _how_late(state: Conversation, ended: Episode, waited: Instant) -> int:
    """Within which windows a resolved episode was reopened, and whether that spoils a first contact. The measures of
    customers' and of the desk's reopenings have the same flags."""
    windows = [days for days in m.RETURN_WINDOWS if waited <= days * DAY]
    flags = sum(m.REOPENED_WITHIN[days][0].flag for days in windows)
    resolution = None if ended.resolution is None else state.samples[ended.resolution[0]]
    if resolution is not None and resolution.flags & m.RESOLVED_FIRST.flag:
        flags |= sum(m.REOPENED_FIRST[days][0].flag for days in windows)
        if m.USUAL_WINDOW in windows and not resolution.flags & m.RESOLVED_ESCALATED.flag:
            flags |= m.REOPENED_FIRST_AT_TIER[0].flag
    return flags


def _spoil(state: Conversation, before: Episode) -> None:
    """What a reopening makes untrue of the resolution before it."""
    if before.resolution is None:
        return
    then, of_cohort, of_held = before.resolution
    was_at_once = state.unmark(then, m.RESOLVED_AT_ONCE)
    state.episode.spoiled = Spoiled(was_at_once, None if of_cohort is None else state.samples[of_cohort])
    if of_cohort is not None:
        state.revise(of_cohort, None)
    if of_held is not None:
        state.unmark(of_held, m.COHORT_HELD_RESOLVED)


def no_reply_needed(state: Conversation, _: RecordedEvent, __: conversations.ConversationMarkedNoReplyNeeded) -> None:
    """Also said together with the ending, or just after it."""
    state.episode.no_reply_needed = True
    state.turns.end_open(TurnState.WAIVED)
    if state.ending is not None:
        _excuse(state)


def _excuse(state: Conversation) -> None:
    """A reopening that needed no answer and got none was none: it is held against nobody, and its own resolution is
    none that could last or not."""
    episode = state.episode
    if episode.before is None or not episode.needless:
        return
    if episode.held_against is not None:
        state.revise(episode.held_against, None)
    if episode.spoiled is not None:
        _mend(state, episode.before, episode.spoiled)
    episode.held_against, episode.spoiled = None, None
    if episode.resolution is not None:
        state.mark(episode.resolution.then, m.RESOLVED_NEEDLESS)
        state.unmark(episode.resolution.then, m.RESOLVED_ESCALATED)


def _mend(state: Conversation, before: Episode, spoiled: Spoiled) -> None:
    """What was spoiled is true after all."""
    if before.resolution is None:
        return
    then, _, of_held = before.resolution
    if spoiled.at_once:
        state.mark(then, m.RESOLVED_AT_ONCE)
    if of_held is not None:
        state.mark(of_held, m.COHORT_HELD_RESOLVED)
    if spoiled.of_cohort is not None:
        before.resolution = before.resolution._replace(of_cohort=state.observe_again(spoiled.of_cohort))


STEPS: Steps = {
    conversations.ConversationResolved: resolved,
    conversations.ConversationClosed: closed,
    conversations.ConversationMerged: merged,
    conversations.ConversationMarkedSpam: marked_spam,
    conversations.ConversationReopened: reopened,
    conversations.ConversationMarkedNoReplyNeeded: no_reply_needed,
}
