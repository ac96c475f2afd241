"""An analysis: which data, which question, which model."""

from dataclasses import dataclass, replace
from functools import cached_property
from pathlib import Path
from textwrap import wrap

from ipdma._screen import COLUMNS, screen
from ipdma._yaml import did_you_mean
from ipdma.analysis_file.read import read_analysis
from ipdma.analysis_file.write import analysis_yaml
from ipdma.design.design import Design, build_design
from ipdma.design.kept import with_constants_of
from ipdma.errors import AnalysisError, DesignError, PriorError
from ipdma.estimand import Estimand
from ipdma.harmonize.consortium import Consortium
from ipdma.models.build_inputs import build_inputs, without_trials
from ipdma.models.inputs import Inputs
from ipdma.models.model_lines import model_lines, prior_lines
from ipdma.models.one_stage import OneStage


@dataclass(frozen=True, eq=False)
class Analysis:
    """The unit of reproducibility: a frozen value; a sensitivity analysis is another value.

    Parameters
    ----------
    consortium, estimand, model
        The harmonized trials, the question, and the one-stage model.
    without
        Trials left out of the likelihood. The design, and with it every constant taken from the data, is that of all
        trials, and so is the compiled code.
    constants_of
        The design whose constants are kept (a sensitivity analysis on other data); else the analysis has its own.

    Examples
    --------
    >>> from dataclasses import fields
    >>> [field.name for field in fields(Analysis)]
    ['consortium', 'estimand', 'model', 'without', 'constants_of']
    """

    consortium: Consortium
    estimand: Estimand
    model: OneStage
    without: tuple[str, ...] = ()
    constants_of: Design | None = None

    @classmethod
    def from_yaml(cls, path: Path | str, consortium: Consortium, *, model: int = 0) -> "Analysis":
        """Return an analysis as its file asks for it.

        Parameters
        ----------
        path
            An analysis file; :func:`ipdma.read_analysis` gives all that stands in it, its sampling and sensitivity too.
        consortium
            The harmonized trials.
        model
            Which of the file's models: 0 the headline, 1 and on those that stand beside it, in the file's order.

        Raises
        ------
        YamlError, AnalysisError
            As :func:`ipdma.read_analysis`; also if the file has no such model.
        """
        file = read_analysis(Path(path))
        count = len(file.models)
        if not 0 <= model < count:
            raise AnalysisError(f"{Path(path).name} asks for {count} model(s), 0 being the headline; not for {model}.")
        return cls(consortium, file.estimand, file.models[model])

    def to_yaml(self) -> str:
        """Return the text of an analysis file that asks for this.

        It is the file's headline; with interactions across trials model 1 of it, with curves the last.

        Raises
        ------
        AnalysisError
            If no file asks for it: a sensitivity analysis that leaves out trials or keeps the constants of another
            analysis, or curves beside interactions across trials.
        """
        if self.without or self.constants_of is not None:
            raise AnalysisError(
                "this is a sensitivity analysis of another one, which leaves out trials or keeps its constants: it has "
                "no file of its own. Write the file of that analysis, and name this one there under sensitivity."
            )
        return analysis_yaml(self.estimand, self.model, instruments=self.consortium.scales)

    @cached_property
    def design(self) -> Design:
        """The arrays the model reads.

        Raises
        ------
        DesignError
            If the tables cannot answer the question.
        """
        design = build_design(self.consortium, self.estimand, self.model.terms)
        return with_constants_of(design, self.constants_of) if self.constants_of is not None else design

    @cached_property
    def inputs(self) -> Inputs:
        """The numbers the compiled model reads.

        Raises
        ------
        DesignError
            If the tables cannot answer the question, or ``without`` leaves no trial.
        AnalysisError, PriorError
            If a prior does not fit the model.
        """
        positions = [self.design.trials.index(trial) for trial in self.without]
        return without_trials(self._of_all_trials, positions) if positions else self._of_all_trials

    @cached_property
    def _of_all_trials(self) -> Inputs:
        return build_inputs(self.design, self.model)

    def with_model(self, model: OneStage) -> "Analysis":
        """Return the same question of the same data with another model."""
        other = replace(self, model=model)
        return self._share(other, "design") if model.terms == self.model.terms else other

    def leave_out(self, *trials: str) -> "Analysis":
        """Return the analysis without some trials; every constant taken from the data stays as it is.

        Raises
        ------
        DesignError
            If a trial is not in the design.
        """
        for trial in trials:
            if trial not in self.design.trials:
                raise DesignError(f"there is no trial '{trial}' to leave out{did_you_mean(trial, self.design.trials)}")
        return self._share(replace(self, without=(*self.without, *trials)), "design", "_of_all_trials")

    def _share(self, other: "Analysis", *names: str) -> "Analysis":
        """Hand on what was computed already: a grid of sixty variants reads the tables once."""
        vars(other).update({name: vars(self)[name] for name in names if name in vars(self)})
        return other

    def __repr__(self) -> str:
        e = self.estimand
        return f"<Analysis: {e.treatment} against {e.control}, {e.outcome} at {e.visit}, metric {e.metric}>"

    def __str__(self) -> str:
        """Question, model, data and priors on one screen; a question the tables cannot answer says why."""
        e = self.estimand
        lines = [f"Analysis: {e.treatment} against {e.control}"]
        lines.append(f"outcome     {e.outcome} at {e.visit}, metric {e.metric}")
        lines += [f"include     {e.include}"] if e.include else []
        lines += model_lines(self.model)
        try:
            lines += _data_lines(self.design, self.without)
            return screen([*lines, "priors", *prior_lines(self.inputs.priors.described, self.model)], of="priors")
        except (AnalysisError, DesignError, PriorError) as error:
            return screen([*lines, *wrap(f"refused: {error}", COLUMNS)])


def _data_lines(design: Design, without: tuple[str, ...]) -> list[str]:
    """Return what is analyzed, and the constants taken from it."""
    lines = [f"data        {len(design.trials)} trials, {len(design.rows)} participants analyzed"]
    lines += [f"without     {', '.join(without)}"] if without else []
    lines.append(f"scale       s = {design.baseline_sd:.4g}, the pooled baseline SD, in {design.unit}")
    units = {name: "" if unit == "1" else f" {unit}" for name, unit in design.units.items()}
    reference = [f"{name} {value:g}{units[name].rstrip()}" for name, value in design.reference.items()]
    return [*lines, *([f"reference   {', '.join(reference)}"] if reference else [])]
