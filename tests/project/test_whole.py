"""results/ is always one run's: also when the process is killed between any two steps."""

import subprocess
import sys
from pathlib import Path

import pytest

from ipdma.project.whole import repair, write_whole

STEPS = ["begun", "written", "complete", "old renamed away", "new renamed in", "old removed"]
KILLED = """
import os, sys
from pathlib import Path
from ipdma.project.whole import write_whole

def stop(step):
    if step == sys.argv[2]:
        os._exit(9)

def write(folder):
    (folder / "a.txt").write_text("new")
    (folder / "b.txt").write_text("new")

write_whole(Path(sys.argv[1]), write, after=stop)
"""


def fill(text: str, *names: str):  # type: ignore[no-untyped-def]
    def write(folder: Path) -> None:
        for name in names:
            (folder / name).write_text(text)

    return write


def contents(folder: Path) -> dict[str, str]:
    return {path.name: path.read_text() for path in sorted(folder.iterdir())}


@pytest.mark.parametrize("step", STEPS)
def test_a_process_killed_after_any_step_leaves_a_state_that_the_next_start_repairs(tmp_path: Path, step: str) -> None:
    results = tmp_path / "results"
    write_whole(results, fill("old", "a.txt", "c.txt"))
    done = subprocess.run([sys.executable, "-c", KILLED, str(results), step], check=False)
    assert done.returncode == 9
    repair(results)
    new, old = {"a.txt": "new", "b.txt": "new"}, {"a.txt": "old", "c.txt": "old"}
    assert contents(results) == (old if step in ("begun", "written") else new)
    assert [path.name for path in tmp_path.iterdir()] == ["results"], "nothing is left beside it"
    assert not repair(results)


@pytest.mark.parametrize("step", STEPS[:3])
def test_a_first_run_killed_before_its_results_are_complete_leaves_none(tmp_path: Path, step: str) -> None:
    results = tmp_path / "results"
    subprocess.run([sys.executable, "-c", KILLED, str(results), step], check=False)
    assert not results.exists()
    repair(results)
    assert results.exists() == (step == "complete")


def test_an_error_while_writing_leaves_the_old_results_untouched(tmp_path: Path) -> None:
    results = tmp_path / "results"
    write_whole(results, fill("old", "a.txt"))

    def fails(folder: Path) -> None:
        (folder / "a.txt").write_text("new")
        raise ValueError("no space left")

    with pytest.raises(ValueError, match="no space left"):
        write_whole(results, fails)
    assert contents(results) == {"a.txt": "old"}
    assert [path.name for path in tmp_path.iterdir()] == ["results"]


def test_an_old_folder_without_a_new_one_comes_back(tmp_path: Path) -> None:
    (tmp_path / ".results.old").mkdir()
    (tmp_path / ".results.old" / "a.txt").write_text("old")
    assert repair(tmp_path / "results")
    assert contents(tmp_path / "results") == {"a.txt": "old"}
