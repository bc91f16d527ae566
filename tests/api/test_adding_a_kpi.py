"""A KPI over existing measures is one declaration in one file: the API, the documents and the answers follow."""

import subprocess
import sys
from textwrap import dedent

_DECLARED = dedent(
    """
    from domain.kpi import measures as m, volume
    from domain.kpi.formula import count
    from domain.kpi.kpi import ALL_SLICES, OPERATORS, Direction, Kpi, Unit
    from domain.text import Text

    volume.KPIS += (
        Kpi(
            name="replies_per_resolution",
            code="K99",
            version=1,
            title=Text("Replies per resolution", "Ответов на решение", "Відповідей на вирішення", "Per rezolvare"),
            meaning=Text("So many.", "Столько.", "Стільки.", "Atâtea."),
            formula=count(m.REPLY_SENT) / count(m.RESOLVED),
            unit=Unit.PER_UNIT,
            direction=Direction.NEUTRAL,
            slices=ALL_SLICES,
            actor_types=OPERATORS,
        ),
    )
    """
)
_SEEN = dedent(
    """
    from api.documents.blocks import BLOCKS
    from api.schema import sdl
    from domain.kpi.question import Question, Range
    from projections.conversations.asked import asked

    assert "REPLIES_PER_RESOLUTION" in sdl()
    assert "### `replies_per_resolution` (K99, version 1)" in BLOCKS["kpis"]()
    assert [kpi.code for kpi in asked(Question(kpis=("replies_per_resolution",), range=Range(0, 1)))] == ["K99"]
    print("everywhere")
    """
)


def test_one_declaration_is_seen_everywhere() -> None:
    done = subprocess.run(
        [sys.executable, "-c", _DECLARED + _SEEN], capture_output=True, text=True, timeout=60, check=False
    )
    assert (done.stdout.strip(), done.returncode) == ("everywhere", 0), done.stderr
