"""Print whether the worked consortium's truth is found again, from its raw files to its models, over seeds.

    python tests/recovery/recovery_table.py [number of seeds, default 20] > tests/recovery/recovery_table.txt

For each seed the raw files of all trials are simulated from truth.yaml, harmonized by the recipes, and fitted as
analysis.yaml says, without the report and the sensitivity analyses. A row is one seed: 95 % intervals of the effect at
the reference and of the timing move (first model with a main curve) and of the interaction within trials (plain model),
with a star where the truth lies outside; the claim's word with P(not rising) and, after a slash, its word under halved
and doubled priors where that is another; divergences of all fits and the largest R-hat. The last rows count: each truth
must lie inside at least 17 times of 20.
"""

import shutil
import sys
import tempfile
import time
from collections import Counter
from dataclasses import asdict
from pathlib import Path

from ipdma._paths import data_schemas
from ipdma.analysis_file.read import read_analysis
from ipdma.fit import fit
from ipdma.project.folder import open_project
from ipdma.project.progress import Progress
from ipdma.project.sensitivities import analyses_of
from ipdma.project.tables import common_tables
from ipdma.simulate.truth_file import read_truth
from ipdma.simulate.worked import simulate_raw
from ipdma.summaries.claim import levelling_claim
from ipdma.summaries.claim_refits import claim_refits
from ipdma.summaries.quantiles import quantiles

WORKED = data_schemas() / "worked_consortium"
TRUTH = read_truth(WORKED / "truth.yaml")
MODIFIER = "antidepressant_baseline"
TRUE = {
    "effect": TRUTH.effect.effect,
    "timing_min": TRUTH.effect.timing_effect,
    MODIFIER: TRUTH.modifiers[MODIFIER].within,
}


def consortium_of(seed, folder):
    """The worked consortium of a seed, through raw files and recipes."""
    for path in WORKED.iterdir():
        if path.name != "designs":
            copy = shutil.copytree if path.is_dir() else shutil.copyfile
            copy(path, folder / path.name)
    simulate_raw(WORKED / "designs", WORKED / "truth.yaml", folder / "raw", seed=seed)
    return common_tables(open_project(folder), progress=Progress(quiet=True)).consortium


def one(seed):
    """Intervals, claim, divergences and R-hat of a seed."""
    file = read_analysis(WORKED / "analysis.yaml")
    with tempfile.TemporaryDirectory() as folder:
        analyses = analyses_of(consortium_of(seed, Path(folder)), file)
    sampling = asdict(file.sampling) | {"seed": seed}
    plain = fit(analyses[0], **sampling)
    curved = fit(next(a for a in analyses if a.model.main is not None), **sampling)
    under = claim_refits(curved)
    within = plain.posterior["interaction_within"].sel(modifier=MODIFIER)
    found = {
        "effect": quantiles(curved.posterior["effect"]),
        "timing_min": quantiles(curved.posterior["timing_min"]),
        MODIFIER: quantiles(within),
    }
    fits = (plain, curved, *under.values())
    divergences = sum(f.diagnostics.divergences for f in fits)
    return found, levelling_claim(curved, under), divergences, max(f.diagnostics.rhat_max for f in fits)


def claim_text(claim):
    """The claim's word, its probability, and the words under other priors where they differ."""
    words = dict.fromkeys(row["statement"] for row in claim.get("under_priors", ()))
    other = [word for word in words if word != claim["statement"]]
    return "/".join([f"{claim['statement']} {claim['posterior_probability']:.2f}", *other])


def main(seeds):
    start = time.perf_counter()
    head = "".join(f"{f'{name} ({true:+.1f})':>32}" for name, true in TRUE.items())
    print(f"seed{head}  {'claim, P(not rising)':<40}{'divergences':>12}{'R-hat':>8}")
    inside, words, diverged = Counter(), Counter(), 0
    for seed in range(1, seeds + 1):
        found, claim, divergences, rhat = one(seed)
        cells = ""
        for name, true in TRUE.items():
            low, high = found[name]["q2.5"], found[name]["q97.5"]
            holds = low <= true <= high
            inside[name] += holds
            cells += f"{f'{low:.2f} to {high:.2f}' + (' ' if holds else '*'):>32}"
        words[claim["statement"]] += 1
        diverged += divergences
        print(f"{seed:>4}{cells}  {claim_text(claim):<40}{divergences:>12}{rhat:>8.3f}", flush=True)
    print("\ntruth inside: " + ", ".join(f"{name} {inside[name]} of {seeds}" for name in TRUE))
    print("claim: " + ", ".join(f"{word} {count}" for word, count in words.most_common()))
    print(f"divergences: {diverged}. {time.perf_counter() - start:.0f} seconds.")


if __name__ == "__main__":
    main(int(sys.argv[1]) if len(sys.argv) > 1 else 20)
