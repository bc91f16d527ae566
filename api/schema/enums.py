"""The domain's closed lists of words, as GraphQL enums. The values are the words in capitals."""

from enum import Enum, StrEnum
from typing import Annotated, TypeVar

import strawberry

from api.auth.roles import Role
from api.schema.fields import argument
from domain import words
from domain.kpi.question import Clock, Comparison, Dimension, Interval
from domain.text import Locale

E = TypeVar("E", bound=type[Enum])

DESCRIBED: dict[type[StrEnum], str] = {
    words.Subject: "What a stream of events is about.",
    words.ActorType: "What kind of somebody acted.",
    words.Confidence: "How sure we are of who acted: said by the source, or inferred by us because it does not say.",
    words.Signature: "Whether the delivery that brought an event was signed by its source.",
    words.Kind: "What sort of item a conversation is made of.",
    words.Priority: "How urgent the desk says it is.",
    words.Complexity: "How hard the desk says it is.",
    words.Outcome: "What a closing ended in.",
    words.WaitingFor: "Whom a conversation on hold waits for.",
    words.Presence: "Whether an operator is there to work.",
    words.SurveyScale: "Which question a survey asked.",
    Locale: "A language that titles and definitions are served in.",
    Dimension: "Along what figures may be grouped and filtered.",
    Interval: "How a range is cut, at the boundaries of the question's zone.",
    Comparison: "What stands beside each figure.",
    Clock: "In which time durations are counted.",
    Role: "What a token is for, and so what it may do.",
}
for _enum, _description in DESCRIBED.items():
    strawberry.enum(_enum, description=_description)

InLocale = Annotated[Locale | None, argument("The language of the answer, where not the one asked for above.")]
InOneLocale = Annotated[Locale, argument("The language of the answer.")]
