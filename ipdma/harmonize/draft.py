"""A first recipe for a raw file: what the file says of itself, and every line of it still to be determined."""

import json
import re
from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

import pandas as pd

from ipdma.harmonize.raw_table import RawTable
from ipdma.harmonize.scan import scan
from ipdma.harmonize.scan_notes import TWO_NUMBERS
from ipdma.schemas.code_text import code_text

_PLAIN = re.compile(r"[A-Za-z_][A-Za-z0-9_]*\Z")
_YAML_WORDS = {"true", "false", "null", "yes", "no", "on", "off", "y", "n"}
_CODE = re.compile(r"(?:^|; )(.*?) \((?:\d+|<\d+|hidden)\)")
_NAMES_PEOPLE = re.compile(r"(?<![a-z])(?:id|subj(?:ect)?|pat(?:ient)?|participant|pid)(?![a-z])", re.IGNORECASE)
# The part of a column's name that tells its visit.
_VISIT = re.compile(
    r"(?<![a-z])(pre|post|base|baseline|bl|end|fu\d*|followup\d*|(?:w|wk|week|m|mo|month|t|v|visit)[ _]?\d+)"
    r"(?![a-z0-9])",
    re.IGNORECASE,
)
_LAST_NUMBER = re.compile(r"\d+(?=\D*\Z)")
_FEWEST_ITEMS = 3
_HEAD = """\
# A draft for {file}: every line is undetermined. Hold it against the trial's report and code book, take the sign # away
# from what is right, and correct names and codes. 'ipdma check' then says what is missing or does not fit. Every word
# of a recipe (ages from birthdays, totals from items, days, units, sessions from a count ...) stands with an example in
# recipe_words.yaml of the project that 'ipdma new' makes.
recipe: 1
schema: ipd 1.0.0
trial: {trial}   # undetermined: the trial's code
sources:
  # undetermined: {id_doubt}
  main: {{file: {file_name}, reader: {reader}, id: {id}, expect_rows: {rows}{options}}}
"""
_TABLES = """\
tables:
  arms:
    rows:
      # - {arm: placebo, treatment: placebo}
      # - {arm: drug, treatment: drug, dose: 50 mg, number_of_doses: 5, timing_min: 60}
  visits:
    rows:
      # - {visit: pre, phase: baseline}
      # - {visit: post, phase: post}
  participants:
    source: main
    columns:
      # Each column of the file, under its own name; those of the common table are arm, age_years, sex and others.
"""


def draft_recipe(raw: RawTable, *, trial: str, options: Mapping[str, object]) -> str:
    """Return a recipe as text that names every column of a file, what it holds and how it could be read.

    It shows what :func:`~ipdma.harmonize.scan.scan` shows and nothing of single persons.

    Parameters
    ----------
    raw
        The file.
    trial
        A code for the trial.
    options
        How the file was read; they stand in the recipe.
    """
    codebook = scan(raw)
    identifier, doubt = _id(codebook)
    head = _HEAD.format(
        file=raw.file,
        file_name=_yaml(raw.file),
        trial=_yaml(trial),
        reader=raw.reader,
        id=_yaml(identifier),
        id_doubt=doubt,
        rows=len(raw.rows),
        options=f", options: {_flow(options)}" if options else "",
    )
    columns = "".join(_line(row) for _, row in codebook.iterrows())
    return head + "".join(_missing(raw)) + _TABLES + columns + "".join(_assessments(codebook))


def _id(codebook: pd.DataFrame) -> tuple[str, str]:
    """Return the column that seems to name participants, and what is doubtful about it."""
    once = codebook["notes"].str.contains("an id?", regex=False).to_numpy(dtype=bool)
    named = codebook["column"].str.contains(_NAMES_PEOPLE).to_numpy(dtype=bool)
    again = "Its values do not stand once each: several rows a person, rows without one, or errors"
    for found, doubt in ((once & named, ""), (named, f" {again}"), (once, "")):
        if found.any():
            return str(codebook["column"][found].iloc[0]), f"is this the id?{doubt}"
    return "row_number", "which column is the id? row_number takes each row of the file for a person"


def _assessments(codebook: pd.DataFrame) -> Iterator[str]:
    """Yield a block for each group of number columns whose names differ by a visit, items together."""
    yield "  # Outcomes, a row for each visit: {visit} is the part of the columns' names that changes with the visit.\n"
    yield "  # assessments:\n"
    found = _by_visit(codebook) or {"undetermined {visit}": _Outcome({"pre": "undetermined", "post": "undetermined"})}
    items = Counter(_with_counter(name) for name in found)
    for name, outcome in found.items():
        counted = _with_counter(name)
        if items[counted] >= _FEWEST_ITEMS:
            items[counted] = -1  # this block stands for all of them
            fill = f"score: {{scale: undetermined, items: {_yaml(counted)}}}"
        elif items[counted] < 0:
            continue
        else:
            do = f", do: [{outcome.steps}]" if outcome.steps else ""
            fill = f"reported: {{scale: undetermined, from: {_yaml(name)}{do}}}"
        yield f"  #   - source: main\n  #     long: {{over: visit, values: {_flow(outcome.visits)}}}\n  #     {fill}\n"


@dataclass(frozen=True)
class _Outcome:
    """Visits that a template of names has, each with its part of the name, and steps that make numbers."""

    visits: dict[str, str] = field(default_factory=dict)
    steps: str = ""


def _by_visit(codebook: pd.DataFrame) -> dict[str, _Outcome]:
    """Return templates of the names of columns of numbers that hold a visit."""
    groups: dict[str, _Outcome] = {}
    for _, row in codebook.iterrows():
        name = str(row["column"])
        place = _VISIT.search(name)
        is_number = row["type"].startswith("number") or TWO_NUMBERS in row["notes"]
        if place is not None and is_number and not set("{}") & set(name):
            template = f"{name[: place.start()]}{{visit}}{name[place.end() :]}"
            outcome = groups.setdefault(template, _Outcome(steps=_number_steps(row)))
            outcome.visits[re.sub("[ _]", "", place[0].lower())] = place[0]
    return {name: outcome for name, outcome in groups.items() if len(outcome.visits) > 1 and name != "{visit}"}


def _with_counter(template: str) -> str:
    """Return a template with its last number replaced by the counter of items."""
    number = _LAST_NUMBER.search(template)
    if number is None:
        return template
    counter = f"{{i:0{len(number[0])}d}}" if number[0].startswith("0") else "{i}"
    return f"{template[: number.start()]}{counter}{template[number.end() :]}"


def _missing(raw: RawTable) -> Iterator[str]:
    """Yield the codes that the file itself declares missing, each with the columns it holds for."""
    codes: dict[str, list[str]] = {}
    for column, spans in raw.missing_codes.items():
        for low, high in spans:
            if low == high:
                codes.setdefault(code_text(low), []).append(column)
    for column, places in raw.missing_reasons.items():
        for letter in sorted({reason for reason in places.values() if reason.startswith(".")}):
            codes.setdefault(letter, []).append(column)
    if codes:
        yield "missing:\n  codes:\n"
    for code, columns in codes.items():
        yield f"    - {{code: {_yaml(code)}, reason: undetermined, columns: [{', '.join(map(_yaml, columns))}]}}\n"


def _line(row: "pd.Series[Any]") -> str:
    told = "; ".join(part for part in (row["label"], row["type"], row["codes"] or _span(row), row["notes"]) if part)
    steps = _steps(row)
    rule = f"{{from: {_yaml(row['column'])}, do: [{steps}]}}" if steps else _yaml(row["column"])
    text = " ".join(told.split())
    return f"      # {_yaml(row['column'])}: {rule}   # {text[:200]}\n"


def _span(row: "pd.Series[Any]") -> str:
    return f"{row['low']} to {row['high']}" if row["low"] else ""


def _steps(row: "pd.Series[Any]") -> str:
    """Return steps that the kind of a column suggests."""
    pairs = [found.partition(" = ") for found in _CODE.findall(row["codes"])]
    if pairs and all(label for _, _, label in pairs):
        return "{map_label: {" + ", ".join(f"{_yaml(label)}: undetermined" for _, _, label in pairs) + "}}"
    if pairs and len(pairs) <= 5:
        return "{map: {" + ", ".join(f"{_yaml(code)}: undetermined" for code, _, _ in pairs) + "}}"
    if row["type"].startswith(("date", "datetime")):
        return "{date: from_file}"
    if "days as text" in row["notes"]:
        return '{date: "undetermined %d %m %Y"}'
    return _number_steps(row)


def _number_steps(row: "pd.Series[Any]") -> str:
    if TWO_NUMBERS in row["notes"]:
        return r"{regex_group: '(\d+)/\d+'}, number"
    return "number" if row["type"] == "number as text" or "decimal commas" in row["notes"] else ""


def _flow(options: Mapping[str, object]) -> str:
    return "{" + ", ".join(f"{name}: {_yaml(value)}" for name, value in options.items()) + "}"


def _yaml(value: object) -> str:
    """Return a value as YAML, in quotes where it would read as something else."""
    if isinstance(value, str):
        plain = _PLAIN.match(value) is not None and value.lower() not in _YAML_WORDS
        return value if plain else json.dumps(value, ensure_ascii=False)
    return json.dumps(value)
