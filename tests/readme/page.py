"""The README taken apart: its commands, its queries, its answers."""

import re
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).parents[2]
TEXT = (ROOT / "README.md").read_text("utf-8")

_FENCE = re.compile(
    r"(?:<!-- asked by: (?P<role>\w+) -->\n)?^```(?P<kind>\w+)\n(?P<body>.*?)^```$", re.DOTALL | re.MULTILINE
)


@dataclass(frozen=True)
class Block:
    """A fenced block."""

    kind: str
    body: str
    role: str = "investigator"

    @property
    def name(self) -> str:
        """The operation's name."""
        return self.body.split("{")[0].split()[-1]


BLOCKS = [Block(found["kind"], found["body"], found["role"] or "investigator") for found in _FENCE.finditer(TEXT)]
COMMANDS = [line for block in BLOCKS if block.kind == "sh" for line in block.body.splitlines()]
QUERIES = {block.name: block for block in BLOCKS if block.kind == "graphql"}


def quoted(name: str) -> str:
    """What stands between `<!-- answer: NAME -->` and `<!-- end -->`."""
    return TEXT.split(f"<!-- answer: {name} -->\n")[1].split("<!-- end -->")[0].strip()
