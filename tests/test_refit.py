"""Refits are tuned shorter, and keep what all trials share."""

from ipdma.refit import tune


def test_a_refit_is_tuned_for_200_draws_unless_more_than_the_default_was_asked_for() -> None:
    assert [tune(stated) for stated in (100, 200, 1000, 1001, 3000)] == [100, 200, 200, 1001, 3000]
