"""What all connections share: how a page is asked for, and what is said of it."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Annotated

import strawberry

from api.schema.fields import argument
from domain.errors import InvalidQuestion

MAX_PAGE = 100
MAX_COUNT = 10_000

First = Annotated[
    int | None, argument("How many from the beginning, or after `after`: 1 to 100. This or `last` is required.")
]
After = Annotated[str | None, argument("A cursor: what comes after it.")]
Last = Annotated[int | None, argument("How many from the end, or before `before`: 1 to 100.")]
Before = Annotated[str | None, argument("A cursor: what comes before it.")]
Limit = Annotated[int, argument("Count no further than this: 1 to 10,000.")]


@strawberry.type(description="Where a page stands in its list.")
class PageInfo:
    """Of Relay's specification."""

    has_next_page: bool = strawberry.field(description="Whether the list goes on after this page.")
    has_previous_page: bool = strawberry.field(description="Whether there is something before this page.")
    start_cursor: str | None = strawberry.field(description="The cursor of the first edge; null on an empty page.")
    end_cursor: str | None = strawberry.field(description="The cursor of the last edge; null on an empty page.")


@strawberry.type(description="A count that stops at a limit, so that asking costs little.")
class BoundedCount:
    value: int = strawberry.field(description="How many there are, at most the limit asked for.")
    exact: bool = strawberry.field(description="False where there are more than `value`.")


@dataclass(frozen=True, slots=True)
class Slice:
    """A page as it was asked for: `size` from the beginning or the end, beyond a cursor."""

    size: int
    backwards: bool
    cursor: str | None

    @property
    def argument(self) -> str:
        return "before" if self.backwards else "after"

    def info(self, cursors: Sequence[str], *, more: bool) -> PageInfo:
        """Where the page with these cursors stands; `more`: there is something further in the direction of reading."""
        beyond = self.cursor is not None
        return PageInfo(
            has_next_page=beyond if self.backwards else more,
            has_previous_page=more if self.backwards else beyond,
            start_cursor=cursors[0] if cursors else None,
            end_cursor=cursors[-1] if cursors else None,
        )


def page_of(first: int | None, after: str | None, last: int | None, before: str | None) -> Slice:
    """The page that the four arguments of a connection ask for."""
    if (first is None) == (last is None):
        raise InvalidQuestion("say `first` or `last`, one of them", path=("first",), detail="PAGE_SIZE")
    backwards = first is None
    name, size = ("last", last) if backwards else ("first", first)
    if size is None or not 1 <= size <= MAX_PAGE:
        raise InvalidQuestion(f"`{name}` must be 1 to {MAX_PAGE}, not {size}", path=(name,), detail="PAGE_SIZE")
    if (after if backwards else before) is not None:
        raise InvalidQuestion("`first` goes with `after`, `last` with `before`", path=(name,), detail="PAGE_SIZE")
    return Slice(size, backwards, before if backwards else after)


def count_limit(limit: int) -> int:
    """A limit for counting, if it is one."""
    if not 1 <= limit <= MAX_COUNT:
        raise InvalidQuestion(f"`limit` must be 1 to {MAX_COUNT:,}, not {limit}", path=("limit",), detail="PAGE_SIZE")
    return limit
