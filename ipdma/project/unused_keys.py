"""What an analysis file says and its analysis does not use: said on top of the report, as nobody else would notice."""

from collections.abc import Iterator

from ipdma.analysis_file.read import AnalysisFile

_ONE_STAGE_ONLY = ("curves", "claims", "modifiers", "prognostic_factors")


def unused_keys(file: AnalysisFile) -> Iterator[str]:
    """Yield a sentence for each kind of key that is not used; keys of a file it extends among them."""
    if file.form == "two_stage":
        unused = [key for key in _ONE_STAGE_ONLY if key in file.nodes]
        if unused:
            verb = "is" if len(unused) == 1 else "are"
            yield f"Not used, as model.form is two_stage: {', '.join(unused)} {verb} of one-stage models only."
    elif "claims" in file.nodes and file.claim is None:
        yield (
            "No claim is made on levelling off: the file this one extends states one, and the first main curve here "
            "carries no words."
        )
