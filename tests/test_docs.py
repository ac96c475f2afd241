"""What the front pages say is true: versions, commands, code."""

import ast
import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

import ipdma
from ipdma._paths import data_schemas
from ipdma._yaml import plain, read_yaml
from ipdma.analysis_file.read import read_analysis
from ipdma.cli import build_parser
from ipdma.report.cite import package_citation
from ipdma.simulate.worked import simulate_raw

ROOT = Path(__file__).resolve().parent.parent
README = (ROOT / "README.md").read_text(encoding="utf-8")


def blocks(language: str) -> list[str]:
    return re.findall(rf"```{language}\n(.*?)```", README, flags=re.DOTALL)


def test_the_citation_file_has_what_the_format_requires() -> None:
    """The keys that CFF 1.2.0 requires; ``.ci/run`` validates the file with cffconvert."""
    citation = plain(read_yaml(ROOT / "CITATION.cff"))
    assert citation["cff-version"] == "1.2.0"
    assert {"message", "title", "authors"} <= set(citation)


def test_the_citation_is_of_this_version_by_its_developers_and_names_no_address_that_does_not_exist() -> None:
    citation = plain(read_yaml(ROOT / "CITATION.cff"))
    assert citation["version"] == ipdma.__version__
    assert citation["authors"] == [{"name": "The ipdma developers"}]
    assert not {"doi", "url", "repository-code", "identifiers"} & set(citation)
    assert citation["title"] in package_citation(ipdma.__version__)


def test_the_version_is_the_same_everywhere() -> None:
    stated = re.search(r'^version = "(.+)"$', (ROOT / "pyproject.toml").read_text(encoding="utf-8"), flags=re.MULTILINE)
    assert stated is not None
    assert stated[1] == ipdma.__version__
    assert f"## {ipdma.__version__}" in (ROOT / "CHANGELOG.md").read_text(encoding="utf-8")


def test_the_python_versions_of_the_readme_are_those_of_the_package() -> None:
    required = re.search(r'requires-python = ">=3\.(\d+),<3\.(\d+)"', (ROOT / "pyproject.toml").read_text("utf-8"))
    assert required is not None
    versions = [f"3.{minor}" for minor in range(int(required[1]), int(required[2]))]
    assert f"Python {', '.join(versions[:-1])} or {versions[-1]} is needed" in README


def test_both_commands_stand_for_both_shells_and_differ_only_in_the_shell() -> None:
    bash, powershell = blocks("bash"), blocks("powershell")
    assert len(bash) == len(powershell) == 2
    for unix, windows in zip(bash, powershell, strict=True):
        translated = unix.replace("python3 ", "py ").replace(" && ", "; ").replace("bin/", "Scripts\\")
        assert translated.replace(".venv/", ".venv\\") == windows
        assert len(unix.strip().splitlines()) == 1


def test_every_command_of_the_readme_exists() -> None:
    shown = re.findall(r"(?:^    |bin/|Scripts\\|`)ipdma (\w+)((?: [\w.]+)*)", README, flags=re.MULTILINE)
    assert {name for name, _ in shown} >= {"demo", "new", "scan", "check", "run", "cite"}
    for name, rest in shown:
        folder = rest.split("  ")[0].split()[:1]
        build_parser().parse_args([name, *folder])


def test_the_yaml_of_the_readme_is_an_analysis(tmp_path: Path) -> None:
    for number, text in enumerate(blocks("yaml")):
        path = tmp_path / f"analysis_{number}.yaml"
        path.write_text(text, encoding="utf-8")
        assert read_analysis(path).estimand.visit == "post"


def test_every_name_the_readme_takes_from_the_package_exists() -> None:
    (code,) = blocks("python")
    lines = [line for line in code.splitlines() if line.strip()]
    assert len(lines) <= 13, "some ten lines of user code"
    attributes = (ast.unparse(node) for node in ast.walk(ast.parse(code)) if isinstance(node, ast.Attribute))
    names = {name for name in attributes if re.fullmatch(r"im(\.\w+)+", name)}
    assert {"im.harmonize", "im.fit", "im.curves.Plateau"} <= names
    for name in sorted(names):
        value: object = ipdma
        for part in name.split(".")[1:]:
            value = getattr(value, part)


@pytest.mark.slow
@pytest.mark.sampling
def test_the_code_of_the_readme_runs_on_the_demo(tmp_path: Path) -> None:
    worked = data_schemas() / "worked_consortium"
    shutil.copytree(worked / "recipes", tmp_path / "demo" / "recipes")
    shutil.copy(worked / "trials.csv", tmp_path / "demo")
    corrections = tmp_path / "demo" / "private" / "corrections"
    simulate_raw(worked / "designs", worked / "truth.yaml", tmp_path / "demo" / "raw", seed=1, corrections=corrections)
    done = subprocess.run(
        [sys.executable, "-c", blocks("python")[0]], cwd=tmp_path, capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stderr
    assert (tmp_path / "report.html").stat().st_size > 10_000
    assert (tmp_path / "forest.svg").is_file()


@pytest.mark.parametrize("picture", re.findall(r"!\[[^\]]*\]\(([^)]+)\)", README))
def test_the_pictures_of_the_readme_lie_in_the_repository(picture: str) -> None:
    assert (ROOT / picture).is_file()


def test_the_license_is_bsd_3_clause() -> None:
    license_text = (ROOT / "LICENSE").read_text(encoding="utf-8")
    assert "BSD 3-Clause License" in license_text
    assert "The ipdma developers" in license_text
