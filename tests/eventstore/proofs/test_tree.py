"""The tree: published vectors, and random trees against the recursive definitions of RFC 6962."""

import random
from collections.abc import Sequence
from hashlib import sha256

import pytest

from eventstore.proofs.tree import (
    EMPTY,
    GrowingTree,
    Node,
    begins_with,
    consistency,
    includes,
    inclusion,
    leaf_hash,
    node_hash,
    perfect,
    proof,
)
from tests.eventstore.proofs.vectors import CONSISTENCY, INCLUSION, LEAVES, ROOTS


def root_of(leaves: Sequence[bytes]) -> bytes:
    """MTH of RFC 6962, 2.1, over leaves' hashes."""
    if not leaves:
        return sha256(b"").digest()
    if len(leaves) == 1:
        return leaves[0]
    middle = split(len(leaves))
    return sha256(b"\1" + root_of(leaves[:middle]) + root_of(leaves[middle:])).digest()


def split(size: int) -> int:
    middle = 1
    while middle * 2 < size:
        middle *= 2
    return middle


def path_of(index: int, leaves: Sequence[bytes]) -> list[bytes]:
    """PATH of RFC 6962, 2.1.1."""
    if len(leaves) == 1:
        return []
    middle = split(len(leaves))
    if index < middle:
        return [*path_of(index, leaves[:middle]), root_of(leaves[middle:])]
    return [*path_of(index - middle, leaves[middle:]), root_of(leaves[:middle])]


def proof_of(old: int, leaves: Sequence[bytes], *, whole: bool = True) -> list[bytes]:
    """SUBPROOF of RFC 6962, 2.1.2."""
    if old == len(leaves):
        return [] if whole else [root_of(leaves)]
    middle = split(len(leaves))
    if old <= middle:
        return [*proof_of(old, leaves[:middle], whole=whole), root_of(leaves[middle:])]
    return [*proof_of(old - middle, leaves[middle:], whole=False), root_of(leaves[:middle])]


class Grown:
    """A tree with all of its nodes."""

    def __init__(self, leaves: Sequence[bytes]) -> None:
        tree = GrowingTree()
        self.nodes: dict[Node, bytes] = {}
        self.roots = [tree.root]
        for index, leaf in enumerate(leaves):
            self.nodes[0, index] = leaf
            self.nodes.update(tree.add(leaf))
            self.roots.append(tree.root)

    def inclusion(self, index: int, size: int) -> list[bytes]:
        return proof(inclusion(index, size), self.nodes.__getitem__)

    def consistency(self, old: int, new: int) -> list[bytes]:
        return proof(consistency(old, new), self.nodes.__getitem__)


def test_the_published_roots_and_proofs_come_out() -> None:
    grown = Grown([leaf_hash(leaf) for leaf in LEAVES])

    assert [root.hex() for root in grown.roots] == ROOTS
    for (index, size), path in INCLUSION.items():
        assert [one.hex() for one in grown.inclusion(index, size)] == path
        hashes = [bytes.fromhex(one) for one in path]
        assert includes(bytes.fromhex(ROOTS[size]), size, index, leaf_hash(LEAVES[index]), hashes)
    for (old, new), path in CONSISTENCY.items():
        assert [one.hex() for one in grown.consistency(old, new)] == path
        hashes = [bytes.fromhex(one) for one in path]
        assert begins_with(bytes.fromhex(ROOTS[old]), old, bytes.fromhex(ROOTS[new]), new, hashes)


def test_every_proof_in_small_trees_is_that_of_the_definition() -> None:
    leaves = [leaf_hash(bytes([number])) for number in range(33)]
    grown = Grown(leaves)
    for size in range(1, len(leaves) + 1):
        assert grown.roots[size] == root_of(leaves[:size])
        for index in range(size):
            path = grown.inclusion(index, size)
            assert path == path_of(index, leaves[:size])
            assert includes(grown.roots[size], size, index, leaves[index], path)
        for old in range(1, size + 1):
            path = grown.consistency(old, size)
            assert path == proof_of(old, leaves[:size])
            assert begins_with(grown.roots[old], old, grown.roots[size], size, path)


@pytest.mark.parametrize("seed", range(10))
def test_a_proof_that_is_changed_anywhere_proves_nothing(seed: int) -> None:
    chance = random.Random(seed)
    size = chance.randrange(2, 700)
    leaves = [leaf_hash(chance.randbytes(8)) for _ in range(size)]
    grown = Grown(leaves)
    root, index, old = grown.roots[size], chance.randrange(size), chance.randrange(1, size)
    path, older = grown.inclusion(index, size), grown.consistency(old, size)

    assert includes(root, size, index, leaves[index], path)
    assert begins_with(grown.roots[old], old, root, size, older)
    assert not includes(root, size, (index + 1) % size, leaves[index], path)
    assert not includes(root, size, index, leaves[index - 1], path)
    assert not includes(root, size, size, leaves[index], path)
    for changed in changes(chance, path):
        assert not includes(root, size, index, leaves[index], changed)
    for changed in changes(chance, older):
        assert not begins_with(grown.roots[old], old, root, size, changed)
    assert not begins_with(grown.roots[old - 1], old, root, size, older)


def changes(chance: random.Random, path: list[bytes]) -> list[list[bytes]]:
    """The path with a flipped bit, with one hash more at either end, and with one less."""
    place, bit = chance.randrange(len(path)), 1 << chance.randrange(8)
    flipped = bytes([path[place][0] ^ bit]) + path[place][1:]
    return [
        [*path[:place], flipped, *path[place + 1 :]],
        [*path, path[0]],
        [path[0], *path],
        path[1:],
        path[:-1],
    ]


def test_a_tree_goes_on_from_its_perfect_subtrees() -> None:
    leaves = [leaf_hash(bytes([number])) for number in range(100)]
    grown = Grown(leaves)
    for size in (0, 1, 2, 63, 64, 65, 99):
        tree = GrowingTree(size, [grown.nodes[node] for node in perfect((0, size))])
        assert tree.root == grown.roots[size]
        for leaf in leaves[size:]:
            list(tree.add(leaf))
        assert tree.root == grown.roots[100]


def test_what_is_no_tree_is_refused() -> None:
    assert GrowingTree().root == EMPTY
    assert node_hash(b"a" * 32, b"b" * 32) != leaf_hash(b"a" * 32 + b"b" * 32)
    with pytest.raises(ValueError, match="consists of 2"):
        GrowingTree(3, [EMPTY])
    with pytest.raises(ValueError, match="has none at 3"):
        inclusion(3, 3)
    with pytest.raises(ValueError, match="no proof of consistency"):
        consistency(0, 3)
