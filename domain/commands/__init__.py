"""What can be wanted at a desk, a file per subject, mirroring `domain.events`. Importing this fills the registry.

Beside each file of wishes: `refusals/`, why not; `state/`, what has to be known to say so. Items received, surveys
answered, views, focus and calls are nobody's wish here: those who see them happen record them as facts.
"""

from domain.commands import (
    calendars,
    conversations,
    costs,
    customers,
    directory,
    items,
    presence,
    promises,
    replies,
    surveys,
)

__all__ = [
    "calendars",
    "conversations",
    "costs",
    "customers",
    "directory",
    "items",
    "presence",
    "promises",
    "replies",
    "surveys",
]
