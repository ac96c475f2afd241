import numpy as np
import pytest

from ipdma.harmonize.text_values import minutes_from_text, numbers_from_text


def texts(*values: str) -> tuple[np.ndarray, np.ndarray]:
    return np.array(values, dtype=object), np.array([value == "" for value in values])


def test_numbers_are_read_exactly() -> None:
    values, bad = numbers_from_text(*texts("20.5134054439359", "-3", "1e3", " 7 ", ".5"))
    assert values.tolist() == [20.5134054439359, -3.0, 1000.0, 7.0, 0.5]
    assert not bad.any()


@pytest.mark.parametrize("text", ["1,5", "12 kg", "inf", "nan", "1e999", "0x1A", "1_000", "1.000.000", "<5", "-"])
def test_what_is_not_a_number_is_marked(text: str) -> None:
    values, bad = numbers_from_text(*texts("1", text, ""))
    assert bad.tolist() == [False, True, False]
    assert np.isnan(values).tolist() == [False, True, True]


def test_with_a_decimal_comma_a_point_is_no_number() -> None:
    values, bad = numbers_from_text(*texts("1,5", "15", "1.5", "1.500,25"), decimal=",")
    assert values[:2].tolist() == [1.5, 15.0]
    assert bad.tolist() == [False, False, True, True]


def test_clock_times_become_minutes_since_midnight() -> None:
    values, bad = minutes_from_text(*texts("8:30", "08:30:30", "23:59", "", "0:00"))
    assert values[[0, 1, 2, 4]].tolist() == [510.0, 510.5, 1439.0, 0.0]
    assert not bad.any()


@pytest.mark.parametrize("text", ["24:00", "8.30", "8:3", "8:60", "half past eight", "510"])
def test_what_is_no_clock_time_is_marked(text: str) -> None:
    assert minutes_from_text(*texts("8:30", text))[1].tolist() == [False, True]
