"""Sampling: against closed forms, repeatable, and compiled once for each structure."""

import sys
from pathlib import Path

import numpy as np
import pytest

from ipdma.analysis import Analysis
from ipdma.estimand import Estimand
from ipdma.fit import Fit, fit
from ipdma.models.least_squares import least_squares
from ipdma.models.one_stage import OneStage
from ipdma.priors.prior import Flat, HalfNormal, LogFlat
from ipdma.simulate.arrays import simulate_rows
from ipdma.trace_store import TraceStore

pytestmark = pytest.mark.sampling
FLAT = {name: Flat() for name in ("effect", "trial_intercept", "baseline_slope")} | {"residual_sd": LogFlat()}
CLOSED = OneStage(effect="common_effect", residual_sd="common", baseline_slope="common", priors=FLAT)
ESTIMAND = Estimand(outcome="scale_a", visit="post", metric="raw", treatment="drug", control="control")


@pytest.fixture(scope="module")
def analysis(consortium_of) -> Analysis:
    rows, arms = simulate_rows(4, 30, 5, within=-2.0)
    return Analysis(consortium=consortium_of(rows, arms), estimand=ESTIMAND, model=CLOSED)


@pytest.fixture(scope="module")
def closed(analysis: Analysis) -> Fit:
    return fit(analysis, seed=3)


def test_a_common_effect_with_flat_priors_is_the_t_distribution_of_least_squares(closed: Fit) -> None:
    # Gelman et al. 2013, section 14.2: location = estimate, scale = SE, residual degrees of freedom.
    ols = least_squares(closed.design)
    effect = closed.posterior["effect"].to_numpy().ravel()
    estimate, se = ols.coefficients.set_index("name").loc["effect", ["estimate", "se"]]
    sd = se * np.sqrt(ols.df / (ols.df - 2))
    assert effect.mean() == pytest.approx(estimate, abs=4 * sd / np.sqrt(len(effect)))
    assert effect.std() == pytest.approx(sd, rel=0.06)
    assert "tau" not in closed.posterior


def test_diagnostics_are_good(closed: Fit) -> None:
    assert closed.diagnostics.warnings == ()
    assert closed.diagnostics.ess_bulk_min > 1000


def test_other_data_and_other_numbers_of_priors_use_the_compiled_code(
    closed: Fit, analysis: Analysis, consortium_of
) -> None:
    before = len(sys.modules["ipdma.compiled_model"]._compiled)
    other_rows = consortium_of(*simulate_rows(4, 40, 6))
    other = Analysis(consortium=other_rows, estimand=ESTIMAND, model=CLOSED)
    changed = fit(other, seed=3, draws=200, tune=300)
    assert len(sys.modules["ipdma.compiled_model"]._compiled) == before
    assert changed.design.trials == closed.design.trials
    assert float(changed.posterior["effect"].mean()) != float(closed.posterior["effect"].mean())


def test_the_same_seed_gives_the_same_draws_and_another_seed_others(closed: Fit, analysis: Analysis) -> None:
    assert fit(analysis, seed=3).posterior.equals(closed.posterior)
    assert not fit(analysis, seed=4).posterior.equals(closed.posterior)


def test_draws_of_the_same_content_are_read_back_and_not_sampled_again(
    closed: Fit, analysis: Analysis, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    store = TraceStore(tmp_path)
    assert fit(analysis, seed=3, store=store).posterior.equals(closed.posterior)

    def refuse(*args: object, **kwargs: object) -> None:
        raise AssertionError("sampled again")

    monkeypatch.setattr(sys.modules["ipdma.fit"], "sample", refuse)
    again = fit(analysis, seed=3, store=store)
    assert again.posterior.identical(closed.posterior)
    assert again.sample_stats.identical(closed.sample_stats)
    assert again.diagnostics == closed.diagnostics
    with pytest.raises(AssertionError, match="sampled again"):
        fit(analysis, seed=4, store=store)


def test_a_print_is_one_screen_with_numbers_and_diagnostics(closed: Fit) -> None:
    lines = str(closed).splitlines()
    assert lines[0] == "Fit: drug against control, scale_a at post, in points"
    (effect,) = [line.split() for line in lines if line.startswith("effect ")]
    assert float(effect[1]) == pytest.approx(float(closed.posterior["effect"].mean()), abs=0.001)
    assert lines[-1].startswith("R-hat 1.0")
    assert len(lines) <= 24
    assert max(map(len, lines)) <= 100


def test_what_all_trials_share_can_be_kept_alone(closed: Fit, analysis: Analysis) -> None:
    shared = fit(analysis, seed=3, shared_only=True)
    assert set(shared.posterior) == set(closed.posterior) - {"trial_effect", "trial_intercept"}
    assert shared.posterior["effect"].equals(closed.posterior["effect"])
    assert shared.diagnostics.rhat_max <= closed.diagnostics.rhat_max


def test_every_parameter_has_its_name_and_coordinates(analysis: Analysis) -> None:
    model = OneStage(modifiers=("z",), interaction_across=True, priors={"tau": HalfNormal(3.0)})
    found = fit(analysis.with_model(model), seed=1).posterior
    assert {str(name): array.dims[2:] for name, array in found.data_vars.items()} == {
        "effect": (),
        "tau": (),
        "trial_effect": ("trial_arm",),
        "trial_intercept": ("trial",),
        "baseline_slope": ("trial",),
        "prognostic_slope": ("trial", "prognostic_factor"),
        "residual_sd": ("trial",),
        "interaction_within": ("modifier",),
        "interaction_across": ("modifier_across",),
    }
    assert list(found["trial_arm"].to_numpy()) == [
        "trial_01",
        "trial_02 drug_1",
        "trial_02 drug_2",
        "trial_03",
        "trial_04",
    ]
    assert list(found["modifier"].to_numpy()) == ["z"]
