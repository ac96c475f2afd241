"""Every vignette runs, without a warning, and what it prints is what the fit says.

With the ``docs`` extra it is run as a notebook and rendered, by the commands of the README; without it cell by cell.
"""

import importlib.util
import json
import re
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

ROOT = Path(__file__).resolve().parent.parent
VIGNETTES = sorted((ROOT / "vignettes").glob("[0-9]*.py"))
HAS_DOCS = all(importlib.util.find_spec(name) for name in ("jupytext", "nbconvert", "ipykernel"))
# After the imports: what the notebook's own machinery warns of when figures are set up is not ours.
STRICT = '# %%\nimport warnings\n\nwarnings.simplefilter("error")\n\n'
# Runs last, where the vignette's names are still there; a file, as a notebook runs in a process of its own.
FACTS = """
# %%
import json

facts = {
    "answer": im.summaries.summarize(plain=headline, beside=[plateau], claim_under=under)["claim"],
    "said": claim,
    "no_curve": comparison["curves"][-1],
    "effect": float(headline.posterior["effect"].mean()),
    "pooled": summary["pooled_effect"]["mean"],
    "divergences": sum(fit.diagnostics.divergences for fit in (headline, *beside, without)),
    "report": str(report),
    "forest": str(project / "forest.svg"),
}
written = Path("facts.json").write_text(json.dumps(facts), encoding="utf-8")
"""


def cells(text: str) -> Iterator[str]:
    """The code cells of a script in percent format, in order."""
    for part in re.split(r"^(?=# %%)", text, flags=re.MULTILINE)[1:]:
        if not part.startswith("# %% [markdown]"):
            yield part


def test_there_are_vignettes_in_the_order_of_their_numbers() -> None:
    numbers = [int(path.name.split("_")[0]) for path in VIGNETTES]
    assert numbers == list(range(1, len(numbers) + 1)) != []


@pytest.mark.parametrize("path", VIGNETTES, ids=lambda path: path.stem)
def test_a_vignette_is_a_script_whose_text_is_in_markdown_cells_and_holds_no_result(path: Path) -> None:
    text = path.read_text(encoding="utf-8")
    code = "".join(cells(text))
    compile(code, path.name, "exec")
    markdown = re.findall(r"^# %% \[markdown\]\n((?:#.*\n)*)", text, flags=re.MULTILINE)
    assert len(markdown) > 5
    words = re.sub(r"\(https?://\S+\)|`[^`]*`", "", "".join(markdown))
    assert not re.findall(r"\d+\.\d+", words), "a result is printed by code, not typed"


class Ran:
    """A vignette that was run in a folder: what it printed, and what the last cell wrote down."""

    def __init__(self, folder: Path, printed: str) -> None:
        self.folder, self.printed = folder, printed
        self.facts: dict[str, Any] = json.loads((folder / "facts.json").read_text(encoding="utf-8"))


@pytest.fixture(scope="module")
def plateau(tmp_path_factory: pytest.TempPathFactory) -> Ran:
    folder = tmp_path_factory.mktemp("vignette")
    text = (ROOT / "vignettes" / "01_plateau.py").read_text(encoding="utf-8")
    script = folder / "01_plateau.py"
    header, title, imports, rest = re.split(r"^(?=# %%)", text, maxsplit=3, flags=re.MULTILINE)
    script.write_text(f"{header}{title}{imports}{STRICT}{rest}{FACTS}", encoding="utf-8")
    return _run_notebook(script) if HAS_DOCS else _run_cells(script)


def _run_notebook(script: Path) -> Ran:
    """By the README's commands."""
    shown = re.search(r"`(jupytext .+?) && jupyter (nbconvert .+?)`", (ROOT / "README.md").read_text(encoding="utf-8"))
    assert shown is not None, "the README says how to render"
    for command in shown.groups():
        words = command.replace("vignettes/", "").split()
        done = subprocess.run(
            [sys.executable, "-m", *words], cwd=script.parent, capture_output=True, text=True, check=False
        )
        assert done.returncode == 0, done.stderr
    notebook = json.loads(script.with_suffix(".ipynb").read_text(encoding="utf-8"))
    outputs = [output for cell in notebook["cells"] for output in cell.get("outputs", [])]
    assert not [output for output in outputs if output.get("name") == "stderr" or output["output_type"] == "error"]
    return Ran(script.parent, "".join("".join(output["text"]) for output in outputs if "text" in output))


def _run_cells(script: Path) -> Ran:
    """In a process of its own: a vignette may change settings of pandas and matplotlib."""
    code = "\n".join(cells(script.read_text(encoding="utf-8")))
    done = subprocess.run(
        [sys.executable, "-W", "error", "-c", code], cwd=script.parent, capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stderr
    assert done.stderr == ""
    return Ran(script.parent, done.stdout)


@pytest.mark.slow
@pytest.mark.sampling
def test_the_plateau_vignette_says_what_its_fits_say(plateau: Ran) -> None:
    facts = plateau.facts
    assert facts["said"]["statement"] == facts["answer"]["statement"] == "cannot_tell"
    assert facts["said"]["sentence"] == facts["answer"]["sentence"]
    words = f"answer: {facts['answer']['statement']} {facts['answer']['sentence']}"
    assert words in " ".join(plateau.printed.split())
    assert (facts["no_curve"]["curve"], facts["no_curve"]["verdict"]) == ("no curve", "worse"), "the text says so"
    assert facts["pooled"] == pytest.approx(facts["effect"])
    assert f"one-stage                {facts['effect']:.2f} (" in plateau.printed
    assert facts["divergences"] == 0


@pytest.mark.slow
@pytest.mark.sampling
def test_the_plateau_vignette_writes_a_report_that_holds_the_claim_and_says_that_it_is_simulated(plateau: Ran) -> None:
    html = Path(plateau.facts["report"]).read_text(encoding="utf-8")
    assert plateau.facts["answer"]["sentence"].split(".")[0] in html
    assert "simulated" in html.split("</header>")[0]
    assert Path(plateau.facts["forest"]).stat().st_size < 200_000


@pytest.mark.slow
@pytest.mark.sampling
@pytest.mark.skipif(not HAS_DOCS, reason="needs the extra: pip install ipdma[docs]")
def test_the_plateau_vignette_renders_to_a_page_with_its_figures(plateau: Ran) -> None:
    page = (plateau.folder / "01_plateau.html").read_text(encoding="utf-8")
    assert len(re.findall("data:image/svg", page)) >= 5, "availability, forest, curve, curves, control arm"
    assert "What must not be concluded" in page
