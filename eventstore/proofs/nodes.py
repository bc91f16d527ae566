"""Reading and writing the tree's hashes: leaves stand in `events`, every eighth level above them in `tree_nodes`.

Whatever is asked for is computed from tiles, 256 hashes of one level side by side: so a proof reads two tiles of each
level at the most, which are three levels at ten million events.
"""

from collections.abc import Iterable, Sequence
from uuid import UUID

from eventstore.database import Session
from eventstore.proofs.tree import GrowingTree, Node, Range, consistency, inclusion, node_hash, perfect, proof

TILE = 256
"""Hashes in a full tile."""
STEP = 8
"""Heights between two stored levels."""

Tile = tuple[int, int]
"""Level, and number within it."""


_LEAVES = """
    SELECT position, leaf_hash FROM events WHERE workspace_id = $1 AND position >= $2 AND position < $3
    ORDER BY position
"""
_INNER = """
    SELECT index, hash FROM tree_nodes WHERE workspace_id = $1 AND level = $4 AND index >= $2 AND index < $3
    ORDER BY index
"""


async def tile(connection: Session, workspace: UUID, which: Tile, width: int = TILE) -> list[bytes]:
    """The first hashes of a tile, up to the first that is missing."""
    level, number = which
    start = number * TILE
    if level == 0:
        rows = await connection.fetch(_LEAVES, workspace, start, start + width)
    else:
        rows = await connection.fetch(_INNER, workspace, start, start + width, level)
    return [hash_ for place, (index, hash_) in enumerate(rows, start) if index == place]


def hashes_at(size: int, level: int) -> int:
    """How many hashes a tree of that size has at a level: each over a full tile below."""
    return size >> (STEP * level)


def tile_path(number: int) -> str:
    """A tile's number as C2SP writes it into an address: 1234067 is `x001/x234/067`."""
    groups = [f"{number % 1_000:03}"]
    while number := number // 1_000:
        groups.append(f"x{number % 1_000:03}")
    return "/".join(reversed(groups))


class Tiles:
    """The tiles that have been read, and nodes computed from them: for one snapshot."""

    def __init__(self, connection: Session, workspace: UUID) -> None:
        self._connection = connection
        self._workspace = workspace
        self._tiles: dict[Tile, list[bytes]] = {}
        self._nodes: dict[Node, bytes] = {}

    async def load(self, nodes: Iterable[Node]) -> None:
        """Read what these nodes are computed from."""
        for which in sorted({_tile_of(node) for node in nodes} - self._tiles.keys()):
            self._tiles[which] = await tile(self._connection, self._workspace, which)

    def hash_of(self, node: Node) -> bytes:
        """A node whose tile is loaded. Raises `LookupError` where the tree does not reach that far."""
        height, index = node
        if height % STEP == 0:
            level, place = height // STEP, index % TILE
            hashes = self._tiles[level, index // TILE]
            if place >= len(hashes):
                raise LookupError(f"the tree has no hash at level {level}, index {index}")
            return hashes[place]
        if node not in self._nodes:
            below = (height - 1, index * 2), (height - 1, index * 2 + 1)
            self._nodes[node] = node_hash(self.hash_of(below[0]), self.hash_of(below[1]))
        return self._nodes[node]


def _tile_of(node: Node) -> Tile:
    """The tile in which a node's hash stands, or those that it is computed from."""
    height, index = node
    level, above = divmod(height, STEP)
    return level, (index << above) // TILE


async def _proven(connection: Session, workspace: UUID, paths: Sequence[Sequence[Range]]) -> list[list[bytes]]:
    tiles = Tiles(connection, workspace)
    await tiles.load(node for path in paths for one in path for node in perfect(one))
    return [proof(path, tiles.hash_of) for path in paths]


async def inclusion_proofs(
    connection: Session, workspace: UUID, positions: Sequence[int], size: int
) -> list[list[bytes]]:
    """The proofs that a tree, whose first `size` leaves have a head, has the leaves at these positions."""
    return await _proven(connection, workspace, [inclusion(position, size) for position in positions])


async def consistency_proof(connection: Session, workspace: UUID, old: int, new: int) -> list[bytes]:
    """The proof that a tree of size `new`, which has a head, begins with that of size `old`."""
    return (await _proven(connection, workspace, [consistency(old, new)]))[0]


async def tree_of(connection: Session, workspace: UUID, size: int) -> GrowingTree:
    """The tree over the first `size` leaves, which has a head, ready to grow."""
    tiles, nodes = Tiles(connection, workspace), list(perfect((0, size)))
    await tiles.load(nodes)
    return GrowingTree(size, [tiles.hash_of(node) for node in nodes])


_INSERT = (
    "INSERT INTO tree_nodes (workspace_id, level, index, hash) "
    "SELECT $1, level, index, hash FROM unnest($2::smallint[], $3::bigint[], $4::bytea[]) AS node (level, index, hash)"
)


async def grow(connection: Session, workspace: UUID, tree: GrowingTree, leaves: Iterable[bytes]) -> None:
    """Add leaves to the tree, and store the nodes that they complete. In the caller's transaction, with the head."""
    made = [
        (node[0] // STEP, node[1], hash_) for leaf in leaves for node, hash_ in tree.add(leaf) if node[0] % STEP == 0
    ]
    if made:
        levels, indexes, hashes = zip(*made, strict=True)
        await connection.execute(_INSERT, workspace, levels, indexes, hashes)
