"""What a projection's rows depend on, as one short word: if it changes, the tables are filled anew."""

from collections.abc import Iterable
from hashlib import sha256

from sqlalchemy import Table


def fingerprint_of(name: str, *, version: int, tables: Iterable[Table], parts: Iterable[str] = ()) -> str:
    """Sixteen hex digits over the projection's name, its hand-kept `version`, its tables' columns and whatever else
    its rows are made by (`parts`: names and versions of definitions, in a stable order).

    Raise `version` whenever the fold makes other rows of the same events; nothing else can know that.
    """
    digest = sha256(f"{name}\0{version}".encode())
    for table in tables:
        for column in table.columns:
            digest.update(f"\0{table.name}.{column.name}:{column.type}".encode())
    for part in parts:
        digest.update(f"\0\0{part}".encode())
    return digest.hexdigest()[:16]
