"""What a long command says, and the seconds it keeps."""

import io

from ipdma.project.progress import Progress


def test_a_step_is_announced_and_its_seconds_are_added_up() -> None:
    stream = io.StringIO()
    progress = Progress(stream=stream)
    for _ in range(2):
        with progress.step("fit", "fitting main"):
            pass
    assert stream.getvalue() == "fitting main ...\nfitting main ...\n"
    assert set(progress.seconds) == {"fit"}
    assert 0 <= progress.seconds["fit"] < 1


def test_quiet_says_nothing_and_keeps_the_seconds() -> None:
    stream = io.StringIO()
    progress = Progress(quiet=True, stream=stream)
    with progress.step("fit", "fitting main"):
        progress.say("more")
    assert stream.getvalue() == ""
    assert "fit" in progress.seconds
