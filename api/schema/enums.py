"""The closed lists of words, as GraphQL enums: the values are the words in capitals. They are all made here, before
anything uses them, since strawberry makes nameless ones of its own of enums that it meets undecorated."""

from collections.abc import Mapping
from enum import Enum
from typing import Annotated

import strawberry

from api.auth.roles import Role
from api.schema.fields import argument
from domain import words
from domain.conversation.sample import Standing
from domain.kpi.formula import Aggregate
from domain.kpi.kpi import Direction, Unit
from domain.kpi.measures import Attribution
from domain.kpi.question import Anchor, Clock, Comparison, Dimension, Hours, Interval, Weekday
from domain.text import Locale
from eventstore.store import Outcome
from projections.conversations.query import Status
from projections.journal.actions import Group
from projections.journal.filter import Order
from projections.journal.flags import Flag
from projections.search.states import Removal, State

DESCRIBED: Mapping[type[Enum], str] = {
    words.Subject: "What a stream of events is about.",
    words.ActorType: "What kind of somebody acted.",
    words.Confidence: "How sure we are of who acted: said by the source, or inferred by us.",
    words.Signature: "Whether the delivery that brought an event was signed by its source.",
    words.Kind: "What sort of item a conversation is made of.",
    words.Priority: "How urgent the desk says it is.",
    words.Complexity: "How hard the desk says it is.",
    words.Outcome: "What a closing ended in.",
    words.WaitingFor: "Whom a conversation on hold waits for.",
    words.Metric: "What of a conversation is promised to happen in time.",
    words.PromiseTime: "In which time a promise is counted.",
    words.CostKind: "What a desk spends money on.",
    words.Presence: "Whether an operator is there to work.",
    words.SurveyScale: "Which question a survey asked.",
    Aggregate: "What is made of the samples of a term.",
    Anchor: "What puts a sample into a period: when its clock stopped or its act happened, or when its clock started.",
    Attribution: "In what role somebody is credited with an observation.",
    Clock: "In which time durations are counted.",
    Comparison: "What stands beside each figure.",
    Dimension: "Along what figures may be grouped and filtered.",
    Direction: "Which way is good.",
    Flag: "A sort of act that investigations begin with.",
    Group: "By what actions are counted apart.",
    Hours: "Whether something happened in business hours.",
    Interval: "How a range is cut, at the boundaries of the question's zone.",
    Locale: "A language that titles and definitions are served in.",
    Order: "How entries follow each other: as they became known, or as they happened.",
    Outcome: "What became of a fact that was to be recorded.",
    Removal: "How something written was removed from sight.",
    Role: "What a token is for, and so what it may do.",
    Standing: "Whether and how a conversation counts in figures.",
    State: "What has become of a text that somebody wrote.",
    Status: "Where a conversation stands.",
    Unit: "What a KPI's value is.",
    Weekday: "On which day weeks begin.",
}
_NAMED: Mapping[type[Enum], str] = {
    Aggregate: "KpiAggregate",
    Anchor: "KpiAnchor",
    Hours: "BusinessHours",
    Direction: "KpiDirection",
    Flag: "JournalFlag",
    Group: "ActionGroup",
    words.Metric: "PromisedMetric",
    Order: "JournalOrder",
    Outcome: "AppendOutcome",
    Standing: "ConversationStanding",
    State: "TextState",
    Status: "ConversationStatus",
    Unit: "KpiUnit",
}
"""Those that are called otherwise here than in the domain."""
for _enum, _description in DESCRIBED.items():
    strawberry.enum(_enum, name=_NAMED.get(_enum), description=_description)

InLocale = Annotated[Locale | None, argument("The language of the answer, where not the one asked for above.")]
InOneLocale = Annotated[Locale, argument("The language of the answer.")]
