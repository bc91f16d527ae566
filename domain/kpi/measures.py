"""What is observed: the measures, from which every KPI is computed.

A measure is not a KPI: its samples are additive (a count, or durations or values with their sum), so that they can be
kept in cells and added up over any slice. Codes are stored, and are never given to another measure.
"""

from collections.abc import Mapping
from dataclasses import replace
from types import MappingProxyType
from typing import NamedTuple

from domain.kpi.measure import Attribution as Attribution
from domain.kpi.measure import FirstOf as FirstOf
from domain.kpi.measure import Marks as Marks
from domain.kpi.measure import Measure as Measure
from domain.kpi.measure import Unit as Unit

_measures: dict[int, Measure] = {}

MEASURES: Mapping[int, Measure] = MappingProxyType(_measures)
"""All measures by code."""


def _measure(
    code: int,
    name: str,
    attribution: Attribution,
    meaning: str,
    *,
    unit: Unit = Unit.COUNT,
    regardless: bool = False,
    first_of: FirstOf | None = None,
    spread: bool = False,
    scale: int = 1,
    kept: bool = True,
) -> Measure:
    if spread and unit is not Unit.SECONDS:
        raise TypeError(f"{name} has no seconds to spread over the time in which they passed")
    return _known(Measure(code, name, unit, attribution, meaning, regardless, first_of, spread, scale, kept=kept))


def _flagged(
    code: int,
    name: str,
    within: Measure,
    flag: int,
    meaning: str,
    *,
    first_of: FirstOf | None = None,
    kept: bool = False,
) -> Measure:
    """What samples of another measure may also be: counted without samples of its own."""
    taken = {measure.flag for measure in _measures.values() if measure.within is within}
    if flag.bit_count() != 1 or flag in taken:
        raise TypeError(f"{name} needs one bit that nothing else within {within.name} has, not {flag}")
    return _known(
        replace(within, code=code, name=name, meaning=meaning, within=within, flag=flag, first_of=first_of, kept=kept)
    )


def _known(measure: Measure) -> Measure:
    if measure.code in _measures:
        raise TypeError(f"measure code {measure.code} is given twice: {_measures[measure.code].name}, {measure.name}")
    _measures[measure.code] = measure
    return measure


def _marks(code: int, name: str, attribution: Attribution, meaning: str) -> Marks:
    of = f"{meaning}: first time of the {{}} in its episode"
    by_operator = _measure(
        code, f"{name}_by_operator", attribution, of.format(FirstOf.OPERATOR), first_of=FirstOf.OPERATOR
    )
    by_team = _flagged(
        code + 1, f"{name}_by_team", by_operator, 1, of.format(FirstOf.TEAM), first_of=FirstOf.TEAM, kept=True
    )
    words = f"{meaning}: first time in its episode"
    return Marks(
        by_operator, by_team, _flagged(code + 2, name, by_operator, 2, words, first_of=FirstOf.EPISODE, kept=True)
    )


_A = Attribution

ITEM_RECEIVED = _measure(1, "item_received", _A.NOBODY, "A public item of a customer arrived")
CONVERSATION_OPENED = _measure(2, "conversation_opened", _A.NOBODY, "A customer began a conversation")
CONVERSATION_STARTED = _measure(3, "conversation_started", _A.NOBODY, "The desk began a conversation")
EPISODE_REOPENED = _measure(4, "episode_reopened", _A.NOBODY, "An ended conversation went on")

PROCESSED = _marks(
    10, "processed", _A.ACTOR, "Taken under control and answered, or closed, deleted or hidden without a reply"
)
HANDLED = _marks(13, "handled", _A.ACTOR, "Somebody of the desk acted in the episode")
HANDED_OVER = _marks(16, "handed_over", _A.ACTOR, "The episode was transferred or escalated")
ESCALATED = _marks(236, "escalated", _A.ACTOR, "The episode was escalated")
HOP = _measure(239, "hop", _A.ACTOR, "The episode was transferred or escalated, each time", kept=False)

REPLY_SENT = _measure(20, "reply_sent", _A.SENDER, "A public answer went out")
RESPONSE = _measure(
    21, "response", _A.SENDER, "From the oldest unanswered item of a turn to its answer", unit=Unit.SECONDS
)
FIRST_ANSWER = _flagged(24, "first_answer", RESPONSE, 1, "It was a conversation's first answer")
FIRST_RESPONSE = _measure(
    22, "first_response", _A.SENDER, "From a conversation's first item to its first answer", unit=Unit.SECONDS
)

FIRST_RESPONSE_SINCE_GIVEN = _measure(
    23,
    "first_response_since_given",
    _A.SENDER,
    "The same, from when it was last given to somebody or to a queue",
    unit=Unit.SECONDS,
    kept=False,
)

ENDED_ANSWERED = _measure(30, "ended_answered", _A.CLOSER, "An episode ended with every turn answered")
ENDED_WITH_OPEN_TURN = _measure(
    31, "ended_with_open_turn", _A.CLOSER, "An episode ended after an answer, with something said since"
)
ENDED_WITHOUT_REPLY = _measure(32, "ended_without_reply", _A.CLOSER, "An episode ended without any public human reply")
ENDED_SET_ASIDE = _measure(
    33, "ended_set_aside", _A.CLOSER, "An episode was set aside as spam, duplicate, merged or a test", regardless=True
)
OWN = 1
"""The flag of an ending by somebody who had answered in it."""
ENDED_OWN_REPLY = (
    _flagged(34, "ended_answered_own_reply", ENDED_ANSWERED, OWN, "By somebody who had answered in it"),
    _flagged(36, "ended_with_open_turn_own_reply", ENDED_WITH_OPEN_TURN, OWN, "By somebody who had answered in it"),
)
CLOSE_CONTESTED = _measure(
    35, "close_contested", _A.CLOSER, "A close without a reply that brought the customer back within 24 hours"
)

COMMENT_DELETED = _measure(40, "comment_deleted", _A.ACTOR, "A customer's item was deleted", regardless=True)
COMMENT_HIDDEN = _measure(41, "comment_hidden", _A.ACTOR, "A customer's item was hidden", regardless=True)
COMMENT_RETURNED = _measure(42, "comment_returned", _A.ACTOR, "A removed item was shown again", regardless=True)
REPLY_DELETED = _measure(43, "reply_deleted", _A.ACTOR, "An answer of the desk was removed", regardless=True)

RESOLVED = _measure(50, "resolved", _A.RESOLVER, "An episode was resolved, so long after opening", unit=Unit.SECONDS)
FIRST_RESOLUTION = _flagged(
    51, "first_resolution", RESOLVED, 16, "The conversation had never been resolved before", kept=True
)
FULL_RESOLUTION = _flagged(
    52, "full_resolution", RESOLVED, 32, "The conversation was not resolved again later", kept=True
)
OPEN_TIME = _measure(
    53, "open_time", _A.RESOLVER, "Time open, over all episodes up to the last resolution", unit=Unit.SECONDS
)
UNSOLVED_CLOSE = _measure(
    54, "unsolved_close", _A.CLOSER, "From opening to the last closing of what was never resolved", unit=Unit.SECONDS
)
RETURN_WINDOWS = (1, 7, 30)
"""Within how many days of a resolution the customer's coming back, or the desk's, is counted."""
USUAL_WINDOW = 7
REOPENED_BY_CUSTOMER = _measure(
    55, "reopened_by_customer", _A.RESOLVER, "A resolved episode that the customer reopened within 30 days"
)
REOPENED_BY_DESK = _measure(
    56, "reopened_by_desk", _A.RESOLVER, "A resolved episode that the desk reopened within 30 days"
)
RESOLVED_ALONE = _flagged(57, "resolved_alone", RESOLVED, 1, "Nobody of the desk but the resolver had helped")
RESOLVED_AT_ONCE = _flagged(58, "resolved_at_once", RESOLVED, 2, "The first episode, one answer, and never reopened")
RESOLVED_ESCALATED = _flagged(59, "resolved_escalated", RESOLVED, 4, "It had been escalated")
RESOLVED_FIRST = _flagged(60, "resolved_first", RESOLVED, 8, "It was the conversation's first episode")
RESOLVED_FIRST_ESCALATED = _flagged(
    229, "resolved_first_escalated", RESOLVED, 64, "It was the conversation's first episode, and had been escalated"
)
RESOLVED_NEEDLESS = _flagged(63, "resolved_needless", RESOLVED, 128, "A reopening that needed no answer and got none")
"""It is none of those that are asked whether they lasted."""


def _reopened(first_code: int, name: str, flag: int, meaning: str, *, kept: bool = False) -> tuple[Measure, Measure]:
    """Of reopenings by the customer and by the desk."""
    return (
        _flagged(first_code, f"{name}_by_customer", REOPENED_BY_CUSTOMER, flag, meaning, kept=kept),
        _flagged(first_code + 1, f"{name}_by_desk", REOPENED_BY_DESK, flag, meaning, kept=kept),
    )


REOPENED_WITHIN: Mapping[int, tuple[Measure, Measure]] = MappingProxyType(
    {
        1: _reopened(213, "reopened_within_1_days", 2, "It was reopened within 24 hours"),
        7: _reopened(215, "reopened_within_7_days", 4, "It was reopened within 7 days", kept=True),
        30: (REOPENED_BY_CUSTOMER, REOPENED_BY_DESK),
    }
)
REOPENED_FIRST: Mapping[int, tuple[Measure, Measure]] = MappingProxyType(
    {
        1: _reopened(217, "first_reopened_within_1_days", 8, "The conversation's first episode, within 24 hours"),
        7: _reopened(61, "first_reopened", 1, "The conversation's first episode, within 7 days"),
        30: _reopened(219, "first_reopened_within_30_days", 16, "The conversation's first episode"),
    }
)
REOPENED_FIRST_AT_TIER = _reopened(
    221, "first_reopened_at_tier", 32, "The conversation's first episode, within 7 days, which was not escalated"
)

COHORT_RESOLVED = _measure(
    150, "cohort_resolved", _A.NOBODY, "An episode, at its beginning, that is resolved and was not opened again"
)
COHORT_RESOLVED_WITHIN: Mapping[int, Measure] = MappingProxyType(
    {
        days: _flagged(150 + code, f"cohort_resolved_within_{days}_days", COHORT_RESOLVED, 1 << (code - 1), words)
        for code, days, words in (
            (1, 1, "Resolved within 24 hours of its beginning"),
            (2, 3, "Resolved within 3 days of its beginning"),
            (3, 7, "Resolved within 7 days of its beginning"),
        )
    }
)

COHORT_HELD = _marks(233, "cohort_held", _A.HOLDER, "An episode, at its beginning, that an operator had or resolved")
COHORT_HELD_RESOLVED = _flagged(
    241, "cohort_held_resolved", COHORT_HELD.by_operator, 4, "They resolved it, and it was not opened again"
)

BACKLOG_ENTERED = _measure(155, "backlog_entered", _A.HOLDER, "An open episode came to stand here")
BACKLOG_NEW = _flagged(156, "backlog_new", BACKLOG_ENTERED, 1, "It had just been opened, or opened again", kept=True)
BACKLOG_LEFT = _measure(
    157, "backlog_left", _A.HOLDER, "An open episode no longer stands here, after so long", unit=Unit.SECONDS
)
TIME_IN_QUEUE = _flagged(158, "time_in_queue", BACKLOG_LEFT, 1, "It stood in a queue")
TIME_ASSIGNED = _flagged(159, "time_assigned", BACKLOG_LEFT, 2, "An operator had it, and it was not on hold")
TIME_PENDING = _flagged(160, "time_pending", BACKLOG_LEFT, 4, "It was on hold for the customer")
TIME_ON_HOLD = _flagged(161, "time_on_hold", BACKLOG_LEFT, 8, "It was on hold for somebody else")
TIME_AS_WORK = _flagged(
    162, "time_as_work", BACKLOG_LEFT, 16, "It was an operator's, not on hold, and nothing is told of their work on it"
)
UNATTENDED_ENTERED = _flagged(
    193, "unattended_entered", BACKLOG_ENTERED, 2, "Nobody of the desk had seen to it", kept=True
)
UNATTENDED_LEFT = _flagged(194, "unattended_left", BACKLOG_LEFT, 64, "Nobody of the desk had seen to it", kept=True)
UNATTENDED_BEGAN = _measure(195, "unattended_began", _A.HOLDER, "What stands here waits for an answer from now on")
UNATTENDED_ENDED = _measure(196, "unattended_ended", _A.HOLDER, "What stands here waits for no answer any longer")
UNATTENDED_ANSWERED = _flagged(
    197,
    "unattended_answered",
    RESPONSE,
    2,
    "With it, what stands in the same place waits for no answer any longer",
    kept=True,
)
BACKLOG_ENDED = _flagged(163, "backlog_ended", BACKLOG_LEFT, 32, "It ended", kept=True)

QUEUE_STAY = _measure(
    164,
    "queue_stay",
    _A.NOBODY,
    "An episode no longer waits for somebody to have it, after so long",
    unit=Unit.SECONDS,
    kept=False,
)

CONTACT_HANDLED = _marks(165, "contact_handled", _A.ACTOR, "An operator talked, answered publicly or resolved")

QUEUE_LEG = _measure(170, "queue_leg", _A.NOBODY, "A call no longer waits in a queue, after so long", unit=Unit.SECONDS)
QUEUE_ANSWERED = _flagged(171, "queue_answered", QUEUE_LEG, 1, "An operator answered it")
QUEUE_ANSWERED_IN_TIME = _flagged(172, "queue_answered_in_time", QUEUE_LEG, 2, "An operator answered within 20 seconds")
QUEUE_ABANDONED = _flagged(173, "queue_abandoned", QUEUE_LEG, 4, "The customer gave up")
QUEUE_GIVEN_UP = _flagged(174, "queue_given_up", QUEUE_LEG, 8, "The customer gave up after 5 seconds or more")
QUEUE_ABANDONED_LATE = _flagged(175, "queue_abandoned_late", QUEUE_LEG, 16, "The customer gave up after 20 seconds")
QUEUE_FLOWED_OUT = _flagged(
    176, "queue_flowed_out", QUEUE_LEG, 32, "It went to another queue, into a callback, or was a machine's"
)

CALL_RANG = _measure(178, "call_rang", _A.ACTOR, "From ringing at an operator's to their answer", unit=Unit.SECONDS)
CALL_TALK = _measure(180, "call_talk", _A.ACTOR, "An operator talked", unit=Unit.SECONDS, spread=True)
CALL_HOLD = _measure(181, "call_hold", _A.ACTOR, "An operator had the call on hold", unit=Unit.SECONDS, spread=True)
CALL_AFTER_WORK = _measure(
    182, "call_after_work", _A.ACTOR, "An operator finished what a call had left to do", unit=Unit.SECONDS, spread=True
)
FOCUS = _measure(183, "focus", _A.ACTOR, "An operator worked on what is written", unit=Unit.SECONDS, spread=True)

WORK = _measure(
    185,
    "work",
    _A.ACTOR,
    "An operator worked on one conversation, whatever it was",
    unit=Unit.SECONDS,
    spread=True,
)
BUSY = _flagged(186, "busy", WORK, 1, "And on none that was counted already", kept=True)
BUSY_NOT_ONLINE = _flagged(187, "busy_not_online", WORK, 2, "The same, while not online")
ONLINE = _measure(188, "online", _A.ACTOR, "An operator was online", unit=Unit.SECONDS, spread=True)
AWAY = _measure(189, "away", _A.ACTOR, "An operator was at work, but away", unit=Unit.SECONDS, spread=True)
ON_BREAK = _measure(190, "on_break", _A.ACTOR, "An operator had a break", unit=Unit.SECONDS, spread=True)
CAME_ONLINE = _measure(191, "came_online", _A.ACTOR, "An operator came online")
WENT_FROM_ONLINE = _measure(192, "went_from_online", _A.ACTOR, "An operator was no longer online")

RATING_ASKED = _measure(200, "rating_asked", _A.RATED, "A customer was asked for a rating, once an episode")
RATING = _measure(
    201, "rating", _A.RATED, "A customer's rating, the last of its survey, 1 to 5", unit=Unit.SCORE, scale=100
)
RATING_GOOD = _flagged(202, "rating_good", RATING, 1, "It was 4 or 5", kept=True)
RATING_TURNED_GOOD = _flagged(203, "rating_turned_good", RATING, 2, "The one before was not good, this one is")
RATING_TURNED_BAD = _flagged(204, "rating_turned_bad", RATING, 4, "The one before was good, this one is not")
NPS_ASKED = _measure(205, "nps_asked", _A.RATED, "A customer was asked whether they would recommend, once an episode")
NPS = _measure(
    206, "nps", _A.RATED, "Whether a customer would recommend, the last of its survey, 0 to 10", unit=Unit.SCORE
)
NPS_PROMOTER = _flagged(207, "nps_promoter", NPS, 1, "It was 9 or 10", kept=True)
NPS_DETRACTOR = _flagged(208, "nps_detractor", NPS, 2, "It was 6 or less", kept=True)

FOLLOWED_UP = _measure(
    210, "followed_up", _A.RESOLVER, "A resolution that another conversation of the customer followed within 30 days"
)


class FollowedUp(NamedTuple):
    """Of one window."""

    any: Measure
    first: Measure
    """Of first episodes that were not reopened within it."""


FOLLOWED_UP_WITHIN: Mapping[int, FollowedUp] = MappingProxyType(
    {
        days: FollowedUp(
            _flagged(code, f"followed_up_within_{days}_days", FOLLOWED_UP, flag, f"The next one began within {within}"),
            _flagged(
                first_code,
                f"followed_up_first_within_{days}_days",
                FOLLOWED_UP,
                first_flag,
                f"The same, after a conversation's first episode that was not reopened within {within}",
            ),
        )
        for days, code, flag, first_code, first_flag, within in (
            (1, 223, 4, 225, 16, "24 hours"),
            (7, 224, 8, 212, 2, "7 days"),
            (30, 228, 128, 226, 32, "30 days"),
        )
    }
)
FOLLOWED_UP_SAME_TOPIC = _flagged(
    211, "followed_up_same_topic", FOLLOWED_UP, 1, "One within 7 days was about the same topic"
)
FOLLOWED_UP_FIRST_SAME_TOPIC = _flagged(
    227, "followed_up_first_same_topic", FOLLOWED_UP, 64, "The same, after a first episode that was not reopened"
)
FOLLOWED_UP_FIRST_AT_TIER = _flagged(
    231,
    "followed_up_first_at_tier",
    FOLLOWED_UP,
    256,
    "Within 7 days, after a first episode that was neither reopened nor escalated",
)


FIRST_RESPONSE_KEPT = _measure(100, "first_response_kept", _A.SENDER, "A promised first answer came in time")
NEXT_RESPONSE_KEPT = _measure(101, "next_response_kept", _A.SENDER, "A promised later answer came in time")
RESOLUTION_KEPT = _measure(102, "resolution_kept", _A.RESOLVER, "A promised resolution came in time")
FIRST_RESPONSE_OVERDUE = _measure(103, "first_response_overdue", _A.HOLDER, "A promised first answer fell due")
NEXT_RESPONSE_OVERDUE = _measure(104, "next_response_overdue", _A.HOLDER, "A promised later answer fell due")
RESOLUTION_OVERDUE = _measure(105, "resolution_overdue", _A.HOLDER, "A promised resolution fell due")
FIRST_RESPONSE_OVERDUE_LEFT = _measure(
    106, "first_response_overdue_left", _A.HOLDER, "An overdue first answer was no longer awaited"
)
NEXT_RESPONSE_OVERDUE_LEFT = _measure(
    107, "next_response_overdue_left", _A.HOLDER, "An overdue later answer was no longer awaited"
)
RESOLUTION_OVERDUE_LEFT = _measure(
    108, "resolution_overdue_left", _A.HOLDER, "An overdue resolution was no longer awaited"
)
CLOSED_UNANSWERED = _measure(109, "closed_unanswered", _A.CLOSER, "An episode ended with a promised answer not yet due")
REMOVED_UNANSWERED = _measure(110, "removed_unanswered", _A.ACTOR, "An item was removed with its answer not yet due")
CLOSED_UNSOLVED = _measure(
    111, "closed_unsolved", _A.CLOSER, "An episode closed unsolved before its resolution was due"
)
ANSWERED_LATE = _measure(112, "answered_late", _A.SENDER, "From the due instant to the answer", unit=Unit.SECONDS)
RESOLVED_LATE = _measure(113, "resolved_late", _A.RESOLVER, "From the due instant to the resolution", unit=Unit.SECONDS)
HELD_WHILE_OVERDUE = _measure(
    114, "held_while_overdue", _A.HOLDER, "How long somebody held what became overdue", unit=Unit.SECONDS
)
REPORTED_BROKEN = _measure(115, "reported_broken", _A.ACTOR, "The desk's own software said that a promise was broken")
COST = _measure(240, "cost", _A.NOBODY, "A day's part of a month's recorded cost", unit=Unit.MONEY)
