"""What a query may ask for, decided before anything runs.

Strawberry's own depth and alias limiters walk every spread of a fragment anew, which is exponential (690 bytes of query
cost seconds). Here each fragment is measured once: linear, whatever is spread into what.
"""

from typing import Any, NamedTuple

from graphql import (
    FieldNode,
    FragmentSpreadNode,
    GraphQLError,
    OperationDefinitionNode,
    SelectionSetNode,
    ValidationContext,
    ValidationRule,
)
from graphql.language import InlineFragmentNode, SelectionNode

MAX_DEPTH = 20
"""Levels of fields; the introspection query of common tools has 14."""
MAX_FIELDS = 3_000
"""Fields with all fragments written out, on any one path of types."""
MAX_ALIASES = 100
MAX_ROOT_FIELDS = 20
MAX_TOKENS = 10_000


class Size(NamedTuple):
    """How big a selection is, with its fragments written out."""

    depth: int = 0
    fields: int = 0
    aliases: int = 0

    def beside(self, other: "Size") -> "Size":
        return Size(max(self.depth, other.depth), self.fields + other.fields, self.aliases + other.aliases)


_NOTHING = Size()


class WithinLimits(ValidationRule):
    """The document's operations are of a size that we answer."""

    def __init__(self, context: ValidationContext) -> None:
        super().__init__(context)
        self._fragments: dict[str, Size] = {}

    def enter_operation_definition(self, node: OperationDefinitionNode, *_: Any) -> None:
        size = self._size(node.selection_set)
        roots = len(node.selection_set.selections)
        for what, measured, limit in (
            ("levels of fields", size.depth, MAX_DEPTH),
            ("fields", size.fields, MAX_FIELDS),
            ("aliases", size.aliases, MAX_ALIASES),
            ("root fields", roots, MAX_ROOT_FIELDS),
        ):
            if measured > limit:
                self.report_error(
                    GraphQLError(
                        f"this operation has {measured} {what}; at most {limit} are answered",
                        node,
                        extensions={"code": "QUERY_TOO_LARGE"},
                    )
                )

    def _size(self, selections: SelectionSetNode | None) -> Size:
        total = _NOTHING
        for selection in selections.selections if selections else ():
            total = total.beside(self._size_of(selection))
        return total

    def _size_of(self, selection: SelectionNode) -> Size:
        if isinstance(selection, FieldNode):
            inner = self._size(selection.selection_set)
            return Size(inner.depth + 1, inner.fields + 1, inner.aliases + (selection.alias is not None))
        if isinstance(selection, FragmentSpreadNode):
            return self._fragment(selection.name.value)
        return self._size(selection.selection_set) if isinstance(selection, InlineFragmentNode) else _NOTHING

    def _fragment(self, name: str) -> Size:
        if name not in self._fragments:
            self._fragments[name] = _NOTHING  # a fragment within itself: another rule refuses the document
            fragment = self.context.get_fragment(name)
            self._fragments[name] = self._size(fragment.selection_set) if fragment else _NOTHING
        return self._fragments[name]
