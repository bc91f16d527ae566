"""The query `rateLimit`: what the token has left."""

from typing import Any

import strawberry

from api.auth.roles import Right
from api.context import Info
from api.schema.access import Needs
from api.schema.scalars import BigInt


@strawberry.type(
    description="What the token may still ask for. Each operation costs points, counted before it runs from the pages "
    "that it asks for (`extensions.cost` says how many); points come back with time."
)
class RateLimit:
    limit: BigInt = strawberry.field(description="How many points there are when none was used.")
    remaining: BigInt = strawberry.field(description="How many are left, this operation taken off.")
    restored_per_second: BigInt = strawberry.field(description="How many come back each second.")
    cost: BigInt = strawberry.field(description="How many this operation costs.")


async def _rate_limit(info: Info) -> RateLimit:
    context = info.context
    left = context.services.admission.left(context.principal.token)
    return RateLimit(
        limit=BigInt(left.limit),
        remaining=BigInt(left.remaining),
        restored_per_second=BigInt(left.restored_per_second),
        cost=BigInt(context.cost),
    )


RATE_LIMIT: Any = strawberry.field(
    _rate_limit, description="What the token has left, by this process's count.", extensions=[Needs(*Right)]
)
