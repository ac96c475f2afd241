"""A source made ready for a recipe's blocks: missing codes out, rows kept, trials and participants named."""

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, replace

import numpy as np
import pandas as pd

from ipdma.harmonize.code_column import code_column, plain_text
from ipdma.harmonize.duplicates import find_repeated
from ipdma.harmonize.finding import Finding
from ipdma.harmonize.kept_rows import kept_rows
from ipdma.harmonize.missing_codes import Decoded, decode
from ipdma.harmonize.not_calculated import not_calculated, without_result
from ipdma.harmonize.raw_table import RawTable
from ipdma.harmonize.row_keys import joined_ids
from ipdma.harmonize.step import About, counted
from ipdma.schemas.recipe import ROW_NUMBER, Recipe, Source, StackedTrial


@dataclass(frozen=True, kw_only=True, eq=False)
class Prepared:
    """Rows of a source that a recipe uses.

    Parameters
    ----------
    source, raw
        What the recipe says of it, and the file.
    values
        The columns the recipe reads, missing codes made missing, index 0 to n-1.
    reasons
        For columns that had missing codes, each row's reason or ``None``.
    rows
        Row numbers in the file, as a person sees them.
    trial
        Each row's trial code.
    participant_id
        Each row's participant; ``None`` for a source without.
    labels
        Labels of trials that the file holds.
    """

    source: Source
    raw: RawTable
    values: pd.DataFrame
    reasons: Mapping[str, np.ndarray]
    rows: np.ndarray
    trial: np.ndarray
    participant_id: np.ndarray | None
    labels: Mapping[str, str]

    def decimal(self, column: str) -> str:
        """Return the decimal sign of the file that a raw column comes from."""
        taken = self.raw.joined.get(column)
        return taken.decimal if taken is not None else str(self.source.options.get("decimal", "."))

    def about(self, column: str) -> About:
        """Return what operations may know of a raw column."""
        reasons = self.reasons.get(column)
        return About(
            decimal=self.decimal(column),
            value_labels=self.raw.value_labels.get(column, {}),
            display_format=self.raw.formats.get(column, ""),
            coded=None if reasons is None else np.asarray(pd.notna(reasons)),
            column=lambda name: self.values[name],
            of=self.about,
        )


def prepare(
    recipe: Recipe, source: Source, raw: RawTable, columns: Iterable[str], *, without: Collection[str] = ()
) -> tuple[Prepared, tuple[Finding, ...]]:
    """Return the rows of a source that the recipe keeps, and what is wrong with rows, trials and ids.

    Parameters
    ----------
    columns
        The raw columns the recipe reads; all of them exist.
    without
        Trials to leave out.
    """
    decoded = decode(raw, dict.fromkeys(columns), recipe, source.name)
    keep = kept_rows(decoded.values, source.where)
    findings = row_findings(recipe, source, raw, keep)
    trial, trial_findings = _trials(recipe, source, raw, decoded.values, keep)
    left_out = np.isin(trial, list(without))
    findings += _not_calculated(recipe, source, raw, decoded.values, left_out)
    keep &= ~left_out
    ids, id_findings = _participants(recipe, source, raw, decoded.values, keep)
    usable = keep & (trial != "") & (True if ids is None else ids != "")
    repeated = _repeated(
        recipe, source, raw, values=decoded.values, ids=[trial, *([] if ids is None else [ids])], usable=usable
    )
    usable &= ~repeated[0]
    labels = _labels(recipe, decoded.values, trial, usable)
    prepared = Prepared(
        source=source,
        raw=raw,
        values=decoded.values[usable].reset_index(drop=True),
        reasons=_kept(decoded, usable),
        rows=raw.rows[usable],
        trial=trial[usable],
        participant_id=None if ids is None else ids[usable],
        labels=labels,
    )
    return prepared, (*findings, *trial_findings, *id_findings, *repeated[1])


def some_rows(prepared: Prepared, positions: np.ndarray) -> Prepared:
    """Return some rows of a prepared source."""
    if np.array_equal(positions, np.arange(len(prepared.rows))):
        return prepared
    ids = prepared.participant_id
    return replace(
        prepared,
        values=prepared.values.iloc[positions].reset_index(drop=True),
        reasons={column: reasons[positions] for column, reasons in prepared.reasons.items()},
        rows=prepared.rows[positions],
        trial=prepared.trial[positions],
        participant_id=None if ids is None else ids[positions],
    )


def _repeated(
    recipe: Recipe, source: Source, raw: RawTable, *, values: pd.DataFrame, ids: list[np.ndarray], usable: np.ndarray
) -> tuple[np.ndarray, list[Finding]]:
    """Return the rows that another row of the same key replaces, and those of which none can be chosen."""
    rule = source.duplicates
    if rule is None:
        return np.zeros(len(values), dtype=bool), []
    found = find_repeated(rule, raw, values, ids, usable, decimal=str(source.options.get("decimal", ".")))
    findings = []
    if found.undecided.any():
        message = found.message.replace("{n}", counted(int(found.undecided.sum()), "row"))
        wrong = _finding(recipe, source, code="duplicates_undecided", message=message, where=found.undecided, raw=raw)
        findings.append(replace(wrong, line=rule.line))
    for trial in dict.fromkeys(ids[0][found.dropped]):
        here = found.dropped & (ids[0] == trial)
        message = f"{counted(int(here.sum()), 'row')} of a repeated key left out, the {rule.keep} one kept: {rule.why}."
        left = _finding(recipe, source, code="duplicates_dropped", message=message, where=here, raw=raw)
        findings.append(replace(left, line=rule.line, severity="note", trial=str(trial)))
    return found.dropped, findings


def _kept(decoded: Decoded, usable: np.ndarray) -> dict[str, np.ndarray]:
    return {column: reasons[usable] for column, reasons in decoded.reasons.items()}


def row_findings(recipe: Recipe, source: Source, raw: RawTable, keep: np.ndarray) -> list[Finding]:
    """Return whether a file has the rows it should have, and any that count."""
    found = []
    rows, expected = len(raw.values), source.expect_rows
    if expected is not None and rows != expected:
        message = (
            f"{rows} rows, but the recipe expects {expected}. The file was cut off or is another delivery; "
            "compare it with the one that was sent, then correct the file or 'expect_rows'."
        )
        found.append(_finding(recipe, source, code="unexpected_rows", message=message))
    if not keep.any():
        what = "'where' keeps none of its rows" if source.where else "it holds no rows"
        message = f"{what}, so nothing would be filled. Correct the recipe or the file."
        found.append(_finding(recipe, source, code="no_rows", message=message))
    return found


def _not_calculated(
    recipe: Recipe, source: Source, raw: RawTable, values: pd.DataFrame, left_out: np.ndarray
) -> list[Finding]:
    """Return formulas without a result in rows that are kept, or that would be if what ``where`` reads had one."""
    keep = ~left_out
    for column, codes in source.where.items():
        keep &= without_result(raw, column) | kept_rows(values, {column: codes})
    trial = recipe.trial if isinstance(recipe.trial, str) else ""
    return [
        replace(finding, trial=trial, recipe=recipe.name, line=source.line)
        for finding in not_calculated(raw, map(str, values.columns), keep)
    ]


def _trials(
    recipe: Recipe, source: Source, raw: RawTable, values: pd.DataFrame, keep: np.ndarray
) -> tuple[np.ndarray, list[Finding]]:
    """Return each row's trial code, empty where none can be told."""
    if isinstance(recipe.trial, str):
        return np.full(len(values), recipe.trial, dtype=object), []
    column = code_column(values[recipe.trial.column])
    names = [_trial_code(recipe.trial, code) for code in column.codes]
    trial = np.array([*names, ""], dtype=object)[column.index]
    lost = keep & (trial == "")
    if not lost.any():
        return trial, []
    counts = column.counts(lost)
    missing = int((lost & (column.index < 0)).sum())
    message = (
        f"{int(lost.sum())} rows belong to no trial ({len(counts)} codes not in the map, {missing} rows without), "
        "so their participants would be lost. Complete 'trial: map', or leave the rows out by 'where'."
    )
    private = ", ".join(f"'{code}' ({count})" for code, count in counts.items())
    return trial, [
        _finding(recipe, source, code="trial_not_in_map", message=message, where=lost, raw=raw, private=private)
    ]


def _trial_code(stacked: StackedTrial, code: str) -> str:
    return code if stacked.codes is None else stacked.codes.get(code, "")


def _participants(
    recipe: Recipe, source: Source, raw: RawTable, values: pd.DataFrame, keep: np.ndarray
) -> tuple[np.ndarray | None, list[Finding]]:
    """Return each row's participant, empty where it is missing."""
    if not source.id:
        return None, []
    if source.id == (ROW_NUMBER,):
        return np.array([str(row) for row in raw.rows], dtype=object), []
    ids = joined_ids(values, source.id)
    lost = (ids == "") & keep
    if not lost.any():
        return ids, []
    message = (
        f"{int(lost.sum())} rows have no participant id in {' + '.join(source.id)}, so whose they are is unknown. "
        "Leave them out by 'where' (a total row?), or ask for the ids."
    )
    return ids, [_finding(recipe, source, code="id_missing", message=message, where=lost, raw=raw)]


def _labels(recipe: Recipe, values: pd.DataFrame, trial: np.ndarray, usable: np.ndarray) -> dict[str, str]:
    if isinstance(recipe.trial, str) or recipe.trial.label is None:
        return {}
    text = plain_text(values[recipe.trial.label]).fillna("").to_numpy(dtype=object)
    named = usable & (text != "")
    # Reversed, so that the first row of a trial decides.
    return dict(zip(trial[named][::-1], text[named][::-1], strict=True))


def _finding(
    recipe: Recipe,
    source: Source,
    *,
    code: str,
    message: str,
    where: np.ndarray | None = None,
    raw: RawTable | None = None,
    private: str = "",
) -> Finding:
    rows = () if where is None or raw is None else tuple(int(row) for row in raw.rows[where])
    return Finding(
        code=code,
        message=message,
        trial=recipe.trial if isinstance(recipe.trial, str) else "",
        file=source.file,
        recipe=recipe.name,
        line=source.line,
        rows=rows,
        count=max(len(rows), 1),
        private=private,
    )
