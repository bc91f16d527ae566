"""A simulated desk as a file: imported, it is the same desk; and what a recipe's signature says."""

import msgspec
import pytest

from api.demo.lines import line_of
from api.demo.recipe import SCRIPT, Recipe, recipe_of
from api.demo.simulation import simulate
from api.ingest.jsonl import parse_line
from domain.errors import InvalidInput
from domain.instants import DAY
from tests.demo.desk_log import START


def test_every_line_is_its_event_again() -> None:
    """What is arranged comes by commands alone; no line can tell of it."""
    recipe = Recipe(start=START, days=4, operators=20, managed=False)
    assert all(parse_line(line_of(event)) == event for event in simulate(recipe, until=START + 2 * DAY))


def test_a_signature_leads_back_to_its_recipe() -> None:
    recipe = Recipe(start=START, days=12, operators=33, seed=7, load=1.5, planted=False)
    assert recipe_of(recipe.signature) == recipe


def test_the_signature_of_another_script_is_refused() -> None:
    other = msgspec.json.encode((SCRIPT + 1, Recipe(start=START))).decode()
    with pytest.raises(InvalidInput, match=f"version {SCRIPT + 1} of the simulation"):
        recipe_of(other)


@pytest.mark.parametrize(
    "signature", ["", "[]", f"[{SCRIPT}, {{}}]", f'[{SCRIPT}, {{"start": 0, "operators": "many"}}]', "order 4711"]
)
def test_what_is_no_signature_is_refused(signature: str) -> None:
    with pytest.raises(InvalidInput, match="not made by the simulation"):
        recipe_of(signature)
