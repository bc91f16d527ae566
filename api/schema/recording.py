"""The mutation `recordActions`: facts from a desk, an outcome for each.

A fact is never refused because it looks inconsistent with what is known, only because it is malformed; and a malformed
one is refused alone.
"""

from typing import Annotated, Any, cast

import strawberry

from api.auth.roles import Right
from api.context import Context, Info
from api.schema.access import Needs
from api.schema.actions_input import Given, RecordedActionInput
from api.schema.errors import UserError
from api.schema.facts import event_of, placed
from api.schema.fields import argument
from api.schema.scalars import BigInt
from domain.envelope import NewEvent
from domain.errors import InvalidInput
from eventstore.store import Append, Appended, Outcome

MAX_ACTIONS = 1_000


@strawberry.input(description="Facts, in a batch.")
class RecordActionsInput:
    actions: list[RecordedActionInput] = strawberry.field(
        description=f"In the order in which they are to be appended: 1 to {MAX_ACTIONS:,}."
    )


@strawberry.type(description="What became of one fact.")
class RecordedAction:
    id: strawberry.ID = strawberry.field(description="The fact's id, as it was given.")
    outcome: Outcome = strawberry.field(description="Whether it stands in the ledger, and if not, why.")
    position: BigInt | None = strawberry.field(
        description="Its place in the ledger; at a mismatch, of the fact that stands under its id."
    )
    version: int | None = strawberry.field(
        description="Its place in its stream; at a conflict, the stream's present version."
    )
    error: UserError | None = strawberry.field(description="Why it was refused, where it was.")


@strawberry.type(description="What became of a batch of facts.")
class RecordActionsPayload:
    outcomes: list[RecordedAction] = strawberry.field(description="One for each fact, in their order.")
    position: BigInt | None = strawberry.field(
        description="The furthest ledger position among the outcomes: give it to queries as `atLeast`."
    )
    errors: list[UserError] = strawberry.field(
        description="What was wrong with the batch as a whole: then nothing stands."
    )


async def _record_actions(
    info: Info,
    input: Annotated[RecordActionsInput, argument("The facts.")],  # noqa: A002 - as Relay calls it
) -> RecordActionsPayload:
    actions = cast("list[Given]", input.actions)
    if not 1 <= len(actions) <= MAX_ACTIONS:
        refusal = InvalidInput(
            f"a batch holds 1 to {MAX_ACTIONS:,} actions, not {len(actions):,}",
            path=("input", "actions"),
            detail="TOO_MANY" if actions else "EMPTY_BATCH",
        )
        return RecordActionsPayload(outcomes=[], position=None, errors=[UserError.of(refusal)])
    outcomes = await _append(info.context, actions)
    positions = [outcome.position for outcome in outcomes if outcome.position is not None and outcome.error is None]
    return RecordActionsPayload(outcomes=outcomes, position=max(positions, default=None), errors=[])


RECORD_ACTIONS: Any = strawberry.field(
    _record_actions,
    description="Record facts: what was done at the desk, in a batch. Each has its own outcome, and a malformed one is "
    "refused alone. Sending the same facts again is harmless.",
    extensions=[Needs(Right.RECORD)],
)


async def _append(context: Context, actions: list[Given]) -> list[RecordedAction]:
    """Append what is well-formed, and tell of each."""
    read = [_read(action) for action in actions]
    units = [
        Append((event,), action.get("expectedVersion"))
        for action, event in zip(actions, read, strict=True)
        if isinstance(event, NewEvent)
    ]
    appended = iter(await context.services.store.append(context.principal.workspace, units) if units else ())
    return [
        _refused(action, index, event) if isinstance(event, InvalidInput) else _outcome(action, index, next(appended))
        for index, (action, event) in enumerate(zip(actions, read, strict=True))
    ]


def _read(action: Given) -> NewEvent | InvalidInput:
    try:
        return event_of(action)
    except InvalidInput as error:
        return error


def _outcome(action: Given, index: int, appended: Appended) -> RecordedAction:
    if appended.error is not None:
        return _refused(action, index, appended.error)
    refusal = _REFUSALS.get(appended.outcome)
    path = ["input", "actions", str(index)]
    return RecordedAction(
        id=action["id"],
        outcome=appended.outcome,
        position=None if appended.position is None else BigInt(appended.position),
        version=appended.version,
        error=UserError(code=appended.outcome.value, detail=None, message=refusal, path=path) if refusal else None,
    )


_REFUSALS = {
    Outcome.CONFLICT: "the stream is not at the version that you expect; read it again, and decide again",
    Outcome.MISMATCH: "another fact stands under this id; a correction is a new fact with an id of its own",
}


def _refused(action: Given, index: int, error: InvalidInput) -> RecordedAction:
    told = UserError.of(placed(error, action, "input", "actions", index))
    return RecordedAction(id=action["id"], outcome=Outcome.INVALID, position=None, version=None, error=told)
