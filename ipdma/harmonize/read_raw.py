"""One door to all readers of raw files."""

from collections.abc import Callable, Mapping
from pathlib import Path

from ipdma._yaml import did_you_mean
from ipdma.errors import ReadError
from ipdma.harmonize.raw_file import RawFile, open_raw_file, refuse_other_kind
from ipdma.harmonize.raw_table import RawTable
from ipdma.harmonize.read_csv import OPTIONS as CSV_OPTIONS
from ipdma.harmonize.read_csv import read_csv
from ipdma.harmonize.read_excel import OPTIONS as EXCEL_OPTIONS
from ipdma.harmonize.read_excel import read_excel
from ipdma.harmonize.read_spss import read_spss
from ipdma.harmonize.read_stata import read_stata
from ipdma.harmonize.readstat import OPTIONS as READSTAT_OPTIONS

# Each reader: its function and the options it takes.
READERS: dict[str, tuple[Callable[[RawFile], RawTable], tuple[str, ...]]] = {
    "csv": (read_csv, CSV_OPTIONS),
    "spss": (read_spss, READSTAT_OPTIONS),
    "stata": (read_stata, READSTAT_OPTIONS),
    "excel": (read_excel, EXCEL_OPTIONS),
}


def read_raw(path: Path, *, reader: str, options: Mapping[str, object], name: str) -> RawTable:
    """Return a raw file as it is: nothing converted, guessed or dropped.

    Parameters
    ----------
    path
        Where the file lies.
    reader
        ``csv``, ``spss``, ``stata`` or ``excel``.
    options
        What the recipe says about reading: ``encoding``, ``delimiter``, ``decimal``, ``header_row``, ``sheet``.
    name
        What errors and lineage call the file: its path below the folder of raw files.

    Raises
    ------
    ReadError
        If the file is absent, damaged or another kind of file, or the options do not fit it. The message is one
        sentence or two for the person who has the file, and holds no participant's value.
    """
    if reader not in READERS:
        raise ReadError(f"{name}: reader '{reader}' is not known{did_you_mean(reader, READERS)}")
    function, known = READERS[reader]
    file = open_raw_file(Path(path), name=name, options=options, known=known)
    refuse_other_kind(file, reader)
    return function(file)
