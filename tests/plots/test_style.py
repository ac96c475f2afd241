"""One style for all figures."""

import matplotlib
import pytest
from matplotlib.colors import to_rgb

from ipdma.plots.style import BLUE, GRAY, INK, PALE, POINTS, WIDTH_MM, new_figure, plain_label, styled, text_width


def test_text_is_seven_points_or_more_at_180_mm() -> None:
    assert POINTS >= 7 and WIDTH_MM == 180
    assert new_figure(50).get_size_inches() == pytest.approx((180 / 25.4, 50 / 25.4))


def test_the_settings_of_matplotlib_are_left_as_they_were() -> None:
    before = dict(matplotlib.rcParams)
    with styled():
        assert matplotlib.rcParams["svg.hashsalt"] == "ipdma"
    assert dict(matplotlib.rcParams) == before


def test_colors_differ_in_lightness_so_that_a_gray_print_keeps_them_apart() -> None:
    # Relative luminance, Rec. 709.
    lightness = sorted(0.2126 * r + 0.7152 * g + 0.0722 * b for r, g, b in map(to_rgb, (INK, BLUE, GRAY, PALE)))
    assert min(high - low for low, high in zip(lightness, lightness[1:], strict=False)) > 0.1


def test_a_label_is_one_line_without_control_characters_and_not_too_long() -> None:
    assert plain_label("a\nb\x07\tc") == "a b c"
    long = [plain_label(f"A trial of a drug against placebo in children, center {number}") for number in (1, 2)]
    assert long == ["A trial of a drug again\u2026en, center 1", "A trial of a drug again\u2026en, center 2"]
    assert len(plain_label("x" * 90)) == 36


def test_the_width_of_text_is_known_without_drawing_it() -> None:
    assert text_width("") == 0.0
    assert text_width("wide") > text_width("w") > text_width("i") > 0
    assert text_width("$x$") > text_width("x")  # not read as mathematics
