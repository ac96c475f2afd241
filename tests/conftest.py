"""What tests share: the reference data, and a Consortium made of flat tables."""

import os
from collections.abc import Callable
from pathlib import Path

import pandas as pd
import pytest

from ipdma.harmonize.consortium import Consortium
from ipdma.schemas.scale import Direction, MissingItems, Scale, Score

ROOT = Path(__file__).resolve().parent.parent
_NO_REFERENCE_DATA = "no reference data: set IPDMA_REFERENCE_DATA to the folder that holds checks.json"
_DESELECTED = pytest.StashKey[int]()


def _reference_folder() -> Path:
    return Path(os.environ.get("IPDMA_REFERENCE_DATA") or ROOT.parent / "shared" / "data")


def _has_reference_data() -> bool:
    return (_reference_folder() / "checks.json").is_file()


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """Without the reference data (a clone elsewhere) leave out the tests that need them, and say so once."""
    published = [item for item in items if item.get_closest_marker("published")]
    if not published or _has_reference_data():
        return
    if os.environ.get("IPDMA_REQUIRE_REFERENCE_DATA") == "1":
        raise pytest.UsageError(_NO_REFERENCE_DATA)
    items[:] = [item for item in items if item not in published]
    config.hook.pytest_deselected(items=published)
    config.stash[_DESELECTED] = len(published)


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter, config: pytest.Config) -> None:
    if _DESELECTED in config.stash:
        terminalreporter.write_line(f"{config.stash[_DESELECTED]} published tests left out: {_NO_REFERENCE_DATA}")


@pytest.fixture(scope="session")
def reference_data() -> Path:
    """The folder of published data and their references; it stands outside the project."""
    if not _has_reference_data():
        pytest.skip(_NO_REFERENCE_DATA)
    return _reference_folder()


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
