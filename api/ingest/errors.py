"""What an import refuses. `detail` is the narrower stable code; `docs/import.md` lists them all."""

from domain.errors import InvalidInput


class BadMapping(InvalidInput):
    """The mapping is wrong, or does not fit the file. `path` says where in the mapping. Nothing was appended."""

    code = "BAD_MAPPING"


class BadFile(InvalidInput):
    """The file as a whole cannot be imported. Nothing of it was appended."""

    code = "BAD_FILE"


class BadRow(InvalidInput):
    """One row is refused; unless the import is strict, the rest goes on."""

    code = "BAD_ROW"


class StrictlyRefused(InvalidInput):
    """A strict import met a row that it refuses. Nothing was appended, except where the ledger refused it."""

    code = "STRICT"
