"""Machine code kept between processes: read back only where it does what it did."""

import json
import os
import subprocess
import sys
from pathlib import Path

import numba
import numpy as np
import pytest

from ipdma import code_store
from ipdma.code_store import CodeStore, code_key, evaluate, user_code_folder

DOUBLE = numba.types.CPointer(numba.types.double)
SIGNATURE = numba.types.int64(numba.types.uint64, DOUBLE, DOUBLE, DOUBLE, numba.types.voidptr)
POINT = np.array([0.3, -0.2])
VECTOR = np.array([3.0, 4.0, 5.0])


@pytest.fixture(scope="module")
def functions() -> dict[str, object]:
    """A log density -x'x / 2 with its gradient, under the signature of the sampler's callbacks."""

    def logp(dim, x_, out_, logp_, data_):
        x, out, logp = numba.carray(x_, (2,)), numba.carray(out_, (2,)), numba.carray(logp_, (1,))
        logp[0] = -0.5 * (x**2).sum()
        out[:] = -np.log1p(np.expm1(x))
        return 0

    compiled = numba.cfunc(SIGNATURE)(logp)
    return {"logp": compiled, "expand": compiled}


@pytest.fixture
def store(functions: dict[str, object], tmp_path: Path) -> CodeStore:
    store = CodeStore(tmp_path)
    store.write("a", functions, POINT, VECTOR)
    return store


def change(store: CodeStore, **arrays: np.ndarray) -> None:
    path = store.folder / "a.npz"
    with np.load(path) as found:
        kept = dict(found)
    np.savez(path, **(kept | arrays))


def test_code_read_back_gives_the_same_value_and_gradient(store: CodeStore, functions) -> None:
    found = store.read("a")
    assert found is not None
    point = np.array([0.5, -1.5])
    told = evaluate(found.logp.address, point, VECTOR)
    assert told == pytest.approx([0.0, -1.25, -0.5, 1.5])
    assert np.array_equal(told, evaluate(functions["logp"].address, point, VECTOR))


def test_another_process_reads_it_back_without_compiling(store: CodeStore) -> None:
    script = (
        "import sys; from pathlib import Path; from ipdma.code_store import CodeStore, evaluate; import numpy as np;"
        "found = CodeStore(Path(sys.argv[1])).read('a');"
        "print(*evaluate(found.logp.address, np.array([0.5, -1.5]), np.zeros(3)), 'pymc' in sys.modules)"
    )
    shown = subprocess.run(
        [sys.executable, "-c", script, str(store.folder)], capture_output=True, text=True, check=True, env=os.environ
    )
    *told, loaded = shown.stdout.split()
    assert [float(number) for number in told] == pytest.approx([0.0, -1.25, -0.5, 1.5])
    assert loaded == "False", "nothing of PyMC is needed"


def test_code_that_gives_another_number_than_it_did_is_not_used(store: CodeStore) -> None:
    change(store, told=np.array([0.0, -1.0, 0.0, 0.0]))
    assert store.read("a") is None


def test_code_that_calls_what_this_process_does_not_know_is_not_loaded(store: CodeStore) -> None:
    with np.load(store.folder / "a.npz") as found:
        code = json.loads(str(found["code"]))
    assert code["symbols"], "log1p is called from outside"
    code["symbols"].append("no_such_symbol_anywhere")
    change(store, code=np.array(json.dumps(code)))
    assert store.read("a") is None


def test_a_key_depends_on_structure_and_code(monkeypatch: pytest.MonkeyPatch) -> None:
    keys = {code_key(("plain", 3)), code_key(("plain", 4))}
    assert code_key(("plain", 3)) in keys
    monkeypatch.setattr(code_store, "code_hash", lambda: "other")
    keys.add(code_key(("plain", 3)))
    assert len(keys) == 3


def test_the_folder_is_the_users_and_can_be_stated(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("IPDMA_CACHE_DIR", str(tmp_path))
    assert user_code_folder() == tmp_path
    monkeypatch.delenv("IPDMA_CACHE_DIR")
    assert user_code_folder().parts[-2:] == ("ipdma", "compiled")
