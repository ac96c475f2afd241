"""SPSS files (.sav, .zsav): raw codes, labels and declared missing codes, all kept."""

import numpy as np

from ipdma.errors import ReadError
from ipdma.harmonize.raw_file import RawFile
from ipdma.harmonize.raw_table import RawTable
from ipdma.harmonize.readstat import column_labels, frame, number_column, read_columns, text_column
from ipdma.harmonize.spss_dictionary import DamagedDictionaryError, check_dictionary


def read_spss(file: RawFile) -> RawTable:
    """Return the raw codes of an SPSS file; user-missing codes stay values, and ``missing_codes`` lists them.

    Dates stay numbers (seconds since 14 October 1582), and ``formats`` says which columns hold them. Only
    system-missing numbers and empty texts are missing. Rows are counted as in SPSS: the first case is row 1.

    Raises
    ------
    ReadError
        If the file is damaged or cut off, or its texts are not in the encoding that it or the recipe states.
    """
    from pyreadstat import read_sav

    try:
        check_dictionary(file.data, encoding=file.text_option("encoding"))
    except DamagedDictionaryError as error:
        raise ReadError(f"{file.name} is damaged: {error}. Copy it again.") from None
    columns, meta = read_columns(read_sav, file)
    series = {
        name: text_column(cells) if meta.readstat_variable_types[name] == "string" else number_column(cells)
        for name, cells in columns.items()
    }
    values = frame(series, meta.column_names)
    return RawTable(
        file=file.name,
        reader="spss",
        sha256=file.sha256,
        encoding=file.text_option("encoding") or meta.file_encoding or "",
        values=values,
        rows=np.arange(1, len(values) + 1, dtype=np.int64),
        labels=column_labels(meta),
        value_labels={name: dict(labels) for name, labels in meta.variable_value_labels.items()},
        missing_codes={
            name: tuple((span["lo"], span["hi"]) for span in spans) for name, spans in meta.missing_ranges.items()
        },
        formats={name: str(form) for name, form in meta.original_variable_types.items() if form},
    )
