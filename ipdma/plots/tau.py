"""Heterogeneity between trials: what was assumed of tau, and what the data made of it."""

import pandas as pd
from matplotlib.axes import Axes

from ipdma.plots.style import BLUE, GRAY, PALE, Margins, new_figure, plain_label, styled

HEIGHT_MM = 62.0
_MARGINS = Margins(left=18, right=4, top=3, bottom=11)


def tau(density: pd.DataFrame, *, unit: str = "", ax: Axes | None = None) -> Axes:
    """Draw the prior and posterior densities of tau, the SD of trial effects, and return the Axes.

    Parameters
    ----------
    density
        ``x`` (outcome units, ascending), ``posterior`` and, unless the prior is improper, ``prior``. The table is left
        alone.
    unit
        Of the outcome.
    ax
        Where to draw; without it a figure 180 mm wide is made.
    """
    with styled():
        ax = new_figure(HEIGHT_MM, _MARGINS).add_subplot() if ax is None else ax
        x = density["x"].to_numpy(dtype=float)
        posterior = density["posterior"].to_numpy(dtype=float)
        ax.fill_between(x, 0.0, posterior, color=PALE, lw=0)
        ax.plot(x, posterior, color=BLUE, lw=1.6, label="posterior")
        if "prior" in density and density["prior"].notna().all():
            ax.plot(x, density["prior"].to_numpy(dtype=float), color=GRAY, lw=1.2, ls=(0, (5, 2)), label="prior")
        ax.set_xlim(0.0, float(x.max()))
        ax.set_ylim(bottom=0.0)
        ax.margins(y=0.1)
        of = f", {plain_label(unit)}" if unit else ""
        ax.set_xlabel(f"\N{GREEK SMALL LETTER TAU}: SD of effects between trials{of}", parse_math=False)
        ax.set_ylabel("probability density")
        ax.spines[["right", "top"]].set_visible(False)
        ax.legend(loc="upper right", frameon=False, handlelength=3.2)
    return ax
