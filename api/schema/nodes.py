"""What has a global id."""

import strawberry


@strawberry.interface(description="Something that can be fetched again by its global id, with `node`.")
class Node:
    id: strawberry.ID = strawberry.field(description="Opaque, unique over all types, and stable.")
