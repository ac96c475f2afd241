"""Draws kept between runs: read back as they were, or absent."""

import os
import time
from pathlib import Path

import numpy as np
import pytest
import xarray as xr

from ipdma import array_files, trace_store
from ipdma.trace_store import TraceStore, content_key

SAMPLING = {"seed": 1, "chains": 2, "draws": 3, "tune": 5}


def datasets() -> tuple[xr.Dataset, xr.Dataset]:
    coords = {"chain": [0, 1], "draw": [0, 1, 2]}
    rng = np.random.default_rng(1)
    posterior = xr.Dataset(
        {"tau": (("chain", "draw"), rng.random((2, 3))), "sd": (("chain", "draw", "k"), rng.random((2, 3, 4)))},
        coords=coords | {"k": range(4)},
    )
    return posterior, xr.Dataset({"diverging": (("chain", "draw"), rng.random((2, 3)) > 0.5)}, coords=coords)


def test_what_is_written_is_read_back_to_the_last_bit(tmp_path: Path) -> None:
    store, written = TraceStore(tmp_path / "fits"), datasets()
    store.write("a", *written)
    found = store.read("a")
    assert found is not None
    assert [one.identical(other) for one, other in zip(found, written, strict=True)] == [True, True]


def test_an_unknown_key_and_a_damaged_file_are_absent(tmp_path: Path) -> None:
    store = TraceStore(tmp_path)
    assert store.read("a") is None
    store.write("a", *datasets())
    path = tmp_path / "a.npz"
    for content in (path.read_bytes()[:300], b"", b"not an archive"):
        path.write_bytes(content)
        assert store.read("a") is None


def test_a_process_killed_while_it_writes_leaves_no_file_under_a_key(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def killed(self: Path, target: Path) -> Path:
        raise KeyboardInterrupt

    store = TraceStore(tmp_path)
    monkeypatch.setattr(Path, "replace", killed)
    with pytest.raises(KeyboardInterrupt):
        store.write("a", *datasets())
    monkeypatch.undo()
    assert store.read("a") is None
    (left,) = tmp_path.iterdir()
    os.utime(left, (time.time() - 7200, time.time() - 7200))
    store.write("b", *datasets())
    assert [path.name for path in tmp_path.iterdir()] == ["b.npz"]


def test_the_oldest_files_go_first_and_reading_makes_a_file_new(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(trace_store, "_LIMIT", 2)
    store = TraceStore(tmp_path)
    for age, key in ((30, "a"), (20, "b")):
        store.write(key, *datasets())
        os.utime(tmp_path / f"{key}.npz", (time.time() - age, time.time() - age))
    store.read("a")
    store.write("c", *datasets())
    assert {path.stem for path in tmp_path.iterdir()} == {"a", "c"}


def test_a_key_depends_on_structure_numbers_sampling_and_code(monkeypatch: pytest.MonkeyPatch) -> None:
    numbers = np.array([1.0, 2.0])
    keys = [
        content_key(("plain", 3), numbers, SAMPLING),
        content_key(("plain", 4), numbers, SAMPLING),
        content_key(("plain", 3), np.array([1.0, np.nextafter(2.0, 3.0)]), SAMPLING),
        content_key(("plain", 3), numbers, SAMPLING | {"seed": 2}),
    ]
    assert content_key(("plain", 3), numbers.copy(), dict(SAMPLING)) == keys[0]
    monkeypatch.setattr(array_files, "_CODE", ("fit.py",))
    keys.append(content_key(("plain", 3), numbers, SAMPLING))
    assert len(set(keys)) == 5
