"""SPSS files: codes, labels and declared missing codes stay, and damaged files end in a sentence."""

import random
import struct
import subprocess
import sys
from pathlib import Path

import numpy as np
import pandas as pd
import pyreadstat
import pytest

from ipdma.errors import ReadError
from ipdma.harmonize.raw_table import RawTable
from ipdma.harmonize.read_raw import read_raw


def read(path: Path, **options: object) -> RawTable:
    return read_raw(path, reader="spss", options=options, name="main.sav")


@pytest.fixture
def sav(tmp_path: Path) -> Path:
    frame = pd.DataFrame(
        {
            "id": ["001", "002", ""],
            "age": [29.0, 999.0, np.nan],
            "day": [
                13_600_000_000.0,
                13_700_000_000.0,
                9e15,
            ],  # seconds since 1582; the last is no date of any calendar
            "grp": ["99", "q", "r"],
        }
    )
    path = tmp_path / "main.sav"
    pyreadstat.write_sav(
        frame,
        str(path),
        missing_ranges={"age": [999, {"lo": -9, "hi": -1}], "grp": ["99"]},
        variable_value_labels={"age": {1: "one", 2: "one", 999: "not done"}, "grp": {"q": "Größe"}},
        column_labels=["ID", "Age in years", "Day", ""],
        variable_format={"day": "DATE11"},
    )
    return path


def test_user_missing_codes_stay_values_and_are_listed(sav: Path) -> None:
    table = read(sav)
    assert table.values["age"].to_list() == [29.0, 999.0, pd.NA]
    assert table.missing_codes == {"age": ((-9.0, -1.0), (999.0, 999.0)), "grp": (("99", "99"),)}


def test_codes_are_not_replaced_by_labels_and_one_label_may_stand_for_two_codes(sav: Path) -> None:
    table = read(sav)
    assert table.value_labels == {"age": {1.0: "one", 2.0: "one", 999.0: "not done"}, "grp": {"q": "Größe"}}
    assert table.labels == {"id": "ID", "age": "Age in years", "day": "Day"}


def test_an_impossible_date_stops_nothing_because_dates_stay_numbers(sav: Path) -> None:
    table = read(sav)
    assert table.values["day"].to_list() == [13_600_000_000.0, 13_700_000_000.0, 9e15]
    assert table.formats["day"] == "DATE11"


def test_types_are_text_and_numbers_and_rows_count_cases(sav: Path) -> None:
    table = read(sav)
    assert [str(dtype) for dtype in table.values.dtypes] == ["string", "Float64", "Float64", "string"]
    assert table.values["id"].to_list() == ["001", "002", pd.NA]
    assert table.rows.tolist() == [1, 2, 3]
    assert table.encoding == "UTF-8"


def test_a_file_without_cases_is_read_with_its_columns(tmp_path: Path) -> None:
    path = tmp_path / "main.sav"
    pyreadstat.write_sav(
        pd.DataFrame({"id": pd.Series([], dtype="object"), "x": pd.Series([], dtype="float")}), str(path)
    )
    assert read(path).values.shape == (0, 2)


def test_every_cut_off_file_gives_a_sentence(sav: Path) -> None:
    whole = sav.read_bytes()
    for size in range(4, len(whole)):
        sav.write_bytes(whole[:size])
        with pytest.raises(ReadError, match=r"main.sav (is damaged|ends|has a version).* (Copy it|Save it)") as caught:
            read(sav)
        assert "\n" not in str(caught.value)


def test_a_file_that_is_not_spss_or_absent_gives_a_sentence(tmp_path: Path) -> None:
    path = tmp_path / "main.sav"
    with pytest.raises(ReadError, match="main.sav does not exist"):
        read(path)
    path.write_bytes(b"id;x\n1;2\n")
    with pytest.raises(ReadError, match="main.sav is not an SPSS file"):
        read(path)
    path.write_bytes(b"PK\x03\x04")
    with pytest.raises(ReadError, match="Write 'reader: excel'"):
        read(path)


@pytest.mark.parametrize(
    ("options", "match"),
    [
        ({"encoding": "klingon"}, "cannot be read with that 'encoding'"),
        ({"delimiter": ";"}, "unknown option 'delimiter'. Known: encoding"),
    ],
)
def test_options_that_do_not_fit_are_refused(sav: Path, options: dict[str, object], match: str) -> None:
    with pytest.raises(ReadError, match=match):
        read(sav, **options)


@pytest.mark.parametrize(
    ("place", "content", "match"),
    [
        (64, b"\x07\0\0\0", "does not say how the file is laid out"),
        (180, b"\xff\0\0\0", "a text variable's width is impossible"),
        (180, b"\xff\xff\0\0", "a variable's type is impossible"),
        (176, b"\x0b\0\0\0", "a part of an unknown kind"),
    ],
)
def test_a_dictionary_that_contradicts_itself_never_reaches_the_reader_in_c(
    sav: Path, place: int, content: bytes, match: str
) -> None:
    data = bytearray(sav.read_bytes())
    data[place : place + len(content)] = content
    sav.write_bytes(data)
    with pytest.raises(ReadError, match=f"main.sav is damaged: .*{match}"):
        read(sav)


def test_value_labels_that_point_nowhere_never_reach_the_reader_in_c(sav: Path) -> None:
    data = bytearray(sav.read_bytes())
    # behind the three labels of age (8 + 8 bytes for "one" twice, 8 + 16 for "not done"): 4, 1, variable 2
    target = data.index(struct.pack("<3i", 4, 1, 2))
    data[target + 8 : target + 12] = struct.pack("<i", 77)
    sav.write_bytes(data)
    with pytest.raises(ReadError, match="value labels belong to no variable"):
        read(sav)


_READ_ALL = """
import sys
from pathlib import Path
from ipdma.errors import ReadError
from ipdma.harmonize.read_raw import read_raw
for path in sorted(Path(sys.argv[1]).glob("*.sav")):
    try:
        read_raw(path, reader="spss", options={}, name="main.sav")
    except ReadError:
        pass
"""


def test_no_randomly_damaged_file_ends_the_process_or_gives_a_traceback(sav: Path, tmp_path: Path) -> None:
    whole, chance = sav.read_bytes(), random.Random(1)
    folder = tmp_path / "damaged"
    folder.mkdir()
    for number in range(300):
        data = bytearray(whole)
        for _ in range(chance.choice([1, 1, 2, 5])):
            data[chance.randrange(64, len(data))] = chance.choice([0, 1, 127, 128, 255])
        (folder / f"{number}.sav").write_bytes(data)
    # In a process of its own: what goes wrong in C would end this one.
    done = subprocess.run(
        [sys.executable, "-c", _READ_ALL, str(folder)], capture_output=True, text=True, check=False, timeout=120
    )
    assert (done.returncode, done.stderr) == (0, "")
