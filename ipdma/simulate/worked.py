"""Raw files of simulated trials from their designs and a truth."""

import zlib
from collections.abc import Mapping, Sequence
from pathlib import Path

import numpy as np

from ipdma._paths import data_schemas
from ipdma.errors import SimulationError
from ipdma.schemas.scale import Scale
from ipdma.schemas.scale_file import read_scales
from ipdma.simulate.design import FileLayout, TrialDesign
from ipdma.simulate.design_file import read_designs
from ipdma.simulate.faults import with_faults, write_corrections
from ipdma.simulate.layout import RawSheet, raw_sheet, stacked
from ipdma.simulate.participants import draw_people, modifier_values
from ipdma.simulate.trial import SimulatedTrial, simulate_trial
from ipdma.simulate.truth_file import Truth, read_truth
from ipdma.simulate.write_raw import write_raw

Placed = tuple[SimulatedTrial, FileLayout]


def simulate_raw(designs: Path, truth: Path, raw: Path, seed: int, *, corrections: Path | None = None) -> None:
    """Write the raw files of all trials whose designs lie in a folder; same seed, same bytes.

    Parameters
    ----------
    designs, truth
        The folder of design files, and the file of true parameters.
    raw
        The folder the raw files are written to; it is made if need be.
    seed
        A trial's numbers depend on the seed and the trial's name, so adding a trial leaves the others as they were
        (unless the truth has an effect ``across`` trials, which is counted from the mean of all).
    corrections
        The folder for the corrections of what was typed wrong. Without it nothing is typed wrong.

    Raises
    ------
    SimulationError
        If a design or the truth cannot be simulated; with file and line.
    """
    trials = simulate_trials(read_designs(designs), read_truth(truth), seed=seed)
    raw.mkdir(parents=True, exist_ok=True)
    for file, parts in _by_file(trials).items():
        write_raw(_sheets(parts, wrong=corrections is not None), raw / file)
    if corrections is not None:
        for trial in trials.values():
            write_corrections(trial, corrections)


def _by_file(trials: Mapping[str, SimulatedTrial]) -> dict[str, list[Placed]]:
    """Return what stands in each file: several sheets, or several trials."""
    files: dict[str, list[Placed]] = {}
    for trial in trials.values():
        for layout in trial.design.files:
            files.setdefault(layout.file, []).append((trial, layout))
    return files


def _sheets(parts: Sequence[Placed], *, wrong: bool) -> list[tuple[RawSheet, FileLayout]]:
    """Return a file's sheets in order; parts of one sheet's name stand under each other."""
    sheets: dict[str, list[tuple[RawSheet, FileLayout]]] = {}
    for trial, layout in parts:
        sheet = raw_sheet(trial, layout)
        sheets.setdefault(layout.sheet, []).append((with_faults(sheet, layout, wrong=wrong), layout))
    return [(stacked([sheet for sheet, _ in same]), same[0][1]) for same in sheets.values()]


def simulate_trials(
    designs: tuple[TrialDesign, ...], truth: Truth, *, seed: int, scales: Mapping[str, Scale] | None = None
) -> dict[str, SimulatedTrial]:
    """Return the trials as they truly are, by code; ``scales`` are the package's unless given.

    Raises
    ------
    SimulationError
        If two designs have one trial code, or an instrument has no scale file.
    """
    scales = scales or read_scales(data_schemas() / "scales")
    codes = [design.trial for design in designs]
    for code in sorted({code for code in codes if codes.count(code) > 1}):
        raise SimulationError(f"two designs are named {code}.")
    for design in designs:
        if design.instrument not in scales:
            raise SimulationError(f"{design.trial}: no scale file describes '{design.instrument}'.")
    streams = {d.trial: np.random.default_rng([seed, zlib.crc32(d.trial.encode())]) for d in designs}
    people = {d.trial: draw_people(d, truth, scales[d.instrument], streams[d.trial]) for d in designs}
    means = {
        name: float(
            np.concatenate([modifier_values(people[d.trial], name, scales[d.instrument]) for d in designs]).mean()
        )
        for name in truth.modifiers
    }
    return {
        d.trial: simulate_trial(
            d, people[d.trial], truth=truth, scale=scales[d.instrument], means=means, rng=streams[d.trial]
        )
        for d in designs
    }
