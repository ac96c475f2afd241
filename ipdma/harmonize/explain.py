"""Where one cell of the common tables came from: file, row, raw values, recipe line, steps, events.

What it returns holds a participant's values: it is for the terminal of the person who has the raw files.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

import numpy as np
import pandas as pd

from ipdma._yaml import did_you_mean, yaml_files
from ipdma.errors import ExplainError, RecipeError, YamlError
from ipdma.harmonize.consortium import Consortium
from ipdma.harmonize.content import read_content
from ipdma.harmonize.corrections_file import read_corrections
from ipdma.harmonize.explain_row import SourceRow, explain_row
from ipdma.harmonize.inputs import Inputs, TableReader
from ipdma.harmonize.lineage import rule_table
from ipdma.harmonize.prepared import prepare, some_rows
from ipdma.harmonize.raw_table import RawTable
from ipdma.harmonize.reads import columns_by_source
from ipdma.schemas.code_text import code_text
from ipdma.schemas.recipe import Recipe
from ipdma.schemas.recipe_file import read_recipe


@dataclass(frozen=True, kw_only=True)
class _Cell:
    """A cell: its table and column, the row's place in the table and number within the trial, the trial."""

    table: str
    column: str
    place: int
    number: int
    trial: str


def explain(
    consortium: Consortium, inputs: Inputs, *, table: str, column: str, keys: Mapping[str, str]
) -> tuple[str, ...]:
    """Return the story of one cell, a line a step; the raw file is read again for it.

    Parameters
    ----------
    consortium
        The harmonized trials.
    inputs
        Where the raw files, recipes and corrections lie that they were made of.
    table, column
        Which cell, for example ``"participants"`` and ``"age_years"``.
    keys
        Columns and values that name one row: ``{"trial": "trial_01", "participant_id": "3"}``.

    Raises
    ------
    ExplainError
        If there is no such table, column or row, the keys name several rows, or a raw file or recipe changed since.
    """
    frame = _table(consortium, table, column, keys)
    matching = np.flatnonzero(_matching(frame, keys))
    if not len(matching):
        return _absent(consortium, table, column, keys)
    if len(matching) > 1:
        raise ExplainError(f"{len(matching)} rows of {table} fit. Add {_distinguishing(frame, matching, keys)}.")
    place = int(matching[0])
    trial = str(frame["trial"].iloc[place])
    number = int((frame["trial"].iloc[: place + 1] == trial).sum())
    cell = _Cell(table=table, column=column, place=place, number=number, trial=trial)
    value = frame[column].iloc[place]
    named = " ".join(f"{key}={given}" for key, given in keys.items())
    head = f"{table}.{column} of {named}: {'missing' if pd.isna(value) else _shown(value)}"
    return (head, *_reasons(consortium, cell), *_events(consortium, cell), *_origin(consortium, inputs, cell))


def _table(consortium: Consortium, table: str, column: str, keys: Mapping[str, str]) -> pd.DataFrame:
    if table not in consortium.tables:
        raise ExplainError(f"no table '{table}'{did_you_mean(table, consortium.tables)}")
    frame = consortium.tables[table]
    for name in (column, *keys):
        if name not in frame:
            raise ExplainError(f"table '{table}' has no column '{name}'{did_you_mean(name, frame.columns)}")
    return frame


def _matching(frame: pd.DataFrame, keys: Mapping[str, str]) -> np.ndarray:
    found = np.ones(len(frame), dtype=bool)
    for name, wanted in keys.items():
        texts = frame[name].astype("string")
        same = (texts == wanted) | (frame[name].map(code_text, na_action="ignore").astype("string") == wanted)
        found &= same.fillna(False).to_numpy(dtype=bool)
    return found


def _distinguishing(frame: pd.DataFrame, places: np.ndarray, keys: Mapping[str, str]) -> str:
    rows = frame.iloc[places]
    names = [str(name) for name in rows.columns if name not in keys and rows[name].nunique(dropna=False) > 1]
    return " or ".join(f"{name}=..." for name in names[:3]) or "a key that tells them apart"


def _shown(value: object) -> str:
    return value if isinstance(value, str) else code_text(value)


def _absent(consortium: Consortium, table: str, column: str, keys: Mapping[str, str]) -> tuple[str, ...]:
    """Return why a row is not there, as the reasons of missing values tell."""
    missing = consortium.missing
    rows = missing[((missing["table"] == table) & missing["key"].notna()).to_numpy(dtype=bool)]
    for name, wanted in keys.items():
        if name == "trial":
            rows = rows[(rows["trial"] == wanted).to_numpy(dtype=bool)]
        else:
            parts = (";" + rows["key"] + ";").str.contains(f";{name}={wanted};", regex=False)
            rows = rows[parts.to_numpy(dtype=bool, na_value=False)]
    if not len(rows):
        raise ExplainError(f"no row of {table} fits the keys, and none is known to be missing. Look for typing errors.")
    return tuple(
        f"{table}.{column}: no row for {str(key).replace(';', ' ')}: {reason}"
        for key, reason in zip(rows["key"], rows["reason"], strict=True)
    )


def _of_cell(side: pd.DataFrame, cell: _Cell) -> pd.DataFrame:
    mine = (side["table"] == cell.table) & (side["trial"] == cell.trial) & (side["column"] == cell.column)
    return side[(mine & (side["row"] == cell.number)).to_numpy(dtype=bool, na_value=False)]


def _reasons(consortium: Consortium, cell: _Cell) -> list[str]:
    missing = consortium.missing
    whole = missing["row"].isna() & missing["key"].isna() & (missing["column"] == cell.column)
    whole &= (missing["table"] == cell.table) & (missing["trial"] == cell.trial)
    if not pd.isna(consortium.tables[cell.table][cell.column].iloc[cell.place]):
        return []
    found = pd.concat([_of_cell(missing, cell), missing[whole.to_numpy(dtype=bool, na_value=False)]])
    return [f"  why it is missing: {reason}" for reason in found["reason"]]


def _events(consortium: Consortium, cell: _Cell) -> list[str]:
    found = _of_cell(consortium.events, cell)
    return [f"  {event}: {detail}" for event, detail in zip(found["event"], found["detail"], strict=True)]


def _origin(consortium: Consortium, inputs: Inputs, cell: _Cell) -> Sequence[str]:
    origin = consortium.origin
    mine = (origin["table"] == cell.table) & (origin["trial"] == cell.trial) & (origin["row"] == cell.number)
    rows = origin[mine.to_numpy(dtype=bool, na_value=False)]
    if not len(rows):
        return [f"  from the list of trials or what recipes say of the trial ({cell.table})"]
    source, file, line = (rows[name].iloc[0] for name in ("source", "file", "file_row"))
    if source == "recipe":
        return [f"  written in {file} line {line}"]
    recipe = _recipe(inputs, cell.trial, str(file))
    _refuse_other_rules(consortium, inputs, recipe)
    row = _source_row(consortium, inputs, recipe, source=str(source), line=int(line), cell=cell)
    frame = consortium.tables[cell.table]
    return explain_row(row, recipe.blocks[int(rows["block"].iloc[0])], cell.column, frame.iloc[cell.place])


def _refuse_other_rules(consortium: Consortium, inputs: Inputs, recipe: Recipe) -> None:
    """Refuse a recipe whose lines are not those the tables were made by: it would tell another story."""
    known = consortium.rules[(consortium.rules["recipe"] == recipe.name).to_numpy(dtype=bool, na_value=False)]
    now = rule_table([recipe], read_content(inputs.scales, inputs.schema).scales)
    if known.astype("string").to_numpy(na_value="").tolist() != now.astype("string").to_numpy(na_value="").tolist():
        raise ExplainError(f"{recipe.name} changed since the trials were harmonized. Harmonize again.")


def _recipe(inputs: Inputs, trial: str, file: str) -> Recipe:
    """Return the recipe of a trial, of several stacked ones that of the file; others may be wrong meanwhile."""
    paths = [inputs.recipes] if inputs.recipes.is_file() else yaml_files(inputs.recipes)
    stacked = []
    for path in paths:
        try:
            recipe = read_recipe(path)
        except (RecipeError, YamlError):
            continue
        if recipe.trial == trial:
            return recipe
        if not isinstance(recipe.trial, str) and (recipe.trial.codes is None or trial in recipe.trial.codes.values()):
            stacked.append(recipe)
    if len(stacked) > 1:
        stacked = [recipe for recipe in stacked if file in {source.file for source in recipe.sources.values()}]
    if len(stacked) != 1:
        raise ExplainError(f"no recipe fills trial '{trial}' any more. Harmonize again.")
    return stacked[0]


def _source_row(
    consortium: Consortium, inputs: Inputs, recipe: Recipe, *, source: str, line: int, cell: _Cell
) -> SourceRow:
    """Return the row of a source that a row of a table came from, read again."""
    content = read_content(inputs.scales, inputs.schema)
    changes, _ = read_corrections(inputs.corrections)
    read = TableReader.of(inputs.raw, changes, lambda sentence: None).read(recipe)
    _refuse_changed(consortium, cell.trial, read.as_delivered.values())
    columns = columns_by_source(recipe, content.scales)
    if any(f.severity == "error" for f in read.findings) or not set(columns[source]) <= set(read.tables[source].values):
        raise ExplainError("the recipe does not fit its files any more. Harmonize again; that says what is wrong.")
    prepared, _ = prepare(recipe, recipe.sources[source], read.tables[source], columns[source])
    place = np.flatnonzero((prepared.rows == line) & (prepared.trial == cell.trial))
    if len(place) != 1:
        raise ExplainError("the recipe leaves out the row it was made of. It changed: harmonize again.")
    return SourceRow(
        recipe=recipe,
        rows=some_rows(prepared, place),
        delivered=read.as_delivered,
        corrected=read.corrected,
        table=content.schema[cell.table],
        scales=content.scales,
    )


def _refuse_changed(consortium: Consortium, trial: str, tables: Iterable[RawTable]) -> None:
    files = consortium.files[(consortium.files["trial"] == trial).to_numpy(dtype=bool)]
    known = dict(zip(files["file"], files["sha256"], strict=True))
    for raw in tables:
        if known.get(raw.file) != raw.sha256:
            raise ExplainError(f"{raw.file} changed since the trials were harmonized. Harmonize again.")
