from typing import Any

import numpy as np
import pytest

from ipdma.summaries.profile_contrasts import profile_contrasts


def test_a_contrast_is_profile_a_minus_profile_b_with_what_stands_behind(curved: Any) -> None:
    table, arms = profile_contrasts(curved).set_index("name"), curved.design.arms
    assert table.index.tolist() == ["high against low", "ten against five"]
    wanted = curved.posterior["dose"].to_numpy() * np.log(10) / np.log(5)
    assert table.loc["high against low", "mean"] == pytest.approx(wanted.mean())
    assert table.loc["high against low", "q97.5"] == pytest.approx(np.quantile(wanted, 0.975))
    high = arms[arms["dose"] == 500]
    assert table.loc["high against low", "trials_a"] == high["trial"].nunique()
    assert table.loc["high against low", "participants_a"] == high["n"].sum()


def test_a_fit_without_the_curve_cannot_tell_the_contrast(plain: Any) -> None:
    assert profile_contrasts(plain).empty
