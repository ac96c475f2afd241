"""Compiled code of a model's log density: from this process, from the user's cache, or compiled now."""

import threading
import warnings
from collections.abc import Callable
from dataclasses import MISSING, fields
from typing import Any

import numba
import numpy as np
import pandas as pd

from ipdma._quiet import quiet_import
from ipdma.code_store import CodeStore, StoredModel, code_key, user_code_folder
from ipdma.models.backend import clone_replace, pt, pytensor
from ipdma.models.graph import build_model
from ipdma.models.inputs import Inputs
from ipdma.models.marginal import provide

with quiet_import():
    from nutpie.compile_pymc import CompiledPyMCModel

Progress = Callable[[str], None]
_compiled: dict[tuple[object, ...], StoredModel] = {}
_one_compiles = threading.Lock()  # refits run side by side, and PyTensor's settings are the process's
_Doubles = numba.types.CPointer(numba.types.double)
_LOGP = numba.types.int64(numba.types.uint64, _Doubles, _Doubles, _Doubles, _Doubles)
_EXPAND = numba.types.int64(numba.types.uint64, numba.types.uint64, _Doubles, _Doubles, _Doubles)


def compiled_model(inputs: Inputs, progress: Progress | None = None) -> Any:
    """Return compiled code for the inputs, that of an earlier model of the same structure where there is one.

    The code of a structure is kept in the process, and for other processes in the user's cache folder. Numbers of
    trials, arms, covariates and coefficients are data, so that most models share one of a few structures.
    """
    with _one_compiles:
        if inputs.key not in _compiled:
            _compiled[inputs.key] = _kept_or_compiled(inputs, progress)
    return _of_code(_compiled[inputs.key], inputs)


def _kept_or_compiled(inputs: Inputs, progress: Progress | None) -> StoredModel:
    provide()  # code that is read back calls it
    store, key = CodeStore(user_code_folder()), code_key(inputs.key)
    kept = store.read(key) if inputs.shipped else None
    if kept is not None:
        return kept
    if progress:
        progress("compiling the model (once for each structure)")
    functions = _functions(inputs)
    if inputs.shipped:
        point = np.random.default_rng(0).uniform(-0.5, 0.5, _size(inputs))
        store.write(key, functions, point, inputs.pack.vector)
    return StoredModel(**functions)


def _functions(inputs: Inputs) -> dict[str, Any]:
    """Return the C functions of the log density with its gradient, and of the parameters at a point.

    A point holds the coordinates of tau, of the curves' parameters and of the residual SDs, in this order.
    """
    model = build_model(inputs)
    point, vector = pt.dvector("point"), pt.dvector("vector")
    coordinates, single = model.value_vars, len(model.value_vars) - 1
    given = dict(zip(coordinates, [*(point[i] for i in range(single)), point[single:]], strict=True))
    logp = model.logp()
    told = [logp, *_parts(pt.grad(logp, coordinates))]
    wanted = _parts(model.replace_rvs_by_values(model.deterministics))
    *told, first, last = clone_replace([*told, *wanted], {**given, model["inputs"]: vector}, rebuild_strict=False)
    # With fast math the same seed gives other numbers from a cold and from a warm cache.
    with pytensor.config.change_flags(numba__fastmath=False), warnings.catch_warnings():
        warnings.filterwarnings("ignore", "Loop fusion failed", UserWarning)  # many parameters: slower, no wrong number
        logp_and_gradient, parameters = (
            pytensor.function([point, vector], outputs, mode="NUMBA").vm.jit_fn for outputs in (told, [first, last])
        )
        return {"logp": _logp(logp_and_gradient), "expand": _expand(parameters)}


def _parts(parts: list[Any]) -> list[Any]:
    """Return single numbers in one vector, and the last part, a vector of itself."""
    return [pt.stack(parts[:-1]) if parts[:-1] else pt.zeros(0), parts[-1]]


def _logp(function: Any) -> Any:
    """Return the C function a sampler calls for value and gradient; any other answer than 0 ends a trajectory."""

    def logp(dim: Any, x: Any, gradient: Any, value: Any, data: Any) -> Any:
        size = int(dim)
        told, single, many = function(numba.carray(x, (size,)), numba.carray(data, (int(data[0]),)))
        value[0] = told.item()
        for i in range(size):
            gradient[i] = single[i] if i < single.size else many[i - single.size]
            if not np.isfinite(gradient[i]):
                return 3
        return 0 if np.isfinite(value[0]) else 4

    return numba.cfunc(_LOGP)(logp)


def _expand(function: Any) -> Any:
    """Return the C function a sampler calls for the parameters at a point."""

    def expand(dim: Any, size: Any, x: Any, out: Any, data: Any) -> Any:
        single, many = function(numba.carray(x, (int(dim),)), numba.carray(data, (int(data[0]),)))
        for i in range(int(size)):
            out[i] = single[i] if i < single.size else many[i - single.size]
        return 0

    return numba.cfunc(_EXPAND)(expand)


def _size(inputs: Inputs) -> int:
    return sum(inputs.sampled_sizes.values())


def _of_code(kept: StoredModel, inputs: Inputs) -> Any:
    """Return a compiled model on one vector of data, for the sampler.

    It is made in the same way from code compiled now and from code read back, with initial values of our own, so that
    both give the same draws.
    """
    sizes = inputs.sampled_sizes
    shapes = [() if name != "residual_sd" else (size,) for name, size in sizes.items()]
    ends = np.cumsum([0, *sizes.values()])
    data = inputs.pack.vector.copy()  # its first number is its length: that is all the code is told of it
    data.flags.writeable = False
    size = int(ends[-1])
    given = {
        "dims": {"residual_sd": ("sd",)},
        "compiled_logp_func": kept.logp,
        "compiled_expand_func": kept.expand,
        "initial_point_func": lambda seed=None: np.random.default_rng(seed).uniform(-1.0, 1.0, size),
        "shared_data": {},
        "user_data": data,
        "n_expanded": size,
        "shape_info": (
            list(sizes),
            [slice(int(a), int(b)) for a, b in zip(ends[:-1], ends[1:], strict=True)],
            [np.array(shape, dtype=np.int64) for shape in shapes],
        ),
        "_n_dim": size,
        "_shapes": dict(zip(sizes, shapes, strict=True)),
        "_coords": {"sd": pd.RangeIndex(sizes["residual_sd"])},
    }
    # What only compiling again would need is left out; its names differ from version to version.
    unused = {
        item.name: None for item in fields(CompiledPyMCModel) if item.default is MISSING and item.name not in given
    }
    return CompiledPyMCModel(**given, **unused)
