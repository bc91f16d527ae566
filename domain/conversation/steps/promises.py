"""What becomes of promises: which clocks a conversation has, and what each of them comes to.

An open turn has a clock: the first in a conversation that customers began a first response's, any other a next
response's; and an open episode has a resolution's. After each event the clocks are brought in line with what is now
awaited, so nothing here repeats how turns and episodes open and end.

Of each clock one sample stands at most. As long as nothing came it says that the clock falls overdue, at the instant at
which it will: written in advance, and moved or taken back by what happens before. So no figure waits for a clock.
"""

from operator import is_

from domain.conversation.clocks import QUEUE, Clock, Clocks, Halt, Run
from domain.conversation.episode import Episode
from domain.conversation.sample import Credit, Sample, place_of
from domain.conversation.state import Conversation, credit_of
from domain.conversation.turns import Turn, TurnState
from domain.envelope import RecordedEvent
from domain.events import conversations, items, promises
from domain.instants import SECOND, Instant
from domain.kpi import measures as m
from domain.promises import Place
from domain.words import Metric, WaitingFor

_KEPT = {
    Metric.FIRST_RESPONSE: m.FIRST_RESPONSE_KEPT,
    Metric.NEXT_RESPONSE: m.NEXT_RESPONSE_KEPT,
    Metric.RESOLUTION: m.RESOLUTION_KEPT,
}
_OVERDUE = {
    Metric.FIRST_RESPONSE: m.FIRST_RESPONSE_OVERDUE,
    Metric.NEXT_RESPONSE: m.NEXT_RESPONSE_OVERDUE,
    Metric.RESOLUTION: m.RESOLUTION_OVERDUE,
}
OVERDUE = frozenset(measure.code for measure in _OVERDUE.values())
"""The codes of the measures of what falls overdue."""
_LEFT = {
    Metric.FIRST_RESPONSE: m.FIRST_RESPONSE_OVERDUE_LEFT,
    Metric.NEXT_RESPONSE: m.NEXT_RESPONSE_OVERDUE_LEFT,
    Metric.RESOLUTION: m.RESOLUTION_OVERDUE_LEFT,
}


def told(state: Conversation, event: RecordedEvent) -> None:
    """Deskledger itself told of a clock: no figure reads that, but it is not to be told again."""
    match event.payload:
        case promises.PromiseFellDue(clock=clock, promise=promise):
            state.told[promises.PromiseFellDue, clock, event.envelope.occurred_at] = promise
        case (
            promises.PromiseNearlyDue(clock=clock, due_at=due, promise=promise)
            | promises.PromiseBreachWithdrawn(clock=clock, due_at=due, promise=promise)
        ):
            state.told[type(event.payload), clock, due] = promise


_HOLDING = (conversations.ConversationPutOnHold, conversations.ConversationResumed, conversations.ConversationOpened)
"""What may say something of clocks that shows nowhere in the state: until when it is on hold, when it was opened."""


def follow(state: Conversation, event: RecordedEvent) -> None:
    """Bring all clocks in line with what an event did: nothing, as long as what they depend on is what it was."""
    around, at, clocks = state.around, event.envelope.occurred_at, state.clocks
    if clocks is None:
        clocks = state.clocks = Clocks()
    seen = (state.turns.changes, state.context, state.holder_credit, state.on_hold, state.episode, state.ending)
    if all(map(is_, seen, clocks.seen)) and type(event.payload) not in _HOLDING:
        return
    moved = seen[1] is not clocks.seen[1]
    clocks.seen = seen
    for run in clocks.running:
        run.clock.settle(at, around, clocks.halts)
    halted = _note_halt(state, clocks, event)
    holder = QUEUE if state.holder is None else state.holder_credit
    if not clocks.holders or clocks.holders[-1][1] != holder:
        clocks.holders.append((at, holder))
        halted = True
    for run in tuple(clocks.running):
        if not _stop(state, clocks, event, run):
            _adjust(state, clocks, run, at, changed=halted or moved)
    _start(state, clocks, event)


def _note_halt(state: Conversation, clocks: Clocks, event: RecordedEvent) -> bool:
    """Whether the event put the conversation on hold, or took it off. What the customer writes ends the waiting for
    the customer."""
    payload, at, halts = event.payload, event.envelope.occurred_at, clocks.halts
    on_hold = bool(halts) and (halts[-1].until is None or halts[-1].until > at)
    held_on = isinstance(payload, conversations.ConversationPutOnHold)
    answered = isinstance(payload, items.ItemReceived) and on_hold and halts[-1].waiting_for is WaitingFor.CUSTOMER
    over = isinstance(payload, conversations.ConversationResumed) or state.ending is not None
    if on_hold and (held_on or answered or over):
        halts[-1] = halts[-1]._replace(until=at)
    if isinstance(payload, conversations.ConversationPutOnHold) and state.ending is None:
        until = payload.until if payload.until is None or payload.until > at else at
        halts.append(Halt(at, until, payload.waiting_for))
    return held_on or (on_hold and (answered or over))


# Stopping


def _stop(state: Conversation, clocks: Clocks, event: RecordedEvent, run: Run) -> bool:
    """Stop the clock if what it waits for came, or does not come any more. Whether it did."""
    at, clock = event.envelope.occurred_at, run.clock
    if isinstance(run.awaits, Episode):
        ending = run.awaits.ending
        if ending is None and run.awaits is state.episode:
            return False
        came = ending is not None and ending.solved
        unanswered: m.Measure | None = m.CLOSED_UNSOLVED
    else:
        turn = run.awaits
        if turn.state is TurnState.OPEN and turn in state.turns.open:
            return False
        if turn.state in (TurnState.OPEN, TurnState.WITHDRAWN):
            clocks.running.remove(run)
            _write(state, run, None)
            return True
        came = turn.state is TurnState.ANSWERED
        unanswered = _UNANSWERED.get(turn.state)
    clocks.running.remove(run)
    run.came = came
    if clock.is_overdue(at):
        before = len(state.samples)
        _leave_overdue(state, clocks, event, run, came=came)
        run.left = range(before, len(state.samples))
    elif clock.target is None or (not came and unanswered is None):
        _write(state, run, None)
    else:
        measure = _KEPT[clock.metric] if came or unanswered is None else unanswered
        credit, judged_by = credit_of(event.envelope.actor), () if clock.promise is None else (clock.promise.position,)
        _write(state, run, _sample(state, run, measure, at, credit, event.position, *judged_by))
    return True


_UNANSWERED = {TurnState.LEFT: m.CLOSED_UNANSWERED, TurnState.REMOVED: m.REMOVED_UNANSWERED}


def _leave_overdue(state: Conversation, clocks: Clocks, event: RecordedEvent, run: Run, *, came: bool) -> None:
    """It stays overdue, where it fell due. How late the answer came, and how long each holder had it, stand beside."""
    clock, at = run.clock, event.envelope.occurred_at
    overdue = None if run.sample is None else state.samples[run.sample]
    if overdue is None:
        return
    positions = (clock.asked, event.position)
    state.samples.append(Sample(_LEFT[clock.metric].code, at, run.episode, overdue.place, positions))
    if came:
        measure = m.RESOLVED_LATE if clock.metric is Metric.RESOLUTION else m.ANSWERED_LATE
        credit = credit_of(event.envelope.actor)
        state.observe(measure, at, credit, clock.asked, event.position, since=overdue.at, episode=run.episode)
    _share(state, clocks, run, event)


def _share(state: Conversation, clocks: Clocks, run: Run, event: RecordedEvent) -> None:
    """How long each holder held it while its clock ran, from its start until it stopped."""
    clock, until = run.clock, event.envelope.occurred_at
    schedule = state.around.schedule(clock.team, clock.place.community)
    shares: dict[Credit, tuple[int, int]] = {}
    ends = [since for since, _ in clocks.holders[1:]] + [until]
    for (since, holder), end in zip(clocks.holders, ends, strict=True):
        for begun, ended in clock.ran(since, min(end, until), clocks.halts):
            calendar, business = shares.get(holder, (0, 0))
            shares[holder] = (calendar + ended - begun, business + schedule.span(begun, ended))
    for holder, (calendar, business) in shares.items():
        sample = _sample(state, run, m.HELD_WHILE_OVERDUE, until, holder, event.position)
        state.samples.append(_timed(sample, calendar // SECOND, business // SECOND))


# Running on


def _adjust(state: Conversation, clocks: Clocks, run: Run, at: Instant, *, changed: bool) -> None:
    """What it depends on may be otherwise now: its start, the holder, a hold, what promise holds, and where it is."""
    clock, around = run.clock, state.around
    since = _began(run.awaits)
    if since != clock.since:
        clock.since = since
        clock.aim(around, clocks.halts)
    elif clock.is_overdue(at):
        return
    elif clock.place != (place := _place(state)) or clock.team != state.context.team:
        clock.move(at, place, state.context.team, around, clocks.halts)
    elif changed:
        clock.aim(around, clocks.halts)
    else:
        return
    _foresee(state, clocks, run)


def _start(state: Conversation, clocks: Clocks, event: RecordedEvent) -> None:
    """Start clocks for what is awaited and has none. What was removed and is shown again goes on under the clock that
    it had; what was answered was judged, and starts another one."""
    episode = state.episode
    if episode.ending is None and (clocks.of_episode is None or clocks.of_episode.awaits is not episode):
        clocks.of_episode = _begin(state, clocks, event, Metric.RESOLUTION, episode)
    for turn in state.turns.open:
        known = clocks.of_turn.get(turn)
        if known is not None and known in clocks.running:
            continue
        if known is not None and not known.came:
            _go_on(state, clocks, event, known)
            continue
        first = episode.number == 1 and not state.proactive and not state.replies_sent
        metric = Metric.FIRST_RESPONSE if first and not _first_runs(clocks) else Metric.NEXT_RESPONSE
        clocks.of_turn[turn] = _begin(state, clocks, event, metric, turn)


def _go_on(state: Conversation, clocks: Clocks, event: RecordedEvent, run: Run) -> None:
    """As if it had never stopped; but what was not yet due when it did is due no earlier than now."""
    clocks.running.append(run)
    if run.left:
        for index in run.left:
            state.revise(index, None)
        run.left = ()
        return
    run.clock.floor = event.envelope.occurred_at
    run.clock.aim(state.around, clocks.halts)
    _foresee(state, clocks, run)


def _first_runs(clocks: Clocks) -> bool:
    return any(run.clock.metric is Metric.FIRST_RESPONSE for run in clocks.running)


def _begin(state: Conversation, clocks: Clocks, event: RecordedEvent, metric: Metric, awaits: Turn | Episode) -> Run:
    """A clock runs from the beginning of what it waits for; one that starts anew is due no earlier than now."""
    at, since, place = event.envelope.occurred_at, _began(awaits), _place(state)
    promise = state.around.promises.fitting(place, max(at, since))
    again = isinstance(awaits, Turn) and awaits in clocks.of_turn
    called = f"{metric}:{event.position}" if isinstance(awaits, Turn) else f"{metric}:episode {awaits.number}"
    clock = Clock(metric, called, event.position, since, place, state.context.team, promise, at)
    clock.floor = at if again else 0
    clock.aim(state.around, clocks.halts)
    run = Run(clock, awaits, state.episode.number)
    clocks.running.append(run)
    clocks.all.append(run)
    _foresee(state, clocks, run)
    return run


def _began(awaits: Turn | Episode) -> Instant:
    return awaits.opened_at if isinstance(awaits, Episode) else awaits.clock_started_at


def _place(state: Conversation) -> Place:
    context = state.context
    return Place(context.channel, context.community, context.kind, context.priority, context.segment)


# Samples


def _foresee(state: Conversation, clocks: Clocks, run: Run) -> None:
    """Write when it falls overdue, to whoever holds it then, as things stand."""
    ahead = run.clock.foreseen(state.around, clocks.halts)
    if ahead.due is None or ahead.promise is None:
        _write(state, run, None)
        return
    credit = clocks.holder_at(ahead.due)
    _write(state, run, _sample(state, run, _OVERDUE[run.clock.metric], ahead.due, credit, ahead.promise.position))


def _sample(state: Conversation, run: Run, measure: m.Measure, at: Instant, credit: Credit, *positions: int) -> Sample:
    team = state.team_of(credit, at)
    place = place_of(credit, team, state.context, state.standing, state.in_hours(team, at))
    return Sample(measure.code, at, run.episode, place, (run.clock.asked, *positions))


def _timed(sample: Sample, calendar: int, business: int) -> Sample:
    return Sample(sample.measure, sample.at, sample.episode, sample.place, sample.positions, calendar, business)


def _write(state: Conversation, run: Run, sample: Sample | None) -> None:
    """This sample stands of the clock, or none. Where none stood, it is a new one."""
    before = None if run.sample is None else state.samples[run.sample]
    if run.sample is not None and before is not None:
        if before != sample:
            state.revise(run.sample, sample)
    elif sample is not None:
        run.sample = len(state.samples)
        state.samples.append(sample)
