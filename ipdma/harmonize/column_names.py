"""Column names of files that have a header row: one for each column, and no two alike."""

from collections.abc import Sequence

from ipdma.errors import ReadError


def column_names(header: Sequence[str], *, width: int, file: str) -> list[str]:
    """Return a name for each of ``width`` columns; one without a name in the header is called ``column_<position>``.

    Raises
    ------
    ReadError
        If two columns are called alike. It gives positions and not names: where the header row is stated wrongly,
        the "names" are a participant's values.
    """
    cells = [*header, *[""] * (width - len(header))]
    names = [cell if cell.strip() else f"column_{position}" for position, cell in enumerate(cells, 1)]
    first: dict[str, int] = {}
    alike = [f"{first[name]} and {at}" for at, name in enumerate(names, 1) if first.setdefault(name, at) != at]
    if alike:
        more = f" and {len(alike) - 3} more pairs" if len(alike) > 3 else ""
        raise ReadError(
            f"{file}: columns {', '.join(alike[:3])}{more} have the same name in the header row, so a recipe cannot "
            "tell them apart. Check option 'header_row' (several rows may tell them apart together), or ask for a file "
            "with different names."
        )
    return names


def merged_header(rows: Sequence[Sequence[str]]) -> list[str]:
    """Return one name a column from several header rows, joined by a blank.

    Cells of the upper rows reach to the right over empty ones, as merged cells do in a spreadsheet.

    Examples
    --------
    >>> merged_header([["", "Visit 1", "", "Visit 2"], ["id", "BP", "HR", "BP"]])
    ['id', 'Visit 1 BP', 'Visit 1 HR', 'Visit 2 BP']
    """
    width = max(map(len, rows))
    upper = [_carried([*row, *[""] * (width - len(row))]) for row in rows[:-1]]
    last = [*rows[-1], *[""] * (width - len(rows[-1]))]
    return [" ".join(part.strip() for part in parts if part.strip()) for parts in zip(*upper, last, strict=True)]


def _carried(cells: Sequence[str]) -> list[str]:
    found, current = [], ""
    for cell in cells:
        current = cell if cell.strip() else current
        found.append(current)
    return found
