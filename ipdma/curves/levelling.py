"""Levelling off: between which landmarks, and the priors under which it is as likely as going on rising."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any, Protocol

import numpy as np
from numpy.typing import NDArray

from ipdma.errors import AnalysisError
from ipdma.priors.prior import Prior

_SHARE = 0.25  # of the early gain per dose: a late gain below this share is not rising


@dataclass(frozen=True)
class Levelling:
    """An early and a late stretch of the main dosing variable whose gains per unit are compared.

    Parameters
    ----------
    early, late
        From and to of each stretch, in the unit of the variable's column; the late one begins where the early one ends,
        or later.

    Raises
    ------
    AnalysisError
        If the landmarks are not in this order, or begin below zero.

    Examples
    --------
    >>> claim = Levelling((1.0, 9.0), (9.0, 12.0))
    >>> bool(claim.not_rising(lambda x: min(x, 4.0))), bool(claim.not_rising(lambda x: x))
    (True, False)
    """

    early: tuple[float, float]
    late: tuple[float, float]

    def __post_init__(self) -> None:
        """Refuse landmarks out of order."""
        (e0, e1), (l0, l1) = self.early, self.late
        if not 0.0 <= e0 < e1 <= l0 < l1 < float("inf"):
            raise AnalysisError(
                f"levelling compares an early stretch with a late one that begins where the early one ends, or later: "
                f"{e0:g} to {e1:g} and {l0:g} to {l1:g} do not. For example early: [1, 9], late: [9, 12]."
            )

    def gains(self, effect: Callable[[float], Any]) -> tuple[Any, Any]:
        """Return the gain per unit of x over the early and over the late stretch, by draw.

        Parameters
        ----------
        effect
            The benefit at an x by draw, larger being better, whatever the outcome's direction.
        """
        (e0, e1), (l0, l1) = self.early, self.late
        return (effect(e1) - effect(e0)) / (e1 - e0), (effect(l1) - effect(l0)) / (l1 - l0)

    def not_rising(self, effect: Callable[[float], Any]) -> NDArray[np.bool_]:
        """Return by draw whether the late gain is below a quarter of the early one, or the early one not above zero.

        Parameters
        ----------
        effect
            As in :meth:`gains`.
        """
        early, late = self.gains(effect)
        found: NDArray[np.bool_] = (np.asarray(late) < _SHARE * np.asarray(early)) | (np.asarray(early) <= 0.0)
        return found


class WithParameters(Protocol):
    """A main curve, as far as its priors go."""

    def parameters(self, largest: float, smallest: float = 0.0, reference: float = 0.0) -> Mapping[str, Prior]:
        """Return the default priors."""

    def levelled(self, levelling: Levelling, reference: float) -> Mapping[str, Prior]:
        """Return those that a claim changes."""


def levelling_priors(
    curve: WithParameters, levelling: Levelling, *, reference: float, largest: float
) -> Mapping[str, Prior]:
    """Return the default priors of a curve's own parameters with prior P(not rising) = 1/2.

    Given the sign of the effect at the reference, which a claim speaks of. A curve without free levelling keeps its
    defaults.

    Parameters
    ----------
    curve
        The main curve.
    levelling
        The landmarks.
    reference, largest
        The reference and the largest planned x, in the unit of the landmarks.

    Examples
    --------
    >>> from ipdma.curves.plateau import Plateau
    >>> claim = Levelling((1.0, 9.0), (9.0, 12.0))
    >>> levelling_priors(Plateau("number_of_doses"), claim, reference=5.0, largest=12.0)
    {'kappa': Uniform(lower=0.0, upper=19.5)}
    """
    return {**curve.parameters(largest, 0.0, reference), **curve.levelled(levelling, reference)}
