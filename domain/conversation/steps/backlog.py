"""The backlog: every stretch in which an open episode stood in one place, at one holder's, in one condition.

What stands is what was entered and not left. A stretch enters when the episode opens, and whenever its holder, queue,
priority or condition becomes another one; then the stretch before is left, with its seconds, at the place where it had
entered. So the backlog of any slice at any instant is a difference of two counts, and the seconds of a condition are
sums.
"""

from msgspec.structs import replace

from domain.conversation.episode import Stretch
from domain.conversation.sample import Sample
from domain.conversation.state import Conversation
from domain.envelope import RecordedEvent
from domain.instants import Instant, seconds_between
from domain.kpi import measures as m
from domain.words import ActorType, Kind, WaitingFor


def follow(state: Conversation, event: RecordedEvent) -> None:
    """After each step: whether the episode still stands where it stood."""
    stretch = state.stretch
    if not state.attended and state.episode.replied:
        state.attended = True
    if stretch is None:
        if state.episode.ending is None and state.opening() is not None:
            _enter(state, event.envelope.occurred_at, event.position, m.BACKLOG_NEW.flag)
        return
    ended = state.episode.ending is not None
    at = event.envelope.occurred_at
    if not ended and _stands(state, stretch):
        if _unattended(state) is not stretch.unattended:
            _attend(state, stretch, at, event.position)
        return
    if at == stretch.since and not ended and not stretch.changed:
        _correct(state, stretch)
        return
    _leave(state, stretch, at, event.position, ended=ended)
    state.stretch = None
    if not ended:
        _enter(state, at, event.position, 0)


def _stands(state: Conversation, stretch: Stretch) -> bool:
    return (
        stretch.holder == state.holder_credit
        and stretch.on_hold is state.on_hold
        and (stretch.context is state.context or stretch.context == state.context)
    )


def _unattended(state: Conversation) -> bool:
    return bool(state.turns.open) or not state.attended


def _attend(state: Conversation, stretch: Stretch, at: Instant, position: int) -> None:
    """It waits for an answer from now on, or no longer."""
    entered, unattended = state.samples[stretch.entry], not stretch.unattended
    state.stretch = stretch._replace(unattended=unattended, changed=True)
    if entered is None or (not unattended and _told_by_the_answer(state, entered, position)):
        return
    measure = m.UNATTENDED_BEGAN if unattended else m.UNATTENDED_ENDED
    state.observe_in(entered.place, measure, at, stretch.position, position, episode=entered.episode)


def _told_by_the_answer(state: Conversation, entered: Sample, position: int) -> bool:
    """Where the answer stands in the place that the episode stands in, one sample tells of both."""
    for index in range(len(state.samples) - 1, -1, -1):
        answer = state.samples[index]
        if answer is None or answer.positions[-1] != position:
            return False
        if answer.measure == m.RESPONSE.code:
            if replace(answer.place, in_hours=entered.place.in_hours) != entered.place:
                return False
            state.samples[index] = replace(answer, flags=answer.flags | m.UNATTENDED_ANSWERED.flag)
            return True
    return False


def _enter(state: Conversation, at: Instant, position: int, flags: int) -> None:
    holder, unattended = state.holder_credit, _unattended(state)
    if unattended:
        flags |= m.UNATTENDED_ENTERED.flag
    entry = state.observe(m.BACKLOG_ENTERED, at, holder, position, flags=flags)
    state.stretch = Stretch(at, position, holder, state.context, state.on_hold, entry, unattended)
    state.observe_held(holder, at, position)


def _correct(state: Conversation, stretch: Stretch) -> None:
    """What is said in the very instant of entering was so from the beginning."""
    entered = state.samples[stretch.entry]
    state.revise(stretch.entry, None)
    _enter(state, stretch.since, stretch.position, 0 if entered is None else entered.flags & m.BACKLOG_NEW.flag)


def _leave(state: Conversation, stretch: Stretch, at: Instant, position: int, *, ended: bool) -> None:
    """In the place of the entry, so that both cancel each other out in every slice."""
    entered = state.samples[stretch.entry]
    if entered is None:
        return
    place, since = entered.place, stretch.since
    calendar = seconds_between(since, at)
    business = state.around.business_seconds(place.team, place.community, since, at)
    told = (stretch.position, position)
    left = state.observe_in(
        place,
        m.BACKLOG_LEFT,
        at,
        *told,
        episode=entered.episode,
        value=calendar,
        business=business,
        flags=_flags(stretch, ended),
    )
    operator, episode = stretch.holder.operator, state.episode
    if stretch.on_hold is None and operator is None:
        before = episode.queued or (0, 0)
        episode.queued = (before[0] + calendar, before[1] + business)
    elif stretch.on_hold is None and operator is not None and stretch.context.kind is not Kind.CALL:
        _count_as_work(state, operator, left)
    if episode.queued is not None and (ended or state.holder is not None):
        calendar, business = episode.queued
        state.observe_in(place, m.QUEUE_STAY, at, *told, episode=entered.episode, value=calendar, business=business)
        episode.queued = None


def _flags(stretch: Stretch, ended: bool) -> int:
    flags = m.BACKLOG_ENDED.flag if ended else 0
    if stretch.unattended:
        flags |= m.UNATTENDED_LEFT.flag
    match stretch.on_hold:
        case None:
            return flags | (m.TIME_IN_QUEUE if stretch.holder.operator is None else m.TIME_ASSIGNED).flag
        case WaitingFor.CUSTOMER:
            return flags | m.TIME_PENDING.flag
        case _:
            return flags | m.TIME_ON_HOLD.flag


# Work: what is known of an operator's focus counts as their work on an episode; where nothing is told of it, the time
# in which the episode was theirs, open and not on hold.


def _count_as_work(state: Conversation, operator: str, left: int) -> None:
    sample = state.samples[left]
    if sample is None or operator in state.episode.focused or sample.place.actor_type is not ActorType.OPERATOR:
        return
    state.samples[left] = replace(sample, flags=sample.flags | m.TIME_AS_WORK.flag)
    state.episode.as_work.setdefault(operator, []).append(left)


def work_is_told(state: Conversation, operator: str) -> None:
    """From now on this operator's work on the episode is what is told of it, also for the time before."""
    state.episode.focused.add(operator)
    for index in state.episode.as_work.pop(operator, ()):
        state.unmark(index, m.TIME_AS_WORK)
