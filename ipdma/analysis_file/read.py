"""Read an analysis file into frozen values: the estimand, the models that are fitted and how they are sampled."""

import hashlib
import json
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any, Literal

from ipdma._yaml import line_of, plain, yaml_text
from ipdma.analysis_file.claim import read_claim
from ipdma.analysis_file.dosing import Dosing, curve_sets, read_dosing
from ipdma.analysis_file.layers import over, read_layers
from ipdma.analysis_file.node import Node, take
from ipdma.analysis_file.prior_names import ALWAYS, curve_names, is_of_curves
from ipdma.analysis_file.question import read_question
from ipdma.analysis_file.sensitivity import Variant, read_sensitivity
from ipdma.analysis_file.settings import Sampling, Settings, read_settings
from ipdma.curves.curve import MainCurve, ShiftCurve
from ipdma.curves.levelling import Levelling
from ipdma.errors import AnalysisError, PriorError
from ipdma.estimand import Estimand
from ipdma.models.one_stage import OneStage
from ipdma.models.two_stage_spec import TwoStage

KEYS = (
    "analysis",
    "extends",
    "outcome",
    "contrast",
    "include",
    "dosing",
    "curves",
    "main_dosing_variable",
    "reference",
    "moves",
    "contrasts",
    "claims",
    "modifiers",
    "prognostic_factors",
    "model",
    "priors",
    "missing_covariates",
    "minimal_important_difference",
    "population",
    "intercurrent_events",
    "sampling",
    "sensitivity",
)
# What a patch cannot say: it is a layer over one file, and has no variants of its own.
_NOT_IN_A_PATCH = ("analysis", "extends", "sensitivity")
_REQUIRED = {
    "outcome": "{construct: symptom_severity, visit: post}",
    "contrast": "{treatment: drug, control: placebo}",
}
_LATER = {
    "targets": "contrasts of two stated profiles",
}


@dataclass(frozen=True, kw_only=True, eq=False)
class AnalysisFile:
    """What an analysis file asks for.

    Parameters
    ----------
    name
        The file's name without its ending.
    estimand
        The question.
    plain
        The model of the headline: no curve; modifiers and prognostic factors are in it.
    beside
        The models that stand beside the headline: where there are modifiers the plain one with interactions across
        trials, then one for each curve. No other model has a term that compares trials beside its curves.
    two_stage
        The two-stage analysis that stands beside (``form`` "one_stage") or is the headline ("two_stage").
    sampling, form
        Seed and numbers of draws; which form is the headline.
    settings
        The file's keys as plain values, with those of the file it extends.
    sha256
        Hash of the file and of the files it extends.
    claim
        The landmarks of the one claim that carries words, in the unit of the main variable's reference.
    sensitivity
        The sensitivity analyses: the name of a built-in one, or (name, patch of this file).
    nodes
        The file's keys with their lines: what a patch is laid over, and where errors point.
    """

    name: str
    estimand: Estimand
    plain: OneStage
    beside: tuple[OneStage, ...]
    two_stage: TwoStage
    sampling: Sampling
    form: Literal["one_stage", "two_stage"]
    settings: Mapping[str, Any]
    sha256: str
    claim: Levelling | None = None
    sensitivity: tuple[Variant, ...] = ()
    nodes: Mapping[str, Node] = field(default_factory=dict, repr=False)

    @property
    def models(self) -> tuple[OneStage, ...]:
        """The plain model first, then those beside it."""
        return (self.plain, *self.beside)

    def to_yaml(self) -> str:
        """Return the text of one file that asks for the same, with the keys of the files it extends written out."""
        return yaml_text({key: value for key, value in self.settings.items() if key != "extends"})


def read_analysis(path: Path | str) -> AnalysisFile:
    """Read an analysis file.

    Parameters
    ----------
    path
        An ``analysis.yaml``, or ``analyses/<name>.yaml`` that may extend another file of its folder. Settings by name
        (outcome, contrast, reference, moves, model, priors, intercurrent_events, sampling) are changed one by one; any
        other key of the extending file replaces the same key of the extended one, and a key with nothing after it takes
        it out.

    Raises
    ------
    YamlError
        If a file is absent or not YAML.
    AnalysisError
        If it asks for something unknown, contradictory or not in this version. All errors are in the message, each
        with its line.
    """
    problems: list[str] = []
    path = Path(path)
    nodes, digest = read_layers(path, KEYS, _LATER, problems)
    file = _read(nodes, problems, name=path.stem, file=path.name, sha256=digest)
    for variant in file.sensitivity:
        if not isinstance(variant, str):
            patched(file, variant[1])
    return file


def patched(file: AnalysisFile, change: Mapping[str, Any]) -> AnalysisFile:
    """Return the analysis file with a patch laid over it, read and checked as a file that extends it.

    Parameters
    ----------
    file
        What :func:`read_analysis` gave.
    change
        A partial analysis file; lines are named where it comes from a YAML file. It has no sensitivity analyses of its
        own, and the result has none.

    Raises
    ------
    AnalysisError
        As for :func:`read_analysis`.
    """
    problems: list[str] = []
    source = file.nodes["sensitivity"].file if "sensitivity" in file.nodes else f"{file.name}.yaml"
    root = Node(value=change, file=source, line=line_of(change), problems=problems)
    own = root.keys([key for key in KEYS if key not in _NOT_IN_A_PATCH])
    base = {key: node for key, node in file.nodes.items() if key != "sensitivity"}
    said = json.dumps(plain(change), sort_keys=True, default=str)
    digest = hashlib.sha256((file.sha256 + said).encode()).hexdigest()
    return _read(over(own, base, problems), problems, name=file.name, file=source, sha256=digest)


def _read(nodes: Mapping[str, Node], problems: list[str], *, name: str, file: str, sha256: str) -> AnalysisFile:
    take(nodes, "analysis", _version, 1)
    problems += [
        f"{file}: '{key}' is missing; write for example {key}: {example}."
        for key, example in _REQUIRED.items()
        if key not in nodes
    ]
    question = read_question(nodes)
    before = len(problems)
    dosing = read_dosing(nodes)
    refused = len(problems) > before and not dosing.mains  # that the claim has no curve follows from it
    settings = read_settings(nodes, dosing)
    claim = None if refused else read_claim(nodes, dosing)
    sensitivity: tuple[Variant, ...] = take(nodes, "sensitivity", read_sensitivity, ())
    if problems:
        raise AnalysisError(_all(file, problems))
    try:
        models = _models(settings, dosing, claim)
    except (AnalysisError, PriorError) as error:
        place = nodes.get("priors" if isinstance(error, PriorError) else "model")
        raise (place.error(str(error)) if place else AnalysisError(f"{file}: {error}")) from None
    return AnalysisFile(
        name=name,
        estimand=Estimand(
            **question,
            reference=dosing.reference,
            moves=dosing.moves,
            contrasts=dosing.contrasts,
            coding=settings.coding,
        ),
        **models,
        sampling=settings.sampling,
        form=settings.model.form,
        settings={key: node.plain() for key, node in nodes.items()},
        sha256=sha256,
        claim=claim,
        sensitivity=sensitivity,
        nodes=nodes,
    )


def _models(settings: Settings, dosing: Dosing, claim: Levelling | None) -> dict[str, Any]:
    plain = _one_stage(settings, None, (), None)
    across = [replace(plain, interaction_across=True)] if plain.modifiers else []
    return {
        "plain": plain,
        "beside": (*across, *(_one_stage(settings, main, shifts, claim) for main, shifts in curve_sets(dosing))),
        "two_stage": TwoStage(
            adjustment=settings.model.adjustment,
            priors={name: settings.priors[name] for name in ("effect", "tau") if name in settings.priors},
        ),
    }


def _version(node: Node) -> int:
    if node.value != 1:
        raise node.error("analysis is the version of this file's format; this version of ipdma reads analysis: 1.")
    return 1


def _all(file: str, problems: Sequence[str]) -> str:
    found = sorted(dict.fromkeys(problems), key=_line)
    if len(found) == 1:
        return found[0]
    return "\n".join([f"{file} has {len(found)} errors:", *(f"  {problem}" for problem in found)])


def _line(problem: str) -> int:
    match = re.search(r" line (\d+): ", problem)
    return int(match.group(1)) if match else 0


def _one_stage(
    settings: Settings, main: MainCurve | None, shifts: tuple[ShiftCurve, ...], claim: Levelling | None
) -> OneStage:
    """Return a model with these curves; priors of parameters it does not have are left out."""
    own = curve_names(main, shifts)
    priors = {
        name: prior
        for name, prior in settings.priors.items()
        if name in ALWAYS or name.startswith(("within.", "across.", "prognostic.")) or is_of_curves(name, own)
    }
    return OneStage(
        main=main,
        levelling=claim if main is not None else None,
        shifts=shifts,
        modifiers=settings.modifiers,
        prognostic_factors=settings.prognostic_factors,
        priors=priors,
        **settings.model.options,
    )
