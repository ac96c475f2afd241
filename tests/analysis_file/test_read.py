"""analysis.yaml as a user writes it becomes an estimand and models; every mistake is named with its line."""

import json
from dataclasses import replace
from pathlib import Path

import jsonschema
import pytest

from ipdma._paths import data_schemas
from ipdma.analysis_file.read import KEYS, patched, read_analysis
from ipdma.curves.hinge import Hinge
from ipdma.curves.log_linear import LogLinear
from ipdma.curves.plateau import Plateau
from ipdma.curves.spline import Spline
from ipdma.errors import AnalysisError, YamlError
from ipdma.estimand import Coding
from ipdma.models.one_stage import OneStage
from ipdma.priors.prior import HalfNormal, Normal, Sd
from ipdma.schemas.quantity import Quantity

TWO_LINES = "outcome: {construct: symptom_severity, visit: post}\ncontrast: {treatment: drug, control: placebo}\n"
# The file that the contract shows, without the keys that come later.
FULL = """\
analysis: 1
outcome: {construct: symptom_severity, visit: post, metric: pomp}
contrast: {treatment: drug, control: placebo}
include: "age_years >= 18"
dosing: planned
curves: {number_of_doses: [plateau, linear], timing_min: {hinge: {at: 60}}, dose: log_linear}
main_dosing_variable: number_of_doses
reference: {number_of_doses: 5, dose: 50 mg, timing_min: 60}
moves: {dose: [50 mg, 250 mg], timing_min: [60, 120]}
contrasts: [{name: high against low dose, a: {dose: 500 mg}, b: {dose: 50 mg}}]
claims: {levelling: {early: [1, 9], late: [9, 12]}}
modifiers: [antidepressant_baseline, baseline_severity]
prognostic_factors: [age_years]
model: {form: one_stage, residual_sd: common, baseline_slope: by_trial, effect: random_effects, interaction: common}
priors: {tau: {half_normal: 0.5 sd}, effect: {normal: [0, 1 sd]}, kappa: {uniform: [0, 20]}}
missing_covariates: error
minimal_important_difference: 5
population: all_randomized
intercurrent_events: {stopped_dosing: treatment_policy, medication_change: treatment_policy}
sampling: {seed: 7, chains: 4, draws: 500, tune: 1000}
sensitivity: [leave_one_trial_out, {name: low risk of bias, change: {include: "rob_overall == 'low'"}}]
"""


def write(tmp_path: Path, text: str, name: str = "analysis") -> Path:
    path = tmp_path / f"{name}.yaml"
    path.write_text(text, encoding="utf-8")
    return path


def test_two_lines_are_an_analysis_with_the_plain_model_and_no_curve(tmp_path: Path) -> None:
    analysis = read_analysis(write(tmp_path, TWO_LINES))
    assert analysis.plain == OneStage()
    assert analysis.beside == ()
    assert (analysis.estimand.outcome, analysis.estimand.visit) == ("symptom_severity", "post")
    assert (analysis.form, analysis.sampling.seed, analysis.sampling.draws) == ("one_stage", 1, 1000)


def test_the_full_file_of_the_contract_is_read(tmp_path: Path) -> None:
    analysis = read_analysis(write(tmp_path, FULL))
    assert analysis.estimand.reference["dose"] == Quantity(50.0, "mg")
    assert analysis.estimand.moves["timing_min"] == (Quantity(60.0), Quantity(120.0))
    assert analysis.estimand.contrasts[0].a == {"dose": Quantity(500.0, "mg")}
    assert analysis.estimand.minimal_important_difference == 5.0
    assert analysis.two_stage.prior("tau") == HalfNormal(Sd(0.5))
    assert analysis.sampling.draws == 500


def test_the_plain_model_has_no_curve_but_all_covariates(tmp_path: Path) -> None:
    plain = read_analysis(write(tmp_path, FULL)).plain
    assert (plain.main, plain.shifts) == (None, ())
    assert plain.modifiers == ("antidepressant_baseline", "baseline_severity")
    assert plain.prognostic_factors == ("age_years",)
    assert plain.residual_sd == "common"
    assert plain.priors == {"tau": HalfNormal(Sd(0.5)), "effect": Normal(0.0, Sd(1.0))}, "kappa is no parameter of it"


def test_each_main_curve_makes_a_model_with_the_first_curve_of_every_shift(tmp_path: Path) -> None:
    models = read_analysis(write(tmp_path, FULL)).beside
    assert [model.main.name for model in models if model.main] == ["plateau", "linear"]
    assert models[0] == replace(read_analysis(write(tmp_path, FULL)).plain, interaction_across=True)
    models = models[1:]
    assert models[0].main == Plateau("number_of_doses")
    assert all(model.shifts == (Hinge("timing_min", at=60.0), LogLinear("dose")) for model in models)
    assert ["kappa" in model.priors for model in models] == [True, False]


def test_shifts_without_a_main_curve_make_one_model(tmp_path: Path) -> None:
    models = read_analysis(write(tmp_path, TWO_LINES + "curves: {dose: log_linear}\nmoves: {dose: [50 mg, 100 mg]}\n"))
    assert [(model.main, model.shifts) for model in models.beside] == [(None, (LogLinear("dose"),))]


def test_a_further_shift_curve_is_fitted_in_place_of_the_first(tmp_path: Path) -> None:
    text = TWO_LINES + "curves: {timing_min: [{hinge: {at: 60}}, {hinge: {at: 90}}]}\n"
    models = read_analysis(write(tmp_path, text)).beside
    assert [model.shifts[0] for model in models] == [Hinge("timing_min", at=60.0), Hinge("timing_min", at=90.0)]


MISTAKES = {
    "an unknown key": ("outcom: 1", r"line 3: unknown key 'outcom', did you mean 'outcome'\?"),
    "a key of a later version": (
        "targets: []",
        r"line 3: this version of ipdma does not have 'targets' yet; accepted: ",
    ),
    "a format version": ("analysis: 2", "line 3: analysis is the version of this file's format"),
    "received dosing": ("dosing: received", "line 3: .*does not have 'dosing: received' yet; accepted: planned"),
    "another population": ("population: per_protocol", "line 3: .*'population: per_protocol' yet; accepted: all_rand"),
    "another strategy": ("intercurrent_events: {stopped: hypothetical}", "line 3: .*accepted: treatment_policy"),
    "covariates in the model": ("missing_covariates: in_model", "line 3: .*accepted: error, complete_case"),
    "an unsafe expression": ('include: "__import__(1)"', "line 3: include: "),
    "a typing error in a choice": ("missing_covariates: eror", r"line 3: missing_covariates is 'eror', did you mean"),
    "an unknown curve": (
        "curves: {dose: log_linar}",
        r"line 3: curve 'log_linar' of dose is unknown, did you mean 'log",
    ),
    "a main curve as a shift": ("curves: {dose: plateau}", "line 3: 'plateau' is a main curve, but dose needs a shift"),
    "a curve by formula": ("curves: {dose: {formula: d}}", "line 3: .*does not have curves by formula yet; accepted: "),
    "a main variable without a curve": (
        "main_dosing_variable: dose",
        "line 3: main_dosing_variable is 'dose', but cur",
    ),
    "a main variable that has an effect at zero": (
        "main_dosing_variable: timing_min\ncurves: {timing_min: hinge}",
        r"line 3: main_dosing_variable is 'timing_min'.*number_of_doses, dose, none",
    ),
    "an unused reference": ("reference: {dose: 50 mg}", "line 3: reference.dose is unused: dose has no curve"),
    "an unused move": ("moves: {dose: [50 mg, 60 mg]}", "line 3: moves.dose is unused: dose has no shift curve"),
    "an unknown option of a modifier": (
        "modifiers: {age_years: {pre: 10}}",
        r"line 3: unknown key 'pre' in modifiers.age_years, did you mean 'per'\?",
    ),
    "a step of nothing": ("modifiers: {age_years: {per: 0}}", r"line 3: modifiers.age_years.per must be above zero"),
    "a step of categories": (
        "modifiers: {sex: {per: 1, reference: female}}",
        "line 3: modifiers.sex: per is for numbers, reference for categories",
    ),
    "a text for a number of a curve": (
        "curves: {timing_min: {hinge: {at: noon}}}",
        "line 3: curves.timing_min.hinge.at must be a number",
    ),
    "sensitivity that is no list": ("sensitivity: tau_prior", "line 3: sensitivity must be a list of names and patch"),
    "a sensitivity analysis twice": ("sensitivity: [a, a]", "line 3: two sensitivity analyses are named 'a'"),
    "a patch without a name": (
        "sensitivity: [{change: {include: 'a > 1'}}]",
        r"line 3: a patch needs name: write \{name: adults, change: \{include: 'age_years >= 18'\}\}",
    ),
    "a patch of nothing": ("sensitivity: [{name: a, change: {}}]", "line 3: change must hold the keys of this file"),
    "an unknown key in a patch": (
        "sensitivity:\n  - name: a\n    change:\n      includ: 'a > 1'",
        r"line 6: unknown key 'includ', did you mean 'include'\?",
    ),
    "a patch with patches": (
        "sensitivity:\n  - {name: a, change: {sensitivity: [b]}}",
        "line 4: unknown key 'sensitivity'",
    ),
    "a patch that is not possible": (
        "sensitivity:\n  - {name: a, change: {outcome: {metric: sd}}}",
        "line 4: outcome.metric is 'sd'. Known: pomp, raw, baseline_sd, rank",
    ),
    "a prior without a parameter": ("priors: {kappa: flat}", "line 3: no parameter 'kappa' to put a prior on"),
    "an impossible prior": ("priors: {tau: {half_normal: -1}}", "line 3: priors.tau: the numbers of half_normal"),
    "a prior two-stage cannot use": ("priors: {effect: {half_cauchy: 1}}", "line 3: the prior of the two-stage effect"),
    "too few chains": ("sampling: {chains: 1}", "line 3: sampling.chains must be a whole number of at least 2"),
    "a difference of zero": ("minimal_important_difference: 0", "line 3: minimal_important_difference must be above"),
    "a factor that is a modifier": ("modifiers: [a]\nprognostic_factors: [a]", "line 4: 'a' is a modifier and so has"),
    "a file to extend outside": ("extends: ../other", "line 3: extends must be the name of a file in the same folder"),
    "a file that extends itself": ("extends: analysis", "line 3: extends goes in a circle: analysis -> analysis"),
    "a list as a file": ("contrasts: high", "line 3: contrasts must be a list of"),
    "a number as a name": ("modifiers: [1]", r"line 3: modifiers\[1\] must be a text"),
}


@pytest.mark.parametrize(("text", "message"), MISTAKES.values(), ids=MISTAKES.keys())
def test_a_mistake_is_named_with_its_line(tmp_path: Path, text: str, message: str) -> None:
    with pytest.raises(AnalysisError, match=f"^analysis.yaml {message}"):
        read_analysis(write(tmp_path, TWO_LINES + text + "\n"))


@pytest.mark.parametrize(
    ("reference", "message"),
    [
        ("50", "reference.dose needs a unit, because dose has a choice of units: write it like '50 mg'"),
        ("50 mgg", "reference.dose: unit 'mgg' is not known"),
        ("[50 mg]", "reference.dose must be a number, with its unit"),
    ],
)
def test_a_dose_says_its_unit(tmp_path: Path, reference: str, message: str) -> None:
    text = f"{TWO_LINES}curves: {{dose: log_linear}}\nreference: {{dose: {reference}}}\n"
    with pytest.raises(AnalysisError, match=f"line 4: {message}"):
        read_analysis(write(tmp_path, text))


@pytest.mark.parametrize(
    ("move", "message"),
    [
        ("[50 mg]", "must be two values, from and to"),
        ("[50 mg, 0.05 g]", "goes from a value to the same value"),
        ("[50 mg, 5 min]", "cannot be converted"),
    ],
)
def test_a_move_leads_from_one_value_to_another(tmp_path: Path, move: str, message: str) -> None:
    with pytest.raises(AnalysisError, match=f"line 4: moves.dose.*{message}"):
        read_analysis(write(tmp_path, f"{TWO_LINES}curves: {{dose: log_linear}}\nmoves: {{dose: {move}}}\n"))


def test_what_is_missing_is_named(tmp_path: Path) -> None:
    with pytest.raises(AnalysisError, match="'contrast' is missing; write for example contrast: {treatment: drug"):
        read_analysis(write(tmp_path, "outcome: {construct: symptom_severity, visit: post}\n"))
    with pytest.raises(YamlError, match="nothing.yaml does not exist"):
        read_analysis(tmp_path / "nothing.yaml")


def test_all_errors_are_reported_at_once_in_the_order_of_the_file(tmp_path: Path) -> None:
    text = "contrast: {treatment: a, control: a}\noutcome: {construct: s, visit: post, metric: z}\nmodel: {form: x}\n"
    with pytest.raises(AnalysisError, match="has 3 errors:") as caught:
        read_analysis(write(tmp_path, text))
    lines = str(caught.value).splitlines()[1:]
    assert [line.split(":")[0].strip() for line in lines] == [f"analysis.yaml line {n}" for n in (1, 2, 3)]


def test_a_file_that_extends_another_replaces_the_keys_it_names(tmp_path: Path) -> None:
    write(tmp_path, FULL, "main")
    path = write(tmp_path, "extends: main\nmodifiers: [age_years]\nprognostic_factors: []\n", "variant")
    analysis = read_analysis(path)
    assert (analysis.name, analysis.plain.modifiers) == ("variant", ("age_years",))
    assert analysis.estimand == read_analysis(tmp_path / "main.yaml").estimand
    before = analysis.sha256
    write(tmp_path, FULL.replace("seed: 7", "seed: 8"), "main")
    assert read_analysis(path).sha256 != before, "the hash covers the extended file"


def test_a_layer_changes_settings_by_name_one_by_one_and_replaces_other_keys(tmp_path: Path) -> None:
    write(tmp_path, FULL, "main")
    text = (
        "extends: main\noutcome: {visit: followup}\nreference: {dose: 100 mg}\npriors: {tau: {half_normal: 1 sd}}\n"
        "sampling: {seed: 8}\nmodel: {effect: common_effect}\ninclude:\n"
    )
    variant, main = read_analysis(write(tmp_path, text, "variant")), read_analysis(tmp_path / "main.yaml")
    assert variant.estimand == replace(
        main.estimand, visit="followup", include=None, reference={**main.estimand.reference, "dose": "100 mg"}
    )
    assert variant.plain.priors == {"tau": HalfNormal(Sd(1.0)), "effect": Normal(0.0, Sd(1.0))}
    assert (variant.plain.effect, variant.plain.residual_sd) == ("common_effect", "common")
    assert variant.sampling == replace(main.sampling, seed=8)
    assert variant.settings["outcome"] == {"construct": "symptom_severity", "visit": "followup", "metric": "pomp"}
    assert "include" not in variant.settings


def test_a_layer_with_an_instrument_no_longer_has_the_construct(tmp_path: Path) -> None:
    write(tmp_path, TWO_LINES, "main")
    variant = read_analysis(write(tmp_path, "extends: main\noutcome: {instrument: madrs}\n", "variant"))
    assert variant.estimand.outcome == "madrs"
    assert variant.settings["outcome"] == {"visit": "post", "instrument": "madrs"}


def test_a_layer_with_fewer_curves_takes_over_only_what_still_has_one(tmp_path: Path) -> None:
    write(tmp_path, FULL, "main")
    variant = read_analysis(write(tmp_path, "extends: main\ncurves: {timing_min: {hinge: {at: 60}}}\n", "variant"))
    assert [(model.main, model.shifts) for model in variant.beside[1:]] == [(None, (Hinge("timing_min", at=60.0),))]
    estimand = variant.estimand
    assert (list(estimand.reference), list(estimand.moves), estimand.contrasts) == (["timing_min"], ["timing_min"], ())
    assert "kappa" not in variant.beside[1].priors


def test_a_layer_in_other_units_drops_the_difference_and_asks_for_priors_in_plain_numbers(tmp_path: Path) -> None:
    write(tmp_path, FULL, "main")
    text = "extends: main\noutcome: {metric: baseline_sd}\n"
    assert read_analysis(write(tmp_path, text, "a")).estimand.minimal_important_difference is None
    again = read_analysis(write(tmp_path, text + "minimal_important_difference: 0.2\n", "b"))
    assert again.estimand.minimal_important_difference == 0.2
    write(tmp_path, FULL.replace("half_normal: 0.5 sd", "half_normal: 8"), "main")
    with pytest.raises(
        AnalysisError, match="main.yaml line 15: priors.tau is in units of the outcome, which this layer"
    ):
        read_analysis(tmp_path / "a.yaml")


def test_a_categorical_curve_has_categories_as_reference_move_and_contrast(tmp_path: Path) -> None:
    text = TWO_LINES + (
        "curves: {group: categorical, year: {window: {}}, dose: {categorical: {}}}\n"
        "reference: {group: ocd, dose: 50 mg}\n"
        "moves: {group: [ocd, specific phobia], year: [2004, 2010], dose: [50 mg, 100 mg]}\n"
        "contrasts: [{name: phobia, a: {group: specific phobia}, b: {group: ocd}}]\n"
    )
    estimand = read_analysis(write(tmp_path, text)).estimand
    assert estimand.reference == {"group": "ocd", "dose": Quantity(50.0, "mg")}
    assert estimand.moves["group"] == ("ocd", "specific phobia")
    assert estimand.moves["year"] == (Quantity(2004.0), Quantity(2010.0))
    assert estimand.contrasts[0].a == {"group": "specific phobia"}
    for change, message in (
        ({"moves": {"group": ["ocd", "ocd"]}}, "moves.group goes from a value to the same value"),
        ({"moves": {"group": ["ocd", 5]}}, "moves.group must be two values, from and to"),
        ({"reference": {"year": "late"}}, "reference.year: 'late' is not a number with a unit"),
        ({"reference": {"dose": "50"}}, "reference.dose needs a unit"),
    ):
        with pytest.raises(AnalysisError, match=message):
            patched(read_analysis(tmp_path / "analysis.yaml"), change)


def test_a_prior_of_a_curves_parameter_is_on_the_models_that_have_it(tmp_path: Path) -> None:
    text = (
        TWO_LINES
        + "curves: {number_of_doses: [broken_line, emax, quadratic, categorical], timing_min: [window, hinge]}\n"
        "main_dosing_variable: number_of_doses\npriors: {kappa: {uniform: [0, 9]}, ratio: {uniform: [-1, 0]}, "
        "ed50: {log_normal: [3, 1]}, bend: {normal: [0, 1 sd]}, 'curves.number_of_doses[9]': flat, "
        "'curves.timing_min[peak]': {uniform: [0, 90]}, curves.timing_min: flat}\n"
    )
    models = read_analysis(write(tmp_path, text)).beside
    assert [sorted(model.priors) for model in models] == [
        ["curves.timing_min", "curves.timing_min[peak]", "kappa", "ratio"],
        ["curves.timing_min", "curves.timing_min[peak]", "ed50"],
        ["bend", "curves.timing_min", "curves.timing_min[peak]"],
        ["curves.number_of_doses[9]", "curves.timing_min", "curves.timing_min[peak]"],
        ["curves.timing_min", "kappa", "ratio"],
    ]
    with pytest.raises(
        AnalysisError, match=r"no parameter 'curves.timing_min\[peek\]' .*did you mean 'curves.timing_min\[peak"
    ):
        read_analysis(write(tmp_path, text.replace("timing_min[peak]", "timing_min[peek]")))


SPLINE = TWO_LINES + "curves: {dose: {spline: {knots: [0, 10, 2.5e1, 40]}}}\nmain_dosing_variable: dose\n"


def test_a_spline_has_its_knots_and_a_prior_by_knot(tmp_path: Path) -> None:
    text = SPLINE + "reference: {dose: 20 mg}\npriors: {'bend[10]': {normal: [0, 2 sd]}}\n"
    file = read_analysis(write(tmp_path, text))
    (model,) = file.beside
    assert model.main == Spline("dose", knots=(0.0, 10.0, 25.0, 40.0))
    assert model.priors == {"bend[10]": Normal(0.0, Sd(2.0))}
    schema = json.loads((data_schemas() / "analysis.schema.json").read_text(encoding="utf-8"))
    jsonschema.validate(dict(file.settings), schema)


@pytest.mark.parametrize(
    ("curve", "message"),
    [
        ("spline", "the spline curve of dose: a spline takes 3 to 7 knots, and has 0"),
        ("{spline: {knots: [0, 30, 10]}}", "the spline curve of dose: the knots of a spline ascend, each stated once"),
        ("{spline: {knots: [0 mg, 10 mg, 30 mg]}}", "the spline curve of dose: .*are a list of numbers without a unit"),
        ("{spline: {knots: 10}}", "the spline curve of dose: .*are a list of numbers without a unit"),
        ("{spline: {knot: [0, 10, 30]}}", "unknown key 'knot' in curves.dose.spline, did you mean 'knots'"),
    ],
)
def test_a_mistake_in_a_spline_is_named_with_its_line(tmp_path: Path, curve: str, message: str) -> None:
    text = SPLINE.replace("{spline: {knots: [0, 10, 2.5e1, 40]}}", curve)
    with pytest.raises(AnalysisError, match=f"line 3: {message}"):
        read_analysis(write(tmp_path, text))


def test_sensitivity_analyses_are_names_and_patches_in_the_files_order(tmp_path: Path) -> None:
    found = read_analysis(write(tmp_path, FULL)).sensitivity
    assert found == ("leave_one_trial_out", ("low risk of bias", {"include": "rob_overall == 'low'"}))


def test_a_patch_is_laid_over_the_file_and_keeps_what_it_does_not_say(tmp_path: Path) -> None:
    main = read_analysis(write(tmp_path, FULL))
    _, change = main.sensitivity[1]
    assert not isinstance(change, str)
    low = patched(main, change)
    assert low.estimand == replace(main.estimand, include="rob_overall == 'low'")
    assert (low.plain, low.beside, low.name, low.sensitivity) == (main.plain, main.beside, main.name, ())
    assert low.sha256 != main.sha256
    again = patched(low, {"outcome": {"metric": "raw"}})
    assert again.estimand.include == "rob_overall == 'low'"
    assert again.estimand.metric == "raw"


def test_a_patch_from_python_is_refused_without_a_line(tmp_path: Path) -> None:
    with pytest.raises(AnalysisError, match=r"^analysis.yaml: unknown key 'includ', did you mean 'include'\?"):
        patched(read_analysis(write(tmp_path, TWO_LINES)), {"includ": "age_years >= 18"})


def test_a_modifier_may_say_its_step_or_its_reference(tmp_path: Path) -> None:
    text = "modifiers: {age_years: {per: 10}, diagnosis: {reference: sad}, baseline_severity: {}, sex: }\n"
    analysis = read_analysis(write(tmp_path, TWO_LINES + text))
    assert analysis.plain.modifiers == ("age_years", "diagnosis", "baseline_severity", "sex")
    assert analysis.estimand.coding == {"age_years": Coding(per=10.0), "diagnosis": Coding(reference="sad")}


def test_a_spline_of_a_modifier_is_refused_with_what_is_accepted(tmp_path: Path) -> None:
    text = TWO_LINES + "modifiers: {baseline_severity: {spline: {knots: [20, 30, 40]}}}\n"
    with pytest.raises(AnalysisError, match="line 3: .*does not have 'spline' yet; accepted: a modifier per unit"):
        read_analysis(write(tmp_path, text))


def test_an_error_in_an_extended_file_names_that_file(tmp_path: Path) -> None:
    write(tmp_path, TWO_LINES + "dosing: received\n", "main")
    with pytest.raises(AnalysisError, match="^main.yaml line 3: "):
        read_analysis(write(tmp_path, "extends: main\n", "variant"))


def test_the_shipped_schema_has_the_same_keys_and_accepts_the_full_file(tmp_path: Path) -> None:
    schema = json.loads((data_schemas() / "analysis.schema.json").read_text(encoding="utf-8"))
    assert set(schema["properties"]) == set(KEYS)
    jsonschema.validate(dict(read_analysis(write(tmp_path, FULL)).settings), schema)
    jsonschema.validate(dict(read_analysis(write(tmp_path, TWO_LINES)).settings), schema)
    jsonschema.validate({"extends": "main"}, schema)
    emptied = {key: None for key in KEYS if key not in ("analysis", "dosing", "population")}
    jsonschema.validate({**emptied, "extends": "main"}, schema)  # so a layer takes keys out
    with pytest.raises(jsonschema.ValidationError, match="'extends' is a required property|not valid under any"):
        jsonschema.validate({"analysis": 1}, schema)
