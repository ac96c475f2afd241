"""All exceptions and warnings of ipdma, on one page.

A message says what is wrong, where and how much of it; what it would do to the result; and what to do next.
It names files, tables, columns, counts and trials, never a participant's value or id.
"""

from typing import Any


class IpdmaError(Exception):
    """Any error a user can cause and mend; the command line prints its message as one sentence and exits with 2."""


class YamlError(IpdmaError):
    """A YAML file cannot be read: syntax, a key written twice, or nesting beyond what a recipe can need."""


class ReadError(IpdmaError):
    """A raw file cannot be read as its recipe says."""


class RecipeError(IpdmaError):
    """A recipe says something that cannot be done; ``problems`` holds (line, message) of everything found in it."""

    def __init__(self, message: str, *, problems: tuple[tuple[int, str], ...] = ()) -> None:
        super().__init__(message)
        self.problems = problems


class ExpressionError(IpdmaError):
    """An expression of a recipe or an analysis file is not one of the few that are allowed, or meets wrong values."""


class ScaleError(IpdmaError):
    """A scale file is incomplete or contradicts itself."""


class SchemaError(IpdmaError):
    """A file written by ipdma does not have the form that its schema version asks for."""


class HarmonizationError(IpdmaError):
    """Raw files and recipes do not give valid tables; the message lists every cause once, ``findings`` hold them."""

    def __init__(self, message: str, findings: tuple[Any, ...] = ()) -> None:
        super().__init__(message)
        self.findings = findings


class ExplainError(IpdmaError):
    """There is no such cell to explain, or the files it was made of changed since."""


class QuantityError(IpdmaError):
    """A number's unit is missing, unknown or of another kind."""


class PriorError(IpdmaError):
    """A prior is unknown or its numbers are impossible."""


class AnalysisError(IpdmaError):
    """An analysis file asks for something unknown or contradictory; the message names its line."""


class DesignError(IpdmaError):
    """The harmonized tables cannot answer the question the analysis asks."""


class FitError(IpdmaError):
    """A model could not be sampled."""


class SimulationError(IpdmaError):
    """A design or truth file cannot be simulated; the message names its line."""


class ProjectError(IpdmaError):
    """A project folder is not in the state a command needs."""


class IpdmaWarning(UserWarning):
    """Any warning of ipdma."""


class DesignWarning(IpdmaWarning):
    """The design leaves an answer weak: few trials, sparse doses, confounded terms."""


class SamplingWarning(IpdmaWarning):
    """The sampler's diagnostics say that its numbers should not be used."""
