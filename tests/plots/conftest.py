"""Tables as the summaries make them."""

import itertools
from collections.abc import Callable

import numpy as np
import pandas as pd
import pytest
from matplotlib.axes import Axes
from matplotlib.axis import Tick
from matplotlib.colors import to_rgb
from matplotlib.figure import Figure
from matplotlib.text import Text
from matplotlib.transforms import Bbox

TRIALS = 8


@pytest.fixture
def trial_effects() -> pd.DataFrame:
    """Eight trials; the numbers are arbitrary."""
    place = np.arange(TRIALS)
    raw = -5.0 + 4.0 * np.sin(2.0 * place)
    se = 2.0 + 0.4 * place
    mean = 0.5 * raw - 2.0
    return pd.DataFrame({
        "trial": [f"sim_{i:02d}" for i in place],
        "label": [f"Simulated trial {i} ({2004 + i})" for i in place],
        "n": 30 + 12 * place,
        "raw": raw,
        "raw_se": se,
        "mean": mean,
        "q2.5": mean - 4.0,
        "q97.5": mean + 4.0,
        "weight": 100.0 * (1 / se) / (1 / se).sum(),
    })  # fmt: skip


@pytest.fixture
def pooled() -> dict[str, float]:
    return {"mean": -4.1, "q2.5": -6.9, "q97.5": -1.4}


@pytest.fixture
def points() -> pd.DataFrame:
    """A curve on 0 to 12, observed at five values, two of them close together."""
    x = np.arange(0.0, 12.25, 0.25)
    seen = {1.0: (2, 60), 1.25: (11, 30), 5.0: (4, 240), 9.0: (1, 44), 12.0: (1, 30)}
    mean = -6.0 * np.minimum(x, 5.0) / 5.0
    return pd.DataFrame({
        "x": x,
        "mean": mean,
        "q2.5": mean - 0.3 * x,
        "q97.5": mean + 0.3 * x,
        "trials": [seen.get(value, (0, 0))[0] for value in x],
        "participants": [seen.get(value, (0, 0))[1] for value in x],
    })  # fmt: skip


GROUPS = ("social anxiety disorder", "obsessive-compulsive disorder", "posttraumatic stress disorder", "panic")
LABELS = tuple(f"Simulated trial with a long name {i:02d} (2004, center {i})" for i in range(21))


@pytest.fixture
def consortium_effects() -> pd.DataFrame:
    """21 trials with long labels in four groups, one of them without a group; the numbers are arbitrary."""
    place = np.arange(len(LABELS))
    raw, se = -4.0 + 9.0 * np.sin(2.0 * place), 2.0 + place % 5
    group = [GROUPS[i % 4] for i in place[:-1]] + [None]
    return pd.DataFrame({
        "trial": [f"sim_{i:02d}" for i in place], "label": LABELS, "group": group, "n": 24 + 55 * (place % 7),
        "raw": raw, "raw_se": se, "mean": 0.4 * raw - 2.0, "q2.5": 0.4 * raw - 6.0, "q97.5": 0.4 * raw + 2.0,
        "weight": 100.0 * (1 / se) / (1 / se).sum(),
    })  # fmt: skip


@pytest.fixture
def many_points(points: pd.DataFrame) -> pd.DataFrame:
    """Six curves over one variable."""
    names = ("plateau", "emax", "log", "linear", "broken_line", "quadratic")
    return pd.concat(
        [
            points.assign(curve=name, mean=points["mean"] * (0.4 + 0.2 * i), **{"q25": points["mean"] - 0.3})
            for i, name in enumerate(names)
        ]
    )


@pytest.fixture
def interaction_terms() -> pd.DataFrame:
    """Three modifiers, each in a unit of its own, one without a part across trials."""
    rows = []
    for modifier, unit, mean, sd in (
        ("antidepressant at baseline", "yes against no", 1.1, 2.0),
        ("baseline severity", "a percent of maximum possible", -0.084, 0.061),
        ("age", "10 years", 0.4, 0.7),
    ):
        for term, times in (("within", 1.0), ("across", 1.8), ("difference", 2.1)):
            if modifier != "age" or term == "within":
                ends = {"q2.5": times * (mean - 2 * sd), "q97.5": times * (mean + 2 * sd)}
                rows.append(
                    {"modifier": modifier, "term": term, "unit": unit, "mean": times * mean, "sd": times * sd, **ends}
                )
    return pd.DataFrame(rows)


@pytest.fixture
def density() -> pd.DataFrame:
    x = np.linspace(0.0, 20.0, 101)
    return pd.DataFrame({"x": x, "posterior": np.exp(-((x - 2.0) ** 2)) / 1.77, "prior": 0.1 * np.exp(-x / 10)})


@pytest.fixture
def level_points() -> pd.DataFrame:
    """Effects at eight categories with long names."""
    place = np.arange(8.0)
    mean = -3.0 - np.sin(place)
    ends = {"q2.5": mean - 3, "q25": mean - 1, "q75": mean + 1, "q97.5": mean + 3}
    label = [f"{GROUPS[i % 4]} {i}" for i in range(8)]
    return pd.DataFrame(
        {"x": place, "label": label, "mean": mean, **ends, "trials": 1, "participants": 20 + 3 * place.astype(int)}
    )


@pytest.fixture
def control_line() -> pd.DataFrame:
    x = np.linspace(1.0, 12.0, 12)
    return pd.DataFrame({"x": x, "estimate": -8.0 - x, "low": -11.0 - x, "high": -5.0 - x})


@pytest.fixture
def status() -> pd.DataFrame:
    """14 variables of 21 trials."""
    kinds = ("complete", "complete", "partial", "impossible", "complete", "undetermined", "complete")
    return pd.DataFrame(
        [
            {"variable": f"participants: variable number {row}", "trial": label, "status": kinds[(row * 5 + i) % 7]}
            for row in range(14)
            for i, label in enumerate(LABELS)
        ]
    )


@pytest.fixture
def steps() -> pd.DataFrame:
    """A flow with reasons, one of them longer than a line."""
    return pd.DataFrame([
        {"kind": "stage", "text": "Trials identified\n24 trials"},
        {"kind": "out", "text": "2 trials gave no individual data: the sponsor did not answer three written requests"},
        {"kind": "out", "text": "1 trial excluded: the outcome was measured by telephone only"},
        {"kind": "stage", "text": "Individual data\n21 trials, 1,047 participants randomized"},
        {"kind": "out", "text": "98 participants without an outcome (14 trials)"},
        {"kind": "stage", "text": "Analyzed\n21 trials, 949 participants"},
    ])  # fmt: skip


@pytest.fixture
def specifications() -> pd.DataFrame:
    """Leave one trial out, and two other families; the intervals of some include zero."""
    rows = [("Leave one trial out", f"without {label}", -4.0 + 0.1 * i) for i, label in enumerate(LABELS)]
    rows += [("Prior of tau", f"half_normal({sd} sd)", -4.0) for sd in (0.25, 1.0)]
    rows += [("Stated in the analysis file", "low risk of bias", -1.0)]
    return pd.DataFrame(
        [
            {"family": family, "label": label, "mean": mean, "q2.5": mean - 3.0, "q97.5": mean + 3.0}
            for family, label, mean in rows
        ]
    )


@pytest.fixture
def claims() -> pd.DataFrame:
    """The probability behind the claim under each analysis of two families, from one end to the other."""
    families = ["Leave one trial out"] * 21 + ["Curve priors"] * 4
    labels = [*(f"without {label}" for label in LABELS[:21]), *(f"kappa ~ uniform(0, {x})" for x in (10, 20, 40, 80))]
    probability = [i / (len(families) - 1) for i in range(len(families))]
    words = ["contradicted" if p <= 0.05 else "supported" if p >= 0.9 else "cannot tell" for p in probability]
    return pd.DataFrame({"family": families, "label": labels, "probability": probability, "statement": words})


@pytest.fixture
def gray() -> Callable[[str], float]:
    """Relative luminance of a color (Rec. 709): what a gray print keeps of it."""

    def luminance(color: str) -> float:
        red, green, blue = to_rgb(color)
        return 0.2126 * red + 0.7152 * green + 0.0722 * blue

    return luminance


def _axes(figure: Figure) -> list[Axes]:
    return [child for ax in figure.axes for child in (ax, *ax.child_axes) if isinstance(child, Axes)]


@pytest.fixture
def drawn_texts() -> Callable[[Figure], list[Text]]:
    """All texts that a figure shows: everything but tick labels, which matplotlib keeps also beyond the axis' ends."""

    def collect(figure: Figure) -> list[Text]:
        figure.draw_without_rendering()
        ticks = {id(text) for tick in figure.findobj(Tick) for text in tick.findobj(Text)}
        found = [text for text in figure.findobj(Text) if id(text) not in ticks]
        for ax in (ax for ax in _axes(figure) if ax.axison):
            for axis, place in ((ax.xaxis, 0), (ax.yaxis, 1)):
                low, high = sorted(axis.get_view_interval())
                found += [text for text in axis.get_ticklabels() if low <= text.get_position()[place] <= high]
        return [text for text in found if text.get_visible() and text.get_text().strip()]

    return collect


@pytest.fixture
def overlapping(drawn_texts: Callable[[Figure], list[Text]]) -> Callable[[Figure], list[tuple[str, str]]]:
    """Pairs of texts whose boxes share more than half a pixel in both directions."""

    def pairs(figure: Figure) -> list[tuple[str, str]]:
        boxes = [(text.get_text(), text.get_window_extent()) for text in drawn_texts(figure)]
        return [(a, b) for (a, box), (b, other) in itertools.combinations(boxes, 2) if _share(box, other)]

    return pairs


def _share(box: Bbox, other: Bbox) -> bool:
    width = min(box.x1, other.x1) - max(box.x0, other.x0)
    height = min(box.y1, other.y1) - max(box.y0, other.y0)
    return bool(width > 0.5 and height > 0.5)
