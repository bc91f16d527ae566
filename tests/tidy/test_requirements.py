"""What is installed is the same everywhere, and what the project asks for."""

import re
import tomllib
from pathlib import Path

import pytest
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

ROOT = Path(__file__).parents[2]
DECLARED = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))


def pins(of: str) -> dict[str, str]:
    """Each pin's lines, by the package's name."""
    text = (ROOT / "requirements" / f"{of}.txt").read_text("utf-8")
    return {re.split(r"[\[=]", pin)[0]: pin for pin in re.split(r"\n(?=\S)", text.strip())}


@pytest.mark.parametrize("of", ["runtime", "development"])
def test_every_package_is_pinned_with_its_hash(of: str) -> None:
    """The same commit installs the same bytes next year."""
    found = pins(of)
    assert len(found) > 20
    assert [name for name, pin in found.items() if "==" not in pin or "--hash=sha256:" not in pin] == []


@pytest.mark.parametrize(("of", "groups"), [("runtime", ["build"]), ("development", ["build", "dev"])])
def test_what_is_pinned_is_what_the_project_asks_for(of: str, groups: list[str]) -> None:
    """What is declared and not pinned would be missing on the next machine; `make requirements` pins it."""
    versions = {name: re.split(r"==|\s", pin)[1] for name, pin in pins(of).items()}
    grouped = [one for group in groups for one in DECLARED["dependency-groups"][group] if isinstance(one, str)]
    asked = [Requirement(one) for one in (*DECLARED["project"]["dependencies"], *grouped)]
    unmet = [one for one in asked if versions.get(canonicalize_name(one.name), "") not in one.specifier]
    assert [str(one) for one in unmet] == []


def test_what_runs_and_what_develops_is_of_one_version() -> None:
    """Else tests would be run on something else than what is shipped."""
    develops = pins("development")
    assert {name: pin for name, pin in pins("runtime").items() if develops.get(name) != pin} == {}
