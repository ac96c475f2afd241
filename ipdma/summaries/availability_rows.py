"""Which trial gives which variable."""

from typing import Any

from ipdma.harmonize.consortium import Consortium


def availability_rows(consortium: Consortium) -> list[dict[str, Any]]:
    """Return a row for each variable of the common schema that some trial fills or all were expected to.

    Returns
    -------
    list of dict
        table, column, and ``trials``: the status of each trial (complete, partial, impossible, undetermined) by its
        code. The reasons stand in ``results/status.csv``.
    """
    rows: dict[tuple[str, str], dict[str, str]] = {}
    known = consortium.status[consortium.status["table"].isin(list(consortium.tables))]
    place = {name: number for number, name in enumerate(consortium.tables)}
    for table, column, trial, status in zip(
        *(known[name] for name in ("table", "column", "trial", "status")), strict=True
    ):
        rows.setdefault((str(table), str(column)), {})[str(trial)] = str(status)
    order = sorted(rows, key=lambda key: place[key[0]])
    return [{"table": table, "column": column, "trials": rows[table, column]} for table, column in order]
