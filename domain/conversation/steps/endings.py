"""How episodes end, and how ended conversations go on.

A resolution or a closing ends the open episode. After that only a resolution that was missing, or a verdict, changes
anything: desks that resolve first close days later, and that is administrative.
"""

from domain.conversation.episode import Ending, Episode, Spoiled
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
    _excuse_needless_reopening(state)
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
    own = m.OWN if credit.operator in episode.replied_by else 0
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
    soon = _how_soon(at - episode.opened_at)
    of_cohort = state.observe_of_cohort(m.COHORT_RESOLVED, at, credit, event.position, flags=soon)
    state.latest_resolution, episode.resolution = resolved_, (resolved_, of_cohort)
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


def _how_soon(took: Instant) -> int:
    """Within how many days a cohort's episode was resolved."""
    return sum(measure.flag for days, measure in m.COHORT_RESOLVED_WITHIN.items() if took <= days * DAY)


def reopened(state: Conversation, event: RecordedEvent, _: conversations.ConversationReopened) -> None:
    """Also takes back a verdict: who opens spam again says that it was none."""
    if state.standing is not Standing.REGULAR:
        state.stand(Standing.REGULAR)
    if state.ending is not None:
        reopen(state, event, state.ending, by_customer=event.envelope.actor.type is ActorType.CUSTOMER)


def reopen(state: Conversation, event: RecordedEvent, ending: Ending, *, by_customer: bool) -> None:
    """Begin the next episode. A holder who had claimed it holds it still."""
    ended, at = state.episode, event.envelope.occurred_at
    held = {state.holder} if state.holder is not None and state.holder in ended.claimed_by else set()
    state.episode = Episode(ended.number + 1, at, claimed_by={*held})
    state.observe(m.EPISODE_REOPENED, at, NOBODY, event.position)
    waited = at - ending.at
    _spoil(state, ended, in_time=waited <= m.USUAL_WINDOW * DAY)
    held_against = []
    if ending.solved and waited <= max(m.RETURN_WINDOWS) * DAY:
        held_against.append(
            (m.REOPENED_BY_CUSTOMER if by_customer else m.REOPENED_BY_DESK, _how_late(state, ended, waited))
        )
    if ending.without_reply and by_customer and waited <= CONTEST_WINDOW and ending.outcome not in _SET_ASIDE:
        held_against.append((m.CLOSE_CONTESTED, 0))
    state.held_against = [
        state.observe_of_ending(measure, ending, ended.number, event.position, flags=flags)
        for measure, flags in held_against
    ]


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


def _spoil(state: Conversation, ended: Episode, *, in_time: bool) -> None:
    """What a reopening makes untrue of the resolution before it."""
    state.spoiled = None
    if ended.resolution is None:
        return
    resolved_, of_cohort = ended.resolution
    was_at_once = in_time and state.unmark(resolved_, m.RESOLVED_AT_ONCE)
    state.spoiled = Spoiled(resolved_ if was_at_once else None, state.samples[of_cohort])
    state.revise(of_cohort, None)


def no_reply_needed(state: Conversation, _: RecordedEvent, __: conversations.ConversationMarkedNoReplyNeeded) -> None:
    """Also said together with the ending, or just after it."""
    state.episode.no_reply_needed = True
    state.turns.end_open(TurnState.WAIVED)
    if state.ending is not None:
        _excuse_needless_reopening(state)


def _excuse_needless_reopening(state: Conversation) -> None:
    """A thank-you that needed no reply and got none was no reopening."""
    episode = state.episode
    if episode.number > 1 and episode.no_reply_needed and not episode.replied:
        for index in state.held_against:
            state.revise(index, None)
        if state.spoiled is not None:
            if state.spoiled.at_once is not None:
                state.mark(state.spoiled.at_once, m.RESOLVED_AT_ONCE)
            if state.spoiled.of_cohort is not None:
                state.observe_again(state.spoiled.of_cohort)
        state.held_against, state.spoiled = [], None


STEPS: Steps = {
    conversations.ConversationResolved: resolved,
    conversations.ConversationClosed: closed,
    conversations.ConversationMerged: merged,
    conversations.ConversationMarkedSpam: marked_spam,
    conversations.ConversationReopened: reopened,
    conversations.ConversationMarkedNoReplyNeeded: no_reply_needed,
}
