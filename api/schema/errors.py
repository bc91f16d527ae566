"""Expected errors, as data in the payload of a mutation."""

import strawberry

from domain.errors import DeskledgerError


@strawberry.type(
    description="Something in the input that was refused, and why. Faults of ours are top-level errors instead."
)
class UserError:
    """`code` is stable; `detail` narrows it; `path` leads to the input that is at fault."""

    code: str = strawberry.field(description="Stable and for programs, such as `INVALID_EVENT` or `COMMAND_REFUSED`.")
    detail: str | None = strawberry.field(description="A narrower stable code, such as `UNKNOWN_FIELD` or `TOO_LARGE`.")
    message: str = strawberry.field(description="A sentence for people: what, and what to do.")
    path: list[str] = strawberry.field(description="Where in the input, from the outside in; empty: the whole of it.")

    @classmethod
    def of(cls, error: DeskledgerError) -> "UserError":
        """The error as data."""
        return cls(code=error.code, detail=error.detail, message=error.message, path=[str(part) for part in error.path])
