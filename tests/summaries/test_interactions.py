from types import SimpleNamespace
from typing import Any

import numpy as np
import pytest
import xarray as xr

from ipdma.summaries.interactions import interactions


def test_within_across_and_their_difference_are_never_pooled(plain: Any) -> None:
    table = interactions(plain).set_index("term")
    assert table.index.tolist() == ["within", "across", "difference"]
    posterior = plain.posterior
    across = posterior["interaction_across"].rename(modifier_across="modifier")
    difference = across - posterior["interaction_within"]
    assert table.loc["difference", "mean"] == pytest.approx(float(difference.mean()))
    assert table.loc["difference", "sd"] == pytest.approx(float(difference.std(ddof=1)))


def test_a_modifier_with_equal_trial_means_has_only_the_within_term(plain: Any) -> None:
    fit: Any = SimpleNamespace(posterior=plain.posterior.drop_vars("interaction_across"))
    assert interactions(fit)["term"].tolist() == ["within"]


def test_a_modifier_without_a_term_across_stands_beside_one_that_has_it() -> None:
    dims = ("chain", "draw")
    posterior = xr.Dataset(
        {
            "interaction_within": ((*dims, "modifier"), np.ones((2, 5, 2))),
            "interaction_across": ((*dims, "modifier_across"), np.ones((2, 5, 1))),
        },
        coords={"modifier": ["b", "a"], "modifier_across": ["a"]},
    )
    table = interactions(SimpleNamespace(posterior=posterior))  # type: ignore[arg-type]
    assert table[["modifier", "term"]].to_numpy().tolist() == [
        ["b", "within"],
        ["a", "within"],
        ["a", "across"],
        ["a", "difference"],
    ]
    assert table["mean"].tolist() == [1, 1, 1, 0]


def test_without_modifiers_the_table_is_empty() -> None:
    fit: Any = SimpleNamespace(posterior=xr.Dataset())
    assert interactions(fit).empty
