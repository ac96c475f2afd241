"""What was made in Python, or read from a file, is written as a file that asks for the same."""

from collections.abc import Callable
from dataclasses import fields, replace
from pathlib import Path

import pytest

from ipdma._paths import data_schemas
from ipdma.analysis import Analysis
from ipdma.analysis_file.read import AnalysisFile, read_analysis
from ipdma.analysis_file.write import analysis_yaml
from ipdma.curves.categorical_shift import CategoricalShift
from ipdma.curves.hinge import Hinge
from ipdma.curves.levelling import Levelling
from ipdma.curves.plateau import Plateau
from ipdma.curves.spline import Spline
from ipdma.errors import AnalysisError
from ipdma.estimand import Coding, Estimand, ProfileContrast
from ipdma.harmonize.consortium import Consortium
from ipdma.models.one_stage import OneStage
from ipdma.priors.prior import Flat, HalfNormal, LogNormal, Normal, Sd
from ipdma.schemas.quantity import Quantity
from ipdma.simulate.arrays import simulate_rows

ASKED = Estimand(outcome="symptom_severity", visit="post", treatment="drug", control="placebo")
FULL = replace(
    ASKED,
    metric="baseline_sd",
    rater="clinician",
    prefer=("b", "a"),
    include="age_years >= 18 and group != 'x'",
    missing_covariates="complete_case",
    minimal_important_difference=0.25,
    intercurrent_events={"stopped": "treatment_policy"},
    reference={"dose": "0.05 g", "timing_min": 62.5, "group": "ocd"},  # type: ignore[dict-item]
    moves={"timing_min": (60, "2 h"), "group": ("ocd", "phobia")},  # type: ignore[dict-item]
    contrasts=(ProfileContrast(name="high", a={"dose": Quantity(500.0, "mg")}, b={"group": "phobia"}),),
    coding={"age_years": Coding(per=10), "diagnosis": Coding(reference="no")},
)
MODEL = OneStage(
    main=Plateau("dose", corner=5.0),
    shifts=(Hinge("timing_min", at=60.0), CategoricalShift("group")),
    modifiers=("age_years", "diagnosis", "baseline_severity"),
    prognostic_factors=("sex",),
    residual_sd="common",
    heterogeneity="proportional",
    arm_correlation=0.9,
    levelling=Levelling((0.01, 0.25), (0.25, 0.5)),
    priors={
        "effect": Normal(0.0, Sd(0.5)),
        "tau": HalfNormal(0.2),
        "kappa": LogNormal(0.1, 1.5),
        "curves.group[ocd]": Flat(),
    },
)


def read(tmp_path: Path, text: str) -> AnalysisFile:
    path = tmp_path / "analysis.yaml"
    path.write_text(text, encoding="utf-8")
    return read_analysis(path)


@pytest.mark.parametrize(
    ("estimand", "model"),
    [
        (ASKED, OneStage()),
        (ASKED, OneStage(modifiers=("age_years", "sex"))),
        (ASKED, OneStage(modifiers=("age_years",), interaction_across=True)),
        (replace(ASKED, metric="rank", coding={"age_years": {"per": 2.5}}), OneStage(modifiers=("age_years",))),
        (
            replace(ASKED, reference={"dose": Quantity(20.0, "mg")}),
            OneStage(main=Spline("dose", knots=(0.0, 2.5, 30.0))),
        ),
        (FULL, MODEL),
    ],
    ids=["two lines", "modifiers", "across", "coding", "spline", "everything"],
)
def test_what_is_written_is_read_as_the_same(tmp_path: Path, estimand: Estimand, model: OneStage) -> None:
    file = read(tmp_path, analysis_yaml(estimand, model))
    assert file.estimand == estimand
    assert model in file.models
    assert model in (file.models[0], file.models[1 if model.interaction_across else -1])


def test_defaults_are_left_out_and_an_instrument_is_named_as_one() -> None:
    text = analysis_yaml(replace(ASKED, outcome="madrs"), OneStage(), instruments=["madrs"])
    assert text.splitlines() == [
        "analysis: 1",
        "outcome:",
        "  instrument: madrs",
        "  visit: post",
        "contrast:",
        "  treatment: drug",
        "  control: placebo",
    ]


def test_what_is_said_of_a_variable_without_a_curve_is_left_out(tmp_path: Path) -> None:
    file = read(tmp_path, analysis_yaml(FULL, OneStage()))
    assert (file.estimand.reference, file.estimand.moves, file.estimand.contrasts) == ({}, {}, ())


def test_a_model_that_no_file_asks_for_is_refused() -> None:
    with pytest.raises(AnalysisError, match="a model with curves and with interactions across trials has no analysis"):
        analysis_yaml(ASKED, OneStage(main=Plateau("dose"), modifiers=("sex",), interaction_across=True))


@pytest.mark.parametrize("name", ["worked_consortium"])
def test_a_file_written_out_asks_for_the_same(tmp_path: Path, name: str) -> None:
    file = read_analysis(data_schemas() / name / "analysis.yaml")
    again = read(tmp_path, file.to_yaml())
    for field in fields(AnalysisFile):
        if field.name not in ("sha256", "nodes"):
            assert getattr(again, field.name) == getattr(file, field.name), field.name


def test_a_file_that_extends_another_is_written_out_whole(tmp_path: Path) -> None:
    (tmp_path / "main.yaml").write_text(analysis_yaml(ASKED, OneStage()), encoding="utf-8")
    variant = tmp_path / "variant.yaml"
    variant.write_text("extends: main\noutcome: {visit: followup}\nsensitivity: [tau_prior]\n", encoding="utf-8")
    file = read_analysis(variant)
    assert "extends" not in file.to_yaml()
    again = read(tmp_path, file.to_yaml())
    assert (again.estimand, again.sensitivity) == (replace(ASKED, visit="followup"), ("tau_prior",))


def test_an_analysis_in_python_is_that_of_its_file(tmp_path: Path, consortium_of: Callable[..., Consortium]) -> None:
    rows, arms = simulate_rows(4, 30, 5, within=-2.0)
    consortium = consortium_of(rows, arms)
    asked = replace(ASKED, outcome="scale_a", control="control", metric="raw")
    path = tmp_path / "analysis.yaml"
    for model in (OneStage(modifiers=("z",)), OneStage(main=Plateau("number_of_doses"), modifiers=("z",))):
        analysis = Analysis(consortium, asked, model)
        path.write_text(analysis.to_yaml(), encoding="utf-8")
        position = 0 if model.main is None else 2
        again = Analysis.from_yaml(path, consortium, model=position)
        assert (again.estimand, again.model, again.consortium) == (asked, model, consortium)
        assert again.to_yaml() == analysis.to_yaml()
    with pytest.raises(AnalysisError, match=r"analysis.yaml asks for 3 model\(s\), 0 being the headline; not for 3"):
        Analysis.from_yaml(path, consortium, model=3)
    with pytest.raises(AnalysisError, match="this is a sensitivity analysis of another one"):
        analysis.leave_out("trial_01").to_yaml()
