"""The Merkle tree of RFC 6962 (and 9162): hashes, a tree that grows, which hashes prove what, and checking proofs.

Pure: what is stored, and where, is none of this module's business. A node is named by its height and index: it stands
over the leaves `index << height` up to `index + 1 << height`.
"""

from collections.abc import Callable, Iterator, Sequence
from hashlib import sha256

HASH = 32
"""Bytes of a hash."""
EMPTY = sha256(b"").digest()
"""The root over no leaves."""

Node = tuple[int, int]
"""Height and index of a perfect subtree."""
Range = tuple[int, int]
"""Leaves from the first up to the second, which is not included."""


def leaf_hash(leaf: bytes) -> bytes:
    """The hash of a leaf's bytes."""
    return sha256(b"\0" + leaf).digest()


def node_hash(left: bytes, right: bytes) -> bytes:
    """The hash of an inner node."""
    return sha256(b"\1" + left + right).digest()


def perfect(leaves: Range) -> Iterator[Node]:
    """The perfect subtrees that a subtree of a tree consists of, from left to right, which is from large to small."""
    low, high = leaves
    while low < high:
        height = (high - low).bit_length() - 1
        yield height, low >> height
        low += 1 << height


def folded(hashes: Sequence[bytes]) -> bytes:
    """The root over perfect subtrees that stand side by side, from large to small."""
    if not hashes:
        return EMPTY
    root = hashes[-1]
    for left in reversed(hashes[:-1]):
        root = node_hash(left, root)
    return root


class GrowingTree:
    """A tree to which leaves are added: it keeps the roots of its perfect subtrees, no more."""

    def __init__(self, size: int = 0, subtrees: Sequence[bytes] = ()) -> None:
        """`subtrees`: the hashes of `perfect((0, size))`."""
        if len(subtrees) != size.bit_count():
            raise ValueError(f"a tree of {size} leaves consists of {size.bit_count()} perfect subtrees")
        self.size = size
        self._subtrees = list(subtrees)

    def add(self, leaf: bytes) -> Iterator[tuple[Node, bytes]]:
        """Add a leaf by its hash. Yields the inner nodes that this completes, from low to high: use them up."""
        subtrees, index, height, hash_ = self._subtrees, self.size, 0, leaf
        self.size += 1
        while index & 1:
            hash_ = sha256(b"\1" + subtrees.pop() + hash_).digest()
            index >>= 1
            height += 1
            yield (height, index), hash_
        subtrees.append(hash_)

    @property
    def root(self) -> bytes:
        """The root over all leaves so far."""
        return folded(self._subtrees)


def inclusion(index: int, size: int) -> list[Range]:
    """What a leaf's inclusion proof in a tree of that size consists of: subtrees, from the leaf to the root."""
    if not 0 <= index < size:
        raise ValueError(f"a tree of {size} leaves has none at {index}")
    low, high = 0, size
    path: list[Range] = []
    while high - low > 1:
        middle = low + _split(high - low)
        if index < middle:
            path.append((middle, high))
            high = middle
        else:
            path.append((low, middle))
            low = middle
    return path[::-1]


def consistency(old: int, new: int) -> list[Range]:
    """What the proof consists of that a tree of size `new` begins with that of size `old`."""
    if not 0 < old <= new:
        raise ValueError(f"there is no proof of consistency between trees of {old} and {new} leaves")
    low, high = 0, new
    path: list[Range] = []
    while old != high:
        middle = low + _split(high - low)
        if old <= middle:
            path.append((middle, high))
            high = middle
        else:
            path.append((low, middle))
            low = middle
    if low > 0:
        path.append((low, high))
    return path[::-1]


def proof(ranges: Sequence[Range], hash_of: Callable[[Node], bytes]) -> list[bytes]:
    """The hashes of such subtrees, from those of perfect ones."""
    return [folded([hash_of(node) for node in perfect(one)]) for one in ranges]


def root_from_inclusion(leaf: bytes, index: int, size: int, hashes: Sequence[bytes]) -> bytes | None:
    """The root that the proof leads to from a leaf's hash (RFC 9162, 2.1.3.2); None where it is no proof."""
    if not 0 <= index < size:
        return None
    at, last, root = index, size - 1, leaf
    for hash_ in hashes:
        if last == 0 or len(hash_) != HASH:
            return None
        if at & 1 or at == last:
            root = node_hash(hash_, root)
            while not at & 1 and at:
                at, last = at >> 1, last >> 1
        else:
            root = node_hash(root, hash_)
        at, last = at >> 1, last >> 1
    return root if last == 0 else None


def includes(root: bytes, size: int, index: int, leaf: bytes, hashes: Sequence[bytes]) -> bool:
    """Whether the proof shows that the tree with this root has this leaf's hash at this index."""
    return root_from_inclusion(leaf, index, size, hashes) == root


def begins_with(old_root: bytes, old: int, new_root: bytes, new: int, hashes: Sequence[bytes]) -> bool:
    """Whether the proof shows that the tree of size `new` begins with that of size `old` (RFC 9162, 2.1.4.2)."""
    if not 0 < old <= new:
        return False
    if old == new:
        return not hashes and old_root == new_root
    path = list(hashes) if old & (old - 1) else [old_root, *hashes]
    if not path:
        return False
    at, last = old - 1, new - 1
    while at & 1:
        at, last = at >> 1, last >> 1
    before = after = path[0]
    for hash_ in path[1:]:
        if last == 0 or len(hash_) != HASH:
            return False
        if at & 1 or at == last:
            before, after = node_hash(hash_, before), node_hash(hash_, after)
            while not at & 1 and at:
                at, last = at >> 1, last >> 1
        else:
            after = node_hash(after, hash_)
        at, last = at >> 1, last >> 1
    return last == 0 and before == old_root and after == new_root


def _split(size: int) -> int:
    """The largest power of two below a size: where a tree parts."""
    return 1 << (size - 1).bit_length() - 1
