"""Fits whose posterior is known, made without a sampler."""

from collections.abc import Callable
from dataclasses import replace
from types import SimpleNamespace
from typing import Any

import numpy as np
import pytest
import xarray as xr

from ipdma.analysis import Analysis
from ipdma.curves.hinge import Hinge
from ipdma.curves.levelling import Levelling
from ipdma.curves.log_linear import LogLinear
from ipdma.curves.plateau import Plateau
from ipdma.curves.quadratic import Quadratic
from ipdma.curves.window import Window
from ipdma.design.design import build_design
from ipdma.estimand import Estimand, ProfileContrast
from ipdma.harmonize.consortium import Consortium
from ipdma.models.one_stage import OneStage
from ipdma.schemas.quantity import Quantity
from ipdma.simulate.arrays import simulate_rows

CHAINS, DRAWS = 4, 500
ESTIMAND = Estimand(
    outcome="symptom_severity",
    visit="post",
    treatment="drug",
    control="control",
    metric="raw",
    reference={"number_of_doses": Quantity(5.0), "dose": Quantity(50.0, "mg"), "timing_min": Quantity(60.0, "min")},
    moves={
        "dose": (Quantity(50.0, "mg"), Quantity(250.0, "mg")),
        "timing_min": (Quantity(60.0, "min"), Quantity(120.0, "min")),
    },
    contrasts=(
        ProfileContrast(name="high against low", a={"dose": Quantity(500.0, "mg")}, b={"dose": Quantity(50.0, "mg")}),
        ProfileContrast(
            name="ten against five",
            a={"number_of_doses": Quantity(10.0)},
            b={"number_of_doses": Quantity(5.0)},
        ),
    ),
    minimal_important_difference=3.0,
)
CURVES = OneStage(
    main=Plateau("number_of_doses"), shifts=(LogLinear("dose"), Hinge("timing_min", at=60.0)), modifiers=("z",)
)


def fake_fit(consortium: Consortium, model: OneStage, posterior: dict[str, xr.DataArray]) -> Any:
    """What summaries read of a fit, with a posterior of one's own."""
    design = build_design(consortium, ESTIMAND, model.terms)
    return SimpleNamespace(
        analysis=Analysis(consortium=consortium, estimand=ESTIMAND, model=model),
        design=design,
        posterior=xr.Dataset(posterior),
        diagnostics=SimpleNamespace(
            rhat_max=np.float64(1.003), ess_bulk_min=1500.0, ess_tail_min=1200.0, divergences=np.int64(0), warnings=()
        ),
        seconds={"compile": 1.0, "sample": 2.0},
    )


def normal(rng: np.random.Generator, mean: Any, sd: float, **dims: list[str]) -> xr.DataArray:
    """Normal draws by chain, draw and the given dimension."""
    size = (CHAINS, DRAWS, *(len(labels) for labels in dims.values()))
    return xr.DataArray(rng.normal(mean, sd, size), dims=("chain", "draw", *dims), coords=dict(dims))


@pytest.fixture(scope="session")
def consortium(consortium_of: Callable[..., Consortium]) -> Consortium:
    return consortium_of(*simulate_rows(8, 40, seed=11, within=2.0))


@pytest.fixture(scope="session")
def plain(consortium: Consortium) -> Any:
    rng = np.random.default_rng(5)
    model = OneStage(modifiers=("z",))
    arms = build_design(consortium, ESTIMAND, model.terms).arm_names
    return fake_fit(
        consortium,
        model,
        {
            "effect": normal(rng, -5.0, 1.0),
            "tau": abs(normal(rng, 2.0, 0.3)),
            "trial_effect": normal(rng, np.arange(len(arms)), 0.5, trial_arm=list(arms)),
            "interaction_within": normal(rng, 2.0, 0.5, modifier=["z"]),
            "interaction_across": normal(rng, -1.0, 1.0, modifier_across=["z"]),
        },
    )


@pytest.fixture(scope="session")
def curved(consortium: Consortium) -> Any:
    rng = np.random.default_rng(6)
    return fake_fit(
        consortium,
        CURVES,
        {
            "effect": normal(rng, -5.0, 1.0),
            "tau": abs(normal(rng, 2.0, 0.3)),
            "kappa": normal(rng, 9.0, 0.5),
            "dose": normal(rng, -1.0, 0.4),
            "timing_min": normal(rng, 0.5, 0.4),
        },
    )


@pytest.fixture(scope="session")
def claiming(curved: Any) -> Any:
    """The same fit of a model that asks whether the effect levels off."""
    model = replace(CURVES, levelling=Levelling((1.0, 9.0), (9.0, 12.0)))
    return SimpleNamespace(**{**vars(curved), "analysis": curved.analysis.with_model(model)})


@pytest.fixture(scope="session")
def bent(consortium: Consortium) -> Any:
    """A quadratic in the number of doses beside a window in timing, whose shape is known."""
    rng = np.random.default_rng(7)
    model = OneStage(main=Quadratic("number_of_doses"), shifts=(Window("timing_min"),))
    constant = xr.ones_like(normal(rng, 0.0, 1.0))
    return fake_fit(
        consortium,
        model,
        {
            "effect": normal(rng, -5.0, 0.1),
            "bend": normal(rng, 12.0, 0.1),
            "tau": abs(normal(rng, 2.0, 0.3)),
            "timing_min": 0.0 * constant,
            "timing_min[size]": normal(rng, -1.0, 0.4),
            "timing_min[peak]": 90.0 * constant,
            "timing_min[width]": 30.0 * constant,
        },
    )
