"""What a verification found wrong: which kind, where first, and in words."""

from dataclasses import dataclass, field
from enum import StrEnum

_KEPT = 100


class Wrong(StrEnum):
    """Kinds of findings. The names are stable."""

    POSITION_MISSING = "POSITION_MISSING"
    COLUMN_DIFFERS = "COLUMN_DIFFERS"
    """A column does not say what the content says."""
    CONTENT_UNREADABLE = "CONTENT_UNREADABLE"
    LEAF_DIFFERS = "LEAF_DIFFERS"
    """The event does not have the hash that was taken of it."""
    VERSION_DIFFERS = "VERSION_DIFFERS"
    TIME_RUNS_BACK = "TIME_RUNS_BACK"
    WORDS_DIFFER = "WORDS_DIFFER"
    """Sealed words are not those that the event commits to, or are gone though nobody forgot them."""
    NODE_DIFFERS = "NODE_DIFFERS"
    """A stored inner node is not over the leaves below it."""
    TREE_DIFFERS = "TREE_DIFFERS"
    """The events are not those under a signed head."""
    HEAD_INVALID = "HEAD_INVALID"
    """A head does not say what it should, or none of our keys signed it."""
    EVENTS_MISSING = "EVENTS_MISSING"
    """A head is over more events than there are."""


@dataclass(frozen=True, slots=True)
class Finding:
    """`position`: the first place in the ledger where it may be wrong. `until`: the last one, where that is not the
    same."""

    kind: Wrong
    position: int
    message: str
    until: int | None = None


@dataclass(slots=True)
class Findings:
    """All that was found: the first hundred in full, the others by number."""

    found: list[Finding] = field(default_factory=list)
    count: int = 0

    def add(self, kind: Wrong, position: int, message: str, *, until: int | None = None) -> None:
        self.count += 1
        if len(self.found) < _KEPT:
            self.found.append(Finding(kind, position, message, until))

    @property
    def first(self) -> Finding | None:
        """The one that is furthest at the ledger's beginning; of those at one place, the narrowest."""
        return min(self.found, key=lambda one: (one.position, one.until or one.position), default=None)
