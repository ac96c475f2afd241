"""A codebook of any raw file, before a recipe exists."""

from collections.abc import Mapping
from pathlib import Path

from ipdma.errors import ReadError
from ipdma.harmonize.read_raw import read_raw
from ipdma.harmonize.scan import scan
from ipdma.project.reply import Reply

_ENDINGS = {".csv": "csv", ".tsv": "csv", ".txt": "csv", ".sav": "spss", ".dta": "stata", ".xlsx": "excel"}


def scan_file(file: Path, *, reader: str | None = None, options: Mapping[str, object] | None = None) -> Reply:
    """Return the codebook of a raw file; counts under 5 are hidden.

    Raises
    ------
    ReadError
        If the file cannot be read, or its ending tells no reader.
    """
    if file.is_dir():
        raise ReadError(f"{file.name} is a folder; name a file.")
    reader = reader or _ENDINGS.get(file.suffix.lower())
    if reader is None:
        known = ", ".join(f"{ending} ({name})" for ending, name in _ENDINGS.items())
        raise ReadError(f"the ending of {file.name} tells no reader; known: {known}. Say it with --reader.")
    table = read_raw(file, reader=reader, options=dict(options or {}), name=file.name)
    codebook = scan(table)
    head = f"{table.file}: {len(table.values)} rows, {table.values.shape[1]} columns, read as {reader}"
    text = codebook.to_string(index=False, max_colwidth=60) if len(codebook) else "no columns"
    records = codebook.astype(object).where(codebook.notna(), None).to_dict("records")
    return Reply(lines=(head, text), data={"file": table.file, "rows": len(table.values), "columns": records})
