from pathlib import Path

import pytest

from ipdma.errors import ReadError
from ipdma.harmonize.raw_path import raw_path


def test_a_file_below_the_folder_is_found(tmp_path: Path) -> None:
    assert raw_path(tmp_path, "a/b.csv") == tmp_path / "a" / "b.csv"


@pytest.mark.parametrize("name", ["../secret.csv", "a/../../secret.csv", "/etc/hostname", "..", "a\\..\\b", "C:/a.csv"])
def test_a_path_that_leads_out_is_refused(tmp_path: Path, name: str) -> None:
    with pytest.raises(ReadError, match="folder of raw files"):
        raw_path(tmp_path, name)


def test_a_link_that_leads_out_is_refused(tmp_path: Path) -> None:
    outside, raw = tmp_path / "outside", tmp_path / "raw"
    outside.mkdir()
    raw.mkdir()
    (outside / "a.csv").write_text("x\n1\n", encoding="utf-8")
    try:
        (raw / "link.csv").symlink_to(outside / "a.csv")
        (raw / "folder").symlink_to(outside)
    except OSError:
        pytest.skip("this system makes no links")
    for name in ("link.csv", "folder/a.csv"):
        with pytest.raises(ReadError, match="is a link that leads out"):
            raw_path(raw, name)
