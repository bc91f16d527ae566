"""The vocabulary: everything that can happen at a desk, a file per subject. Importing this fills the registry."""

from domain.events import calls, conversations, customers, directory, items, presence, replies, surveys

__all__ = ["calls", "conversations", "customers", "directory", "items", "presence", "replies", "surveys"]
