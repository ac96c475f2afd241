"""Compiled code: what the PyMC model says, for data of any size, kept between processes."""

import os
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest

from ipdma.code_store import evaluate
from ipdma.compiled_model import compiled_model
from ipdma.curves.broken_line import BrokenLine
from ipdma.curves.emax_shift import EmaxShift
from ipdma.curves.linear import Linear
from ipdma.curves.log_linear import LogLinear
from ipdma.curves.plateau import Plateau
from ipdma.models.build_inputs import build_inputs
from ipdma.models.graph import build_model
from ipdma.models.inputs import Inputs
from ipdma.models.one_stage import OneStage
from ipdma.priors.prior import HalfCauchy, LogNormal, Uniform
from ipdma.simulate.arrays import simulate_rows
from ipdma.simulate.simulated_design import simulated_design

MODULE = sys.modules["ipdma.compiled_model"]
MODELS = {
    "plain": OneStage(),
    "common": OneStage(effect="common_effect", residual_sd="common", baseline_slope="common"),
    "plateau": OneStage(main=Plateau("number_of_doses"), shifts=(LogLinear("dose"),), modifiers=("z",)),
    "proportional": OneStage(main=Plateau("number_of_doses"), heterogeneity="proportional"),
    "many": OneStage(main=BrokenLine("number_of_doses"), shifts=(EmaxShift("dose"),), priors={"tau": HalfCauchy(3.0)}),
    "uniform": OneStage(main=Linear("number_of_doses"), priors={"tau": Uniform(0.0, 9.0)}),
    "log-normal": OneStage(residual_sd="common", priors={"tau": LogNormal(2.0, 0.8)}),
}


def inputs_of(model: OneStage, trials: int = 6, people: int = 20, seed: int = 3) -> Inputs:
    rows, arms = simulate_rows(trials, people, seed, within=-2.0)
    return build_inputs(simulated_design(rows, arms, model), model)


@pytest.mark.parametrize("name", MODELS)
def test_value_and_gradient_are_those_of_the_pymc_model(name: str) -> None:
    inputs = inputs_of(MODELS[name])
    code, model = compiled_model(inputs), build_model(inputs)
    point = np.random.default_rng(1).normal(size=code.n_dim)
    status, value, *gradient = evaluate(code.compiled_logp_func.address, point, inputs.pack.vector)
    names, single = [str(variable.name) for variable in model.value_vars], len(model.value_vars) - 1
    at = {**dict(zip(names, map(np.asarray, point[:single]), strict=False)), names[-1]: point[single:]}
    assert status == 0
    assert value == pytest.approx(float(model.compile_logp(sum=True)(at)), rel=1e-12)
    # PyMC's own gradient has seven digits where PyTensor 2 evaluates a sigmoid outside numba.
    assert gradient == pytest.approx(list(model.compile_dlogp()(at)), rel=1e-6, abs=1e-9)


def test_one_code_serves_any_number_of_trials_people_and_coefficients() -> None:
    small, large = inputs_of(MODELS["plain"]), inputs_of(OneStage(modifiers=("z",)), trials=9, seed=4)
    common = inputs_of(OneStage(residual_sd="common", main=Linear("number_of_doses")))
    assert small.key == large.key == common.key
    assert len({len(inputs.data.vector) for inputs in (small, large, common)}) == 3
    for inputs in (small, large, common):
        code, model = compiled_model(inputs), build_model(inputs)
        point = np.random.default_rng(2).normal(size=code.n_dim)
        at = {"tau_": np.asarray(point[0]), "residual_sd_": point[1:]}
        told = evaluate(code.compiled_logp_func.address, point, inputs.pack.vector)
        assert told[1] == pytest.approx(float(model.compile_logp(sum=True)(at)), rel=1e-12)


def test_a_place_without_a_finite_density_is_told_to_the_sampler_and_raises_nothing() -> None:
    code = compiled_model(inputs_of(MODELS["plain"]))
    assert evaluate(code.compiled_logp_func.address, np.full(code.n_dim, np.nan), code.user_data)[0] in (3.0, 4.0)


def test_code_compiled_by_another_process_is_read_back(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("IPDMA_CACHE_DIR", str(tmp_path))
    monkeypatch.setattr(MODULE, "_compiled", {})
    inputs = inputs_of(MODELS["plain"])
    first = compiled_model(inputs)
    assert len(list(tmp_path.glob("*.npz"))) == 1

    def refuse(*args: object, **kwargs: object) -> None:
        raise AssertionError("compiled again")

    monkeypatch.setattr(MODULE, "build_model", refuse)
    MODULE._compiled.clear()
    again, point = compiled_model(inputs), np.linspace(-1.0, 1.0, first.n_dim)
    told = [evaluate(code.compiled_logp_func.address, point, inputs.pack.vector) for code in (first, again)]
    assert np.array_equal(*told)
    next(tmp_path.glob("*.npz")).write_bytes(b"damaged")
    MODULE._compiled.clear()
    with pytest.raises(AssertionError, match="compiled again"):
        compiled_model(inputs)


def test_code_of_a_curve_of_ones_own_is_not_kept() -> None:
    class Own(Linear):
        """A curve someone wrote in a notebook, and may change there."""

    assert not inputs_of(OneStage(main=Own("number_of_doses"))).shipped
    assert inputs_of(OneStage(main=Linear("number_of_doses"))).shipped


@pytest.mark.slow
@pytest.mark.sampling
def test_a_cold_cache_and_a_warm_one_give_the_same_numbers(tmp_path: Path) -> None:
    script = """
from ipdma.simulate.arrays import simulate_rows
from ipdma.simulate.simulated_design import simulated_design
from ipdma.models.one_stage import OneStage
from ipdma.models.build_inputs import build_inputs
from ipdma.compiled_model import compiled_model
from ipdma.fit import sample
from ipdma.curves.plateau import Plateau
model = OneStage(main=Plateau("number_of_doses"))
inputs = build_inputs(simulated_design(*simulate_rows(4, 30, 5), model), model)
trace = sample(compiled_model(inputs, print), seed=1, chains=2, draws=100, tune=200)
print(trace["posterior"]["kappa"].to_numpy().tobytes().hex()[:4000])
"""
    environment = os.environ | {
        "PYTENSOR_FLAGS": f"cxx=,blas__ldflags=,base_compiledir={tmp_path / 'pytensor'}",
        "NUMBA_CACHE_DIR": str(tmp_path / "numba"),
        "IPDMA_CACHE_DIR": str(tmp_path / "compiled"),
    }
    runs = [
        subprocess.run(
            [sys.executable, "-c", script], env=environment, capture_output=True, text=True, check=True
        ).stdout
        for _ in range(2)
    ]
    compiled, *first = runs[0].splitlines()
    assert "compiling" in compiled
    assert first == runs[1].splitlines(), "the second process reads the code of the first and compiles nothing"
    assert len(first[0]) > 100
