"""A codebook as text for the terminal, with what concerns the file as a whole."""

import re
from collections.abc import Iterator
from pathlib import Path

import pandas as pd

from ipdma.harmonize.raw_table import RawTable
from ipdma.harmonize.scan import scan
from ipdma.harmonize.scan_excel import sheet_notes

_FEWEST_ROWS = 5  # of a table below which remarks are looked for
_TOTAL = re.compile(r"\s*(total|totals|sum|mean|average|median|sd|n|gesamt|summe|mittelwert)\b.{0,20}", re.IGNORECASE)


def codebook_text(raw: RawTable, path: Path | None = None) -> str:
    """Return the codebook of a raw table as text.

    Parameters
    ----------
    raw
        The table.
    path
        Where the file lies; with it, merged, colored and hidden cells of an Excel sheet are counted.
    """
    sheet = f", sheet '{raw.sheet}'" if raw.sheet else ""
    encoding = f", {raw.encoding}" if raw.encoding else ""
    head = f"{raw.file}{sheet}: {len(raw.rows)} rows, {raw.values.shape[1]} columns (reader {raw.reader}{encoding})"
    notes = [f"  ! {note}" for note in file_notes(raw, path)]
    return "\n".join([head, *notes, *(line for row in _records(scan(raw)) for line in _column_lines(row))]) + "\n"


def file_notes(raw: RawTable, path: Path | None = None) -> list[str]:
    """Return what looks odd about the file as a whole: its header row, its last rows, its looks."""
    return [
        *_header_notes(raw),
        *_total_notes(raw),
        *_last_rows_notes(raw),
        *(sheet_notes(path, raw) if path is not None else []),
    ]


def _header_notes(raw: RawTable) -> Iterator[str]:
    names = [str(name) for name in raw.values.columns]
    unnamed = sum(bool(re.fullmatch(r"column_\d+", name)) for name in names)
    if raw.reader in ("csv", "excel") and len(names) > 2 and 2 * unnamed >= len(names):
        yield f"{unnamed} of {len(names)} columns have no name: the names may stand in another row (--header-row)"
    if raw.reader == "csv" and sum(bool(re.fullmatch(r"-?\d+([.,]\d+)?", name)) for name in names) * 2 > len(names):
        yield "most column names are numbers: perhaps no row holds names (--header-row 0)"


def _total_notes(raw: RawTable) -> Iterator[str]:
    if raw.reader not in ("csv", "excel"):
        return
    for at in range(max(0, len(raw.rows) - 3), len(raw.rows)):
        first = next((value for value in raw.values.iloc[at].array if value is not pd.NA), "")
        if isinstance(first, str) and _TOTAL.fullmatch(first):
            yield f"row {raw.rows[at]} looks like a total, not a participant (leave it out by 'where')"


def _last_rows_notes(raw: RawTable) -> Iterator[str]:
    """Remarks or a code book below the table: rows at its end without what all others have in the first column."""
    if raw.reader not in ("csv", "excel") or raw.values.empty:
        return
    filled = raw.values.iloc[:, 0].notna().to_numpy(dtype=bool)
    last = int(filled.nonzero()[0][-1]) + 1 if filled.any() else len(filled)
    if _FEWEST_ROWS <= last < len(filled) < 2 * last and filled[:last].all():
        yield (
            f"rows {raw.rows[last]} to {raw.rows[-1]}, the last, have nothing in the first column: remarks below the "
            f"table? (option last_row: {raw.rows[last - 1]})"
        )


def _records(codebook: pd.DataFrame) -> list[dict[str, str]]:
    return [{str(key): str(value) for key, value in row.items()} for row in codebook.to_dict("records")]


def _column_lines(row: dict[str, str]) -> Iterator[str]:
    missing = f", {row['missing']} missing" if row["missing"] != "0" else ""
    span = f", {row['low']} to {row['high']}" if row["low"] else ""
    label = f": {row['label']}" if row["label"] else ""
    yield f"{row['column']}{label}"
    yield f"    {row['type']}{span}{missing}"
    if row["codes"]:
        yield f"    {row['codes']}"
    if row["notes"]:
        yield f"    ! {row['notes']}"
