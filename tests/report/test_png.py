"""PNG files, read back by another program's reader."""

import io

import numpy as np
import pytest
from numpy.typing import NDArray
from PIL import Image

from ipdma.report.png import png


@pytest.mark.parametrize("shape", [(1, 1, 3), (2, 5, 3), (40, 17, 3)])
def test_pillow_reads_back_every_pixel(shape: tuple[int, int, int]) -> None:
    pixels: NDArray[np.uint8] = np.random.default_rng(1).integers(0, 256, shape, dtype=np.uint8)
    with Image.open(io.BytesIO(png(pixels, dpi=300))) as picture:
        picture.verify()
    with Image.open(io.BytesIO(png(pixels, dpi=300))) as picture:
        assert picture.mode == "RGB"
        np.testing.assert_array_equal(np.asarray(picture), pixels)


def test_the_file_says_how_large_it_is_on_paper() -> None:
    # 300 / 0.0254 = 11811.02 pixels per metre
    with Image.open(io.BytesIO(png(np.zeros((2, 2, 3), dtype=np.uint8), dpi=300))) as picture:
        assert picture.info["dpi"] == pytest.approx((300, 300), abs=0.01)


def test_a_plain_area_takes_few_bytes() -> None:
    assert len(png(np.full((1000, 1000, 3), 255, dtype=np.uint8), dpi=300)) < 20_000
