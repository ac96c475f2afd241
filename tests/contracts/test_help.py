"""Every command teaches by an example, and answers before anything heavy is loaded."""

import re
import subprocess
import sys

import pytest

from ipdma.cli import COMMANDS, build_parser

NOW = ["demo", "new", "run", "sensitivity", "harmonize", "check", "explain", "scan", "draft", "cite"]
LATER = ["diff", "queries", "export", "freeze"]
HEAVY = ["pymc", "pytensor", "arviz", "nutpie", "numba", "matplotlib", "pandas", "numpy", "scipy", "ruamel", "jinja2"]


def help_of(*arguments: str, capsys: pytest.CaptureFixture[str]) -> str:
    with pytest.raises(SystemExit, match="0"):
        build_parser().parse_args([*arguments, "--help"])
    return capsys.readouterr().out


def test_the_commands_are_those_of_this_version_and_no_stub() -> None:
    assert list(COMMANDS) == NOW


def test_the_overview_lists_every_command_and_an_example(capsys: pytest.CaptureFixture[str]) -> None:
    text = help_of(capsys=capsys)
    assert all(re.search(rf"\n    {name}\s", text) for name in NOW)
    assert "example: ipdma demo demo" in text
    assert not [name for name in LATER if re.search(rf"\n    {name}\s", text)]


@pytest.mark.parametrize("command", NOW)
def test_the_help_of_a_command_shows_an_example_of_it(command: str, capsys: pytest.CaptureFixture[str]) -> None:
    text = help_of(command, capsys=capsys)
    assert f"example: ipdma {command}" in text
    assert all(f"--{option}" in text for option in ("json", "strict", "quiet"))


@pytest.mark.parametrize("code", ["import ipdma", "from ipdma.cli import build_parser; build_parser()"])
def test_nothing_heavy_is_imported_before_it_is_used(code: str) -> None:
    found = f"import sys; {code}; print(*sorted(set({HEAVY}) & set(sys.modules)))"
    shown = subprocess.run([sys.executable, "-c", found], capture_output=True, text=True, check=True)
    assert shown.stdout.strip() == ""
