"""Arrays kept between runs under names made of their content."""

from pathlib import Path

import numpy as np

from ipdma.array_files import ArrayFiles, code_hash


def test_arrays_are_read_back_and_unknown_or_damaged_files_are_absent(tmp_path: Path) -> None:
    files = ArrayFiles(folder=tmp_path / "new", limit=3)
    assert files.read("a") is None
    files.write("a", {"x": np.arange(3), "text": np.array("form")})
    found = files.read("a")
    assert found is not None
    assert found["x"].tolist() == [0, 1, 2]
    assert str(found["text"]) == "form"
    (tmp_path / "new" / "a.npz").write_bytes(b"PK\x03\x04")
    assert files.read("a") is None


def test_what_would_need_to_be_unpickled_is_absent(tmp_path: Path) -> None:
    files = ArrayFiles(folder=tmp_path, limit=3)
    files.write("a", {"x": np.array([{}], dtype=object)})
    assert files.read("a") is None


def test_a_folder_that_cannot_be_written_is_no_error(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("not a folder")
    files = ArrayFiles(folder=tmp_path / "file", limit=3)
    files.write("a", {"x": np.arange(3)})
    assert files.read("a") is None


def test_the_hash_of_the_code_is_always_the_same() -> None:
    assert code_hash() == code_hash()
    assert len(code_hash()) == 64
