"""Main curves side by side, by trials left out."""

from dataclasses import replace
from functools import partial
from typing import Any

import numpy as np
import pytest
from scipy.stats import multivariate_normal

from ipdma.analysis import Analysis
from ipdma.curves.broken_line import BrokenLine
from ipdma.curves.emax import Emax
from ipdma.curves.linear import Linear
from ipdma.curves.plateau import Plateau
from ipdma.curves.spline import Spline
from ipdma.models.one_stage import OneStage
from ipdma.models.trial_contrasts import trial_contrasts
from ipdma.priors.prior import HalfNormal, Normal, Sd
from ipdma.simulate.arrays import simulate_rows
from ipdma.simulate.effects import TrueEffect
from ipdma.summaries.curve_comparison import NO_CURVE, curve_comparison


def analyses(plain: Any, *mains: Any, **model: Any) -> list[Analysis]:
    return [plain.analysis.with_model(OneStage(main=main("number_of_doses"), **model)) for main in mains]


def test_every_main_curve_stands_beside_the_first_and_no_curve(plain: Any) -> None:
    found = curve_comparison(analyses(plain, Plateau, Linear, Emax, BrokenLine))
    assert found is not None
    assert [row["curve"] for row in found["curves"]] == ["plateau", "linear", "emax", "broken_line", NO_CURVE]
    assert (found["against"], found["curves"][0]["verdict"], found["trials"]) == ("plateau", "reference", 8)
    assert "difference" not in found["curves"][0]
    assert found["sentence"].endswith("Observational, 8 trials.")


def test_no_curve_has_no_prior_of_a_knot_between_whole_numbers(plain: Any) -> None:
    stated = {"priors": {"bend[2.5]": Normal(0.0, Sd(2.0)), "tau": HalfNormal(Sd(1.0))}}
    main = partial(Spline, knots=(0.0, 2.5, 6.0))
    found = curve_comparison([*analyses(plain, main, **stated), *analyses(plain, Linear)])
    assert found is not None
    assert [row["curve"] for row in found["curves"]] == ["spline (knots 0, 2.5 and 6)", "linear", NO_CURVE]


def test_two_curves_of_one_name_are_told_apart(plain: Any) -> None:
    knots = [(0.0, 2.5, 6.0), (0.0, 5.0, 12.0)]
    found = curve_comparison([one for k in knots for one in analyses(plain, partial(Spline, knots=k))])
    assert found is not None
    names = ["spline (knots 0, 2.5 and 6)", "spline (knots 0, 5 and 12)", NO_CURVE]
    assert [row["curve"] for row in found["curves"]] == names
    assert "the spline (knots 0, 5 and 12) curve" in found["sentence"]


def test_the_score_of_no_curve_is_that_of_normal_contrasts(plain: Any) -> None:
    # No parameter and a common effect: densities of one multivariate normal over another.
    stated = analyses(plain, Linear, effect="common_effect")
    found = curve_comparison(stated)
    contrasts = trial_contrasts(plain.design)
    a = contrasts.present
    d, block = contrasts.estimate[a], np.zeros((a.sum(), a.sum()))
    owner = np.nonzero(a)[0]
    for j in range(len(a)):
        block[np.ix_(owner == j, owner == j)] = contrasts.covariance[j][np.ix_(a[j], a[j])]
    prior = plain.design.baseline_sd**2

    def log_density(kept: np.ndarray) -> float:
        return float(multivariate_normal(np.zeros(kept.sum()), block[np.ix_(kept, kept)] + prior).logpdf(d[kept]))

    everybody = log_density(owner >= 0)
    expected = sum(everybody - log_density(owner != j) for j in range(len(a)))
    assert found is not None
    assert found["curves"][-1]["score"] == pytest.approx(expected, abs=1e-6)


def test_a_difference_of_less_than_two_standard_errors_cannot_be_told(plain: Any) -> None:
    found = curve_comparison(analyses(plain, Plateau, Linear))
    assert found is not None
    for row in found["curves"][1:]:
        small = abs(row["difference"]) < 2 * row["se"]
        assert (row["verdict"] == "cannot_tell") == small
        assert row["difference"] == pytest.approx(row["score"] - found["curves"][0]["score"])


def test_a_strong_shape_is_told_from_a_line(plain: Any, consortium_of: Any) -> None:
    truth = TrueEffect(effect=-12.0, tau=0.5, kappa=3.0)
    consortium = consortium_of(*simulate_rows(21, 2000, 3, truth=truth, designs="ideal"))
    stated = [replace(a, consortium=consortium) for a in analyses(plain, Plateau, Linear)]
    found = curve_comparison(stated)
    assert found is not None
    assert {row["curve"]: row["verdict"] for row in found["curves"]}["linear"] == "worse"
    assert "he linear curve foretells trials it has not seen worse than the plateau curve" in found["sentence"]


def test_nothing_is_compared_without_a_main_curve_or_in_proportion_to_it(plain: Any) -> None:
    assert curve_comparison([plain.analysis]) is None
    assert curve_comparison(analyses(plain, Plateau, heterogeneity="proportional")) is None
