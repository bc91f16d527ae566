"""What a page asks for one by one, looked up at once."""

import asyncio
from collections.abc import Awaitable
from typing import TypeVar

from strawberry.dataloader import DataLoader

K = TypeVar("K")
T = TypeVar("T")


class Loader(DataLoader[K, T]):
    """A loader whose answers outlive those who ask. Several fields wait for one answer; where one of them is given up,
    because another field beside it was refused, plain waiting would take the answer from the others too."""

    def load(self, key: K) -> Awaitable[T]:
        return asyncio.shield(super().load(key))
