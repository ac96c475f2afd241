import json
import math
from collections.abc import Iterator
from dataclasses import replace
from types import SimpleNamespace
from typing import Any

import jsonschema
import numpy as np
import pandas as pd
import pytest

from ipdma._paths import data_schemas
from ipdma.curves.categorical import Categorical
from ipdma.curves.plateau import Plateau
from ipdma.errors import DesignError
from ipdma.estimand import Estimand
from ipdma.harmonize.consortium import Consortium
from ipdma.models.one_stage import OneStage
from ipdma.models.two_stage import TwoStageFit, fit_estimates, fit_two_stage
from ipdma.models.two_stage_spec import TwoStage
from ipdma.priors.prior import HalfNormal, Normal
from ipdma.summaries.summary import summarize, trial_level_terms

SCHEMA = json.loads((data_schemas() / "summary.schema.json").read_text(encoding="utf-8"))
GIVEN = Estimand(
    outcome="coaching",
    visit="post",
    treatment="drug",
    control="placebo",
    unit="points",
    direction="higher_is_better",
    minimal_important_difference=2.0,
)


def valid(summary: dict[str, Any]) -> dict[str, Any]:
    """The summary after a trip through JSON that allows no NaN or infinity, if the schema accepts it."""
    back: dict[str, Any] = json.loads(json.dumps(summary, allow_nan=False))
    jsonschema.validate(back, SCHEMA)
    assert back == summary  # nothing but plain dicts, lists, strings and numbers
    return back


def leaves(node: Any) -> Iterator[Any]:
    children = node.values() if isinstance(node, dict) else node if isinstance(node, list) else None
    if children is None:
        yield node
    for child in children or ():
        yield from leaves(child)


@pytest.fixture(scope="module")
def summary(plain: Any, claiming: Any) -> dict[str, Any]:
    return valid(
        summarize(
            plain=plain,
            beside=[claiming],
            two_stage=fit_two_stage(plain.design),
            title="Drug against placebo",
            seconds={"harmonize": 0.1, "sample": 2.0},
            simulated=True,
            truth={"effect": -4.5},
            notes=["Simulated."],
        )
    )


def given(**columns: Any) -> TwoStageFit:
    table = pd.DataFrame(columns).astype({"trial": "string"})
    consortium = Consortium(tables={"trials": table[["trial"]], "estimates": table}, scales={}, schema="")
    return fit_estimates(consortium, TwoStage(priors={"effect": Normal(0.0, 20.0), "tau": HalfNormal(5.0)}))


def test_every_part_is_there_and_nothing_is_none_or_infinite(summary: dict[str, Any]) -> None:
    absent = {"sensitivity"}  # added by the project that asks for it
    assert set(SCHEMA["properties"]) - set(summary) == absent
    values = list(leaves(summary))
    assert None not in values
    assert all(math.isfinite(value) for value in values if isinstance(value, float))


def test_sizes_and_scale_are_those_of_the_design(summary: dict[str, Any], plain: Any) -> None:
    assert summary["trials"] == 8
    assert summary["participants"] == summary["participants_analyzed"] == len(plain.design.rows)
    assert (summary["metric"], summary["unit"], summary["direction"]) == ("raw", "points", "higher_is_worse")
    assert summary["baseline_sd"] == plain.design.baseline_sd
    assert [row["trial"] for row in summary["flow"]] == list(plain.design.trials)


def test_the_headline_is_the_plain_fit(summary: dict[str, Any], plain: Any) -> None:
    effect = plain.posterior["effect"].to_numpy()
    assert summary["pooled_effect"]["mean"] == pytest.approx(effect.mean())
    assert summary["benefit"] == {"beyond_zero": np.mean(effect < 0), "beyond_mid": np.mean(effect < -3)}
    assert summary["interactions"][0].keys() == {"modifier", "unit", "within", "across", "difference"}


def test_two_stage_stands_beside_it(summary: dict[str, Any], plain: Any) -> None:
    fit = fit_two_stage(plain.design)
    assert summary["two_stage"]["estimate"] == fit.reml.estimate
    assert summary["two_stage"]["df"] == 7
    assert summary["two_stage"]["ci_hartung_knapp"] == list(fit.reml.ci_hartung_knapp or ())
    assert summary["bayes_two_stage"]["pooled_effect"] == fit.bayes.pooled_effect


def test_curves_say_their_role_unit_and_points(summary: dict[str, Any]) -> None:
    found = [(c["variable"], c["curve"], c["role"], c["unit"]) for c in summary["curves"]]
    assert found == [
        ("number_of_doses", "plateau", "main", "1"),
        ("dose", "log_linear", "shift", "mg"),
        ("timing_min", "hinge", "shift", "min"),
    ]
    assert summary["curves"][1]["move"]["from"] == 50.0
    assert {c["name"] for c in summary["contrasts"]} == {"high against low", "ten against five"}
    assert [d["model"] for d in summary["diagnostics"]] == [
        "plain with interactions across trials",
        "plateau over number_of_doses, log_linear over dose, hinge (at 60) over timing_min",
    ]


def test_a_curve_that_two_fits_share_is_shown_once(plain: Any, curved: Any) -> None:
    again = valid(summarize(plain=plain, beside=[curved, curved]))
    assert len(again["curves"]) == 3
    assert len(again["contrasts"]) == 2
    assert "two_stage" not in again


def test_each_coefficient_that_compares_trials_counts_against_the_number_of_trials(curved: Any) -> None:
    levels = curved.design.arms["number_of_doses"].nunique()
    trials = len(curved.design.trials)
    told = {}
    for curve in (Plateau("number_of_doses"), Categorical("number_of_doses")):
        model = OneStage(main=curve)
        fit: Any = SimpleNamespace(**{**vars(curved), "analysis": curved.analysis.with_model(model)})
        told[curve.name] = trial_level_terms([fit])
    assert told["plateau"] == []
    assert levels > trials / 5
    assert f"has {levels} term(s) that compare trials, and {trials} trials" in told["categorical"][0]


def test_a_contrast_no_curve_can_tell_is_noted_and_not_estimated(plain: Any) -> None:
    found = valid(summarize(plain=plain, two_stage=fit_two_stage(plain.design)))
    assert "contrasts" not in found
    assert any("high against low" in note for note in found["notes"])


def test_one_trial_has_no_tau_and_no_new_trial(plain: Any) -> None:
    design = replace(
        plain.design,
        trials=("trial_01",),
        rows=plain.design.rows[plain.design.rows["trial"] == "trial_01"].reset_index(drop=True),
        arms=plain.design.arms.iloc[:1],
        flow=plain.design.flow.iloc[:1],
    )
    posterior = plain.posterior.drop_vars(["tau", "interaction_across"]).isel(trial_arm=[0])
    one: Any = SimpleNamespace(**{**vars(plain), "design": design, "posterior": posterior})
    found = valid(summarize(plain=one, two_stage=fit_two_stage(design)))
    assert "tau" not in found
    assert "new_trial_effect" not in found
    assert found["two_stage"].keys() == {"estimate", "se", "ci_wald"}
    assert found["bayes_two_stage"].keys() == {"pooled_effect"}
    assert found["trial_effects"][0]["weight"] == pytest.approx(100)
    assert found["interactions"][0].keys() == {"modifier", "unit", "within"}


def test_a_trial_without_an_estimate_of_its_own_keeps_its_row_and_is_noted(plain: Any) -> None:
    rows = plain.design.rows
    first = rows["trial"] == "trial_01"
    kept = rows[first].groupby("active").head(1).index.union(rows[~first].index)
    design = replace(plain.design, rows=rows.loc[kept].reset_index(drop=True))
    fit: Any = SimpleNamespace(**{**vars(plain), "design": design})
    found = valid(summarize(plain=fit, two_stage=fit_two_stage(design)))
    assert found["trial_effects"][0].keys() == {"trial", "label", "n", "shrunken"}
    assert sum(row.get("weight", 0.0) for row in found["trial_effects"]) == pytest.approx(100)
    assert any("leaves out trial_01" in note for note in found["notes"])


def test_given_estimates_have_only_the_two_stage_parts() -> None:
    fit = given(trial=["a", "b", "c"], estimate=[3.0, 5.0, 8.0], se=[1.0, 2.0, 2.0])
    found = valid(summarize(two_stage=fit, estimand=GIVEN))
    assert {"pooled_effect", "participants", "curves"}.isdisjoint(found)
    assert (found["trials"], found["flow"], found["diagnostics"]) == (3, [], [])
    assert (found["metric"], found["unit"]) == ("raw", "points")  # estimates are not rescaled
    assert found["benefit"]["beyond_zero"] == pytest.approx(1 - fit.bayes.effect.below(0.0))
    assert found["trial_effects"][0].keys() == {"trial", "label", "raw", "raw_se", "shrunken", "weight"}
    assert found["tau_density"].keys() == {"x", "posterior", "prior"}


def test_given_estimates_with_sizes_say_how_many_participants() -> None:
    found = valid(
        summarize(two_stage=given(trial=["a", "b"], estimate=[3, 5.0], se=[1, 2.0], n=[40, 60]), estimand=GIVEN)
    )
    assert found["participants"] == 100
    assert "prediction" not in found["two_stage"]


def test_two_stage_of_participants_without_a_one_stage_fit(plain: Any) -> None:
    found = valid(
        summarize(two_stage=fit_two_stage(plain.design), estimand=plain.analysis.estimand, design=plain.design)
    )
    assert found["participants_analyzed"] == len(plain.design.rows)
    assert "pooled_effect" not in found
    assert found["trial_effects"][0]["n"] > 0


def test_nothing_to_summarize_and_estimates_without_a_direction_are_refused() -> None:
    with pytest.raises(DesignError, match="nothing to summarize"):
        summarize()
    fit = given(trial=["a", "b"], estimate=[3.0, 5.0], se=[1.0, 2.0])
    with pytest.raises(DesignError, match=r"outcome\.unit and outcome\.direction"):
        summarize(two_stage=fit, estimand=replace(GIVEN, direction=None))
