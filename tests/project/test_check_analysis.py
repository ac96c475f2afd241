"""What an analysis file asks for and no recipe can give is said before any row is read."""

import shutil
from pathlib import Path

import pytest

from ipdma._paths import data_schemas
from ipdma.project.check import check_folder


@pytest.fixture
def project(tmp_path: Path) -> Path:
    shutil.copytree(data_schemas() / "scaffold", tmp_path / "review")
    return tmp_path / "review"


def edit(path: Path, old: str, new: str) -> None:
    text = path.read_text(encoding="utf-8")
    assert old in text
    path.write_text(text.replace(old, new), encoding="utf-8")


HINGE = "modifiers: [baseline_severity]\ncurves: {timing_min: {hinge: {at: 60}}}\nreference: {timing_min: 60}"
FAULTS = {
    "construct": ("construct: symptom_severity", "construct: symptom_severty", "outcome_unknown", "symptom_severity"),
    "instrument": ("{construct: symptom_severity,", "{instrument: ybocs,", "outcome_not_scored", "example_scale"),
    "visit": ("visit: post", "visit: pst", "visit_unknown", "did you mean 'post'?"),
    "covariate": ("[baseline_severity]", "[age_year]", "covariate_not_filled", "did you mean 'age_years'?"),
    "of trials": ("[baseline_severity]", "[year]", "covariate_not_filled", "curves: {year: ...}"),
    "treatment": ("control: placebo", "control: plcebo", "treatment_unknown", "did you mean 'placebo'?"),
    "include": ("analysis: 1\n", "analysis: 1\ninclude: age_yaers > 18\n", "include_rule", "did you mean 'age_years'?"),
    "move": ("modifiers: [baseline_severity]", HINGE, "move_missing", "moves: {timing_min: [from, to]}"),
    "length": (
        "modifiers: [baseline_severity]",
        "modifiers: [baseline_severity]\nmain_dosing_variable: dose\ncurves: {dose: [log]}\nreference: {dose: 50 mg}",
        "setting_missing", "{log: {offset: ...}}",
    ),
    "form": (
        "modifiers: [baseline_severity]", "model: {form: two_stage}\nsensitivity: [tau_prior]",
        "sensitivity_of_two_stage", "its form is two_stage",
    ),
    "sensitivity": (
        "analysis: 1\n", "analysis: 1\nsensitivity: [tau_prio]\n", "sensitivity_unknown", "did you mean 'tau_prior'?",
    ),
}  # fmt: skip


@pytest.mark.parametrize("fault", FAULTS)
def test_each_fault_is_the_one_finding_and_says_what_to_do(project: Path, fault: str) -> None:
    old, new, code, hint = FAULTS[fault]
    edit(project / "analysis.yaml", old, new)
    (finding,) = check_folder(project).findings
    assert finding.code == code
    assert hint in finding.message


def test_what_comes_from_a_file_is_not_refused(project: Path) -> None:
    """Where a recipe takes visits from a file, nobody knows them before it is read."""
    edit(project / "analysis.yaml", "visit: post", "visit: week_9")
    recipe = project / "recipes" / "trial_a.yaml"
    text = recipe.read_text(encoding="utf-8")
    start = text.index("  visits:\n")
    end = text.index("\n\n", start)
    filled = "  visits:\n    source: main\n    columns:\n      visit: group\n      phase: {const: post}"
    recipe.write_text(text[:start] + filled + text[end:], encoding="utf-8")
    assert "visit_unknown" not in {finding.code for finding in check_folder(project).findings}


def test_given_estimates_need_no_instrument(project: Path) -> None:
    for recipe in (project / "recipes").glob("*.yaml"):
        recipe.unlink()
    (project / "raw" / "estimates.csv").write_text("trial,effect,se\na,-1,0.5\nb,-2,0.7\n", encoding="utf-8")
    (project / "recipes" / "all.yaml").write_text(
        "recipe: 1\nschema: ipd 1.0.0\ntrial: {from: trial}\n"
        "sources:\n  main: {file: estimates.csv, reader: csv}\n"
        "tables:\n  estimates:\n    source: main\n    columns: {estimate: effect, se: se}\n",
        encoding="utf-8",
    )
    (project / "analysis.yaml").write_text(
        "analysis: 1\noutcome: {construct: anything, visit: post, unit: points, direction: higher_is_worse}\n"
        "contrast: {treatment: drug, control: placebo}\nmodel: {form: two_stage}\n"
        "priors: {effect: {normal: [0, 10]}, tau: {half_normal: 5}}\n",
        encoding="utf-8",
    )
    assert [finding.sentence() for finding in check_folder(project).findings] == []
