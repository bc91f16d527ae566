"""How large a document may be with its fragments written out, decided before it is validated or run.

Strawberry's own depth and alias limiters walk every spread of a fragment anew, which is exponential (690 bytes of query
cost seconds). Here each fragment is measured once: linear, whatever is spread into what.
"""

from collections import Counter
from typing import NamedTuple

from graphql import (
    DocumentNode,
    FieldNode,
    FragmentDefinitionNode,
    FragmentSpreadNode,
    GraphQLError,
    OperationDefinitionNode,
    SelectionSetNode,
)
from graphql.language import InlineFragmentNode, SelectionNode

from api.execution.refusals import TooLarge
from api.execution.scan import MAX_ALIASES

MAX_DEPTH = 20
"""Levels of fields; the introspection query of common tools has 14."""
MAX_FIELDS = 3_000
"""Fields with all fragments written out, on any one path of types."""
MAX_ROOT_FIELDS = 20
MAX_REPEATED = 100
"""Fields of one name side by side: validation compares each with each."""


class Size(NamedTuple):
    """How big a selection is, with its fragments written out."""

    depth: int = 0
    fields: int = 0
    aliases: int = 0

    def beside(self, other: "Size") -> "Size":
        return Size(max(self.depth, other.depth), self.fields + other.fields, self.aliases + other.aliases)


_NOTHING = Size()


def measure(document: DocumentNode) -> None:
    """Refuse a document that is larger than is answered. Raises TooLarge, and GraphQLError for a fragment within
    itself."""
    fragments = {one.name.value: one for one in document.definitions if isinstance(one, FragmentDefinitionNode)}
    measuring = _Measuring(fragments)
    for name in fragments:
        _within(measuring.fragment(name))
    for definition in document.definitions:
        if isinstance(definition, OperationDefinitionNode):
            _within(measuring.size(definition.selection_set))
            roots = len(definition.selection_set.selections)
            if roots > MAX_ROOT_FIELDS:
                raise TooLarge("TOO_MANY_ROOT_FIELDS", "root fields", roots, MAX_ROOT_FIELDS)


def _within(size: Size) -> None:
    for detail, what, measured, limit in (
        ("TOO_DEEP", "levels of fields", size.depth, MAX_DEPTH),
        ("TOO_MANY_FIELDS", "fields", size.fields, MAX_FIELDS),
        ("TOO_MANY_ALIASES", "aliases", size.aliases, MAX_ALIASES),
    ):
        if measured > limit:
            raise TooLarge(detail, what, measured, limit)


class _Measuring:
    """One document's fragments, each measured once."""

    def __init__(self, fragments: dict[str, FragmentDefinitionNode]) -> None:
        self._fragments = fragments
        self._sizes: dict[str, Size | None] = {}
        """None: being measured."""

    def size(self, selections: SelectionSetNode | None) -> Size:
        total = _NOTHING
        names: Counter[str] = Counter()
        for selection in selections.selections if selections else ():
            total = total.beside(self._size_of(selection))
            if isinstance(selection, FieldNode):
                names[(selection.alias or selection.name).value] += 1
        most = max(names.values(), default=0)
        if most > MAX_REPEATED:
            raise TooLarge("TOO_MANY_FIELDS", "fields of one name side by side", most, MAX_REPEATED)
        return total

    def _size_of(self, selection: SelectionNode) -> Size:
        if isinstance(selection, FieldNode):
            inner = self.size(selection.selection_set)
            return Size(inner.depth + 1, inner.fields + 1, inner.aliases + (selection.alias is not None))
        if isinstance(selection, FragmentSpreadNode):
            return self.fragment(selection.name.value)
        return self.size(selection.selection_set) if isinstance(selection, InlineFragmentNode) else _NOTHING

    def fragment(self, name: str) -> Size:
        if name not in self._fragments:
            return _NOTHING  # another rule refuses the document
        if name in self._sizes:
            known = self._sizes[name]
            if known is None:
                raise GraphQLError(
                    f"the fragment {name} is spread within itself", extensions={"detail": "FRAGMENT_WITHIN_ITSELF"}
                )
            return known
        self._sizes[name] = None
        size = self.size(self._fragments[name].selection_set)
        self._sizes[name] = size
        return size
