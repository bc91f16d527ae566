"""Rows of an XES log: an event's attributes by their keys, its trace's with `case:` before them.

The XML is read as a stream, in constant memory. Entities and document types are refused, so nothing can expand.
"""

from collections.abc import Iterator
from typing import BinaryIO
from xml.sax import SAXParseException
from xml.sax.handler import ContentHandler
from xml.sax.xmlreader import AttributesImpl, Locator

from defusedxml.common import DefusedXmlException
from defusedxml.expatreader import DefusedExpatParser

from api.ingest.errors import BadFile
from api.ingest.rows import Refusal, Row

CASE = "case:"
_CHUNK = 65_536
_ATTRIBUTES = frozenset({"string", "date", "int", "float", "boolean", "id"})
_MOST_ATTRIBUTES = 1_000
_LONGEST_VALUE = 1_048_576
_DEEPEST = 64
_LONGEST_TAG = 256
"""Chunks without a new element, after which the file is no log."""


def xes_rows(source: BinaryIO) -> Iterator[Row | Refusal]:
    """The log's events in the file's order. Raises BadFile where it is no XES."""
    parser = DefusedExpatParser(forbid_dtd=True)
    handler = _Log(parser)
    parser.setContentHandler(handler)
    found = False
    try:
        while chunk := source.read(_CHUNK):
            parser.feed(chunk)
            handler.check_size()
            found = found or bool(handler.rows)
            yield from handler.taken()
        parser.close()
    except DefusedXmlException:
        raise BadFile("the file declares a document type or entities, which no log needs", detail="ENTITIES") from None
    except SAXParseException as error:
        problem = f"line {error.getLineNumber()}: the XML is broken: {error.getMessage()}"
        raise BadFile(problem, detail="BROKEN_XML") from None
    if not handler.is_log:
        raise BadFile("the XML is no XES: its root is no <log>", detail="NOT_XES")
    if not found:
        raise BadFile("the log has no event", detail="NO_ROWS")


class _Log(ContentHandler):
    """Collects events as they end. Only attributes of a trace or an event itself count; nested ones are left out."""

    def __init__(self, locator: Locator) -> None:
        super().__init__()
        self._locator = locator
        self.rows: list[Row | Refusal] = []
        self.is_log = False
        self._open: list[str] = []
        self._trace: dict[str, str] = {}
        self._event: dict[str, str] = {}
        self._line = 0
        self._fault: str | None = None
        self._silent = 0

    def check_size(self) -> None:
        """Called after each chunk. Raises BadFile where elements are nested or long beyond all logs."""
        self._silent += 1
        if self._silent > _LONGEST_TAG or len(self._open) > _DEEPEST:
            raise BadFile("the XML is nested too deeply, or has an endless element", detail="NOT_XES")

    def taken(self) -> list[Row | Refusal]:
        rows, self.rows = self.rows, []
        return rows

    def startElement(self, name: str, attrs: AttributesImpl) -> None:  # noqa: N802 - SAX calls it that
        tag = name.rpartition(":")[2]
        self._silent = 0
        if not self._open:
            self.is_log = tag == "log"
        elif tag == "trace":
            self._trace = {}
        elif tag == "event":
            self._event, self._fault = {}, None
            self._line = self._locator.getLineNumber() or 0
        elif tag in _ATTRIBUTES:
            self._attribute(attrs.get("key"), attrs.get("value"))
        self._open.append(tag)

    def endElement(self, name: str) -> None:  # noqa: N802 - SAX calls it that
        self._open.pop()
        if name.rpartition(":")[2] != "event" or self._open[:1] != ["log"]:
            return
        cells = self._event | self._trace
        if self._fault:
            self.rows.append(Refusal(self._line, "MALFORMED", self._fault, str(cells)[:2_000]))
        else:
            self.rows.append(Row(self._line, cells))

    def _attribute(self, key: str | None, value: str | None) -> None:
        of = self._open[-1]
        if of not in ("event", "trace") or self._open[0] != "log":
            return
        cells, prefix = (self._event, "") if of == "event" else (self._trace, CASE)
        if key is None or value is None:
            self._fault = "an attribute without key or value"
        elif len(cells) >= _MOST_ATTRIBUTES or len(value) > _LONGEST_VALUE:
            self._fault = f"more than {_MOST_ATTRIBUTES} attributes, or one longer than {_LONGEST_VALUE} characters"
        else:
            cells[prefix + key] = value
