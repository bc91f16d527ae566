"""The command line. Each module here is one command, and registers itself with `register(app)`.

These modules are all imported whichever command runs, so they import what is heavy inside their functions.
"""

import sys
from importlib import import_module
from pkgutil import iter_modules

import typer

from domain.errors import DeskledgerError


def application() -> typer.Typer:
    """The command line with all its commands."""
    app = typer.Typer(
        name="deskledger",
        help="The ledger under a customer-support desk.",
        no_args_is_help=True,
        add_completion=False,
        rich_markup_mode=None,
        pretty_exceptions_enable=False,
    )
    for module in sorted(found.name for found in iter_modules(__path__) if not found.name.startswith("_")):
        import_module(f"{__name__}.{module}").register(app)
    return app


def main() -> None:
    """Run a command. What is refused is said in a sentence with its stable code, and ends with status 1."""
    try:
        application()()
    except DeskledgerError as error:
        where = f" ({'.'.join(str(part) for part in error.path)})" if error.path else ""
        sys.stderr.write(f"deskledger: {error.message}{where} [{error.detail or error.code}]\n")
        sys.exit(1)
