"""What an interval says."""

import pytest

from ipdma.report.judgments import includes_zero, verdict


@pytest.mark.parametrize(
    ("low", "high", "worse", "better"),
    [
        (-6.0, -1.0, "favors_treatment", "favors_control"),
        (1.0, 6.0, "favors_control", "favors_treatment"),
        (-1.0, 1.0, "includes_zero", "includes_zero"),
        (0.0, 1.0, "includes_zero", "includes_zero"),
    ],
)
def test_the_side_follows_sign_and_direction(low: float, high: float, worse: str, better: str) -> None:
    estimate = {"q2.5": low, "q97.5": high}
    assert verdict(estimate, "higher_is_worse") == worse
    assert verdict(estimate, "higher_is_better") == better
    assert includes_zero(estimate) == (worse == "includes_zero")
