"""One simulated trial as it truly is, before it is written into raw files."""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import cast

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from ipdma.schemas.scale import Scale
from ipdma.simulate.attendance import draw_attendance, draw_days, draw_sessions
from ipdma.simulate.design import TrialDesign
from ipdma.simulate.items import item_table, leave_out, split_totals
from ipdma.simulate.outcomes import draw_outcomes
from ipdma.simulate.participants import primary, to_percent
from ipdma.simulate.truth_file import Truth


@dataclass(frozen=True, kw_only=True, eq=False)
class SimulatedTrial:
    """What is true of a simulated trial.

    Parameters
    ----------
    people
        A row a participant: participant_id, arm, age_years, sex, yes/no columns, baseline (points), measures, and
        randomized_on where the design has days.
    scores
        Participants x visits: the score in points; missing where the visit was missed. Complete answers: items left
        out on the form are not taken from it.
    items
        A row for each participant, seen visit and item: row (of the participant), visit, set, item, answer (missing
        where left out); empty for a trial whose files hold totals only.
    sessions
        A row a dosed session that took place: row, session, pill and start in minutes of the day.
    days
        Participants x visits: days from randomization to the visit.
    effects
        True effect of each active arm, in percent of the maximum possible score.
    """

    design: TrialDesign
    scale: Scale
    people: pd.DataFrame
    scores: pd.DataFrame
    items: pd.DataFrame
    sessions: pd.DataFrame
    days: pd.DataFrame
    effects: Mapping[str, float]

    @cached_property
    def answers(self) -> Mapping[tuple[str, int], NDArray[np.float64]]:
        """Answers of each item (its set and number), participants x visits: NaN without a form, -inf if left out."""
        position = {str(visit): k for k, visit in enumerate(self.scores)}
        column = self.items["visit"].map(position).to_numpy(dtype=np.int64)
        row, answer = self.items["row"].to_numpy(dtype=np.int64), self.items["answer"].to_numpy(dtype=float)
        answer = np.where(np.isnan(answer), -np.inf, answer)
        out: dict[tuple[str, int], NDArray[np.float64]] = {}
        keys = self.items.groupby(["set", "item"], sort=False).indices
        for (item_set, item), places in cast(Mapping[tuple[str, int], NDArray[np.int64]], keys).items():
            out[item_set, item] = np.full((len(self.people), len(position)), np.nan)
            out[item_set, item][row[places], column[places]] = answer[places]
        return out


def simulate_trial(
    design: TrialDesign,
    people: pd.DataFrame,
    *,
    truth: Truth,
    scale: Scale,
    means: Mapping[str, float],
    rng: np.random.Generator,
) -> SimulatedTrial:
    """Return a trial's outcomes, attendance, sessions and answers; ``means`` as for ``draw_outcomes``."""
    complete, effects = draw_outcomes(design, people, truth=truth, scale=scale, means=means, rng=rng)
    b = to_percent(people["baseline"].to_numpy(dtype=np.int64), scale)
    seen = draw_attendance(design, b - b.mean(), truth.drop_out, rng)
    scores = complete.astype("Int64").where(seen)
    last = [visit.visit for visit in design.visits if visit.phase in ("post", "followup")]
    stayed = seen[last].any(axis=1).to_numpy(dtype=bool)
    return SimulatedTrial(
        design=design,
        scale=scale,
        people=people,
        scores=scores,
        items=_items(design, scores, truth, scale, rng) if _holds(design, "items", "subtotal") else _no_items(),
        sessions=draw_sessions(design, stayed, truth, rng),
        days=draw_days(design, len(people), rng),
        effects=effects,
    )


def _holds(design: TrialDesign, *what: str) -> bool:
    return any(column.holds in what for layout in design.files for column in layout.columns)


def _no_items() -> pd.DataFrame:
    return pd.DataFrame({name: [] for name in ("row", "visit", "set", "item", "answer")})


def _items(
    design: TrialDesign, scores: pd.DataFrame, truth: Truth, scale: Scale, rng: np.random.Generator
) -> pd.DataFrame:
    items = item_table(scale, primary(scale))
    parts = []
    for visit in design.visits:
        rows = np.flatnonzero(scores[visit.visit].notna().to_numpy())
        totals = scores[visit.visit].to_numpy(dtype="float64", na_value=np.nan)[rows].astype(np.int64)
        answers = split_totals(totals, items, rng)
        # Nobody is randomized on an unfinished baseline form: it is completed on the spot. Where a center added its
        # forms up itself, it asked again for what was missing.
        whole = visit.phase == "baseline" or not _holds(design, "items")
        share = 0.0 if whole else truth.incomplete_share
        kept = leave_out(answers, share=share, most=truth.most_items_left_out, rng=rng)
        part = items.loc[np.tile(np.arange(len(items)), len(rows)), ["set", "item"]].reset_index(drop=True)
        parts.append(part.assign(row=np.repeat(rows, len(items)), visit=visit.visit, answer=kept.ravel()))
    return pd.concat(parts, ignore_index=True)[["row", "visit", "set", "item", "answer"]]
