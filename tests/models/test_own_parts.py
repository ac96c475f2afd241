"""Each trial's own coefficients integrated out, for any residual SD, against the direct formula."""

import numpy as np
import pytest

from ipdma.models.elimination import draw_all
from ipdma.models.own_parts import NUMBERS, READ, numbers_in, own_parts

TRIALS, OWN, OTHERS, PEOPLE = 3, 2, 3, 15


def arrays(precision: tuple[float, float] = (0.4, 3.0)) -> dict[str, np.ndarray]:
    rng = np.random.default_rng(4)
    x, y = rng.normal(size=(TRIALS, PEOPLE, OWN + OTHERS)), rng.normal(2.0, 1.0, size=(TRIALS, PEOPLE))
    return {
        "n": np.full(TRIALS, float(PEOPLE)),
        "gram": np.einsum("jip,jiq->jpq", x, x),
        "cross": np.einsum("jip,ji->jp", x, y),
        "square": (y**2).sum(axis=1),
        "own_mean": rng.normal(size=(TRIALS, OWN)),
        "own_precision": np.array(precision),
        "log_sd_mean": np.log([0.8, 1.0, 1.7]),
        "common_mean": np.zeros(1),
        "common_precision": np.ones(1),
    }


def direct(data: dict[str, np.ndarray], j: int, sd: float) -> tuple[float, np.ndarray, np.ndarray]:
    """Constant, cross and gram of a trial by completing the square in its own coefficients."""
    s, precision, mean = sd**-2, np.diag(data["own_precision"]), data["own_mean"][j]
    gram, cross = s * data["gram"][j], s * data["cross"][j]
    inner = gram[:OWN, :OWN] + precision
    score = cross[:OWN] + precision @ mean
    constant = 0.5 * score @ np.linalg.solve(inner, score) - 0.5 * np.linalg.slogdet(inner)[1]
    constant += 0.5 * np.linalg.slogdet(precision)[1] - 0.5 * mean @ precision @ mean
    constant -= 0.5 * s * data["square"][j] + data["n"][j] * np.log(sd)
    solved = np.linalg.solve(inner, gram[:OWN, OWN:])
    return constant, cross[OWN:] - solved.T @ score, gram[OWN:, OWN:] - gram[OWN:, :OWN] @ solved


def from_parts(data: dict[str, np.ndarray], j: int, sd: float) -> tuple[float, np.ndarray, np.ndarray]:
    """The same from the parts, in the words of the module's docstring."""
    p, s = own_parts(data), sd**-2
    g, h, m, into = p["own_gamma"][j], p["own_score"][j], p["own_prior"][j], p["own_others"][j]
    a = 1.0 + (s - p["own_scale"][j]) * g
    constant = p["own_constant"][j] + 0.5 * ((s * h + m) ** 2 / a - np.log(a)).sum()
    constant += 0.5 * data["n"][j] * np.log(s) - 0.5 * s * data["square"][j]
    cross = s * p["others_cross"][j] - (s * (s * h + m) / a) @ into
    return constant, cross, s * p["others_gram"][j] - into.T @ (into * (s**2 / a)[:, None])


@pytest.mark.parametrize("sd", [0.3, 1.0, 4.0])
@pytest.mark.parametrize("precision", [(0.4, 3.0), (1e-9, 3.0)], ids=["proper priors", "one nearly flat"])
def test_the_parts_give_the_quadratic_form_at_any_residual_sd(sd: float, precision: tuple[float, float]) -> None:
    data = arrays(precision)
    for j in range(TRIALS):
        for found, wanted in zip(from_parts(data, j, sd), direct(data, j, sd), strict=True):
            np.testing.assert_allclose(found, wanted, rtol=1e-9, atol=1e-9)


def test_a_trial_without_participants_leaves_nothing() -> None:
    data = arrays()
    for name in ("n", "gram", "cross", "square"):
        data[name][1] = 0.0
    constant, cross, gram = from_parts(data, 1, 2.0)
    assert constant == pytest.approx(0.0, abs=1e-12)
    assert not cross.any()
    assert not gram.any()


def test_the_numbers_stand_in_the_order_that_is_read() -> None:
    data = arrays()
    known = {**data, **own_parts(data)}
    assert READ[: len(NUMBERS)] == NUMBERS
    for name, array in zip(NUMBERS, numbers_in(data), strict=True):
        np.testing.assert_array_equal(array, known[name])


def test_own_coefficients_are_drawn_from_their_distribution_given_the_others() -> None:
    data, draws, sd = arrays(), 40_000, np.array([0.5, 1.1, 2.0])
    rng = np.random.default_rng(5)
    u, common = rng.standard_normal((draws, TRIALS, OWN)), rng.standard_normal((draws, 1))
    v = np.zeros((draws, TRIALS, OTHERS))
    # The others are one arm alone, with the common effect and no deviation.
    data["gram"], data["cross"] = data["gram"][:, : OWN + 1, : OWN + 1], data["cross"][:, : OWN + 1]
    v, columns = v[..., :1].copy(), np.ones((draws, 1, TRIALS, 1))
    spread = np.repeat(sd[None], draws, axis=0)
    basis, root, none = own_parts(data)["own_basis"], np.zeros((1, 0)), np.zeros((draws, TRIALS, 0))
    draw_all(u, v, common, columns, np.zeros(draws), spread, numbers_in(data), basis, root, False, none)
    for j in range(TRIALS):
        s = sd[j] ** -2
        inner = s * data["gram"][j, :OWN, :OWN] + np.diag(data["own_precision"])
        left = s * (data["cross"][j, :OWN] - v[:, j, :1] * data["gram"][j, :OWN, OWN])
        score = left + data["own_precision"] * data["own_mean"][j]
        rest = u[:, j] - np.linalg.solve(inner, score.T).T
        covariance = np.linalg.inv(inner)
        assert rest.mean(axis=0) == pytest.approx(0.0, abs=4 * np.sqrt(covariance.max() / draws))
        assert np.cov(rest.T) == pytest.approx(covariance, rel=0.05, abs=0.02 * covariance.max())
