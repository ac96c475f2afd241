"""The control arms' change on each curve variable."""

from dataclasses import replace
from types import SimpleNamespace
from typing import Any

import numpy as np
import pytest

from ipdma.summaries.control_arm import control_arm, control_changes


def test_each_curve_variable_has_its_line_once(curved: Any) -> None:
    found = control_arm([curved, curved])
    assert [row["variable"] for row in found] == ["number_of_doses", "dose", "timing_min"]
    row = found[0]
    assert (row["unit"], row["trials"], len(row["trial_points"])) == ("1", 8, 8)
    assert row["participants"] == curved.design.controls.sum()
    assert row["sentence"].endswith("Observational, 8 trials.")
    slope = (row["points"][-1]["estimate"] - row["points"][0]["estimate"]) / (
        row["points"][-1]["x"] - row["points"][0]["x"]
    )
    assert slope == pytest.approx(row["slope"]["estimate"])
    assert all(low < point["estimate"] < high for point in row["points"] for low, high in [point["ci"]])


def test_the_change_is_adjusted_to_the_trials_mean_baseline(curved: Any) -> None:
    # numpy.polyfit: the control arm's line at the trial's mean baseline, minus that mean.
    changes = control_changes(curved.design, "number_of_doses").set_index("trial")
    rows = curved.design.rows
    own = rows[rows["trial"] == "trial_01"]
    controls = own[own["active"] == 0]
    line, covariance = np.polyfit(controls["b"], controls["y"], 1, cov=True)
    center = own["b"].mean()
    at = np.array([center, 1.0])
    assert changes.loc["trial_01", "change"] == pytest.approx(line @ at - center)
    assert changes.loc["trial_01", "se"] == pytest.approx(np.sqrt(at @ covariance @ at))
    assert changes.loc["trial_01", "participants"] == len(controls)


def test_several_active_arms_count_by_their_participants(curved: Any) -> None:
    arms = curved.design.arms
    trial = arms.loc[arms["trial"].duplicated(), "trial"].iloc[0]
    own = arms[arms["trial"] == trial]
    changes = control_changes(curved.design, "dose").set_index("trial")
    assert changes.loc[trial, "x"] == pytest.approx((own["dose"] * own["n"]).sum() / own["n"].sum())


def test_less_improvement_is_worded_by_the_direction_of_the_outcome(curved: Any) -> None:
    rows, arms = curved.design.rows.copy(), curved.design.arms
    doses = rows["trial"].map(dict(zip(arms["trial"], arms["number_of_doses"].astype(float), strict=True)))
    rows["y"] += 10.0 * doses.to_numpy(dtype=float) * (rows["active"] == 0).to_numpy(dtype=float)
    for direction, word in (("higher_is_worse", "less"), ("higher_is_better", "more")):
        design = replace(curved.design, rows=rows, direction=direction)
        found = control_arm([SimpleNamespace(**{**vars(curved), "design": design})])[0]
        assert f"show {word} improvement" in found["sentence"]


def test_categories_constants_and_two_trials_have_no_line(curved: Any) -> None:
    design = curved.design
    levels = replace(design, levels={"number_of_doses": ("few", "many")})
    same = replace(design, arms=design.arms.assign(number_of_doses=5.0))
    two = replace(design, trials=design.trials[:2])
    for changed in (levels, same, two):
        found = control_arm([SimpleNamespace(**{**vars(curved), "design": changed})])
        assert "number_of_doses" not in [row["variable"] for row in found]
