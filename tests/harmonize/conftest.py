"""A small Consortium that breaks no rule of the common schema."""

from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pandas as pd
import pytest

from ipdma._paths import data_schemas
from ipdma.errors import HarmonizationError
from ipdma.harmonize.consortium import Consortium
from ipdma.harmonize.finding import Finding
from ipdma.harmonize.harmonize import harmonize
from ipdma.harmonize.inputs import Inputs
from ipdma.schemas.scale import ItemSet, MissingItems, Scale, Score
from ipdma.schemas.tables import read_schema

# Two trials; trial_b gives an estimate only. Among the values are those that a careless writer loses.
_ROWS: dict[str, list[dict[str, object]]] = {
    "trials": [
        {"trial": "trial_a", "label": 'A, the "first"\ntrial', "year": 2012, "data": "individual", "n_randomized": 3},
        {"trial": "trial_b", "label": "Größe 2", "data": "aggregate"},
    ],
    "arms": [
        {"trial": "trial_a", "arm": "placebo", "treatment": "placebo", "number_of_doses": 0.0},
        {
            "trial": "trial_a",
            "arm": "high",
            "treatment": "drug",
            "number_of_doses": 5.0,
            "dose": 0.1,
            "dose_unit": "mg",
        },
    ],
    "visits": [
        {"trial": "trial_a", "visit": "pre", "phase": "baseline", "planned_day": -7},
        {"trial": "trial_a", "visit": "post", "phase": "post", "primary": "yes"},
    ],
    "participants": [
        {"trial": "trial_a", "participant_id": "01", "arm": "placebo", "age_years": 29.25, "sex": "female"},
        {"trial": "trial_a", "participant_id": "1", "arm": "high", "randomized_on": "2012-04-03"},
        {"trial": "trial_a", "participant_id": "x,2", "arm": "high", "age_years": 101 / 3},
    ],
    "sessions": [{"trial": "trial_a", "participant_id": "1", "session_number": 1, "timing_min": -30.5}],
    "assessments": [
        {
            "trial": "trial_a",
            "participant_id": person,
            "visit": visit,
            "instrument": "scale_a",
            "score": "total",
            "rater": "self",
            "value": value,
            "value_source": "items",
        }
        for person, visit, value in (
            ("01", "pre", 12.0),
            ("01", "post", None),
            ("1", "pre", 20 / 3),
            ("x,2", "post", 0.0),
        )
    ],
    "estimates": [{"trial": "trial_b", "estimate": -0.1, "se": 1e-300, "n": 40}],
}
_SCORE = Score(
    name="total",
    how="sum",
    sets=("items",),
    minimum=0,
    maximum=12,
    missing_items=MissingItems(rule="at_most", limit=1, source="made up"),
)


@pytest.fixture
def consortium() -> Consortium:
    """All tables of the common schema with a few rows, every column there."""
    scale = Scale(
        code="scale_a",
        name="Scale A",
        constructs=("severity",),
        direction="higher_is_worse",
        scores={"total": _SCORE},
        primary="total",
        sets={"items": ItemSet(number=4, minimum=0, maximum=3, reversed=(2,))},
        references=("made up",),
    )
    tables = {
        name: pd.DataFrame(
            {
                column.name: pd.Series([row.get(column.name, pd.NA) for row in _ROWS[name]], dtype=column.dtype)
                for column in table.columns.values()
            }
        )
        for name, table in read_schema().items()
    }
    origin = pd.DataFrame(
        {
            "table": "assessments",
            "trial": "trial_a",
            "row": pd.Series([1, 2, 3, 4], dtype="Int64"),
            "source": "main",
            "file": "main.csv",
            "file_row": pd.Series([2, 2, 3, 4], dtype="Int64"),
        }
    ).astype(dict.fromkeys(("table", "trial", "source", "file"), "string"))
    return Consortium(tables=tables, scales={"scale_a": scale}, schema="ipd 1.0.0", origin=origin)


HEAD = "recipe: 1\nschema: ipd 1.0.0\ntrial: t1\n"


class SmallProject:
    """A tiny project written down as texts, harmonized."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        for name in ("raw", "recipes", "corrections"):
            (folder / name).mkdir()
        self.inputs = Inputs(
            raw=folder / "raw",
            recipes=folder / "recipes",
            scales=data_schemas() / "scaffold" / "scales",
            corrections=folder / "corrections",
        )

    def write(self, recipe: str, files: Mapping[str, str]) -> None:
        """Write a recipe, whose first lines are added, and raw files (or others by their path)."""
        text = recipe if recipe.startswith("recipe:") else HEAD + recipe
        (self.folder / "recipes" / "t1.yaml").write_text(text, encoding="utf-8")
        for name, content in files.items():
            (self.folder / (name if "/" in name else f"raw/{name}")).write_text(content, encoding="utf-8")

    def consortium(self, recipe: str = "", files: Mapping[str, str] | None = None, **options: Any) -> Consortium:
        """Return what a recipe makes of files; without either those that are there."""
        if recipe:
            self.write(recipe, files or {})
        where = self.inputs
        return harmonize(
            where.raw, recipes=where.recipes, scales=where.scales, corrections=where.corrections, **options
        )

    def errors(self, recipe: str, files: Mapping[str, str]) -> list[Finding]:
        """Return the errors a recipe meets in files."""
        try:
            self.consortium(recipe, files)
        except HarmonizationError as error:
            return [finding for finding in error.findings if finding.severity == "error"]
        return []

    @staticmethod
    def cells(frame: pd.DataFrame, *columns: str) -> list[list[object]]:
        """Return columns as rows of plain values, missing ones ``None``."""
        chosen = frame[list(columns)].astype(object)
        return chosen.where(chosen.notna(), None).to_numpy().tolist()


@pytest.fixture
def small(tmp_path: Path) -> SmallProject:
    """A project of one recipe to be written."""
    return SmallProject(tmp_path)
