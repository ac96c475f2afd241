"""The one door to all readers."""

from pathlib import Path

import pytest

from ipdma.errors import ReadError
from ipdma.harmonize import raw_file
from ipdma.harmonize.read_raw import READERS, read_raw


@pytest.mark.parametrize("reader", READERS)
def test_every_reader_says_in_a_sentence_that_a_file_is_absent_empty_or_a_folder(tmp_path: Path, reader: str) -> None:
    (tmp_path / "empty").write_bytes(b"")
    for name, match in (("absent", "absent does not exist"), ("empty", "empty is empty"), (".", "is a folder")):
        with pytest.raises(ReadError, match=match) as caught:
            read_raw(tmp_path / name, reader=reader, options={}, name=name)
        assert str(tmp_path) not in str(caught.value)


@pytest.mark.parametrize("reader", READERS)
def test_every_reader_refuses_an_option_it_does_not_know(tmp_path: Path, reader: str) -> None:
    with pytest.raises(ReadError, match="unknown option 'skip'"):
        read_raw(tmp_path / "a", reader=reader, options={"skip": 1}, name="a")


def test_an_unknown_reader_is_refused_with_the_nearest_known_one(tmp_path: Path) -> None:
    with pytest.raises(ReadError, match="reader 'exel' is not known, did you mean 'excel'"):
        read_raw(tmp_path / "a", reader="exel", options={}, name="a")


def test_a_file_larger_than_can_be_held_is_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(raw_file, "LARGEST_FILE", 3)
    (tmp_path / "a.csv").write_bytes(b"id\n1\n")
    with pytest.raises(ReadError, match="a.csv has 5 bytes; more than 3 are not read"):
        read_raw(tmp_path / "a.csv", reader="csv", options={}, name="a.csv")


def test_a_file_that_may_not_be_read_is_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(_: Path) -> bytes:
        raise PermissionError(13, "Permission denied")

    (tmp_path / "a.csv").write_bytes(b"id\n1\n")
    monkeypatch.setattr(Path, "read_bytes", refuse)
    with pytest.raises(ReadError, match="a.csv cannot be read: Permission denied"):
        read_raw(tmp_path / "a.csv", reader="csv", options={}, name="a.csv")
