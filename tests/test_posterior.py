"""Diagnostics say when draws cannot be used."""

import numpy as np
import pytest
import xarray as xr

from ipdma.posterior import diagnose

CALM = xr.Dataset({"diverging": (("chain", "draw"), np.zeros((4, 500), dtype=bool))})


def posterior_of(**columns: np.ndarray) -> xr.Dataset:
    """Independent draws of ``effect``, and other parameters of shape (chain, draw, arm)."""
    effect = np.random.default_rng(1).normal(size=(4, 500))
    return xr.Dataset(
        {"effect": (("chain", "draw"), effect)}
        | {name: (("chain", "draw", "arm"), values) for name, values in columns.items()}
    )


def test_a_constant_parameter_is_no_reason_to_warn() -> None:
    columns = np.stack([np.ones((4, 500)), np.random.default_rng(2).normal(size=(4, 500))], axis=-1)
    found = diagnose(posterior_of(share=columns), CALM)
    assert found.warnings == ()
    assert found.rhat_max < 1.01 and found.ess_bulk_min > 400 and found.ess_tail_min > 400


@pytest.mark.parametrize("where", ["one draw", "all draws"])
def test_a_varying_parameter_whose_rhat_is_nan_is_a_warning(where: str) -> None:
    columns = np.random.default_rng(2).normal(size=(4, 500, 2))
    columns[(0, 3, 1) if where == "one draw" else (..., 1)] = np.nan
    found = diagnose(posterior_of(share=columns), CALM)
    assert np.isnan(found.rhat_max)
    assert [text for text in found.warnings if "The chains disagree (R-hat nan" in text]


def test_chains_that_each_stand_still_elsewhere_are_a_warning() -> None:
    columns = np.repeat(np.arange(4.0), 500).reshape(4, 500, 1)
    found = diagnose(posterior_of(share=columns), CALM)
    assert not found.rhat_max < 1.01
    assert [text for text in found.warnings if text.startswith("The chains disagree")]
