"""What each KPI makes of the facts, written from the definitions: one line for each KPI of the catalogue.

n("response")                   how many
mean("first response")       of seconds (or scores), of those that are `first`
seconds("left", "hold")         how many seconds in all
a / b                           a share
standing(x, y)                  all x less all y until the end of the piece
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from decimal import Decimal

from domain.words import ActorType
from tests.oracle.facts import Fact

MILLIONTH = Decimal("0.000001")
Test = Callable[[Fact], bool]


@dataclass(frozen=True)
class Of:
    """Some facts: of a kind, with something true of them, something not."""

    what: str
    is_: frozenset[str]
    isnt: frozenset[str]

    def __call__(self, fact: Fact) -> bool:
        return fact.what == self.what and self.is_ <= fact.is_ and not self.isnt & fact.is_


@dataclass(frozen=True)
class Sum:
    """So many of these, or their seconds, less so many of others."""

    of: tuple[Of, ...]
    less: tuple[Of, ...] = ()
    timed: bool = False
    always: bool = False
    """From the beginning until the end of the piece."""
    first_of: bool = False
    """Each operator's, each team's, each episode's first: whatever is asked for."""

    def __add__(self, other: "Sum") -> "Sum":
        return Sum(self.of + other.of, self.less + other.less, self.timed, self.always, self.first_of)

    def __truediv__(self, whole: "Sum") -> "Ratio":
        return Ratio(self, whole)


@dataclass(frozen=True)
class Ratio:
    """One over the other."""

    part: Sum
    whole: Sum
    times: int = 1

    def __mul__(self, times: int) -> "Ratio":
        return Ratio(self.part, self.whole, times)


@dataclass(frozen=True)
class Figure:
    """How a KPI is made."""

    formula: Sum | Ratio
    types: tuple[ActorType, ...] | None
    """Whose acts count; None: everybody's."""
    mature: int = 0
    """Days after which a fact counts."""

    @property
    def acts(self) -> bool:
        """Whether it can be asked whose acts count."""
        return not any(self is FIGURES[name] for name in OF_NOBODY)


OPERATORS = (ActorType.OPERATOR,)
AND_BOTS = (ActorType.OPERATOR, ActorType.BOT)
COSTING = (ActorType.OPERATOR, ActorType.CUSTOMER)
RATED = (ActorType.OPERATOR, ActorType.BOT, ActorType.CUSTOMER)


def _of(what: str, is_: Sequence[str], isnt: Sequence[str] = ()) -> Of:
    return Of(what, frozenset(is_), frozenset(isnt))


def n(what: str, *is_: str, isnt: Sequence[str] = ()) -> Sum:
    return Sum((_of(what, is_, isnt),))


def first(what: str) -> Sum:
    return Sum((_of(what, ()),), first_of=True)


def seconds(what: str, *is_: str) -> Sum:
    return Sum((_of(what, is_),), timed=True)


def mean(what: str, *is_: str) -> Ratio:
    return seconds(what, *is_) / n(what, *is_)


def standing(entered: Of, left: Of) -> Sum:
    return Sum((entered,), (left,), always=True)


RESPONSE_OVERDUE = n("first overdue") + n("next overdue")
RESPONSE_KEPT = n("first kept") + n("next kept")
ENDED = n("ended")
REPLIED = n("ended", "answered") + n("ended", "open_turn")
EPISODES = n("opened") + n("started") + n("reopened")
RESOLVED = n("resolved", isnt=["needless"])
ANSWERED, ABANDONED = n("leg", "answered"), n("leg", "abandoned")
IN_TIME = n("leg", "in time")


HANDLED = seconds("talk") + seconds("hold") + seconds("after work") + seconds("focus") + seconds("left", "as work")


def _fcr(days: int, spoils: str, *isnt: str) -> Sum:
    return n("resolved", "first episode", isnt=[f"again {days}", spoils, *isnt])


FIGURES: dict[str, Figure] = {
    "incoming_items": Figure(n("item"), None),
    "conversations_opened": Figure(n("opened"), None),
    "conversations_started_by_desk": Figure(n("started"), None),
    "processed": Figure(first("processed"), OPERATORS),
    "replies_sent": Figure(n("reply"), OPERATORS),
    "answered_turns": Figure(n("response"), OPERATORS),
    "messages_per_answer": Figure(n("reply") / n("response"), OPERATORS),
    "handover_rate": Figure(first("handed over") / first("acted"), OPERATORS),
    "escalation_rate": Figure(first("escalated") / first("acted"), OPERATORS),
    "hops_per_handover": Figure(n("hop") / first("handed over"), OPERATORS),
    "unattended": Figure(standing(_of("unattended", ()), _of("attended", ())), None),
    "cost": Figure(seconds("cost"), COSTING),
    "cost_per_contact": Figure(seconds("cost") / first("contact"), COSTING),
    "cost_per_resolved": Figure(seconds("cost") / n("resolved"), RATED),
    "cost_per_handled_minute": Figure(seconds("cost") / HANDLED * 60, COSTING),
    "backlog": Figure(standing(_of("entered", ()), _of("left", ())), None),
    "net_flow": Figure(Sum((_of("entered", ()),), (_of("left", ()),)), None),
    "closed_with_reply": Figure(REPLIED, OPERATORS),
    "closed_with_reply_share": Figure(REPLIED / ENDED, OPERATORS),
    "closed_with_own_reply": Figure(n("ended", "own", isnt=["without_reply"]), OPERATORS),
    "closed_with_open_turn": Figure(n("ended", "open_turn"), OPERATORS),
    "closed_without_reply": Figure(n("ended", "without_reply"), OPERATORS),
    "closed_without_reply_share": Figure(n("ended", "without_reply") / ENDED, OPERATORS),
    "contested_closes": Figure(n("contested"), OPERATORS),
    "set_aside": Figure(n("set_aside"), OPERATORS),
    "resolved": Figure(n("resolved"), AND_BOTS),
    "comments_removed": Figure(n("deleted") + n("hidden"), OPERATORS),
    "comments_deleted": Figure(n("deleted"), OPERATORS),
    "comments_hidden": Figure(n("hidden"), OPERATORS),
    "own_replies_deleted": Figure(n("reply_deleted"), OPERATORS),
    "first_response_time": Figure(mean("first response"), OPERATORS),
    "first_response_time_since_assignment": Figure(mean("first since given"), OPERATORS),
    "response_time": Figure(mean("response"), OPERATORS),
    "first_resolution_time": Figure(mean("resolved", "first resolution"), AND_BOTS),
    "full_resolution_time": Figure(mean("resolved", "last resolution"), AND_BOTS),
    "open_time": Figure(mean("open time"), AND_BOTS),
    "unsolved_close_time": Figure(mean("unsolved"), AND_BOTS),
    "overdue_responses": Figure(RESPONSE_OVERDUE, None),
    "overdue_responses_now": Figure(
        Sum(
            (_of("first overdue", ()), _of("next overdue", ())),
            (_of("first overdue left", ()), _of("next overdue left", ())),
            always=True,
        ),
        None,
    ),
    "overdue_response_share": Figure(RESPONSE_OVERDUE / (RESPONSE_OVERDUE + RESPONSE_KEPT), None),
    "responses_in_time_share": Figure(RESPONSE_KEPT / (RESPONSE_OVERDUE + RESPONSE_KEPT), None),
    "first_responses_in_time_share": Figure(n("first kept") / (n("first kept") + n("first overdue")), None),
    "next_responses_in_time_share": Figure(n("next kept") / (n("next kept") + n("next overdue")), None),
    "answered_late_by": Figure(mean("answered late"), None),
    "promises_closed_unanswered": Figure(n("closed unanswered"), None),
    "promises_removed_unanswered": Figure(n("removed"), None),
    "held_while_overdue": Figure(seconds("held"), None),
    "overdue_resolutions": Figure(n("resolution overdue"), None),
    "overdue_resolution_share": Figure(
        n("resolution overdue") / (n("resolution overdue") + n("resolution kept")), None
    ),
    "resolutions_in_time_share": Figure(n("resolution kept") / (n("resolution overdue") + n("resolution kept")), None),
    "resolved_late_by": Figure(mean("resolved late"), None),
    "promises_closed_unsolved": Figure(n("closed unsolved"), None),
    "breaches_reported_by_desk": Figure(n("reported broken"), None),
    "calls_offered": Figure(ANSWERED + ABANDONED, None),
    "queue_wait": Figure(mean("leg", "answered"), None),
    "abandoned_wait": Figure(mean("leg", "abandoned"), None),
    "ring_time": Figure(mean("rang"), OPERATORS),
    "service_level": Figure(IN_TIME / (ANSWERED + n("leg", "given up")), None),
    "service_level_of_offered": Figure(IN_TIME / (ANSWERED + ABANDONED), None),
    "service_level_of_answered": Figure(IN_TIME / ANSWERED, None),
    "service_level_with_late_abandons": Figure(IN_TIME / (ANSWERED + n("leg", "late")), None),
    "abandonment_rate": Figure(n("leg", "given up") / (ANSWERED + n("leg", "given up")), None),
    "contacts_handled": Figure(first("contact"), OPERATORS),
    "handle_time": Figure(HANDLED / first("contact"), OPERATORS),
    "requester_wait_time": Figure(
        seconds("left", "queue") + seconds("left", "assigned") + seconds("left", "hold"), None
    ),
    "agent_work_time": Figure(seconds("left", "queue") + seconds("left", "assigned"), None),
    "agent_wait_time": Figure(seconds("left", "pending"), None),
    "on_hold_time": Figure(seconds("left", "hold"), None),
    "queue_time": Figure(mean("queued"), None),
    "customer_rating": Figure(mean("rating"), RATED),
    "satisfied_share": Figure(n("rating", "good") / n("rating"), RATED),
    "survey_response_rate": Figure(n("rating") / n("rating asked"), RATED),
    "ratings_turned_good": Figure(n("rating", "turned good"), RATED),
    "ratings_turned_bad": Figure(n("rating", "turned bad"), RATED),
    "nps": Figure(
        Sum((_of("recommendation", ["promoter"]),), (_of("recommendation", ["detractor"]),))
        / n("recommendation")
        * 100,
        RATED,
    ),
    "self_solved_share": Figure(n("resolved", "alone") / n("resolved"), OPERATORS),
    "one_touch_share": Figure(n("resolved", "at once", isnt=["needless"]) / RESOLVED, AND_BOTS, 7),
    "resolved_share": Figure(n("cohort") / EPISODES, None),
    "resolved_share_within_1_days": Figure(n("cohort", "within 1") / EPISODES, None),
    "resolved_share_within_3_days": Figure(n("cohort", "within 3") / EPISODES, None),
    "resolved_share_within_7_days": Figure(n("cohort", "within 7") / EPISODES, None),
    "resolved_share_of_held": Figure(n("had", "they resolved") / first("had"), OPERATORS),
    "reopen_rate": Figure(n("resolved", "again 7", isnt=["needless"]) / RESOLVED, AND_BOTS, 7),
    "reopen_rate_within_1_days": Figure(n("resolved", "again 1", isnt=["needless"]) / RESOLVED, AND_BOTS, 1),
    "reopen_rate_within_30_days": Figure(n("resolved", "again 30", isnt=["needless"]) / RESOLVED, AND_BOTS, 30),
    "reopen_rate_by_customer": Figure(n("resolved", "again 7 by customer", isnt=["needless"]) / RESOLVED, AND_BOTS, 7),
    "reopen_rate_by_desk": Figure(n("resolved", "again 7 by desk", isnt=["needless"]) / RESOLVED, AND_BOTS, 7),
    "first_contact_resolution": Figure(_fcr(7, "followed 7") / RESOLVED, AND_BOTS, 7),
    "first_contact_resolution_within_1_days": Figure(_fcr(1, "followed 1") / RESOLVED, AND_BOTS, 1),
    "first_contact_resolution_within_30_days": Figure(_fcr(30, "followed 30") / RESOLVED, AND_BOTS, 30),
    "first_contact_resolution_same_topic": Figure(_fcr(7, "followed about it") / RESOLVED, AND_BOTS, 7),
    "first_contact_resolution_net": Figure(
        _fcr(7, "followed 7", "escalated") / n("resolved", isnt=["needless", "escalated"]), AND_BOTS, 7
    ),
    "repeat_contact_rate": Figure(n("resolved", "followed 7", isnt=["needless"]) / RESOLVED, AND_BOTS, 7),
    "repeat_contact_rate_within_1_days": Figure(n("resolved", "followed 1", isnt=["needless"]) / RESOLVED, AND_BOTS, 1),
    "repeat_contact_rate_within_30_days": Figure(
        n("resolved", "followed 30", isnt=["needless"]) / RESOLVED, AND_BOTS, 30
    ),
    "repeat_contact_rate_same_topic": Figure(
        n("resolved", "followed about it", isnt=["needless"]) / RESOLVED, AND_BOTS, 7
    ),
    "headcount_online": Figure(standing(_of("came", ()), _of("went", ())), OPERATORS),
    "occupancy": Figure(seconds("busy") / (seconds("online") + seconds("busy not online")), OPERATORS),
    "utilisation": Figure(seconds("busy") / (seconds("online") + seconds("away")), OPERATORS),
    "concurrency": Figure(seconds("work") / seconds("busy"), OPERATORS),
}
SPREAD = {"talk", "hold", "after work", "focus", "work", "busy", "busy not online", "online", "away", "break"}
"""What counts where its seconds passed, not where it ended."""
OF_NOBODY = {
    *("incoming_items", "conversations_opened", "conversations_started_by_desk", "net_flow", "queue_time"),
    *("cost", "cost_per_contact", "cost_per_resolved", "cost_per_handled_minute"),
    *("calls_offered", "queue_wait", "abandoned_wait", "abandonment_rate"),
    *(
        name
        for name in FIGURES
        if name.startswith(("service_level", "resolved_share")) and name != "resolved_share_of_held"
    ),
}
"""What nobody of the desk does, so that it cannot be asked whose acts count."""
