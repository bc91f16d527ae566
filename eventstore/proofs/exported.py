"""Heads in a folder outside the database: what tells later whether the ledger went backwards.

A ledger has a folder of its own there, named by its id, with a file for each day (UTC), to which signed notes are
appended. Nothing is ever rewritten, so that the folder may be one that only takes new bytes.
"""

import os
import re
from collections.abc import Iterator
from datetime import datetime
from pathlib import Path
from uuid import UUID

from eventstore.proofs.checkpoint import parsed

_SUFFIX = ".heads"
_NOTE = re.compile(r"deskledger/\S+\n\d+\n[A-Za-z0-9+/]{43}=\n\n— \S+ [A-Za-z0-9+/]{91}=\n")
"""A whole note. One that was cut off, by a crash while it was written, is passed over."""


def export(folder: Path, workspace: UUID, signed_at: datetime, note: str) -> None:
    """Append a head, and have it on the disk."""
    path = folder.expanduser() / str(workspace) / f"{signed_at:%Y-%m-%d}{_SUFFIX}"
    path.parent.mkdir(parents=True, exist_ok=True)
    descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o644)
    try:
        os.write(descriptor, f"\n{note}".encode())
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


def keep(folder: Path, workspace: UUID, name: str, content: bytes) -> None:
    """Put a file beside the heads."""
    path = folder.expanduser() / str(workspace) / name
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(content)


def exported(folder: Path, workspace: UUID) -> Iterator[str]:
    """All notes of a ledger that were exported, the oldest first."""
    for path in _files(folder, workspace):
        yield from _notes(path)


def last_exported(folder: Path, workspace: UUID) -> str | None:
    """The note that was exported last."""
    for path in reversed(_files(folder, workspace)):
        notes = _notes(path)
        if notes:
            return max(notes, key=_place)
    return None


def _place(note: str) -> tuple[int, int]:
    said = parsed(note)
    return said.run, said.size


def _files(folder: Path, workspace: UUID) -> list[Path]:
    return sorted((folder.expanduser() / str(workspace)).glob(f"*{_SUFFIX}"))


def _notes(path: Path) -> list[str]:
    return _NOTE.findall(path.read_text("utf-8"))
