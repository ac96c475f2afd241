from typing import Any

import numpy as np
import pytest

from ipdma.summaries.half_band import half_band


def test_it_is_the_middle_half_of_the_effect_at_each_value(curved: Any) -> None:
    at_reference, *_ = half_band(curved, "number_of_doses", [5.0])
    effect = curved.posterior["effect"].to_numpy()
    assert at_reference == pytest.approx({"q25": np.quantile(effect, 0.25), "q75": np.quantile(effect, 0.75)})


def test_without_a_dose_there_is_no_effect(curved: Any) -> None:
    assert half_band(curved, "number_of_doses", [0.0]) == [{"q25": 0.0, "q75": 0.0}]
