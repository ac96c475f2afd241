"""One summary on its way into the report: every number is looked up by its path and carries that path."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from statistics import median
from typing import Any

from markupsafe import Markup

from ipdma.plots.numbers import digits_for, shown
from ipdma.report.words import METRICS

_NUMBER = Markup('<span class="num" data-key="{key}" data-format="{form}">{text}</span>')
_SUM = Markup('<span class="num" data-sum="{key}" data-format="0">{text}</span>')
_TALLY = Markup('<span class="num" data-tally="{key}" data-format="0">{text}</span>')
_TEXT = Markup('<span data-text="{key}">{text}</span>')
_INTERVAL = Markup('<span class="interval">{} {} {}</span>')
_SMALLEST = 0.001


@dataclass(frozen=True, kw_only=True)
class Page:
    """A summary with what the report says around it.

    Numbers reach the page only through :meth:`number` and its kin, which look them up: a number cannot stand in the
    report with another number's key.

    Parameters
    ----------
    summary
        As in ``data_schemas/summary.schema.json``.
    provenance, settings
        As for :func:`ipdma.report.html.render_report`.
    pictures
        Inline SVG by figure name.
    """

    summary: Mapping[str, Any]
    provenance: Mapping[str, Any] = field(default_factory=dict)
    settings: Mapping[str, Any] = field(default_factory=dict)
    pictures: Mapping[str, Markup] = field(default_factory=dict)

    def get(self, path: str) -> Any:
        """Return what stands at a path such as ``trial_effects.3.raw``, or None."""
        return look_up(self.summary, path)

    def has(self, path: str) -> bool:
        """Whether something stands at a path."""
        return self.get(path) is not None

    def setting(self, path: str) -> Any:
        """Return a setting, or None."""
        return look_up(self.settings, path)

    @cached_property
    def digits(self) -> int:
        """Decimals of everything in outcome units, from the spread of the headline."""
        return effect_digits(self.summary)

    @property
    def unit(self) -> str:
        """The outcome's unit in words."""
        return effect_unit(self.summary)

    @property
    def headline(self) -> str:
        """Where the headline stands, see :func:`headline_path`."""
        return headline_path(self.summary)

    def number(self, path: str, digits: int | None = None) -> Markup:
        """Return the number at a path, with its key; decimals are those of the outcome unless given."""
        digits = self.digits if digits is None else digits
        return _NUMBER.format(key=path, form=digits, text=shown(self.get(path), digits))

    def root(self, path: str) -> Markup:
        """Return the square root of a number, or of a pair: a variance shown as a standard deviation."""
        if isinstance(self.get(path), Sequence):
            return _INTERVAL.format(self.root(f"{path}.0"), "to", self.root(f"{path}.1"))
        return _NUMBER.format(key=path, form=f"sqrt:{self.digits}", text=shown(self.get(path) ** 0.5, self.digits))

    def count(self, path: str) -> Markup:
        """Return a whole number."""
        return self.number(path, 0)

    def total(self, path: str) -> Markup:
        """Return the sum over a list, ``flow.*.analyzed``; absent entries count as none."""
        table, column = path.split(".*.")
        return _SUM.format(key=path, text=shown(sum(row.get(column, 0) for row in self.get(table)), 0))

    def words(self, path: str) -> Markup:
        """Return a text of the summary as it stands there, with its key: it may hold numbers of its own."""
        return _TEXT.format(key=path, text=self.get(path))

    def tally(self, table: str, name: str, number: int) -> Markup:
        """Return how many rows of a list are of a kind; ``name`` says which, as ``sensitivity:includes_zero``."""
        return _TALLY.format(key=f"{table}:{name}", text=shown(number, 0))

    def year(self, path: str) -> Markup:
        """Return a year: no comma between its thousands."""
        return _NUMBER.format(key=path, form=0, text=str(self.get(path)))

    def plain(self, path: str) -> Markup:
        """Return a number of the design (a dose, a time, a year) as it was stated: not rounded, no comma in it."""
        value = float(self.get(path))
        text = f"{value:g}" if f"{value:g}" == repr(value).removesuffix(".0") else repr(value)
        digits = len(text.partition(".")[2]) if "e" not in text else 0
        return _NUMBER.format(key=path, form=digits, text=shown(value, digits).replace(",", ""))

    def stated(self, path: str) -> Markup:
        """Return a value of the design as it was stated: a category by its name, a number without rounding."""
        return self.words(f"{path}_label") if self.has(f"{path}_label") else self.plain(path)

    def probability(self, path: str) -> Markup:
        """Return a probability; beyond a thousandth of 0 or 1 the bound is shown, as draws cannot say more."""
        value = self.get(path)
        digits = 2 if 0.01 <= value <= 0.99 else 3
        text = shown(value, digits)
        if value < _SMALLEST or value > 1 - _SMALLEST:
            text = f"< {_SMALLEST}" if value < _SMALLEST else f"> {1 - _SMALLEST}"
        return _NUMBER.format(key=path, form=f"probability:{digits}", text=text)

    def interval(self, path: str, digits: int | None = None, *, word: str = "to") -> Markup:
        """Return ``low to high`` of an estimate, or of a pair of numbers."""
        ends = ("0", "1") if isinstance(self.get(path), Sequence) else ("q2.5", "q97.5")
        low, high = (self.number(f"{path}.{end}", digits) for end in ends)
        return _INTERVAL.format(low, word, high)

    def estimate(self, path: str, digits: int | None = None, *, center: str = "mean") -> Markup:
        """Return ``mean (95% interval low to high)``."""
        middle = self.number(f"{path}.{center}", digits)
        return Markup("{} (95% interval {})").format(middle, self.interval(path, digits))

    def own_digits(self, path: str) -> int:
        """Return the decimals of an estimate that is not in outcome units."""
        return self.digits_of(self.get(f"{path}.sd"))

    @staticmethod
    def digits_of(spread: float) -> int:
        """Return the decimals that a spread deserves."""
        return digits_for(spread)


def say(sentence: str, **parts: Any) -> Markup:
    """Return a sentence of the package with parts put in; parts that are not Markup are escaped."""
    return Markup(sentence).format(**parts)


def look_up(node: Any, path: str) -> Any:
    """Return what stands at a dotted path; keys may hold dots themselves (``q2.5``). None where nothing stands."""
    if not path:
        return node
    if isinstance(node, Mapping):
        for key in node:
            rest = path.removeprefix(str(key))
            if rest != path and rest[:1] in ("", "."):
                found = look_up(node[key], rest[1:])
                if found is not None:
                    return found
        return None
    head, _, rest = path.partition(".")
    if isinstance(node, Sequence) and not isinstance(node, str) and head.isdigit() and int(head) < len(node):
        return look_up(node[int(head)], rest)
    return None


def effect_unit(summary: Mapping[str, Any]) -> str:
    """Return the outcome's unit in words."""
    return str(summary.get("unit") or METRICS.get(summary["metric"], summary["metric"]))


def headline_path(summary: Mapping[str, Any]) -> str:
    """Return where the headline stands: ``""`` or ``bayes_two_stage.``; ``two_stage`` without any Bayesian one."""
    return next((p for p in ("", "bayes_two_stage.") if look_up(summary, f"{p}pooled_effect") is not None), "two_stage")


def effect_digits(summary: Mapping[str, Any]) -> int:
    """Return the decimals of everything in outcome units: two significant figures of the headline's SD."""
    for path in ("pooled_effect.sd", "bayes_two_stage.pooled_effect.sd", "two_stage.se"):
        spread = look_up(summary, path)
        if spread is not None:
            return digits_for(spread)
    errors = [row["raw_se"] for row in summary["trial_effects"] if "raw_se" in row]
    return digits_for(median(errors)) if errors else 2
