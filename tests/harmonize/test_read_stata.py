"""Stata files: codes, labels and letters of extended missing values stay; damaged files end in a sentence."""

import random
from pathlib import Path

import numpy as np
import pandas as pd
import pyreadstat
import pytest

from ipdma.errors import ReadError
from ipdma.harmonize.raw_table import RawTable
from ipdma.harmonize.read_raw import read_raw


def read(path: Path, **options: object) -> RawTable:
    return read_raw(path, reader="stata", options=options, name="main.dta")


def write(path: Path, version: int = 15) -> Path:
    frame = pd.DataFrame({"id": ["a", "", "c", "d"], "x": [1, "a", "z", np.nan], "day": [19_000.0, 0.0, np.nan, -1.0]})
    pyreadstat.write_dta(
        frame,
        str(path),
        version=version,
        missing_user_values={"x": ["a", "z"]},
        variable_value_labels={"x": {1: "one", "a": "refused"}},
        column_labels=["Person", "", "Day"],
        variable_format={"day": "%td"},
    )
    return path


@pytest.mark.parametrize("version", [10, 12, 13, 14, 15])
def test_letters_of_extended_missing_values_are_kept_beside_missing_numbers(tmp_path: Path, version: int) -> None:
    table = read(write(tmp_path / "main.dta", version))
    assert table.values["x"].to_list() == [1.0, pd.NA, pd.NA, pd.NA]
    assert table.missing_reasons == {"x": {1: ".a", 2: ".z"}}
    assert table.value_labels == {"x": {1: "one", ".a": "refused"}}


def test_dates_stay_numbers_with_their_format(tmp_path: Path) -> None:
    table = read(write(tmp_path / "main.dta"))
    assert table.values["day"].to_list() == [19_000.0, 0.0, pd.NA, -1.0]
    assert table.formats["day"] == "%td"
    assert table.labels == {"id": "Person", "day": "Day"}


def test_types_are_text_and_numbers_and_rows_count_observations(tmp_path: Path) -> None:
    table = read(write(tmp_path / "main.dta"))
    assert [str(dtype) for dtype in table.values.dtypes] == ["string", "Float64", "Float64"]
    assert table.values["id"].to_list() == ["a", pd.NA, "c", "d"]
    assert table.rows.tolist() == [1, 2, 3, 4]


def test_every_cut_off_file_gives_a_sentence(tmp_path: Path) -> None:
    path = write(tmp_path / "main.dta")
    whole = path.read_bytes()
    for size in range(4, len(whole), 5):
        path.write_bytes(whole[:size])
        with pytest.raises(ReadError, match=r"main.dta (ends too early|is damaged|is not a Stata file)"):
            read(path)


def test_no_randomly_damaged_file_gives_anything_but_a_sentence(tmp_path: Path) -> None:
    path, chance = write(tmp_path / "main.dta", 12), random.Random(1)
    whole, refused = path.read_bytes(), 0
    for _ in range(300):
        data = bytearray(whole)
        for _ in range(chance.choice([1, 2, 5])):
            data[chance.randrange(4, min(len(data), 400))] = chance.choice([0, 1, 127, 128, 255])
        path.write_bytes(data)
        try:
            read(path)
        except ReadError:
            refused += 1
    assert refused > 10


def test_a_text_file_is_not_taken_for_stata(tmp_path: Path) -> None:
    path = tmp_path / "main.dta"
    path.write_bytes(b"id,x\n1,2\n")
    with pytest.raises(ReadError, match="main.dta is not a Stata file"):
        read(path)


@pytest.mark.published
def test_real_files_give_the_numbers_that_pandas_reads(reference_data: Path) -> None:
    for name in ("abm.dta", "indo_rct_pep.dta", "IndoRCT(subclasses1).dta"):
        path = reference_data / "messy_raw_files" / name
        table, other = read(path), pd.read_stata(path, convert_categoricals=False, convert_dates=False)
        assert list(table.values.columns) == list(other.columns)
        for column in other.select_dtypes("number"):
            numbers = table.values[column].to_numpy(dtype=np.float64, na_value=np.nan)
            np.testing.assert_array_equal(numbers, other[column].to_numpy(dtype=np.float64))
