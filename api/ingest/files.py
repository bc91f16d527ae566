"""Opening a log: what its name says it is, whether it is that, and how far it has been read."""

import gzip
import zlib
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO, Literal, cast

from api.ingest.errors import BadFile

Format = Literal["csv", "xes", "jsonl"]
Progress = Callable[[int], None]
"""Told how many bytes of the file, as it lies on the disk, have been read."""

FORMATS: dict[str, Format] = {".csv": "csv", ".xes": "xes", ".xml": "xes", ".jsonl": "jsonl", ".ndjson": "jsonl"}

_GZIP = b"\x1f\x8b"
_HEAD = 8_192
_FOREIGN = {
    _GZIP: "gzip-compressed (its name should end in .gz)",
    b"PK\x03\x04": "a ZIP archive or an Excel workbook (save it as CSV)",
    b"%PDF": "a PDF",
    b"\x89PNG": "a picture",
    b"\xff\xd8\xff": "a picture",
    b"SQLite format 3": "a database",
    b"\xd0\xcf\x11\xe0": "an Excel workbook (save it as CSV)",
    b"\xff\xfe": "UTF-16 text (save it as UTF-8)",
    b"\xfe\xff": "UTF-16 text (save it as UTF-8)",
}
_BOM = b"\xef\xbb\xbf"
_TEXT = frozenset(range(32, 256)) | frozenset(b"\t\n\r\f\v\x00\x1b\x85")
"""Bytes that text may hold. A NUL makes its row bad, not the file."""


@dataclass(frozen=True, slots=True)
class Name:
    """What a file's name says."""

    format: Format | None
    packed: bool


def name_of(path: Path) -> Name:
    """What the file's name says: its format, where it names one, and whether it is gzip-compressed."""
    suffixes = [suffix.lower() for suffix in path.suffixes]
    packed = suffixes[-1:] == [".gz"]
    return Name(FORMATS.get("".join(suffixes[-2:-1] if packed else suffixes[-1:])), packed)


@contextmanager
def opened(path: Path, kind: Format, progress: Progress) -> Iterator[BinaryIO]:
    """The file's bytes, unpacked. Raises BadFile where it is not there, is empty, or is not of that kind."""
    name = name_of(path)
    if name.format is not None and name.format != kind:
        raise BadFile(f"{path.name} is named as {name.format}, and is to be read as {kind}", detail="OTHER_FORMAT")
    try:
        file = path.open("rb")
    except OSError as error:
        raise BadFile(f"{path} cannot be opened: {error.strerror}", detail="CANNOT_OPEN") from None
    with file:
        counted = _Counted(file, progress)
        if name.packed:
            _check_packed(path, file)
            with gzip.GzipFile(fileobj=cast("BinaryIO", counted)) as unpacked, _broken_gzip(path):
                yield _checked(path, kind, cast("BinaryIO", unpacked))
        else:
            yield _checked(path, kind, cast("BinaryIO", counted))


def lines(source: BinaryIO, longest: int) -> Iterator[tuple[int, bytes | None]]:
    """Lines, numbered from 1, with their ends; one longer than `longest` bytes is None."""
    number = 0
    while line := source.readline(longest + 1):
        number += 1
        if len(line) <= longest:
            yield number, line
            continue
        while not line.endswith(b"\n") and (line := source.readline(longest)):
            pass
        yield number, None


def _check_packed(path: Path, file: BinaryIO) -> None:
    start = file.read(2)
    file.seek(0)
    if not start:
        raise BadFile(f"{path.name} is empty", detail="EMPTY")
    if start != _GZIP:
        raise BadFile(f"{path.name} is named .gz, and is not gzip-compressed", detail="NOT_GZIP")


@contextmanager
def _broken_gzip(path: Path) -> Iterator[None]:
    try:
        yield
    except EOFError:
        raise BadFile(f"{path.name} is cut off: fetch it again", detail="TRUNCATED") from None
    except (gzip.BadGzipFile, zlib.error) as error:
        raise BadFile(f"{path.name} is broken gzip: {error}", detail="BROKEN_GZIP") from None


def _checked(path: Path, kind: Format, source: BinaryIO) -> BinaryIO:
    """The same bytes, once their beginning looks like that kind."""
    head = source.read(_HEAD)
    source.seek(0)
    if not head.removeprefix(_BOM).strip():
        raise BadFile(f"{path.name} is empty", detail="EMPTY")
    for magic, what in _FOREIGN.items():
        if head.startswith(magic):
            raise BadFile(f"{path.name} is {what}", detail="NOT_TEXT")
    if sum(byte not in _TEXT for byte in head) * 100 > len(head) or head.count(0) * 10 > len(head):
        raise BadFile(f"{path.name} is no text", detail="NOT_TEXT")
    xml = head.removeprefix(_BOM).lstrip().startswith(b"<")
    if xml != (kind == "xes"):
        looks = "looks like XML" if xml else "does not look like XML"
        raise BadFile(f"{path.name} is to be read as {kind}, and {looks}", detail="OTHER_FORMAT")
    return source


class _Counted:
    """A file that says how far it has been read."""

    def __init__(self, file: BinaryIO, progress: Progress) -> None:
        self._file = file
        self._progress = progress

    def read(self, size: int = -1) -> bytes:
        chunk = self._file.read(size)
        self._progress(self._file.tell())
        return chunk

    def readline(self, size: int = -1) -> bytes:
        line = self._file.readline(size)
        self._progress(self._file.tell())
        return line

    def seek(self, offset: int, whence: int = 0) -> int:
        return self._file.seek(offset, whence)

    def tell(self) -> int:
        return self._file.tell()
