"""A codebook of any raw file, before a recipe exists."""

import re
from collections.abc import Mapping
from pathlib import Path

from ipdma.errors import ReadError
from ipdma.harmonize.draft import draft_recipe
from ipdma.harmonize.raw_table import RawTable
from ipdma.harmonize.read_raw import read_raw
from ipdma.harmonize.scan import scan
from ipdma.harmonize.scan_text import codebook_text, file_notes
from ipdma.project.reply import Reply

_ENDINGS = {
    ".csv": "csv",
    ".tsv": "csv",
    ".txt": "csv",
    ".sav": "spss",
    ".zsav": "spss",
    ".dta": "stata",
    ".xlsx": "excel",
}


def draft_file(file: Path, *, reader: str | None = None, options: Mapping[str, object] | None = None) -> Reply:
    """Return a first recipe for a raw file, every line undetermined.

    Raises
    ------
    ReadError
        As for :func:`scan_file`.
    """
    table = _read(file, reader, options)
    code = re.sub(r"[^A-Za-z0-9_.-]+", "_", file.stem).strip("_") or "trial"
    text = draft_recipe(table, trial=code, options=dict(options or {}))
    return Reply(lines=tuple(text.splitlines()), data={"recipe": text})


def scan_file(file: Path, *, reader: str | None = None, options: Mapping[str, object] | None = None) -> Reply:
    """Return the codebook of a raw file; counts under 5 are hidden.

    Raises
    ------
    ReadError
        If the file cannot be read, or its ending tells no reader.
    """
    table = _read(file, reader, options)
    codebook = scan(table)
    records = codebook.astype(object).where(codebook.notna(), None).to_dict("records")
    notes = file_notes(table, file)
    data = {"file": table.file, "rows": len(table.values), "notes": notes, "columns": records}
    return Reply(lines=tuple(codebook_text(table, file).splitlines()), data=data)


def _read(file: Path, reader: str | None, options: Mapping[str, object] | None) -> RawTable:
    if file.is_dir():
        raise ReadError(f"{file.name} is a folder; name a file.")
    reader = reader or _ENDINGS.get(file.suffix.lower())
    if reader is None:
        known = ", ".join(f"{ending} ({name})" for ending, name in _ENDINGS.items())
        raise ReadError(f"the ending of {file.name} tells no reader; known: {known}. Say it with --reader.")
    return read_raw(file, reader=reader, options=dict(options or {}), name=file.name)
