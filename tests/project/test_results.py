"""What the files of results/ hold."""

from types import SimpleNamespace
from typing import Any

import xarray as xr

from ipdma.curves.hinge import Hinge
from ipdma.models.one_stage import OneStage
from ipdma.project.results import draws


def fit_of(model: OneStage, *variables: str) -> Any:
    posterior = xr.Dataset(dict.fromkeys(("effect", *variables), 0.0))
    return SimpleNamespace(analysis=SimpleNamespace(model=model), posterior=posterior, sample_stats=xr.Dataset())


def test_each_fit_has_groups_of_its_models_name_and_two_of_one_name_are_numbered() -> None:
    hinges = [OneStage(shifts=(Hinge("timing_min", at=60.0),), residual_sd=how) for how in ("by_trial", "common")]
    hinges.append(OneStage(shifts=(Hinge("timing_min", at=60.0),), prognostic_factors=("sex",)))
    fits = (
        fit_of(OneStage()),
        fit_of(OneStage(interaction_across=True), "interaction_across"),
        *(fit_of(model) for model in hinges),
    )
    fitted: Any = SimpleNamespace(fits=fits)
    across, hinge = "plain_with_interactions_across_trials", "hinge_at_60_over_timing_min"
    groups = draws(fitted)
    names = ["", f"{across}/", f"{hinge}/", f"{hinge}_2/", f"{hinge}_3/"]
    assert list(groups) == [f"{name}{group}" for name in names for group in ("posterior", "sample_stats")]
    assert groups[f"{across}/posterior"] is fits[1].posterior
