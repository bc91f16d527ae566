"""What becomes of a conversation, seen from its end: K09, K11, K12, K19, K20, K26 to K33."""

from collections.abc import Iterator
from dataclasses import replace

from domain.envelope import NewEvent
from domain.events import conversations as c
from domain.events import surveys
from domain.words import ActorType, Kind, SurveyScale
from tests.oracle.episodes import Episode
from tests.oracle.facts import NOBODY, Context, Fact, Who
from tests.oracle.places import Stint
from tests.oracle.walk import DAY, Walk
from tests.oracle.wall import Second

WINDOWS = (1, 7, 30)


def needless(episode: Episode) -> bool:
    """Ended without a human reply, since it needed none: no reopening, no return."""
    return episode.needless and episode.until is not None and not episode.replied


def again(walk: Walk, episode: Episode) -> tuple[int, str] | None:
    """After how many seconds, and by whom, an ended episode was opened again; None where it was not. What needed no
    reply and got none is no reopening, and what reopens the conversation next is held against the one before it."""
    if episode.until is None or (episode.number > 1 and needless(episode)):
        return None
    after = [later for later in walk.episodes[episode.number :] if not needless(later)]
    return (after[0].since - episode.until, walk.episodes[after[0].number - 2].reopened_by) if after else None


def facts_of(walk: Walk) -> Iterator[Fact]:
    """Everything that counts in a conversation, whatever becomes of it."""
    yield from (fact for fact in walk.facts if fact.what != "resolved")
    yield from _resolved(walk)
    yield from _cohort(walk)
    yield from _unsolved(walk)
    for stint in walk.stints.all:
        yield from _stood(walk, stint)
    for stint in walk.unattended.all:
        fact = _at(stint, "unattended", walk.name)
        yield fact
        if stint.until is not None:
            yield replace(fact, what="attended", at=stint.until, placed=stint.since)
    yield from _held(walk)
    yield from _queued(walk)
    yield from _voice(walk)


def _resolved(walk: Walk) -> Iterator[Fact]:
    solved = [episode for episode in walk.episodes if episode.resolved is not None]
    for episode in solved:
        fact, back = episode.resolved, again(walk, episode)
        assert fact is not None
        is_ = {f"again {days}" for days in WINDOWS if back is not None and back[0] <= days * DAY}
        is_ |= {f"again {days} by {back[1]}" for days in WINDOWS if back is not None and back[0] <= days * DAY}
        is_ |= {"first resolution"} if episode is solved[0] else set()
        is_ |= {"last resolution"} if episode is solved[-1] else set()
        is_ |= {"first episode"} if episode.number == 1 else set()
        is_ |= {"escalated"} if episode.escalated else set()
        is_ |= {"needless"} if needless(episode) and episode.number > 1 else set()
        is_ |= {"alone"} if episode.helped <= {fact.who.name} and fact.who.type is ActorType.OPERATOR else set()
        if episode.number == 1 and episode.answers == 1 and back is None:
            is_.add("at once")
        yield replace(fact, is_=frozenset(is_))
    if solved:
        last = solved[-1].resolved
        assert last is not None
        spans = tuple((each.since, each.until or 0) for each in walk.episodes[: solved[-1].number])
        yield replace(last, what="open time", spans=spans)


def _cohort(walk: Walk) -> Iterator[Fact]:
    for episode in walk.episodes:
        done = episode.resolved
        if done is None or again(walk, episode) is not None:
            continue
        within = {f"within {days}" for days in (1, 3, 7) if done.at - episode.since <= days * DAY}
        yield Fact("cohort", episode.since, walk.name, episode.number, NOBODY, episode.context, is_=frozenset(within))


def _queued(walk: Walk) -> Iterator[Fact]:
    """From entering a queue until somebody has the episode or it ends, as one; without the time on hold."""
    parts: list[Stint] = []
    for stint in walk.stints.all:
        if stint.place.condition == "queue":
            parts.append(stint)
        following = next((each for each in walk.stints.all if each.since == stint.until), None)
        over = stint.until is not None and (following is None or following.place.holder.name is not None)
        if parts and over and stint.until is not None:
            spans = tuple((part.since, part.until or 0) for part in parts)
            hours = tuple(part.place.context for part in parts)
            fact = replace(_at(stint, "queued", walk.name), at=stint.until, placed=stint.since, who=NOBODY)
            yield replace(fact, spans=spans, hours=hours)
            parts = []


def _held(walk: Walk) -> Iterator[Fact]:
    """Who ever had an episode, or resolved it: at the instant when it began, where they first had it."""
    for episode in walk.episodes:
        had: dict[Who, Context] = {}
        for stint in walk.stints.all:
            if stint.place.episode == episode.number and stint.place.holder.name is not None:
                had.setdefault(stint.place.holder, stint.place.context)
        done, stays = episode.resolved, again(walk, episode) is None
        if done is not None and done.who.type is ActorType.OPERATOR:
            had.setdefault(done.who, done.context)
        for who, context in had.items():
            is_ = frozenset({"they resolved"} if stays and done is not None and done.who == who else ())
            yield Fact("had", episode.since, walk.name, episode.number, who, context, is_=is_)


def _unsolved(walk: Walk) -> Iterator[Fact]:
    if any(episode.resolved is not None for episode in walk.episodes):
        return
    closed = [episode.closed for episode in walk.episodes if episode.closed is not None]
    if closed:
        spans = ((walk.episodes[0].since, closed[-1].at),)
        yield replace(closed[-1], what="unsolved", spans=spans, is_=frozenset(), anyway=False)


def _at(stint: Stint, what: str, conversation: str) -> Fact:
    place = stint.place
    return Fact(what, stint.since, conversation, place.episode, place.holder, place.context)


def _stood(walk: Walk, stint: Stint) -> Iterator[Fact]:
    fact = _at(stint, "entered", walk.name)
    yield replace(fact, is_=frozenset({"new"} if stint.new else ()))
    if stint.until is None:
        return
    is_ = {stint.place.condition.split()[0]} | ({"ended"} if stint.ended else set())
    focused = {
        event.envelope.actor.id
        for event in walk.events
        if isinstance(event.payload, c.FocusTaken) and _episode_at(walk, event) == stint.place.episode
    }
    written = fact.context.kind is not Kind.CALL
    if stint.place.condition == "assigned" and written and fact.who.name not in focused:
        is_.add("as work")
    spans = ((stint.since, stint.until),)
    yield replace(fact, what="left", at=stint.until, placed=stint.since, spans=spans, is_=frozenset(is_))


def _episode_at(walk: Walk, event: NewEvent) -> int:
    at = event.envelope.occurred_at // 1_000_000
    return sum(episode.since <= at for episode in walk.episodes)


def _voice(walk: Walk) -> Iterator[Fact]:
    """Surveys: to the account of whoever had resolved when they were sent, and only their last answer counts."""
    asked: dict[str, tuple[Who, int, Context]] = {}
    answers: dict[str, list[tuple[Second, int, SurveyScale]]] = {}
    known: set[tuple[int, bool]] = set()
    for event in walk.events:
        told, at = event.payload, event.envelope.occurred_at // 1_000_000
        if isinstance(told, surveys.SurveySent):
            number = _episode_at(walk, event)
            who, where = rated(walk, at), _context_at(walk, at)
            asked[told.survey] = who, number, where
            recommends = told.scale is SurveyScale.NPS_0_10
            if (number, recommends) not in known:
                known.add((number, recommends))
                what = "recommendation asked" if recommends else "rating asked"
                yield Fact(what, at, walk.name, number, who, where)
        elif isinstance(told, surveys.SurveyAnswered):
            answers.setdefault(told.survey, []).append((at, _normal(told), told.scale))
    for survey, given in answers.items():
        who, number, where = asked[survey]
        at, score, scale = given[-1]
        what = "recommendation" if scale is SurveyScale.NPS_0_10 else "rating"
        is_ = {"good"} if score >= 4 else set()
        if len(given) > 1 and (given[-2][1] >= 4) is not (score >= 4):
            is_.add("turned good" if score >= 4 else "turned bad")
        is_ |= {"promoter"} if score >= 9 else {"detractor"} if score <= 6 else set()
        yield Fact(what, at, walk.name, number, who, where, score=score, is_=frozenset(is_))


def _normal(told: surveys.SurveyAnswered) -> int:
    return 1 + 4 * told.score if told.scale is SurveyScale.THUMBS else told.score


def rated(walk: Walk, at: Second) -> Who:
    """Whoever had resolved the episode by then; where nobody had, or no person or bot, whoever had answered last."""
    begun = [episode for episode in walk.episodes if episode.since <= at]
    done = begun[-1].resolved if begun else None
    if done is not None and done.at <= at and done.who.type in (ActorType.OPERATOR, ActorType.BOT):
        return done.who
    replied = [fact for fact in walk.facts if fact.what == "reply" and fact.who.type is ActorType.OPERATOR]
    sent = [fact.who for fact in replied if fact.at <= at]
    return sent[-1] if sent else NOBODY


def _context_at(walk: Walk, at: Second) -> Context:
    return [context for since, context in walk.contexts if since <= at][-1]
