import numpy as np
import pytest

from ipdma.curves.broken_line import BrokenLine
from ipdma.curves.categorical import Categorical
from ipdma.curves.curve import MainCurve
from ipdma.curves.emax import Emax
from ipdma.curves.levelling import Levelling, levelling_priors
from ipdma.curves.linear import Linear
from ipdma.curves.plateau import Plateau
from ipdma.errors import AnalysisError
from ipdma.priors.prior import LogNormal, Uniform

CLAIM = Levelling((1.0, 9.0), (9.0, 12.0))


def prior_not_rising(curve: MainCurve, levelling: Levelling, reference: float, draws: int = 200_000) -> float:
    """P(not rising) given the sign of the effect at the reference, from draws of the priors."""
    rng = np.random.default_rng(1)
    priors = levelling_priors(curve, levelling, reference=reference, largest=12.0)
    drawn = {name: prior.draw(rng, draws, s=1.0) for name, prior in priors.items()}
    sign = np.sign(curve.shape(reference, **drawn))
    return float(levelling.not_rising(lambda x: sign * curve.shape(x, **drawn)).mean())


def test_gains_are_per_unit_of_each_stretch() -> None:
    # x^2: (81 - 1) / 8 = 10 and (144 - 81) / 3 = 21
    assert CLAIM.gains(lambda x: x**2) == (10.0, 21.0)


def test_not_rising_is_a_late_gain_below_a_quarter_of_the_early_one() -> None:
    # kappa = 9 + 3 / 4 stops just at a late gain of a quarter
    draws = CLAIM.not_rising(lambda x: np.minimum(x, np.array([4.0, 9.74, 9.76, 12.0])))
    assert draws.tolist() == [True, True, False, False]


def test_an_effect_that_falls_or_does_nothing_is_not_rising_whatever_follows() -> None:
    draws = CLAIM.not_rising(lambda x: np.array([-1.0, 0.0]) * x**2)
    assert draws.tolist() == [True, True]


def test_the_plateaus_k_of_the_worked_case_is_19_5() -> None:
    # Up to kappa = 9 the late gain is 0; beyond it is (kappa - 9) / 3 of the early one, so a quarter at 9.75; half of
    # Uniform(0, K) lies below it if K = 2 * 9.75.
    found = levelling_priors(Plateau("n"), CLAIM, reference=5.0, largest=12.0)
    assert found == {"kappa": Uniform(0.0, 19.5)}


def test_the_ed50_of_the_worked_case_is_8_thirds() -> None:
    # Gains per unit go as 1 / ((D + 1)(D + 9)) and 1 / ((D + 9)(D + 12)): not rising if 4 (D + 1) < D + 12, D < 8 / 3.
    assert levelling_priors(Emax("n"), CLAIM, reference=5.0, largest=12.0)["ed50"] == LogNormal(8 / 3, 1.0)


@pytest.mark.parametrize("claim", [CLAIM, Levelling((2.0, 5.0), (6.0, 10.0))])
@pytest.mark.parametrize("curve", [Plateau("n"), Emax("n"), BrokenLine("n")], ids=lambda c: c.name)
def test_under_the_priors_not_rising_is_as_likely_as_rising(curve: MainCurve, claim: Levelling) -> None:
    # The plateau's corner is smoothed, K is that of a sharp one: 0.01; Monte Carlo SE 0.001.
    assert prior_not_rising(curve, claim, 5.0) == pytest.approx(0.5, abs=0.012)


def test_curves_without_free_levelling_keep_their_priors() -> None:
    for curve in (Linear("n"), Categorical("n")):
        assert levelling_priors(curve, CLAIM, reference=5.0, largest=12.0) == {}


@pytest.mark.parametrize("stretches", [((1.0, 9.0), (8.0, 12.0)), ((9.0, 1.0), (9.0, 12.0)), ((-1.0, 2.0), (3.0, 4.0))])
def test_landmarks_out_of_order_are_refused(stretches: tuple[tuple[float, float], tuple[float, float]]) -> None:
    with pytest.raises(AnalysisError, match="early stretch"):
        Levelling(*stretches)


def test_landmarks_between_which_no_emax_curve_levels_off_are_refused() -> None:
    # 4 * 8 * 9 > 9 * 10: even ED50 = 0 loses less than three quarters
    with pytest.raises(AnalysisError, match="cannot level off by the claim's rule"):
        levelling_priors(Emax("n"), Levelling((8.0, 9.0), (9.0, 10.0)), reference=5.0, largest=12.0)
