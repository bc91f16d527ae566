"""The vocabulary: everything that can happen at a desk, a file per subject. Importing this fills the registry."""

from domain.events import (
    access,
    calendars,
    calls,
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
    "access",
    "calendars",
    "calls",
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
