"""The catalogue of event types: what can stand in the journal."""

from typing import Any

import strawberry
from strawberry import Private
from strawberry.utils.str_converters import to_camel_case

from api.auth.roles import Right
from api.schema.access import Needs
from api.schema.enums import InLocale, InOneLocale
from api.schema.fields import computed
from api.schema.vocabulary import payload_fields, type_name
from domain.event import DECLARATIONS, Declaration
from domain.text import Locale
from domain.words import Subject


@strawberry.type(description="A field of an event's payload.")
class EventField:
    name: str = strawberry.field(description="Its name in this API.")
    stored_name: str = strawberry.field(description="Its name in `payload` and in the JSON Lines format.")
    meaning: str = strawberry.field(description="What it says.")
    required: bool = strawberry.field(description="Whether a fact must say it.")
    personal: bool = strawberry.field(description="Whether it holds personal words, which can be forgotten.")


@strawberry.type(description="A type of event.")
class EventType:
    declaration: Private[Declaration]
    locale: Private[Locale]

    @computed("Its stored name, such as `conversation.closed`: for filters.")
    def name(self) -> str:
        return self.declaration.name

    @computed("The type of its journal entries in this API, such as `ConversationClosed`.")
    def entry_type(self) -> str:
        return type_name(self.declaration)

    @computed("The version of its payload's schema.")
    def version(self) -> int:
        return self.declaration.version

    @computed("What its stream is about.")
    def subject(self) -> Subject:
        return self.declaration.subject

    @computed("What happened, in two or three words.")
    def title(self, locale: InLocale = None) -> str:
        return self.declaration.title.in_(locale or self.locale)

    @computed("What happened, in a sentence.")
    def meaning(self) -> str:
        return self.declaration.meaning

    @computed("What it says.")
    def fields(self) -> list[EventField]:
        return [
            EventField(
                name=to_camel_case(field.name),
                stored_name=field.name,
                meaning=field.meaning,
                required=field.required,
                personal=field.personal,
            )
            for field in payload_fields(self.declaration)
        ]


def _event_types(locale: InOneLocale = Locale.EN) -> list[EventType]:
    return [EventType(declaration=declaration, locale=locale) for declaration in DECLARATIONS.values()]


EVENT_TYPES: Any = strawberry.field(
    _event_types, description="All types of event that there are.", extensions=[Needs(*Right)]
)
