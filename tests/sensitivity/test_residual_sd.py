"""One residual SD or one for each trial."""

from ipdma.analysis import Analysis
from ipdma.sensitivity.residual_sd import ResidualSd


def test_the_other_choice_of_residual_sd(plain: Analysis) -> None:
    ((label, common),) = ResidualSd().variants(plain)
    assert (label, common.model.residual_sd) == ("one residual SD", "common")
    ((label, back),) = ResidualSd().variants(common)
    assert (label, back.model) == ("a residual SD for each trial", plain.model)
