"""The bytes of a raw file and what they are: the first look, before any reader opens it."""

import hashlib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path

from ipdma._yaml import did_you_mean
from ipdma.errors import ReadError

LARGEST_FILE = 1_000_000_000  # bytes; files of whole consortia are smaller by far, and all of it is held in memory
LARGEST_TABLE = 50_000_000  # cells

# Bytes a file of another kind begins with, and what to do about it.
_BEGINNINGS: tuple[tuple[bytes, str, str], ...] = (
    (b"PK\x03\x04", "excel", "an Excel workbook (or another zip archive)"),
    (b"$FL2", "spss", "an SPSS file"),
    (b"$FL3", "spss", "an SPSS file"),
    (b"<stata_dta>", "stata", "a Stata file"),
    (b"\xd0\xcf\x11\xe0", "old_office", "an Excel file of before 2007 (.xls) or one protected by a password"),
    (b"HEADER RECORD", "sas", "a SAS transport file"),
    (b"%PDF", "pdf", "a PDF document"),
    (b"<!DOCTYPE", "html", "a web page"),
    (b"<html", "html", "a web page"),
)
_NAMES = {"csv": "text", "excel": "an Excel workbook", "spss": "an SPSS file", "stata": "a Stata file"}


@dataclass(frozen=True, kw_only=True)
class RawFile:
    """A raw file: its place, the name by which errors call it, its bytes, and the recipe's reading options."""

    path: Path
    name: str
    data: bytes
    options: Mapping[str, object]

    @property
    def sha256(self) -> str:
        """Hash of the bytes, which tells whether a delivery changed."""
        return hashlib.sha256(self.data).hexdigest()

    def text_option(self, key: str, default: str = "") -> str:
        """Return an option that is text.

        Raises
        ------
        ReadError
            If it is something else.
        """
        value = self.options.get(key, default)
        if not isinstance(value, str):
            raise ReadError(f"{self.name}: option '{key}' must be text.")
        return str(value)

    def layout(self) -> "Layout":
        """Return which rows hold the column names and which the data.

        Raises
        ------
        ReadError
            If a row is not a whole number, or the data begin before the names end.
        """
        given = self.options.get("header_row", 1)
        rows = given if isinstance(given, tuple | list) else (given,)
        header = () if rows == (0,) and not isinstance(given, bool) else rows
        first, last = self.options.get("first_row"), self.options.get("last_row")
        named = [("header_row", row) for row in header] + [("first_row", first), ("last_row", last)]
        for option, row in named:
            if row is not None and (isinstance(row, bool) or not isinstance(row, int) or row < 1):
                none = ", or 0 where no row holds the names" if option == "header_row" else ""
                raise ReadError(f"{self.name}: option '{option}' must be a row number{none}.")
        begin = int(first) if isinstance(first, int) else max(header, default=0) + 1
        end = int(last) if isinstance(last, int) else None
        if begin <= max(header, default=0) or (end is not None and end < begin):
            raise ReadError(f"{self.name}: 'first_row' must come after 'header_row', and 'last_row' not before it.")
        return Layout(header=tuple(header), first=begin, last=end)


@dataclass(frozen=True, kw_only=True)
class Layout:
    """Rows of a sheet or text file: those with the names, the first of the data, the last if it is not the file's."""

    header: tuple[int, ...]
    first: int
    last: int | None

    def holds(self, row: int) -> bool:
        """Return whether a row is one of data."""
        return row >= self.first and (self.last is None or row <= self.last)


def open_raw_file(path: Path, *, name: str, options: Mapping[str, object], known: Iterable[str]) -> RawFile:
    """Return the file's bytes.

    Raises
    ------
    ReadError
        If the file is absent, empty, a folder, too large or may not be read, or an option is unknown.
    """
    for key in options:
        if key not in known:
            raise ReadError(f"{name}: unknown option '{key}'{did_you_mean(key, known)}")
    if not path.exists():
        raise ReadError(f"{name} does not exist. Put the file there, or correct its name.")
    if not path.is_file():
        raise ReadError(f"{name} is a folder, not a file.")
    try:
        if path.stat().st_size > LARGEST_FILE:
            raise ReadError(f"{name} has {path.stat().st_size} bytes; more than {LARGEST_FILE} are not read.")
        data = path.read_bytes()
    except OSError as error:
        raise ReadError(f"{name} cannot be read: {error.strerror or 'the system refuses'}.") from None
    if not data:
        raise ReadError(f"{name} is empty (0 bytes). Copy it again.")
    return RawFile(path=path, name=name, data=data, options=options)


def refuse_other_kind(file: RawFile, reader: str) -> None:
    """Compare the file's first bytes with the reader the recipe names.

    Raises
    ------
    ReadError
        If they show that the file is of another kind.
    """
    kind, words = kind_of(file.data)
    if kind == reader or (reader == "csv" and not kind):
        return
    if kind in _NAMES:
        raise ReadError(f"{file.name} is {words}, but the recipe says 'reader: {reader}'. Write 'reader: {kind}'.")
    if kind == "old_office":
        raise ReadError(f"{file.name} is {words}. Save it as .xlsx without a password, and read that.")
    if kind:
        raise ReadError(f"{file.name} is {words}; no reader is for it. Ask for it as .csv, .sav, .dta or .xlsx.")
    raise ReadError(
        f"{file.name} is not {_NAMES[reader]}: its first bytes are not those of one. "
        "Copy it again, or correct 'reader' in the recipe."
    )


def kind_of(data: bytes) -> tuple[str, str]:
    """Return the kind of file the first bytes show and words for it; both empty where they show nothing."""
    for beginning, kind, words in _BEGINNINGS:
        if data.startswith(beginning):
            return kind, words
    # Stata before version 13: a release number, a byte order of 1 or 2, and always 1.
    if len(data) > 3 and data[0] in range(102, 116) and data[1] in (1, 2) and data[2] == 1:
        return "stata", "a Stata file"
    return "", ""
