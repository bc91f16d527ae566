"""Where the logs of real desks lie, and what an independent count found in them."""

import json
import os
from pathlib import Path
from typing import Any, cast

import pytest

DATA = Path(__file__).parents[3] / "shared" / "data"

UCI = DATA / "uci_servicenow" / "dev_opened_before_2016-04-01.csv.gz"
UCI_CUT = DATA / "uci_servicenow" / "fixture_300_incidents.csv"
HELPDESK = DATA / "helpdesk_italy" / "Helpdesk.xes.gz"
TWEETS = DATA / "twitter" / "twcs_first_rows.csv"

_ABSENT = not DATA.is_dir() and os.environ.get("CI", "").lower() != "true"

needed = pytest.mark.skipif(_ABSENT, reason="the logs of real desks are not here: ../shared/data is absent")
"""For tests that read them. Where CI runs they have to be there, so there those tests fail without them."""


def facts(about: str) -> dict[str, Any]:
    """What `expected_facts.json` says of one log."""
    said = json.loads((DATA / "expected_facts.json").read_text(encoding="utf-8"))
    return cast("dict[str, Any]", said[about])
