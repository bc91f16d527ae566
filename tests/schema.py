"""All tables that there are."""

from importlib import import_module
from pkgutil import walk_packages

import api
import eventstore
import projections
from eventstore.tables import metadata


def declare_all() -> None:
    """Import every module called `tables`, so that `metadata` knows them all."""
    for package in (eventstore, projections, api):
        for module in walk_packages(package.__path__, f"{package.__name__}."):
            if module.name.rpartition(".")[2] == "tables":
                import_module(module.name)
    assert metadata.tables
