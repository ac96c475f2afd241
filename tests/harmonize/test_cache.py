"""Only trials with changed inputs are read again, and the result is that of reading everything."""

import shutil
from collections.abc import Callable
from pathlib import Path

import pandas as pd
import pytest

from ipdma._paths import data_schemas
from ipdma.errors import HarmonizationError
from ipdma.harmonize.cache import Cache
from ipdma.harmonize.consortium import Consortium
from ipdma.harmonize.harmonize import harmonize

SITES = """\
recipe: 1
schema: ipd 1.0.0
trial: {from: site, map: {1: site_1, 2: site_2}, label: name}
sources:
  main: {file: sites.csv, reader: csv, id: id}
missing:
  codes: [{code: 99, reason: lost_to_followup, columns: "y_*"}, {code: 98, reason: refused, columns: age}]
tables:
  arms: {rows: [{arm: placebo, treatment: placebo}, {arm: drug, treatment: drug, dose: 0.1 g}]}
  visits: {rows: [{visit: pre, phase: baseline}, {visit: post, phase: post}]}
  participants:
    source: main
    columns: {arm: {from: arm, do: [{map: {0: placebo, 1: drug}}]}, age_years: {calc: "age / 3"}}
  assessments:
    source: main
    long: {over: visit, values: [pre, post]}
    reported: {scale: example_scale, score: total, from: "y_{visit}"}
"""
ROWS = "site,name,id,arm,age,y_pre,y_post\n1,City,1,0,100,9,8\n1,City,2,1,98,7,99\n2,Town,1,1,6,12,\n"
ALL = ["sites.yaml", "trial_a.yaml", "trial_b.yaml"]


@pytest.fixture
def project(tmp_path: Path) -> Path:
    """The scaffold's two trials and a stacked file of two sites, with a warning: an age of 2."""
    folder = tmp_path / "project"
    shutil.copytree(data_schemas() / "scaffold", folder)
    (folder / "recipes" / "sites.yaml").write_text(SITES, encoding="utf-8")
    (folder / "raw" / "sites.csv").write_text(ROWS, encoding="utf-8")
    return folder


def run(project: Path, cache: Path | None, **options: object) -> tuple[Consortium, list[str]]:
    """The consortium, and the recipes whose files were read."""
    said: list[str] = []
    kept = Cache(cache)
    consortium = harmonize(
        project / "raw", recipes=project / "recipes", scales=project / "scales", cache=kept, progress=said.append,
        **options,  # type: ignore[arg-type]
    )  # fmt: skip
    kept.save()
    return consortium, [text.split()[1] for text in said if text.startswith("harmonizing")]


def edit(path: Path, old: str, new: str) -> None:
    text = path.read_text(encoding="utf-8")
    assert old in text
    path.write_text(text.replace(old, new), encoding="utf-8", newline="\n")


def assert_same(first: Consortium, second: Consortium) -> None:
    for name, frame in second.tables.items():
        pd.testing.assert_frame_equal(first.tables[name], frame)
    for name in ("missing", "status", "origin", "issues", "files"):
        pd.testing.assert_frame_equal(getattr(first, name), getattr(second, name))
    assert (first.scales, first.schema, first.categories) == (second.scales, second.schema, second.categories)


def test_where_nothing_changed_no_file_is_read_and_the_result_is_the_same(project: Path, tmp_path: Path) -> None:
    cold, read = run(project, tmp_path / "cache")
    assert read == ALL
    assert len(cold.issues)
    assert set(cold.missing["reason"]) >= {"refused", "lost_to_followup"}
    warm, read = run(project, tmp_path / "cache")
    assert read == []
    assert_same(warm, cold)


CHANGES: dict[str, tuple[str, str, str, list[str]]] = {
    "a recipe": ("recipes/trial_a.yaml", "dose: 50 mg", "dose: 25 mg", ["trial_a.yaml"]),
    "a line number in a recipe": ("recipes/trial_b.yaml", "recipe: 1\n", "\nrecipe: 1\n", ["trial_b.yaml"]),
    "a raw file": ("raw/trial_a.csv", "101,0,43,", "101,0,44,", ["trial_a.yaml"]),
    "a stacked raw file": ("raw/sites.csv", "9,8\n", "9,7\n", ["sites.yaml"]),
    "an instrument": ("scales/example_scale.yaml", "limit: 0.2", "limit: 0.4", ALL),
}


@pytest.mark.parametrize("case", CHANGES)
def test_what_changed_is_read_again_and_nothing_else(project: Path, tmp_path: Path, case: str) -> None:
    file, old, new, expected = CHANGES[case]
    before, _ = run(project, tmp_path / "cache")
    edit(project / file, old, new)
    warm, read = run(project, tmp_path / "cache")
    assert read == expected
    cold, _ = run(project, None)
    assert_same(warm, cold)
    with pytest.raises(AssertionError, match=r"different|assert"):
        assert_same(warm, before)


def test_a_changed_schema_reads_everything_again(project: Path, tmp_path: Path) -> None:
    run(project, tmp_path / "cache")
    own = "participants: {columns: {clinic: {type: string, description: Clinic.}}}\n"
    (project / "schema.yaml").write_text(f"schema: 1\ntables:\n  {own}", encoding="utf-8")
    _, read = run(project, tmp_path / "cache", schema=project / "schema.yaml")
    assert read == ALL


def test_a_trial_left_out_of_a_stacked_file_reads_only_that_file_again(project: Path, tmp_path: Path) -> None:
    run(project, tmp_path / "cache")
    warm, read = run(project, tmp_path / "cache", without=["site_2"])
    assert read == ["sites.yaml"]
    assert_same(warm, run(project, None, without=["site_2"])[0])


def flipped(data: bytes) -> bytes:
    return data[:-20] + bytes([data[-20] ^ 1]) + data[-19:]


DAMAGES: dict[str, Callable[[bytes], bytes]] = {
    "cut off": lambda data: data[: len(data) // 2],
    "empty": lambda data: b"",
    "a changed byte": flipped,
    "only its head": lambda data: data.partition(b"\n")[0],
    "no text": lambda data: b"\xff\xfe\n\x00",
    "another key": lambda data: b"0" * 64 + data[64:],
}


@pytest.mark.parametrize("case", DAMAGES)
def test_a_damaged_file_is_ignored_and_written_again(project: Path, tmp_path: Path, case: str) -> None:
    cold, _ = run(project, tmp_path / "cache")
    path = tmp_path / "cache" / "trial_b.yaml.json"
    whole = path.read_bytes()
    path.write_bytes(DAMAGES[case](whole))
    warm, read = run(project, tmp_path / "cache")
    assert read == ["trial_b.yaml"]
    assert_same(warm, cold)
    assert path.read_bytes() == whole


def test_the_file_of_another_recipe_is_not_taken(project: Path, tmp_path: Path) -> None:
    run(project, tmp_path / "cache")
    shutil.copyfile(tmp_path / "cache" / "trial_a.yaml.json", tmp_path / "cache" / "trial_b.yaml.json")
    assert run(project, tmp_path / "cache")[1] == ["trial_b.yaml"]


def test_values_of_a_recipe_that_is_gone_are_not_kept(project: Path, tmp_path: Path) -> None:
    run(project, tmp_path / "cache")
    (project / "recipes" / "trial_a.yaml").unlink()
    run(project, tmp_path / "cache")
    assert sorted(path.name for path in (tmp_path / "cache").iterdir()) == ["sites.yaml.json", "trial_b.yaml.json"]


def test_a_refused_run_leaves_the_folder_as_it_was(project: Path, tmp_path: Path) -> None:
    (project / "raw" / "trial_a.csv").unlink()
    with pytest.raises(HarmonizationError, match="trial_a.csv does not exist"):
        run(project, tmp_path / "cache")
    assert not (tmp_path / "cache").exists()


def test_a_folder_that_cannot_be_written_stops_nothing(project: Path, tmp_path: Path) -> None:
    (tmp_path / "cache").write_text("a file", encoding="utf-8")
    assert run(project, tmp_path / "cache")[1] == ALL
    assert run(project, tmp_path / "cache")[1] == ALL


def test_a_file_that_changes_while_it_is_read_is_not_kept(project: Path, tmp_path: Path) -> None:
    def change(sentence: str) -> None:
        if sentence == "harmonizing trial_b.yaml":  # trial_a was read
            edit(project / "raw" / "trial_a.csv", "101,0,43,", "101,0,44,")

    kept = Cache(tmp_path / "cache")
    harmonize(project / "raw", recipes=project / "recipes", scales=project / "scales", cache=kept, progress=change)
    kept.save()
    assert run(project, tmp_path / "cache")[1] == ["trial_a.yaml"]
