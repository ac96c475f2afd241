"""What tests share: the reference data, and a Consortium made of flat tables."""

import os
from collections.abc import Callable
from pathlib import Path

import pandas as pd
import pytest

from ipdma.harmonize.consortium import Consortium
from ipdma.schemas.scale import Direction, MissingItems, Scale, Score

ROOT = Path(__file__).resolve().parent.parent


@pytest.fixture(scope="session")
def reference_data() -> Path:
    """The folder of published data and their references; it stands outside the project."""
    folder = Path(os.environ.get("IPDMA_REFERENCE_DATA") or ROOT.parent / "shared" / "data")
    if not (folder / "checks.json").is_file():
        pytest.skip("no reference data: set IPDMA_REFERENCE_DATA to the folder that holds checks.json")
    return folder


@pytest.fixture(scope="session")
def consortium_of() -> Callable[..., Consortium]:
    """A function that makes a Consortium of one instrument, as harmonized files would give it."""
    return _consortium_of


def _consortium_of(
    rows: pd.DataFrame, arms: pd.DataFrame, *, direction: Direction = "higher_is_worse", dose_unit: str = "mg"
) -> Consortium:
    """Participants (trial, participant_id, arm, y, b and covariates; one row each) and arms to common tables.

    ``arms``: trial, arm, treatment and, where active, number_of_doses, dose, timing_min. The instrument ``scale_a``
    runs from 0 to 100; visits are ``baseline`` and ``week_8`` (phase post).
    """
    keys = rows[["trial", "participant_id"]].astype("string")
    visits = [
        keys.assign(visit=visit, value=rows[column].astype("Float64"))
        for visit, column in (("baseline", "b"), ("week_8", "y"))
    ]
    constants = {"instrument": "scale_a", "score": "total", "rater": "clinician", "value_source": "reported"}
    assessments = pd.concat(visits, ignore_index=True).assign(**constants)
    covariates = rows.drop(columns=["active", "y", "b"], errors="ignore")
    trials = pd.DataFrame({"trial": arms["trial"].unique()}).astype("string")
    trials = trials.assign(label=trials["trial"].str.replace("_", " ").str.title())
    planned = [{"visit": "baseline", "phase": "baseline"}, {"visit": "week_8", "phase": "post"}]
    profile = [c for c in ("number_of_doses", "dose", "timing_min") if c in arms]
    tables = {
        "trials": trials,
        "arms": arms[["trial", "arm", "treatment"]]
        .astype("string")
        .assign(
            **{c: arms[c].astype("Float64") for c in profile},
            **({} if "dose" in arms else {"dose": pd.Series(pd.NA, index=arms.index, dtype="Float64")}),
            dose_unit=pd.Series(dose_unit, index=arms.index, dtype="string"),
        ),
        "visits": trials[["trial"]].merge(pd.DataFrame(planned), how="cross").assign(primary=pd.NA).astype("string"),
        "participants": covariates.astype({"trial": "string", "participant_id": "string", "arm": "string"}),
        "assessments": assessments.astype(dict.fromkeys(("visit", *constants), "string")),
        "sessions": pd.DataFrame({"trial": pd.Series(dtype="string")}),
        "estimates": pd.DataFrame({"trial": pd.Series(dtype="string")}),
    }
    score = Score(
        name="total", how="sum", sets=(), minimum=0.0, maximum=100.0, missing_items=MissingItems(rule="complete")
    )
    scale = Scale(
        code="scale_a",
        name="Scale A",
        constructs=("symptom_severity",),
        direction=direction,
        scores={"total": score},
        primary="total",
    )
    return Consortium(tables=tables, scales={"scale_a": scale}, schema="ipd 1.0.0")
