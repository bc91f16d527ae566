"""Puts generated blocks into the Markdown files that ask for them."""

import re
from collections.abc import Iterator
from functools import partial
from pathlib import Path

from api.documents.blocks import BLOCKS
from domain.errors import InvalidInput

_BLOCK = re.compile(r"<!-- generated: (?P<name>[\w-]+) -->.*?<!-- end -->", re.DOTALL)


def pages(root: Path) -> Iterator[tuple[Path, str, str]]:
    """Each file with generated blocks: its path, what it says, what it should say."""
    for path in sorted((root / "README.md", *(root / "docs").rglob("*.md"))):
        if path.is_file() and "<!-- generated: " in (text := path.read_text("utf-8")):
            yield path, text, _BLOCK.sub(partial(_filled, path), text)


def _filled(path: Path, block: re.Match[str]) -> str:
    name = block["name"]
    if name not in BLOCKS:
        raise InvalidInput(f"{path} asks for {name!r}, which nothing generates; there are: {', '.join(BLOCKS)}")
    return f"<!-- generated: {name} -->\n\n{BLOCKS[name]()}\n\n<!-- end -->"
