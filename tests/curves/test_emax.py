from ipdma.curves.emax import Emax
from ipdma.priors.prior import LogNormal


def test_half_of_the_largest_effect_is_at_the_ed50() -> None:
    assert Emax("dose").shape(20.0, 20.0) == 0.5
    assert Emax("dose").relative(60.0, 20.0, ed50=20.0) == 1.5


def test_its_prior_lies_around_a_quarter_of_the_largest_planned_value() -> None:
    assert Emax("dose").parameters(100.0) == {"ed50": LogNormal(25.0, 1.0)}
