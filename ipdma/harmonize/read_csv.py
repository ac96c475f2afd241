"""Text files with delimiters: every cell as the text it is."""

import codecs
import csv
import io
from itertools import islice

import numpy as np
import pandas as pd

from ipdma.errors import ReadError
from ipdma.harmonize.column_names import column_names, merged_header
from ipdma.harmonize.raw_file import LARGEST_TABLE, RawFile
from ipdma.harmonize.raw_table import RawTable

# decimal is for the operation `number`, not for reading
OPTIONS = ("encoding", "delimiter", "decimal", "header_row", "first_row", "last_row")
_MARKS = ((codecs.BOM_UTF8, "utf-8"), (codecs.BOM_UTF16_LE, "utf-16"), (codecs.BOM_UTF16_BE, "utf-16"))
_DELIMITERS = {",": "','", ";": "';'", "\t": "a tab", "|": "'|'"}


def read_csv(file: RawFile) -> RawTable:
    r"""Return the cells of a text file as text; an empty cell is missing and an empty line is no row.

    Options: ``encoding`` (default UTF-8; a byte order mark at the beginning is obeyed and removed), ``delimiter``
    (default a comma), ``header_row`` (default 1; 0: no row holds names, and columns are ``column_1``, ...; a list:
    their cells make the names together), ``first_row`` and ``last_row`` of the data.

    Raises
    ------
    ReadError
        If the bytes are not text in that encoding, the delimiter is another one, a quote never closes, rows differ in
        length, or two columns have one name.
    """
    text, encoding = _decode(file)
    delimiter = _delimiter(file)
    records = _records(text, delimiter, file)
    layout = file.layout()
    header = _header(records, layout.header, file)
    body = [(number, record) for number, record in enumerate(records, 1) if layout.holds(number) and any(record)]
    width = len(header) if header else len(body[0][1]) if body else 0
    _refuse_another_delimiter(header or (body[0][1] if body else []), width, file)
    _refuse_ragged_rows(body, width, file)
    names = column_names(header, width=width, file=file.name)
    columns = list(zip(*(record for _, record in body), strict=True)) or [()] * width
    values = {name: _column(cells) for name, cells in zip(names, columns, strict=True)}
    return RawTable(
        file=file.name,
        reader="csv",
        sha256=file.sha256,
        encoding=encoding,
        values=pd.DataFrame(values, columns=names),
        rows=np.array([number for number, _ in body], dtype=np.int64),
    )


def _header(records: list[list[str]], rows: tuple[int, ...], file: RawFile) -> list[str]:
    """Return the cells of the header row, or of several as one."""
    for row in rows:
        if row > len(records):
            raise ReadError(f"{file.name} has {len(records)} rows, but option 'header_row' says {row}.")
        if not records[row - 1]:
            raise ReadError(f"{file.name} row {row} is empty, but option 'header_row' says that it holds the names.")
    found = [records[row - 1] for row in rows]
    return merged_header(found) if len(found) > 1 else found[0] if found else []


def _column(cells: tuple[str, ...]) -> pd.Series:
    return pd.Series([cell if cell != "" else pd.NA for cell in cells], dtype="string")


def _decode(file: RawFile) -> tuple[str, str]:
    """Return the text and its encoding: the stated one, or what the file's byte order mark says."""
    stated = file.text_option("encoding")
    marked = next((encoding for mark, encoding in _MARKS if file.data.startswith(mark)), "")
    encoding = marked or stated or "utf-8"
    try:
        family = codecs.lookup(encoding).name
        if marked and stated and not family.startswith(codecs.lookup(stated).name.removesuffix("-sig")[:6]):
            raise ReadError(f"{file.name} begins with the mark of {marked}, but option 'encoding' says {stated}.")
        text = file.data.decode("utf-8-sig" if family == "utf-8" else encoding)
    except LookupError:
        raise ReadError(f"{file.name}: encoding '{stated}' is not known. Common ones: utf-8, cp1252, utf-16.") from None
    except UnicodeDecodeError as error:
        row = file.data.count(b"\n", 0, error.start) + 1
        advice = "State option 'encoding', for example cp1252." if not stated else "Try another one."
        raise ReadError(f"{file.name} is not {encoding} text: line {row} holds other bytes. {advice}") from None
    _refuse_doubtful_text(text, encoding, file)
    return text, encoding


def _refuse_doubtful_text(text: str, encoding: str, file: RawFile) -> None:
    if "\0" in text:
        raise ReadError(
            f"{file.name} holds NUL characters, so it is not text in {encoding}, or damaged. "
            "Copy it again; from Windows programs also try option 'encoding: utf-16'."
        )
    if codecs.lookup(encoding).name.startswith("utf") or text.isascii():
        return
    try:
        file.data.decode("utf-8")
    except UnicodeDecodeError:
        return
    # Text of another encoding is hardly ever valid UTF-8 by chance: read as stated, every umlaut becomes two signs.
    raise ReadError(f"{file.name} is UTF-8 text, but option 'encoding' says {encoding}. Remove the option.")


def _delimiter(file: RawFile) -> str:
    delimiter = file.text_option("delimiter", ",")
    delimiter = "\t" if delimiter in ("\\t", "tab") else delimiter
    if len(delimiter) != 1 or delimiter in '"\r\n':
        raise ReadError(f"{file.name}: option 'delimiter' must be one character, or tab.")
    return delimiter


def _records(text: str, delimiter: str, file: RawFile) -> list[list[str]]:
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=delimiter, strict=True)
    records: list[list[str]] = []
    cells = 0
    try:
        for record in reader:
            records.append(record)
            cells += len(record)
            if cells > LARGEST_TABLE:
                raise ReadError(f"{file.name} has more than {LARGEST_TABLE} cells; that much is not read.")
    except csv.Error as error:
        raise ReadError(_quote_problem(str(error), file.name, len(records) + 1)) from None
    if not any(records):
        raise ReadError(f"{file.name} holds empty lines only. Copy it again.")
    return records


def _quote_problem(problem: str, name: str, row: int) -> str:
    if "unexpected end" in problem:
        return f"{name} ends inside a quoted cell that begins in row {row}: it is cut off, or a quote is missing."
    if "field larger" in problem:
        return f"{name} row {row} holds a cell of more than {csv.field_size_limit()} characters: a quote is missing."
    return f"{name} row {row} has a quote in a wrong place. Correct the quotes, or ask for the file again."


def _refuse_another_delimiter(header: list[str], width: int, file: RawFile) -> None:
    if width != 1:
        return
    other = next((words for sign, words in _DELIMITERS.items() if sign in header[0]), "")
    if other:
        said = _DELIMITERS.get(_delimiter(file), "the stated delimiter")
        raise ReadError(
            f"{file.name} has one column only when cells are divided by {said}, but its first row holds {other}. "
            "State option 'delimiter'."
        )


def _refuse_ragged_rows(body: list[tuple[int, list[str]]], width: int, file: RawFile) -> None:
    other = [number for number, record in body if len(record) != width]
    if not other:
        return
    first = ", ".join(map(str, islice(other, 5))) + (", ..." if len(other) > 5 else "")
    raise ReadError(
        f"{file.name}: {len(other)} of {len(body)} rows do not have the header row's {width} cells (rows {first}). "
        "Their values would stand in wrong columns. A cut-off file, an unquoted delimiter or a wrong 'header_row' "
        "are the usual causes."
    )
