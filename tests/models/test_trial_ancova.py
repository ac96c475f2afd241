import numpy as np
import pandas as pd
import pytest

from ipdma.models.trial_ancova import trial_estimates


def trial(name: str, n: int, seed: int, effect: float = -4.0) -> pd.DataFrame:
    rng = np.random.default_rng(seed)
    active = np.arange(n) % 2
    b = rng.normal(50.0, 10.0, n)
    y = 20.0 + 0.5 * b + effect * active + rng.normal(0.0, 6.0, n)
    return pd.DataFrame({"trial": name, "active": active, "y": y, "b": b})


def test_ancova_agrees_with_a_textbook_formula() -> None:
    """Difference of outcome means minus the pooled within-arm slope times the difference of baseline means."""
    rows = trial("a", 30, seed=1)
    means = rows.groupby("active")[["y", "b"]].mean()
    within = rows[["y", "b"]] - means.loc[rows["active"]].to_numpy()
    slope = (within["y"] * within["b"]).sum() / (within["b"] ** 2).sum()
    difference = means.loc[1] - means.loc[0]
    sigma2 = ((within["y"] - slope * within["b"]) ** 2).sum() / (30 - 3)
    variance = sigma2 * (2 / 15 + difference["b"] ** 2 / (within["b"] ** 2).sum())
    found = trial_estimates(rows).iloc[0]
    assert found["estimate"] == pytest.approx(difference["y"] - slope * difference["b"], rel=1e-12)
    assert found["se"] == pytest.approx(np.sqrt(variance), rel=1e-12)
    assert found["df"] == 27


def test_final_values_and_change_scores_are_the_two_sample_comparison() -> None:
    rows = trial("a", 20, seed=2)
    for adjustment, values in (("final", rows["y"]), ("change", rows["y"] - rows["b"])):
        treated, control = values[rows["active"] == 1], values[rows["active"] == 0]
        pooled = (9 * treated.var() + 9 * control.var()) / 18
        found = trial_estimates(rows, adjustment).iloc[0]  # type: ignore[arg-type]
        assert found["estimate"] == pytest.approx(treated.mean() - control.mean(), rel=1e-12)
        assert found["se"] == pytest.approx(np.sqrt(pooled * (1 / 10 + 1 / 10)), rel=1e-12)
        assert found["df"] == 18


def test_trials_keep_their_order_and_types() -> None:
    rows = pd.concat([trial("z", 12, 3), trial("a", 12, 4)])
    found = trial_estimates(rows)
    assert found["trial"].tolist() == ["z", "a"]
    assert found["n"].tolist() == [12, 12]


@pytest.mark.parametrize(
    "rows",
    [
        pd.DataFrame({"active": [1, 1, 1, 1], "y": [1.0, 2, 3, 5], "b": [1.0, 5, 2, 1]}),
        pd.DataFrame({"active": [1, 0, 1], "y": [1.0, 2, 3], "b": [1.0, 5, 2]}),
        pd.DataFrame({"active": [1, 0, 1, 0, 1], "y": [1.0, 2, 1, 2, 1], "b": [4.0, 5, 2, 3, 3]}),
        pd.DataFrame({"active": [1, 0, 1, 0], "y": [1.0, 2, 1, 4], "b": [1.0, 0, 1, 0]}),
    ],
    ids=["one arm", "no degree of freedom", "no residual variation", "baseline is the arm"],
)
def test_a_trial_without_an_estimate_of_its_own_is_absent(rows: pd.DataFrame) -> None:
    both = pd.concat([rows.assign(trial="poor"), trial("good", 12, 5)])
    assert trial_estimates(both)["trial"].tolist() == ["good"]
    assert trial_estimates(rows.assign(trial="poor")).empty


def test_a_baseline_that_does_not_vary_leaves_the_plain_difference() -> None:
    rows = trial("a", 16, seed=6).assign(b=3.0)
    found, plain = trial_estimates(rows), trial_estimates(rows, "final")
    assert found["estimate"][0] == pytest.approx(plain["estimate"][0])
    assert found["df"][0] == 14
