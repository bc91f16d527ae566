"""What an operation may cost, from its text and variables alone: how many objects it can bring, at the most that its
pages allow, and what its roots cost whatever they bring."""

from collections.abc import Mapping
from typing import Any

from graphql import (
    DocumentNode,
    FieldNode,
    FragmentDefinitionNode,
    FragmentSpreadNode,
    IntValueNode,
    ListValueNode,
    OperationDefinitionNode,
    SelectionSetNode,
    ValueNode,
    VariableNode,
)
from graphql.language import InlineFragmentNode

_PAGES = frozenset({"first", "last"})
_LISTS = frozenset({"ids", "operators"})
_MOST = 500
"""What a page can hold at most; asking for more is refused when it is answered."""
_ROOTS: Mapping[str, int] = {
    "actions": 20,
    "kpiRanking": 50,
    "kpiSeries": 20,
    "kpiUpdates": 20,
    "kpis": 20,
    "removedContent": 20,
    "search": 20,
    "slaAdvice": 20,
    "timeline": 20,
}
"""What root fields cost beside what they bring; the others cost 1."""


def cost_of(document: DocumentNode, operation: OperationDefinitionNode, variables: Mapping[str, Any]) -> int:
    """The points that an operation may cost."""
    defaults = {one.variable.name.value: one.default_value for one in operation.variable_definitions or ()}
    fragments = {one.name.value: one for one in document.definitions if isinstance(one, FragmentDefinitionNode)}
    counting = _Counting(fragments, variables, defaults)
    return counting.below(operation.selection_set, root=True)


class _Counting:
    """One operation's fragments, each counted once."""

    def __init__(
        self,
        fragments: Mapping[str, FragmentDefinitionNode],
        variables: Mapping[str, Any],
        defaults: Mapping[str, ValueNode | None],
    ) -> None:
        self._fragments = fragments
        self._variables = variables
        self._defaults = defaults
        self._known: dict[tuple[str, bool], int] = {}

    def below(self, selections: SelectionSetNode | None, *, root: bool = False) -> int:
        total = 0
        for selection in selections.selections if selections else ():
            if isinstance(selection, FieldNode):
                total += self._field(selection, root=root)
            elif isinstance(selection, FragmentSpreadNode):
                total += self._fragment(selection.name.value, root=root)
            elif isinstance(selection, InlineFragmentNode):
                total += self.below(selection.selection_set, root=root)
        return total

    def _field(self, field: FieldNode, *, root: bool) -> int:
        weight = _ROOTS.get(field.name.value, 1) if root else 0
        if field.selection_set is None:
            return weight
        return weight + self._many(field) * (1 + self.below(field.selection_set))

    def _fragment(self, name: str, *, root: bool) -> int:
        key = (name, root)
        if key not in self._known:
            fragment = self._fragments.get(name)
            self._known[key] = 0 if fragment is None else self.below(fragment.selection_set, root=root)
        return self._known[key]

    def _many(self, field: FieldNode) -> int:
        """How many objects a field can bring, by its arguments."""
        many = 1
        for argument in field.arguments or ():
            if argument.name.value in _PAGES:
                many = max(many, self._number(argument.value))
            elif argument.name.value in _LISTS:
                many = max(many, self._length(argument.value))
        return min(many, _MOST)

    def _number(self, value: ValueNode | None) -> int:
        if isinstance(value, IntValueNode):
            return int(value.value)
        if isinstance(value, VariableNode):
            name = value.name.value
            given = self._variables.get(name)
            return given if isinstance(given, int) else self._number(self._defaults.get(name))
        return 1

    def _length(self, value: ValueNode | None) -> int:
        if isinstance(value, ListValueNode):
            return len(value.values)
        given = self._variables.get(value.name.value) if isinstance(value, VariableNode) else None
        return len(given) if isinstance(given, list) else 1
