"""The worked consortium, from its content files to common tables; the whole run is in .ci/run."""

from pathlib import Path

import pytest

from ipdma._paths import data_schemas
from ipdma.project import demo as demo_module
from ipdma.project.check import check_folder
from ipdma.project.folder import open_project
from ipdma.project.progress import Progress
from ipdma.project.reply import Reply
from ipdma.project.tables import common_tables


def test_the_demo_makes_a_project_that_harmonizes_without_findings(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(demo_module, "run", lambda folder, *, quiet: Reply(lines=(str(quiet),)))
    assert demo_module.demo(tmp_path / "demo", quiet=True).lines == ("True",)
    project = open_project(tmp_path / "demo")
    consortium = common_tables(project, progress=Progress(quiet=True)).consortium
    designs = sorted(path.stem for path in (data_schemas() / "worked_consortium" / "designs").glob("*.yaml"))
    assert sorted(set(consortium.tables["participants"]["trial"])) == designs
    assert check_folder(tmp_path / "demo").findings == ()


def test_the_demo_is_the_same_every_time(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(demo_module, "run", lambda folder, *, quiet: Reply())
    for name in ("a", "b"):
        demo_module.demo(tmp_path / name)
    first, second = (
        {path.name: path.read_bytes() for path in (tmp_path / name / "raw").iterdir()} for name in ("a", "b")
    )
    assert first == second


def test_the_demo_can_be_written_without_being_run(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(demo_module, "run", lambda folder, *, quiet: pytest.fail("it was run"))
    reply = demo_module.demo(tmp_path / "demo", only_files=True)
    assert reply.lines[1] == f"  ipdma run {tmp_path / 'demo'}"
    assert len(list((tmp_path / "demo" / "raw").iterdir())) > 20
    assert not (tmp_path / "demo" / "results").exists()
