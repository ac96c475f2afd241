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
            "tell them apart. Check option 'header_row', or ask for a file with different names."
        )
    return names
