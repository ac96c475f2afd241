"""What an axis of effects says: whose difference, in which unit, and which side is better."""

from collections.abc import Mapping
from dataclasses import dataclass
from textwrap import fill
from typing import TYPE_CHECKING, Any, Literal

from matplotlib.axes import Axes

from ipdma.plots.numbers import MINUS
from ipdma.plots.style import GRAY, plain_label

if TYPE_CHECKING:
    from ipdma.fit import Fit

_METRICS = {
    "pomp": "percent of maximum possible",
    "raw": "raw score",
    "baseline_sd": "standardized by the baseline SD",
    "rank": "rank within trial",
}
_TREATMENT, _CONTROL = "favors treatment", "favors control"
_MORE, _LESS = "favors treatment more", "favors treatment less"


@dataclass(frozen=True, kw_only=True)
class EffectAxis:
    """The contrast, unit, metric and direction of an axis of effects; what is not known is not written.

    Examples
    --------
    >>> EffectAxis(treatment="drug", control="placebo", unit="points", metric="raw").label
    'drug − placebo, points (raw score)'
    """

    treatment: str = "treatment"
    control: str = "control"
    metric: str = ""
    unit: str = ""
    direction: Literal["higher_is_worse", "higher_is_better"] | None = None

    @classmethod
    def of(cls, summary: Mapping[str, Any]) -> "EffectAxis":
        """Return the axis of a summary."""
        words = {key: summary[key] for key in ("metric", "unit", "direction") if key in summary}
        return cls(treatment=summary["contrast"]["treatment"], control=summary["contrast"]["control"], **words)

    @classmethod
    def of_fit(cls, fit: "Fit") -> "EffectAxis":
        """Return the axis of a fit's effects."""
        asked, design = fit.analysis.estimand, fit.design
        return cls(
            treatment=asked.treatment,
            control=asked.control,
            metric=design.metric,
            unit=design.unit,
            direction=design.direction,
        )

    @property
    def label(self) -> str:
        """The contrast with its unit and metric."""
        return ", ".join(part for part in (self._contrast, self._scale) if part)

    @property
    def _contrast(self) -> str:
        return f"{plain_label(self.treatment)} {MINUS} {plain_label(self.control)}"

    @property
    def _scale(self) -> str:
        metric = _METRICS.get(self.metric, self.metric)
        unit = plain_label(self.unit, 60)
        if not metric or self.metric == "rank":
            return unit
        return f"{unit} ({metric})" if unit and unit.lower() not in metric.lower() else metric

    @property
    def sides(self) -> tuple[str, str]:
        """What the lower and the upper end of the axis favor; nothing where the direction is not known."""
        if self.direction is None:
            return "", ""
        return (_TREATMENT, _CONTROL) if self.direction == "higher_is_worse" else (_CONTROL, _TREATMENT)

    def write_below(self, ax: Axes) -> None:
        """Write label and sides below a horizontal axis."""
        low, high = self.sides
        ax.set_xlabel(self.label, labelpad=13, parse_math=False)
        for x, text, side in _ends(low, high):
            ax.annotate(text, (x, 0), (0, -17), "axes fraction", "offset points", ha=side, va="top", color=GRAY)

    def write_change(self, ax: Axes) -> None:
        """Write below an Axes without an axis of its own what a change in the effect means."""
        low, high = (_MORE if side == _TREATMENT else _LESS if side else "" for side in self.sides)
        words = f"change in {self.label}"
        ax.annotate(words, (0.5, 0), (0, 2), "axes fraction", "offset points", ha="center", va="top", parse_math=False)
        for x, text, side in _ends(low, high):
            ax.annotate(text, (x, 0), (0, -9), "axes fraction", "offset points", ha=side, va="top", color=GRAY)

    def write_beside(self, ax: Axes) -> None:
        """Write label and sides beside a vertical axis; the arrows turn with the text."""
        self._write_beside(ax, self._contrast, self.sides)

    def write_control_beside(self, ax: Axes) -> None:
        """Write beside a vertical axis that it holds the control arm's own change from baseline."""
        improved = "better", "worse"
        if self.direction is None:
            improved = "", ""
        sides = improved if self.direction == "higher_is_worse" else improved[::-1]
        self._write_beside(ax, f"change from baseline under {plain_label(self.control)}", sides)

    def _write_beside(self, ax: Axes, what: str, sides: tuple[str, str]) -> None:
        low, high = sides
        ends = f"\N{LEFTWARDS ARROW} {low}{' ' * 12}{high} \N{RIGHTWARDS ARROW}" if low else ""
        lines = (fill(what, 44), fill(self._scale, 44), ends)
        ax.set_ylabel("\n".join(line for line in lines if line), linespacing=1.5, parse_math=False)


def _ends(low: str, high: str) -> tuple[tuple[float, str, Literal["left", "right"]], ...]:
    """Return what stands at the two ends of an axis, with place and alignment."""
    if not low:
        return ()
    return (
        (0.0, f"\N{LEFTWARDS ARROW} {low}", "left"),
        (1.0, f"{high} \N{RIGHTWARDS ARROW}", "right"),
    )
