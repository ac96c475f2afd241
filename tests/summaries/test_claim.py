"""The claim's words, from draws made for the purpose."""

from collections.abc import Callable
from dataclasses import replace
from types import SimpleNamespace
from typing import Any

import numpy as np
import pytest
import xarray as xr

from ipdma.analysis import Analysis
from ipdma.curves.curve import MainCurve
from ipdma.curves.levelling import Levelling
from ipdma.curves.linear import Linear
from ipdma.curves.plateau import Plateau
from ipdma.curves.quadratic import Quadratic
from ipdma.curves.spline import Spline
from ipdma.fit import fit
from ipdma.harmonize.consortium import Consortium
from ipdma.models.grid import grid_posterior
from ipdma.models.one_stage import OneStage
from ipdma.priors.prior import Normal, Sd, Uniform
from ipdma.simulate.arrays import simulate_rows
from ipdma.simulate.effects import TrueEffect
from ipdma.summaries.claim import levelling_claim, prior_probability, statement
from ipdma.summaries.claim_refits import claim_refits, with_scaled_priors

LEVELLING = Levelling((1.0, 9.0), (9.0, 12.0))
CHAINS, DRAWS = 4, 1000
FLAT, RISING = 4.0, 18.0  # kappa: levels off long before nine doses; within the range never


def drawn(
    plain: Any,
    flat_share: float,
    *,
    effect: float = -5.0,
    main: MainCurve | None = None,
    direction: str = "higher_is_worse",
) -> Any:
    """A fit whose draws level off with this share; the effect has SD 1."""
    rng, size = np.random.default_rng(3), (CHAINS, DRAWS)
    model = OneStage(main=main or Plateau("number_of_doses"), levelling=LEVELLING)
    draws = {"effect": rng.normal(effect, 1.0, size), "kappa": np.where(rng.random(size) < flat_share, FLAT, RISING)}
    posterior = xr.Dataset({name: (("chain", "draw"), values) for name, values in draws.items()})
    analysis = plain.analysis.with_model(model)
    design = replace(analysis.design, direction=direction)
    return SimpleNamespace(**{**vars(plain), "analysis": analysis, "design": design, "posterior": posterior})


def claim_of(fit: Any, under: Any = None) -> dict[str, Any]:
    found = levelling_claim(fit, under)
    assert found is not None
    return found


@pytest.mark.parametrize(
    ("share", "word", "said"),
    [
        (0.97, "supported", "From 9 to 12 (number of doses) the benefit levels off or falls."),
        (0.02, "contradicted", "the benefit goes on growing: these data speak against levelling off."),
        (0.50, "cannot_tell", "These data cannot tell whether the benefit levels off or goes on growing from 9 to 12"),
    ],
)
def test_the_word_follows_the_probability(plain: Any, share: float, word: str, said: str) -> None:
    found = claim_of(drawn(plain, share))
    assert found["statement"] == word
    assert said in found["sentence"]
    assert found["posterior_probability"] == pytest.approx(share, abs=0.02)
    # Independent draws: the binomial SE.
    assert found["mcse"] == pytest.approx(np.sqrt(share * (1 - share) / (CHAINS * DRAWS)), rel=0.3)
    assert found["sentence"].endswith("Observational, 8 trials.")
    assert f"{found['posterior_probability']:.2f}" in found["sentence"]


def test_no_effect_comes_first_whatever_the_shape(plain: Any) -> None:
    found = claim_of(drawn(plain, 0.99, effect=-1.0))
    assert found["statement"] == "no_effect"
    assert found["gate"]["includes_zero"]
    assert "there is no effect to describe" in found["sentence"]
    assert "not a question these data answer" in found["sentence"]
    assert claim_of(drawn(plain, 0.99, effect=-1.0, main=Linear("number_of_doses")))["statement"] == "no_effect"


def test_a_harm_is_called_a_harm_and_is_asked_the_same(plain: Any) -> None:
    found = claim_of(drawn(plain, 0.02, effect=5.0))
    assert (found["effect_is"], found["statement"]) == ("harm", "contradicted")
    assert "the harm goes on growing" in found["sentence"]
    better = claim_of(drawn(plain, 0.97, effect=5.0, direction="higher_is_better"))
    assert (better["effect_is"], better["statement"]) == ("benefit", "supported")


def test_a_curve_that_cannot_level_off_cannot_answer_and_others_carry_no_words(plain: Any) -> None:
    found = claim_of(drawn(plain, 0.0, main=Linear("number_of_doses")))
    assert found["statement"] == "cannot_answer"
    assert "A linear curve cannot level off" in found["sentence"]
    assert "posterior_probability" not in found
    for main in (Quadratic("number_of_doses"), Spline("number_of_doses", knots=(0.0, 5.0, 12.0))):
        assert levelling_claim(drawn(plain, 0.0, main=main)) is None
    assert levelling_claim(plain) is None


def test_within_two_monte_carlo_errors_of_a_threshold_nothing_is_told() -> None:
    assert statement(includes_zero=False, probability=0.92, mcse=0.009) == "supported"
    assert statement(includes_zero=False, probability=0.92, mcse=0.011) == "cannot_tell"
    assert statement(includes_zero=False, probability=0.04, mcse=0.004) == "contradicted"
    assert statement(includes_zero=False, probability=0.04, mcse=0.006) == "cannot_tell"
    assert statement(includes_zero=False, probability=0.899) == "cannot_tell"
    assert statement(includes_zero=True, probability=0.99) == "no_effect"


def test_the_prior_gives_one_half_and_the_odds_ratio_is_over_it(plain: Any) -> None:
    found = claim_of(drawn(plain, 0.75))
    assert found["prior_probability"] == pytest.approx(0.5, abs=0.005)  # what K = 19.5 is for
    p = found["posterior_probability"]
    assert found["odds_ratio"] == pytest.approx(p / (1 - p), rel=0.02)
    # Levelling off before the late stretch begins, whatever kappa is.
    stated = replace(drawn(plain, 0.5).analysis.model, priors={"kappa": Uniform(0.0, 9.0)})
    fit_ = drawn(plain, 0.5)
    other = SimpleNamespace(**{**vars(fit_), "analysis": fit_.analysis.with_model(stated)})
    assert prior_probability(other) == pytest.approx(1.0, abs=0.002)


def test_odds_of_zero_or_infinity_are_absent_with_the_reason(plain: Any) -> None:
    for share, draws in ((0.0, "no draw is"), (1.0, "all draws are")):
        found = claim_of(drawn(plain, share))
        assert "odds_ratio" not in found
        assert found["odds_ratio_reason"] == f"{draws} not rising, so the odds are zero or infinite"
        assert found["mcse"] == 0.0


def test_a_word_that_changes_with_the_priors_says_so(plain: Any) -> None:
    stated, weak = drawn(plain, 0.97), drawn(plain, 0.7)
    found = claim_of(stated, {"halved": stated, "doubled": weak})
    assert found["prior_sensitive"]
    assert [row["statement"] for row in found["under_priors"]] == ["supported", "cannot_tell"]
    assert "This depends on the prior: with doubled priors it reads 'cannot tell'." in found["sentence"]
    same = claim_of(stated, {"halved": stated, "doubled": stated})
    assert not same["prior_sensitive"]
    assert "depends on the prior" not in same["sentence"]


def test_halved_priors_are_those_of_effect_tau_and_shifts_alone(curved: Any) -> None:
    model = replace(curved.analysis.model, levelling=LEVELLING)
    analysis = with_scaled_priors(curved.analysis.with_model(model), 0.5)
    found = analysis.inputs.priors.described
    before = curved.analysis.with_model(model).inputs.priors.described
    assert found["effect"] == Normal(0.0, Sd(0.5))
    assert found["curves.dose"] == Normal(0.0, Sd(0.125))
    changed = {name for name in found if found[name] != before[name]}
    assert changed == {"effect", "tau", "curves.dose", "curves.timing_min"}
    assert analysis.inputs.key == curved.analysis.with_model(model).inputs.key


@pytest.mark.sampling
def test_a_sampled_claim_is_that_of_the_grid_and_keeps_its_code_under_other_priors(
    consortium_of: Callable[..., Consortium], plain: Any
) -> None:
    # 200 people a trial: with 50 the grid's residual SDs, held at their estimates, move kappa's mean and SD by 6 %.
    rows, arms = simulate_rows(21, 200, 2, truth=TrueEffect(effect=-4.5, tau=1.0, kappa=4.0))
    model = OneStage(main=Plateau("number_of_doses"), levelling=LEVELLING)
    estimand = replace(plain.analysis.estimand, contrasts=())
    found = fit(Analysis(consortium=consortium_of(rows, arms), estimand=estimand, model=model), seed=1)
    grid = grid_posterior(found.inputs)
    claim = claim_of(found, claim_refits(found))
    assert claim["posterior_probability"] == pytest.approx(grid.not_rising(LEVELLING), abs=0.03)
    effect, expected = found.posterior["effect"].to_numpy(), grid.effect().summary()
    assert effect.mean() == pytest.approx(expected["mean"], abs=0.1 * expected["sd"])
    assert effect.std() == pytest.approx(expected["sd"], rel=0.06)
    tau, kappa = found.posterior["tau"].to_numpy(), found.posterior["kappa"].to_numpy()
    assert (tau.mean(), tau.std()) == pytest.approx(grid.mean_sd("tau"), rel=0.08)
    assert kappa.mean() == pytest.approx(grid.mean_sd("kappa")[0], rel=0.08)
    # kappa has long tails: over seeds its sampled SD varies by 2.4 %.
    assert kappa.std() == pytest.approx(grid.mean_sd("kappa")[1], rel=0.1)
    assert [row["priors"] for row in claim["under_priors"]] == ["halved", "doubled"]
    assert claim["under_priors"][0]["posterior_probability"] != claim["posterior_probability"]
