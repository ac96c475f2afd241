"""Whatever scale file is added to the package: complete, consistent, with a source for each number."""

from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from ipdma._paths import data_schemas
from ipdma._yaml import read_yaml
from ipdma.harmonize.score import score_items
from ipdma.schemas.scale import Scale
from ipdma.schemas.scale_file import read_scale, read_scales

FILES = sorted((data_schemas() / "scales").glob("*.yaml"))
SCORES = [(path, name) for path in FILES for name in read_scale(path).scores]


def test_the_scales_are_there() -> None:
    codes = {"lsas", "ybocs", "hamd17", "madrs", "bdi2", "phq9", "gad7", "pdss"}
    assert codes <= set(read_scales(data_schemas() / "scales"))


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.stem)
def test_a_scale_file_is_named_after_its_code_and_cites_its_sources(path: Path) -> None:
    scale = read_scale(path)
    assert path.stem == scale.code
    assert scale.references
    assert all(score.sets for score in scale.scores.values())
    node = read_yaml(path)
    for part in (*node["sets"].values(), *node["scores"].values()):
        assert len(part["source"]) > 5


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.stem)
def test_a_scale_with_a_number_from_memory_is_not_called_verified(path: Path) -> None:
    node = read_yaml(path)
    sources = [part["source"] for part in (*node["sets"].values(), *node["scores"].values())]
    assert not (read_scale(path).verified and any("filled" in source for source in sources))


def extreme(scale: Scale, name: str, *, highest: bool) -> dict[str, pd.DataFrame]:
    """Items that give a score's lowest or highest value."""
    score = scale.scores[name]
    items = {}
    for place, key in enumerate(score.sets):
        of = scale.sets[key]
        subtracted = score.how == "difference" and place == 1
        row = [of.range_of(item)[int(highest ^ subtracted ^ (item in of.reversed))] for item in of.item_numbers]
        items[key] = pd.DataFrame([row], dtype="Float64")
    return items


@pytest.mark.parametrize(("path", "name"), SCORES, ids=lambda part: getattr(part, "stem", part))
def test_the_lowest_and_highest_items_give_the_range_of_the_score(path: Path, name: str) -> None:
    scale = read_scale(path)
    values = [score_items(extreme(scale, name, highest=high), scale, name)["value"][0] for high in (False, True)]
    np.testing.assert_allclose(values, [scale.scores[name].minimum, scale.scores[name].maximum], rtol=1e-12)
