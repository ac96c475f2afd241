from pathlib import Path
from typing import Any

import pytest

from ipdma.models.two_stage import fit_two_stage
from ipdma.summaries.summary import summarize
from ipdma.summaries.tables import tables


@pytest.fixture(scope="module")
def summary(plain: Any, claiming: Any) -> dict[str, Any]:
    return summarize(plain=plain, beside=[claiming], two_stage=fit_two_stage(plain.design))


def test_tables_hold_the_numbers_of_the_summary(summary: dict[str, Any], tmp_path: Path) -> None:
    found = tables(summary)
    assert set(found) == {
        "effects",
        "trial_effects",
        "two_stage",
        "flow",
        "interactions",
        "curves",
        "curve_points",
        "contrasts",
        "claim",
        "curve_comparison",
        "control_arm",
        "guards",
        "diagnostics",
    }
    effects = found["effects"].set_index(["model", "quantity"])
    assert effects.loc[("one_stage", "tau"), "median"] == summary["tau"]["median"]
    assert found["trial_effects"]["mean"].tolist() == [row["shrunken"]["mean"] for row in summary["trial_effects"]]
    assert len(found["curve_points"]) == sum(len(curve["points"]) for curve in summary["curves"])
    curves = found["curves"].set_index(["variable", "quantity"])
    assert curves.loc[("dose", "move"), "contraction"] == summary["curves"][1]["contraction"]["dose"]
    two_stage = found["two_stage"].set_index("quantity")
    assert two_stage.loc["prediction", ["low", "high"]].tolist() == summary["two_stage"]["prediction"]
    assert curves.loc[("number_of_doses", "gain 5 to 9"), "mean"] == summary["curves"][0]["gains"][0]["effect"]["mean"]
    claim = found["claim"].iloc[0]
    assert claim["statement"] == summary["claim"]["statement"]
    assert [claim["late_from"], claim["late_to"]] == [9.0, 12.0]
    assert len(found["control_arm"]) == sum(len(line["trial_points"]) for line in summary["control_arm"])
    guards = found["guards"].set_index("term")
    assert (
        guards.loc["log_linear over dose", "trials_off_reference"]
        == summary["curves"][1]["guards"]["trials_off_reference"]
    )
    assert guards.loc["log_linear over dose", "correlations"].startswith("number_of_doses ")
    for table in found.values():
        table.to_csv(tmp_path / "table.csv", index=False)
        assert not table.map(lambda cell: isinstance(cell, dict | list)).any(axis=None)


def test_a_two_stage_summary_gives_the_tables_it_holds(plain: Any) -> None:
    fit = fit_two_stage(plain.design)
    found = tables(summarize(two_stage=fit, estimand=plain.analysis.estimand, design=plain.design))
    assert set(found) == {"effects", "trial_effects", "two_stage", "flow"}
