"""Meta-regression against metafor."""

import numpy as np
import pytest
from scipy import stats

from ipdma.errors import DesignError
from ipdma.models.meta_regression import meta_regression

# dat.bcg of metafor (Colditz 1994): cases and others vaccinated, cases and others not vaccinated, absolute latitude.
BCG = np.array([
    [4, 119, 11, 128, 44], [6, 300, 29, 274, 55], [3, 228, 11, 209, 42], [62, 13536, 248, 12619, 52],
    [33, 5036, 47, 5761, 13], [180, 1361, 372, 1079, 44], [8, 2537, 10, 619, 19], [505, 87886, 499, 87892, 13],
    [29, 7470, 45, 7232, 27], [17, 1699, 65, 1600, 42], [186, 50448, 141, 27197, 18], [5, 2493, 3, 2338, 33],
    [27, 16886, 29, 17825, 33],
], dtype=float)  # fmt: skip


def log_risk_ratio() -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    a, b, c, d, latitude = BCG.T
    return latitude, np.log(a / (a + b) / (c / (c + d))), np.sqrt(1 / a - 1 / (a + b) + 1 / c - 1 / (c + d))


def test_latitude_explains_the_bcg_trials_as_in_metafor() -> None:
    # rma(yi, vi, mods = ~ ablat, data = dat): intercept 0.2515 (SE 0.2491), ablat -0.0291 (0.0072), tau^2 0.0764.
    found = meta_regression(*log_risk_ratio(), knapp_hartung=False)
    assert found.coefficients == pytest.approx([0.2515, -0.0291], abs=5e-5)
    assert found.se == pytest.approx([0.2491, 0.0072], abs=5e-5)
    assert found.tau2 == pytest.approx(0.0764, abs=1e-4)  # metafor stops at steps of 1e-5


def test_the_band_is_the_t_interval_of_the_line() -> None:
    found = meta_regression(*log_risk_ratio())
    mean, low, high = found.at([0.0, 40.0])
    assert mean == pytest.approx(found.coefficients[0] + found.coefficients[1] * np.array([0.0, 40.0]))
    assert high[0] - mean[0] == pytest.approx(stats.t.ppf(0.975, 11) * found.se[0])
    assert mean - low == pytest.approx(high - mean)
    assert np.diff(found.slope_ci)[0] == pytest.approx(2 * stats.t.ppf(0.975, 11) * found.se[1])


def test_estimates_closer_than_their_errors_do_not_narrow_the_interval() -> None:
    line = meta_regression([1, 2, 3, 4], [1.0, 2.0, 3.0, 4.0], [1.0] * 4)
    assert line.tau2 == 0.0
    assert line.se == pytest.approx(
        meta_regression([1, 2, 3, 4], [1.0, 2.0, 3.0, 4.0], [1.0] * 4, knapp_hartung=False).se
    )


def test_two_trials_or_one_value_tell_no_line() -> None:
    for x in ([1, 2], [3, 3, 3]):
        with pytest.raises(DesignError, match="three trials and two values"):
            meta_regression(x, [1.0] * len(x), [1.0] * len(x))
