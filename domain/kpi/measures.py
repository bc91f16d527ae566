"""What is observed: the measures, from which every KPI is computed.

A measure is not a KPI: its samples are additive (a count, or durations or values with their sum), so that they can be
kept in cells and added up over any slice. Codes are stored, and are never given to another measure.
"""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from enum import StrEnum
from types import MappingProxyType


class Unit(StrEnum):
    """What a sample carries."""

    COUNT = "count"
    """Nothing: samples are only counted."""
    SECONDS = "seconds"
    """A duration, by both clocks."""
    SCORE = "score"
    """A value, which stands where durations stand, the same by both clocks."""
    MONEY = "money"
    """A value in minor units of the workspace's currency."""


class Attribution(StrEnum):
    """In what role somebody is credited with a sample."""

    NOBODY = "nobody"
    """What customers do: it belongs to a team, channel or community, never to an operator."""
    ACTOR = "actor"
    SENDER = "sender"
    CLOSER = "closer"
    RESOLVER = "resolver"


class FirstOf(StrEnum):
    """Of what a sample is the first in its episode, where it is one (`Marks`)."""

    OPERATOR = "operator"
    TEAM = "team"
    EPISODE = "episode"


@dataclass(frozen=True, slots=True)
class Measure:
    """One kind of observation."""

    code: int
    name: str
    unit: Unit
    attribution: Attribution
    meaning: str
    regardless: bool = False
    """Counted whatever becomes of the conversation: calling it spam hides no deletion."""
    first_of: FirstOf | None = None
    spread: bool = False
    """Its samples are stretches of time that end at their instant, and their seconds belong to the time in which they
    passed. The fold cuts them at UTC midnights, so that none is longer than a day."""
    scale: int = 1
    """How many stored units make one: scores kept in hundredths have 100."""
    within: "Measure | None" = None
    """Where it has no samples of its own: the measure whose samples it counts that carry `flag`."""
    flag: int = 0
    """One bit, which no other measure within the same one has."""

    @property
    def carries_amounts(self) -> bool:
        """Whether its samples carry seconds or values, beside being counted."""
        return self.unit is not Unit.COUNT

    def counts(self, measure: int, flags: int) -> bool:
        """Whether a sample of a measure (its code) with these flags is one of this measure."""
        if self.within is None:
            return measure == self.code
        return measure == self.within.code and bool(flags & self.flag)


@dataclass(frozen=True, slots=True)
class Marks:
    """The first time something was true: of each operator in an episode, of each team in it, of the episode. Distinct
    counts are no sums, so each has a measure of its own; a team's or an episode's first time is some operator's too, so
    one sample tells of all three."""

    by_operator: Measure
    by_team: Measure
    overall: Measure


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
) -> Measure:
    if spread and unit is not Unit.SECONDS:
        raise TypeError(f"{name} has no seconds to spread over the time in which they passed")
    return _known(Measure(code, name, unit, attribution, meaning, regardless, first_of, spread, scale))


def _flagged(
    code: int, name: str, within: Measure, flag: int, meaning: str, *, first_of: FirstOf | None = None
) -> Measure:
    """What samples of another measure may also be: counted without samples of its own."""
    taken = {measure.flag for measure in _measures.values() if measure.within is within}
    if flag.bit_count() != 1 or flag in taken:
        raise TypeError(f"{name} needs one bit that nothing else within {within.name} has, not {flag}")
    return _known(replace(within, code=code, name=name, meaning=meaning, within=within, flag=flag, first_of=first_of))


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
    by_team = _flagged(code + 1, f"{name}_by_team", by_operator, 1, of.format(FirstOf.TEAM), first_of=FirstOf.TEAM)
    words = f"{meaning}: first time in its episode"
    return Marks(by_operator, by_team, _flagged(code + 2, name, by_operator, 2, words, first_of=FirstOf.EPISODE))


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

REPLY_SENT = _measure(20, "reply_sent", _A.SENDER, "A public answer went out")
RESPONSE = _measure(
    21, "response", _A.SENDER, "From the oldest unanswered item of a turn to its answer", unit=Unit.SECONDS
)
FIRST_RESPONSE = _measure(
    22, "first_response", _A.SENDER, "From the customer's first item to the first answer", unit=Unit.SECONDS
)

ENDED_ANSWERED = _measure(30, "ended_answered", _A.CLOSER, "An episode ended with every turn answered")
ENDED_WITH_OPEN_TURN = _measure(
    31, "ended_with_open_turn", _A.CLOSER, "An episode ended after an answer, with something said since"
)
ENDED_WITHOUT_REPLY = _measure(32, "ended_without_reply", _A.CLOSER, "An episode ended without any public human reply")
ENDED_SET_ASIDE = _measure(
    33, "ended_set_aside", _A.CLOSER, "An episode was set aside as spam, duplicate, merged or a test", regardless=True
)
ENDED_OWN_REPLY = _measure(34, "ended_own_reply", _A.CLOSER, "An episode was ended by somebody who had answered in it")
CLOSE_CONTESTED = _measure(
    35, "close_contested", _A.CLOSER, "A close without a reply that brought the customer back within 24 hours"
)

COMMENT_DELETED = _measure(40, "comment_deleted", _A.ACTOR, "A customer's item was deleted", regardless=True)
COMMENT_HIDDEN = _measure(41, "comment_hidden", _A.ACTOR, "A customer's item was hidden", regardless=True)
COMMENT_RETURNED = _measure(42, "comment_returned", _A.ACTOR, "A removed item was shown again", regardless=True)
REPLY_DELETED = _measure(43, "reply_deleted", _A.ACTOR, "An answer of the desk was removed", regardless=True)

RESOLVED = _measure(50, "resolved", _A.RESOLVER, "An episode was resolved")
FIRST_RESOLUTION = _measure(
    51, "first_resolution", _A.RESOLVER, "From opening to the first resolution", unit=Unit.SECONDS
)
FULL_RESOLUTION = _measure(52, "full_resolution", _A.RESOLVER, "From opening to the last resolution", unit=Unit.SECONDS)
OPEN_TIME = _measure(
    53, "open_time", _A.RESOLVER, "Time open, over all episodes up to the last resolution", unit=Unit.SECONDS
)
UNSOLVED_CLOSE = _measure(
    54, "unsolved_close", _A.CLOSER, "From opening to the last closing of what was never resolved", unit=Unit.SECONDS
)
REOPENED_BY_CUSTOMER = _measure(
    55, "reopened_by_customer", _A.RESOLVER, "A resolved episode that the customer reopened within 7 days"
)
REOPENED_BY_DESK = _measure(
    56, "reopened_by_desk", _A.RESOLVER, "A resolved episode that the desk reopened within 7 days"
)
