"""Keys of common tables: no two rows alike, every row pointed to is there, nothing stands alone."""

from collections.abc import Iterator, Mapping

import pandas as pd

from ipdma.harmonize.finding import Finding
from ipdma.harmonize.row_origin import RowOrigin
from ipdma.harmonize.rows_in import rows_in
from ipdma.schemas.tables import ForeignKey, Table

_PERSON = ["trial", "participant_id"]
_NOT_EMPTY = (
    # table, its key, table of the rows that should be there, the column named in the finding, code, message
    ("arms", ("trial", "arm"), "participants", "arm", "empty_arm", "an arm has no participant."),
    ("visits", ("trial", "visit"), "assessments", "visit", "empty_visit", "a planned visit has no assessment."),
    (
        "participants",
        ("trial", "participant_id"),
        "assessments",
        "participant_id",
        "never_assessed",
        "a participant has no assessment at any visit; the flow counts such people as missing the outcome.",
    ),
)


def check_links(tables: Mapping[str, pd.DataFrame], schema: Mapping[str, Table], rows: RowOrigin) -> Iterator[Finding]:
    """Return repeated keys and references to absent rows (errors), then rows that nothing refers to (warnings)."""
    people = _repeated_people(tables)
    for name, table in schema.items():
        if name not in tables or tables[name].empty:
            continue
        yield from _repeated(tables[name], table, rows, told=None if name == "participants" else people)
        for key in table.foreign_keys:
            yield from _absent(tables, table, key, rows)
    yield from _alone(tables, rows)
    yield from _without_data(tables, rows)


def _repeated_people(tables: Mapping[str, pd.DataFrame]) -> pd.DataFrame | None:
    """Return trial and participant_id of those who stand more than once in the participants table."""
    people = tables.get("participants")
    if people is None or not set(_PERSON) <= set(people.columns):
        return None
    keys = people[_PERSON]
    return keys[keys.duplicated() & keys.notna().all(axis=1)].drop_duplicates()


def _repeated(frame: pd.DataFrame, table: Table, rows: RowOrigin, *, told: pd.DataFrame | None) -> Iterator[Finding]:
    """Report rows of the same key, but for those of ``told`` people: their repeated id is the cause, and reported."""
    if not set(table.primary_key) <= set(frame.columns):
        return
    keys = frame[list(table.primary_key)]
    where = keys.duplicated(keep=False).to_numpy(dtype=bool) & keys.notna().all(axis=1).to_numpy(dtype=bool)
    if told is not None and len(told) and set(_PERSON) <= set(frame.columns):
        where &= ~rows_in(frame[_PERSON], told)
    yield from rows.findings(
        table.name,
        table.primary_key[-1],
        where,
        code="repeated_key",
        message=(
            f"several rows have the same {', '.join(table.primary_key)}; each may stand once. Say which rows count by "
            "'where' or 'duplicates' of the recipe's source; an id that is wrong in the file is mended in "
            "private/corrections."
        ),
    )


def _absent(tables: Mapping[str, pd.DataFrame], table: Table, key: ForeignKey, rows: RowOrigin) -> Iterator[Finding]:
    frame = tables[table.name]
    target = tables.get(key.table, pd.DataFrame(columns=list(key.table_columns), dtype="string"))
    if not set(key.columns) <= set(frame.columns) or not set(key.table_columns) <= set(target.columns):
        return
    here = frame[list(key.columns)]
    found = rows_in(here, target[list(key.table_columns)])
    complete = here.notna().all(axis=1).to_numpy(dtype=bool)
    yield from rows.findings(
        table.name,
        key.columns[-1],
        complete & ~found,
        code="unknown_reference",
        message=f"{', '.join(key.columns)} of a row of {table.name} stand in no row of {key.table}.",
    )


def _alone(tables: Mapping[str, pd.DataFrame], rows: RowOrigin) -> Iterator[Finding]:
    for table, key, other, column, code, message in _NOT_EMPTY:
        frame, others = tables.get(table), tables.get(other)
        if frame is None or others is None or not {*key} <= {*frame.columns} & {*others.columns}:
            continue
        used = rows_in(frame[list(key)], others[list(key)])
        active = others["trial"].dropna().unique()  # a trial without any such rows is another finding, or no finding
        trials = frame["trial"].isin(active).to_numpy(dtype=bool)
        yield from rows.findings(table, column, trials & ~used, code=code, message=message, severity="warning")


def _without_data(tables: Mapping[str, pd.DataFrame], rows: RowOrigin) -> Iterator[Finding]:
    trials = tables.get("trials")
    if trials is None or not {"trial", "data"} <= set(trials.columns):
        return
    there: set[object] = set()
    for name in ("participants", "estimates"):
        there |= set(tables[name]["trial"].dropna().unique()) if name in tables and "trial" in tables[name] else set()
    where = (trials["data"] == "individual").to_numpy(dtype=bool, na_value=False)
    where &= ~trials["trial"].isin(there).to_numpy(dtype=bool)
    if "exclude_why" in trials:  # a trial that is left out, for example because its recipe fails, has no rows
        where &= trials["exclude_why"].isna().to_numpy(dtype=bool)
    message = "the trial is said to have individual data, but no recipe gives a participant of it."
    yield from rows.findings("trials", "data", where, code="trial_without_data", message=message)
