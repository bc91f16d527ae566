"""Why something can't be promised."""

from typing import Any

from domain.command import Wish, refusal
from domain.commands.state import WorkspaceState

About = Wish[WorkspaceState, Any]


@refusal("NOTHING_PROMISED")
def nothing_promised(wish: About) -> str | None:
    """Neither an answer nor a resolution was promised."""
    wanted = wish.command
    targets = (wanted.first_response, wanted.next_response, wanted.resolution)
    return None if any(target is not None for target in targets) else "promise at least one of the three"


@refusal("PROMISE_UNKNOWN")
def promise_unknown(wish: About) -> str | None:
    """Nothing of that name is promised."""
    versions = wish.state.promises.versions().get(wish.command.promise, ())
    held = bool(versions) and versions[-1].promise is not None
    return None if held else f"there is no promise {wish.command.promise!r}"


@refusal("PROMISE_UNKNOWN")
def one_unknown(wish: About) -> str | None:
    """One of those named was never promised."""
    known = wish.state.promises.versions()
    unknown = next((promise for promise in wish.command.promises if promise not in known), None)
    return None if unknown is None else f"there is no promise {unknown!r}"
