"""Sensitivity analyses of fits: what is refitted, what it says, and that nothing is done twice."""

import sys
from dataclasses import replace
from pathlib import Path
from threading import Lock
from types import SimpleNamespace

import numpy as np
import pytest
import xarray as xr

from ipdma.analysis import Analysis
from ipdma.curves.curve import MainCurve
from ipdma.curves.levelling import Levelling
from ipdma.curves.linear import Linear
from ipdma.curves.plateau import Plateau
from ipdma.curves.window import Window
from ipdma.estimand import Estimand
from ipdma.fit import Fit, fit
from ipdma.models.one_stage import OneStage
from ipdma.sensitivity.effect_prior import EffectPrior
from ipdma.sensitivity.interaction_priors import InteractionPriors
from ipdma.sensitivity.leave_one_trial_out import LeaveOneTrialOut
from ipdma.sensitivity.one_curve import OneCurve
from ipdma.sensitivity.other_metric import OtherMetric
from ipdma.sensitivity.patch import Patch
from ipdma.sensitivity.run import numbers, run, varied
from ipdma.trace_store import TraceStore

pytestmark = pytest.mark.sampling


def test_a_left_out_trial_gives_what_an_analysis_of_the_others_gives(fitted: Fit) -> None:
    # With the constants of all trials: the only difference is then Monte Carlo error, 5 SE of two means at ESS 600.
    checks = run(fitted, [LeaveOneTrialOut()])
    table = checks.table.set_index("label")
    people = fitted.analysis.estimand
    for trial in ("trial_03", "trial_04"):
        fewer = replace(people, include=f"trial != '{trial}'")
        other = Analysis(fitted.analysis.consortium, fewer, fitted.analysis.model, constants_of=fitted.design)
        effect = fit(other, **fitted.sampling).posterior["effect"].to_numpy()
        row = table.loc[f"without {fitted.design.labels[trial]}"]
        assert row["mean"] == pytest.approx(effect.mean(), abs=5 * row["sd"] * np.sqrt(2 / 600))
        assert row["sd"] == pytest.approx(effect.std(), rel=0.15)


def test_variants_that_share_code_are_not_compiled(fitted: Fit) -> None:
    compiled = sys.modules["ipdma.compiled_model"]._compiled
    before = len(compiled)
    checks = run(fitted, [LeaveOneTrialOut(), EffectPrior(), InteractionPriors()])
    assert len(compiled) == before
    assert len(checks.rows) == 5 + 2 + 2 * 2
    assert list(checks.table["quantity"][-4:]) == ["pooled_effect", "within.z"] * 2
    assert {"divergences", "rhat_max", "tau_mean"} <= set(checks.table)


def test_the_stated_analysis_stands_first_with_the_numbers_of_its_fit(fitted: Fit) -> None:
    stated = run(fitted, []).stated
    assert [row["quantity"] for row in stated] == ["pooled_effect", "within.z"]
    assert stated[0]["mean"] == float(fitted.posterior["effect"].mean())


def test_terms_across_trials_are_told_for_the_modifiers_that_have_one(fitted: Fit) -> None:
    draws = fitted.posterior["interaction_within"].rename(modifier="modifier_across")
    across = replace(fitted, posterior=fitted.posterior.assign(interaction_across=draws))
    rows = [row["quantity"] for row in run(across, []).stated]
    assert rows == ["pooled_effect", "within.z", "across.z"]


@pytest.mark.parametrize(("curve", "known"), [(Plateau("number_of_doses"), True), (Linear("number_of_doses"), False)])
def test_the_claim_is_told_with_its_probability_where_the_curve_can_level_off(
    plain: Analysis, curve: MainCurve, known: bool
) -> None:
    asked = plain.with_model(OneStage(main=curve, levelling=Levelling((1.0, 9.0), (9.0, 12.0))))
    rng = np.random.default_rng(3)
    draws = {"effect": rng.normal(-5.0, 0.5, (4, 500)), "kappa": np.tile([3.0, 30.0, 30.0, 30.0], (4, 125))}
    posterior = xr.Dataset({name: (("chain", "draw"), values) for name, values in draws.items()})
    (row,) = numbers(SimpleNamespace(analysis=asked, design=asked.design, inputs=asked.inputs, posterior=posterior))
    # One draw in four has its plateau at three doses, the others beyond all doses.
    assert row["claim"] == ("cannot_tell" if known else "cannot_answer")
    assert row.get("claim_probability") == (0.25 if known else None)


def test_a_narrower_prior_pulls_the_effect_to_zero(fitted: Fit) -> None:
    narrow, wide = run(fitted, [EffectPrior((0.02, 2.0))]).rows
    assert abs(narrow["mean"]) < 0.2 * abs(wide["mean"])


def test_a_metric_the_data_do_not_allow_is_a_row_with_its_reason(fitted: Fit) -> None:
    nobody = replace(fitted.analysis, estimand=replace(fitted.analysis.estimand, visit="mid"))
    checks = run(fitted, [Patch(label="at mid", analyses=(nobody,))])
    (row,) = checks.rows
    assert row["refused"].startswith("no trial has a value of 'scale_a' at 'mid'")
    assert checks.refused == (f"Sensitivity analysis 'at mid' is not there: {row['refused']}",)
    assert "1 refused" in str(checks)


def test_parameters_of_a_shift_are_told_under_the_name_their_draws_have(plain: Analysis) -> None:
    asked = plain.with_model(OneStage(shifts=(Window("timing_min"),)))
    names = ("effect", "timing_min", "timing_min[size]", "timing_min[peak]", "timing_min[width]")
    posterior = xr.Dataset({name: (("chain", "draw"), np.full((4, 50), float(i))) for i, name in enumerate(names)})
    (row,) = numbers(SimpleNamespace(analysis=asked, design=asked.design, inputs=asked.inputs, posterior=posterior))
    means = {name: five["mean"] for name, five in row["parameters"].items()}
    assert means == {"timing_min[peak]": 3.0, "timing_min[width]": 4.0}


def test_what_has_nothing_to_vary_is_a_row_that_says_so(fitted: Fit) -> None:
    (row,) = run(fitted, [OneCurve()]).rows
    assert row["family"] == "curves"
    assert "nothing of the kind to vary" in row["refused"]
    assert row["label"] == "each curve of the model alone"


def test_another_metric_is_named_as_another_quantity_with_its_unit(fitted: Fit) -> None:
    rows = [row for row in run(fitted, [OtherMetric()]).rows if row["label"] == "metric baseline_sd"]
    assert [(row["quantity"], row["unit"]) for row in rows] == [("pooled_effect_other_unit", "baseline SD")]


def test_an_interrupted_run_goes_on_and_samples_nothing_twice(
    fitted: Fit, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    module, store, done, one_at_a_time = sys.modules["ipdma.fit"], TraceStore(tmp_path), [], Lock()
    sample = module.sample

    def stopping(*args: object, **kwargs: object) -> object:
        with one_at_a_time:
            if len(done) == 3:
                raise KeyboardInterrupt
            done.append(1)
        return sample(*args, **kwargs)

    monkeypatch.setattr(module, "sample", stopping)
    with pytest.raises(KeyboardInterrupt):
        run(fitted, [LeaveOneTrialOut()], store=store)
    done.clear()
    first = run(fitted, [LeaveOneTrialOut()], store=store)
    assert len(done) == 2, "three of five were there"
    done[:] = [1, 1, 1]
    assert run(fitted, [LeaveOneTrialOut()], store=store).rows == first.rows


def test_interactions_are_varied_where_they_are_and_effects_in_the_headline_and_the_curves() -> None:
    def of(model: OneStage) -> Fit:
        analysis = Analysis(None, Estimand(outcome="o", visit="v", treatment="t", control="c"), model)
        return Fit(analysis=analysis, inputs=None, posterior=None, sample_stats=None, diagnostics=None, seconds={})

    from ipdma.curves.linear import Linear

    plain, across, curve = of(OneStage()), of(OneStage(interaction_across=True)), of(OneStage(main=Linear("x")))
    assert varied([plain, across, curve], EffectPrior()) == [plain, curve]
    assert varied([plain, across, curve], InteractionPriors()) == [across]
    assert varied([plain, curve], InteractionPriors()) == [plain]
    assert varied([across], EffectPrior()) == [across]
