"""Runs operations of one schema. Parsing and validation are remembered by the query's text: clients repeat theirs.

graphql-core is called directly, not through `strawberry.Schema.execute`: one path for answers and streams, our own
errors, and nothing per field.
"""

from collections import OrderedDict
from collections.abc import AsyncGenerator, AsyncIterator, Awaitable
from contextlib import aclosing
from dataclasses import dataclass, field, replace
from inspect import isawaitable
from typing import Any, TypeVar

import strawberry
from graphql import (
    ASTValidationRule,
    DocumentNode,
    ExecutionResult,
    GraphQLError,
    GraphQLFormattedError,
    GraphQLSchema,
    GraphQLSyntaxError,
    OperationDefinitionNode,
    OperationType,
    execute,
    get_operation_ast,
    parse,
    specified_rules,
    subscribe,
    validate,
)
from strawberry.schema.validation_rules.maybe_null import MaybeNullValidationRule
from strawberry.schema.validation_rules.one_of import OneOfInputValidationRule

from api.execution.cost import cost_of
from api.execution.errors import refusal, to_wire
from api.execution.limits import measure
from api.execution.refusals import TooLarge
from api.execution.scan import MAX_TOKENS, look

_RULES: tuple[type[ASTValidationRule], ...] = (
    *specified_rules,
    MaybeNullValidationRule,
    OneOfInputValidationRule,
)
_MAX_ERRORS = 20
_T = TypeVar("_T")


@dataclass(frozen=True, slots=True)
class Operation:
    """What a client asks: a document, which operation of it, and values for its variables."""

    query: str
    name: str | None = None
    variables: dict[str, Any] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Answer:
    """What goes back. `started`: whether execution began at all, which HTTP tells by its status."""

    data: dict[str, Any] | None
    errors: list[GraphQLFormattedError]
    started: bool = True
    cost: int | None = None
    """What it cost in points, where that is told."""

    def as_json(self) -> dict[str, Any]:
        wire: dict[str, Any] = {}
        if self.errors:
            wire["errors"] = self.errors
        if self.started:
            wire["data"] = self.data
        if self.cost is not None:
            wire["extensions"] = {"cost": {"requested": self.cost}}
        return wire


class RequestRefused(Exception):
    """The operation was never begun: it does not parse, is not valid, or is not to be had this way."""

    def __init__(self, errors: list[GraphQLFormattedError]) -> None:
        super().__init__(errors[0]["message"])
        self.answer = Answer(None, errors, started=False)


@dataclass(frozen=True, slots=True)
class Prepared:
    """A valid operation, ready to run."""

    document: DocumentNode
    definition: OperationDefinitionNode
    operation: Operation
    cost: int
    """In points, at the most that its pages allow."""

    @property
    def kind(self) -> OperationType:
        return self.definition.operation

    @property
    def name(self) -> str | None:
        return self.definition.name.value if self.definition.name else None


class Engine:
    """Prepares and runs operations of one schema."""

    _REMEMBERED = 1_000
    _REMEMBERED_LENGTH = 50_000

    def __init__(self, schema: strawberry.Schema) -> None:
        self._schema: GraphQLSchema = schema._schema
        self._executor = schema.execution_context_class
        self._documents: OrderedDict[str, DocumentNode] = OrderedDict()

    def prepare(self, operation: Operation) -> Prepared:
        """The operation, parsed and validated. Raises RequestRefused."""
        document = self._document(operation.query)
        definition = get_operation_ast(document, operation.name)
        if definition is None:
            raise RequestRefused([to_wire(GraphQLError(_which(operation.name)), code="OPERATION_RESOLUTION_FAILURE")])
        return Prepared(document, definition, operation, cost_of(document, definition, operation.variables))

    async def run(self, prepared: Prepared, context: object) -> Answer:
        """The answer to a query or mutation."""
        result = await _settled(
            execute(
                self._schema,
                prepared.document,
                context_value=context,
                variable_values=prepared.operation.variables,
                operation_name=prepared.operation.name,
                executor_class=self._executor,
            )
        )
        return replace(_answer(result), cost=prepared.cost)

    async def answers(self, prepared: Prepared, context: object) -> AsyncGenerator[Answer, None]:
        """The answers of any operation, as they come: one of a query or mutation, any number of a subscription."""
        if prepared.kind is not OperationType.SUBSCRIPTION:
            yield await self.run(prepared, context)
            return
        try:
            async with aclosing(self._stream(prepared, context)) as answers:
                async for answer in answers:
                    yield answer
        except RequestRefused as refused:
            yield refused.answer

    async def _stream(self, prepared: Prepared, context: object) -> AsyncGenerator[Answer, None]:
        source: AsyncIterator[ExecutionResult] | ExecutionResult = await _settled(
            subscribe(
                self._schema,
                prepared.document,
                context_value=context,
                variable_values=prepared.operation.variables,
                operation_name=prepared.operation.name,
                executor_class=self._executor,
            )
        )
        if isinstance(source, ExecutionResult):
            raise RequestRefused(_answer(source).errors)
        try:
            async for result in source:
                yield _answer(result)
        except Exception as error:  # noqa: BLE001 - whatever a stream breaks with is told, masked where it is ours
            yield Answer(None, [to_wire(GraphQLError(str(error), original_error=error))])
        finally:
            await source.aclose()  # type: ignore[attr-defined]  # graphql-core types a generator as an iterator

    def _document(self, query: str) -> DocumentNode:
        known = self._documents.get(query)
        if known is not None:
            self._documents.move_to_end(query)
            return known
        document = _valid(self._schema, query)
        if len(query) <= self._REMEMBERED_LENGTH:
            self._documents[query] = document
            if len(self._documents) > self._REMEMBERED:
                self._documents.popitem(last=False)
        return document


def _valid(schema: GraphQLSchema, query: str) -> DocumentNode:
    try:
        look(query)
        document = parse(query, max_lexical_tokens=MAX_TOKENS, max_comments=MAX_TOKENS)
        measure(document)
        errors = validate(schema, document, _RULES, max_errors=_MAX_ERRORS)
    except TooLarge as error:
        raise RequestRefused([refusal(error)]) from None
    except GraphQLSyntaxError as error:
        raise RequestRefused([to_wire(error, code="GRAPHQL_PARSE_FAILED")]) from None
    except GraphQLError as error:
        raise RequestRefused([to_wire(error, code="GRAPHQL_VALIDATION_FAILED")]) from None
    except RecursionError:
        deep = GraphQLError("this document is nested too deeply", extensions={"detail": "TOO_DEEP"})
        raise RequestRefused([to_wire(deep, code="QUERY_TOO_LARGE")]) from None
    if errors:
        raise RequestRefused([to_wire(error, code="GRAPHQL_VALIDATION_FAILED") for error in errors])
    return document


def _which(name: str | None) -> str:
    if name is None:
        return "the document holds several operations, or none; say which one with operationName"
    return f"the document holds no operation {name!r}"


def _answer(result: ExecutionResult) -> Answer:
    errors = [to_wire(error) for error in result.errors or ()]
    started = result.data is not None or any("path" in error for error in errors)
    return Answer(result.data, errors, started)


async def _settled(value: _T | Awaitable[_T]) -> _T:
    return await value if isawaitable(value) else value
