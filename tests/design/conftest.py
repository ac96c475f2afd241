"""Two small trials made by hand, and functions that change one thing about a consortium."""

from collections.abc import Callable
from dataclasses import replace
from types import SimpleNamespace

import pandas as pd
import pytest

from ipdma.harmonize.consortium import Consortium
from ipdma.schemas.scale import Direction, MissingItems, Scale, Score


def people_of(
    trial: str, arms: str, b: list[float | None], y: list[float | None], **more: list[object]
) -> pd.DataFrame:
    """One row a participant; a letter of ``arms`` is an arm."""
    ids = [f"{trial}_{i}" for i in range(len(arms))]
    return pd.DataFrame({"trial": trial, "participant_id": ids, "arm": list(arms), "b": b, "y": y, **more})


def with_table(consortium: Consortium, **tables: pd.DataFrame) -> Consortium:
    return replace(consortium, tables={**consortium.tables, **tables})


def with_assessments(consortium: Consortium, more: pd.DataFrame) -> Consortium:
    """Rows added to the assessments; what a row does not say is as in the first one."""
    table = consortium.tables["assessments"]
    rows = more.assign(**{c: table[c].iloc[0] for c in table.columns if c not in more}).astype(table.dtypes.to_dict())
    return with_table(consortium, assessments=pd.concat([table, rows[table.columns]], ignore_index=True))


def with_scale(
    consortium: Consortium, code: str, *, minimum: float, maximum: float, direction: Direction = "higher_is_worse"
) -> Consortium:
    """An instrument of the same construct."""
    score = Score(
        name="total", how="sum", sets=(), minimum=minimum, maximum=maximum, missing_items=MissingItems(rule="complete")
    )
    scale = Scale(
        code=code, name=code, constructs=("symptom_severity",), direction=direction, scores={"total": score},
        primary="total",
    )  # fmt: skip
    return replace(consortium, scales={**consortium.scales, code: scale})


def measured_with(consortium: Consortium, trial: str, code: str) -> Consortium:
    """The trial's values as if another instrument had given them."""
    table = consortium.tables["assessments"].copy()
    table.loc[table["trial"] == trial, "instrument"] = code
    return with_table(consortium, assessments=table)


def excluded(consortium: Consortium, trial: str) -> Consortium:
    trials = consortium.tables["trials"]
    why = pd.Series(["another question" if t == trial else pd.NA for t in trials["trial"]], dtype="string")
    return with_table(consortium, trials=trials.assign(exclude_why=why))


@pytest.fixture(scope="session")
def edit() -> SimpleNamespace:
    """Functions that return a consortium with one thing changed."""
    return SimpleNamespace(
        people_of=people_of,
        with_table=with_table,
        with_assessments=with_assessments,
        with_scale=with_scale,
        measured_with=measured_with,
        excluded=excluded,
    )


@pytest.fixture
def rows() -> pd.DataFrame:
    """Trial a: 3 drug, 2 placebo. Trial b: 2 drug, 2 placebo."""
    return pd.concat(
        [
            people_of("trial_a", "ddpdp", [50, 60, 40, 70, 80], [30, 40, 50, 20, 60]),
            people_of("trial_b", "dpdp", [20, 40, 60, 80], [10, 30, 50, 90]),
        ],
        ignore_index=True,
    )


@pytest.fixture
def arms() -> pd.DataFrame:
    return pd.DataFrame(
        {
            "trial": ["trial_a", "trial_a", "trial_b", "trial_b"],
            "arm": ["d", "p", "d", "p"],
            "treatment": ["drug", "placebo", "drug", "placebo"],
            "number_of_doses": [5, None, 10, None],
            "dose": [50, None, 500, None],
            "timing_min": [60, None, 120, None],
        }
    )


@pytest.fixture
def two_trials(consortium_of: Callable[..., Consortium], rows: pd.DataFrame, arms: pd.DataFrame) -> Consortium:
    return consortium_of(rows, arms)
