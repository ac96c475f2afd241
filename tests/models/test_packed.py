"""A packed vector says itself where its arrays lie."""

import numpy as np
import pytest

from ipdma.models.backend import pt, pytensor
from ipdma.models.pack import Pack
from ipdma.models.packed import Packed, block, line, number, table

ARRAYS = {
    "number": np.array(3.5),
    "none": np.zeros(0),
    "line": np.arange(4.0),
    "table": np.arange(6.0).reshape(2, 3),
    "empty": np.zeros((2, 0)),
    "block": np.arange(24.0).reshape(2, 3, 4),
}
OTHER = {
    "number": np.array(-1.0),
    "none": np.ones(2),
    "line": np.arange(1.0),
    "table": np.ones((1, 5)),
    "empty": np.ones((3, 1)),
    "block": np.ones((1, 1, 1)),
}


@pytest.mark.parametrize("arrays", [ARRAYS, OTHER])
def test_compiled_code_finds_every_array(arrays: dict[str, np.ndarray]) -> None:
    vector = Pack.of(arrays).vector
    assert vector[0] == len(vector)
    for k, (array, read) in enumerate(zip(arrays.values(), (number, line, line, table, table, block), strict=True)):
        np.testing.assert_array_equal(read(vector, k), array)


def test_python_finds_every_array() -> None:
    found = Pack.of(ARRAYS).arrays
    assert list(found) == list(ARRAYS)
    for name, array in ARRAYS.items():
        np.testing.assert_array_equal(found[name], array)


@pytest.mark.parametrize("mode", ["FAST_COMPILE", "NUMBA"])
def test_a_model_compiled_for_some_sizes_reads_others(mode: str) -> None:
    vector, pack = pt.dvector("vector"), Pack.of(ARRAYS)
    data = Packed(vector, pack.structure)
    assert list(data) == list(ARRAYS)
    assert len(data) == len(ARRAYS)
    function = pytensor.function([vector], list(data.values()), mode=mode)
    assert Pack.of(OTHER).structure == pack.structure
    for arrays in (ARRAYS, OTHER):
        for found, array in zip(function(Pack.of(arrays).vector), arrays.values(), strict=True):
            np.testing.assert_array_equal(found, array)


def test_what_is_computed_of_an_array_leaves_the_data_alone() -> None:
    vector, pack = pt.dvector("vector"), Pack.of(ARRAYS)
    function = pytensor.function([vector], pt.exp(Packed(vector, pack.structure)["line"]), mode="NUMBA")
    given = pack.vector.copy()
    assert function(given)[1] == pytest.approx(np.e)
    np.testing.assert_array_equal(given, pack.vector)
