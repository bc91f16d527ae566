"""Taking words out of the search when those whose words they are are forgotten."""

from collections.abc import Collection
from uuid import UUID

from eventstore.database import Session


async def forget(connection: Session, workspace: UUID, subjects: Collection[UUID]) -> None:
    """Remove the keys of every text whose words are sealed under any of these data subjects' keys, and the addresses
    that are, from every generation. That a text was there, and what became of it, stays.

    For the erasure, in the transaction that destroys the keys: a filling that begins later cannot open those words.
    """
    for statement in (_LEMMAS, _ADDRESSES, _OWNERS):
        await connection.execute(statement, workspace, list(subjects))


_THEIRS = """
    SELECT theirs.generation, theirs.position FROM search_owners AS theirs
    WHERE theirs.workspace_id = $1 AND theirs.subject_id = ANY($2::uuid[])
"""
_LEMMAS = f"""
    DELETE FROM search_lemmas AS gone
    WHERE gone.workspace_id = $1 AND (gone.generation, gone.position) IN ({_THEIRS})
"""
_ADDRESSES = f"""
    DELETE FROM search_addresses AS gone
    WHERE gone.workspace_id = $1 AND (gone.generation, gone.position) IN ({_THEIRS})
"""
_OWNERS = f"""
    DELETE FROM search_owners AS gone
    WHERE gone.workspace_id = $1 AND (gone.generation, gone.position) IN ({_THEIRS})
"""
