"""The command line: arguments in, one function called, its answer printed, an exit code out.

Nothing heavy is imported before a command runs, so that ``--help`` answers at once.
"""

import argparse
import io
import json
import os
import sys
import warnings
from collections.abc import Callable, Sequence
from importlib.metadata import version
from pathlib import Path
from typing import TYPE_CHECKING, Any, NoReturn

from ipdma.errors import IpdmaError, IpdmaWarning

if TYPE_CHECKING:
    from ipdma.project.reply import Reply

OK, WARNINGS, ERRORS, STOPPED = 0, 1, 2, 130


class UsageError(IpdmaError):
    """The command line itself is wrong."""


class _Parser(argparse.ArgumentParser):
    """A parser whose errors are one sentence."""

    def error(self, message: str) -> NoReturn:
        raise UsageError(f"{self.prog}: {message}; see '{self.prog} --help'.")


def main(arguments: Sequence[str] | None = None) -> int:
    """Run one command and return its exit code: 0, 1 for warnings under ``--strict``, 2 for errors."""
    given = sys.argv[1:] if arguments is None else arguments
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, io.TextIOWrapper):
            stream.reconfigure(errors="replace")  # a Windows console cannot show every character of a label
    try:
        chosen = build_parser().parse_args(given)
    except UsageError as error:
        return _fail("--json" in given, "UsageError", str(error))
    try:
        code = _run_command(chosen)
        sys.stdout.flush()
    except BrokenPipeError:  # who reads the pipe, like head, has all that was wanted
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return 0
    return code


def _run_command(chosen: argparse.Namespace) -> int:
    name = f"ipdma {chosen.command}"
    with warnings.catch_warnings(record=True) as caught:
        warnings.simplefilter("always", IpdmaWarning)
        try:
            reply = chosen.run(chosen)
        except IpdmaError as error:
            return _fail(chosen.json, type(error).__name__, f"{name}: {error}")
        except OSError as error:
            place = f" {Path(error.filename).name}" if isinstance(error.filename, str) else ""
            return _fail(
                chosen.json, "OSError", f"{name}: the system refused a file{place}: {error.strerror or error}."
            )
        except KeyboardInterrupt:
            print("stopped; results/ is as it was before.", file=sys.stderr)
            return STOPPED
    noted = [str(item.message) for item in caught if issubclass(item.category, IpdmaWarning)]
    return _answer(chosen, reply, list(dict.fromkeys(noted)))


def _fail(as_json: bool, kind: str, message: str) -> int:
    lines = message.splitlines()
    if len(lines) == 2:  # a heading and its only item
        message = f"{lines[0]} {lines[1].strip()}"
    if as_json:
        print(json.dumps({"ok": False, "error": {"kind": kind, "message": message}}))
    print(message, file=sys.stderr)
    return ERRORS


def _answer(chosen: argparse.Namespace, reply: "Reply", noted: list[str]) -> int:
    errors, noted = reply.of_severity("error"), reply.of_severity("warning") + noted
    if chosen.json:
        answer: dict[str, Any] = {"ok": not errors, **reply.data, "errors": errors, "warnings": noted}
        print(json.dumps(answer))
    else:
        print("\n".join(reply.lines), end="\n" if reply.lines else "")
    for kind, texts in (("error", errors), ("warning", noted)):
        for text in texts:
            print(f"{kind}: {text}", file=sys.stderr)
    if errors:
        return ERRORS
    return WARNINGS if noted and chosen.strict else OK


def build_parser() -> argparse.ArgumentParser:
    """Return the parser of all commands."""
    parser = _Parser(
        prog="ipdma",
        description="Individual participant data meta-analysis: from raw trial files to a citable report.",
        epilog="example: ipdma demo demo   (a simulated consortium, from raw files to demo/results/report.html)",
    )
    parser.add_argument("--version", action="version", version=f"ipdma {version('ipdma')}")
    commands = parser.add_subparsers(dest="command", metavar="COMMAND", required=True, parser_class=_Parser)
    for name, (add, run, title, text) in COMMANDS.items():
        command = commands.add_parser(
            name, help=title, description=text, formatter_class=argparse.RawDescriptionHelpFormatter
        )
        add(command)
        command.add_argument("--json", action="store_true", help="print errors and results as JSON, for programs")
        command.add_argument("--strict", action="store_true", help="exit with 1 if there are warnings")
        command.add_argument("--quiet", action="store_true", help="do not say what is being done")
        command.set_defaults(run=run)
    return parser


def _folder(command: argparse.ArgumentParser, text: str = "the project's folder") -> None:
    command.add_argument("folder", metavar="DIR", type=Path, help=text)


def _project(command: argparse.ArgumentParser) -> None:
    _folder(command)
    _without(command)


def _without(command: argparse.ArgumentParser) -> None:
    command.add_argument(
        "--without",
        metavar="TRIAL",
        action="append",
        default=[],
        help="leave a trial out; it stays in the flow with this reason (may be given several times)",
    )


def _sensitivity_arguments(command: argparse.ArgumentParser) -> None:
    command.add_argument("folder", metavar="DIR", type=Path, nargs="?", help="the project's folder")
    command.add_argument("--list", action="store_true", help="show which there are, and run nothing")
    command.add_argument(
        "--only", metavar="NAME", nargs="+", action="extend", help="these, in place of those that analysis.yaml names"
    )
    _without(command)


def _file(command: argparse.ArgumentParser) -> None:
    command.add_argument("file", metavar="FILE", type=Path, help="a .csv, .sav, .dta or .xlsx file")
    command.add_argument("--reader", help="csv, spss, stata or excel; else by the file's ending")
    command.add_argument("--sheet", help="name of the sheet of an Excel file")
    command.add_argument("--encoding", help="encoding of a text file, for example cp1252")
    command.add_argument("--delimiter", help="what separates the columns of a text file, for example ';'")
    command.add_argument("--decimal", help="decimal sign of a text file, for example ','")
    command.add_argument(
        "--header-row", type=int, nargs="+", help="row of the column names, from 1; several, if they make them together"
    )
    command.add_argument("--first-row", type=int, help="first row of the data, where it is not the one below the names")
    command.add_argument("--last-row", type=int, help="last row of the data, where remarks or a code book stand below")


def _cell(command: argparse.ArgumentParser) -> None:
    _folder(command)
    command.add_argument("table", metavar="TABLE", help="a common table, for example participants")
    command.add_argument("column", metavar="COLUMN", help="a column of it, for example age_years")
    command.add_argument("keys", metavar="KEY=VALUE", nargs="+", help="what names the row, for example trial=trial_a")


def _optional_folder(command: argparse.ArgumentParser) -> None:
    command.add_argument("folder", metavar="DIR", type=Path, nargs="?", help="a project: the methods it uses are added")


def _demo(chosen: argparse.Namespace) -> "Reply":
    from ipdma.project.demo import demo

    return demo(chosen.folder, quiet=chosen.quiet, only_files=chosen.only_files)


def _demo_arguments(command: argparse.ArgumentParser) -> None:
    _folder(command)
    command.add_argument("--only-files", action="store_true", help="write the project's files, and do not run it")


def _new(chosen: argparse.Namespace) -> "Reply":
    from ipdma.project.new import new

    return new(chosen.folder)


def _run(chosen: argparse.Namespace) -> "Reply":
    from ipdma.project.run import run

    return run(chosen.folder, without=chosen.without, quiet=chosen.quiet)


def _sensitivity(chosen: argparse.Namespace) -> "Reply":
    from ipdma.project.sensitivity import list_sensitivities, refuse_nothing_named

    if chosen.list:
        return list_sensitivities(chosen.folder)
    if chosen.folder is None:
        raise UsageError("name the project's folder, or say --list.")
    if chosen.only is None:
        refuse_nothing_named(chosen.folder)
    from ipdma.project.run import run

    return run(chosen.folder, without=chosen.without, only=chosen.only, quiet=chosen.quiet)


def _harmonize(chosen: argparse.Namespace) -> "Reply":
    from ipdma.project.tables import harmonize_folder

    return harmonize_folder(chosen.folder, without=chosen.without, quiet=chosen.quiet)


def _check(chosen: argparse.Namespace) -> "Reply":
    from ipdma.project.check import check_folder

    return check_folder(chosen.folder)


def _scan(chosen: argparse.Namespace) -> "Reply":
    from ipdma.project.scan import scan_file

    return scan_file(chosen.file, reader=chosen.reader, options=_reading(chosen))


def _draft(chosen: argparse.Namespace) -> "Reply":
    from ipdma.project.scan import draft_file

    return draft_file(chosen.file, reader=chosen.reader, options=_reading(chosen))


_HOW_READ = ("sheet", "encoding", "delimiter", "decimal", "first_row", "last_row")


def _reading(chosen: argparse.Namespace) -> dict[str, Any]:
    """Return how a file is read, as far as it is said."""
    given = {key: getattr(chosen, key) for key in (*_HOW_READ, "header_row")}
    given["header_row"] = given["header_row"][0] if len(given["header_row"] or ()) == 1 else given["header_row"]
    return {key: value for key, value in given.items() if value is not None}


def _explain(chosen: argparse.Namespace) -> "Reply":
    from ipdma.project.explain import explain_cell

    return explain_cell(chosen.folder, table=chosen.table, column=chosen.column, keys=chosen.keys)


def _cite(chosen: argparse.Namespace) -> "Reply":
    from ipdma.project.cite import cite

    return cite(chosen.folder)


Command = tuple[Callable[[argparse.ArgumentParser], None], Callable[[argparse.Namespace], "Reply"], str, str]
# Each command: its arguments, its function, one line, and what --help teaches.
COMMANDS: dict[str, Command] = {
    "demo": (
        _demo_arguments,
        _demo,
        "make and run a simulated consortium",
        "Copy the worked consortium's recipes and analysis into DIR, simulate the trials' raw files, and run.\n"
        "A folder that is not empty is refused. Everything in it is simulated.\n\n"
        "example: ipdma demo demo\n         then open demo/results/report.html\n"
        "         ipdma demo demo --only-files",
    ),
    "new": (
        _folder,
        _new,
        "start a project for your own data",
        "Make a commented project in DIR: analysis.yaml, trials.csv, a recipe for each of two tiny simulated trials.\n"
        "recipe_words.yaml explains every word that a recipe may hold.\n"
        "It runs as it is; replace the files one by one with your own.\n\n"
        "example: ipdma new my_review\n         ipdma run my_review",
    ),
    "run": (
        _project,
        _run,
        "everything, from raw files to the report",
        "Harmonize the raw files, fit the models of analysis.yaml, and write DIR/results: report.html, summary.json,\n"
        "tables, figures and provenance. results/ is replaced as a whole or not at all; raw/ is only read.\n\n"
        "example: ipdma run my_review\n         ipdma run my_review --without trial_b",
    ),
    "sensitivity": (
        _sensitivity_arguments,
        _sensitivity,
        "what the answer rests on: priors, trials, curves, metric",
        "Refit the analysis under each sensitivity analysis that analysis.yaml names, or under those of --only, and\n"
        "write DIR/results with them: sensitivity.json, tables/sensitivity.csv, the specification figure. 'ipdma run'\n"
        "does so for those named. What was fitted before is read back; an interrupted run goes on where it was.\n\n"
        "example: ipdma sensitivity my_review --only leave_one_trial_out tau_prior\n"
        "         ipdma sensitivity --list",
    ),
    "harmonize": (
        _project,
        _harmonize,
        "raw files and recipes to common tables",
        "Write DIR/private/harmonized: the common tables of all trials, with their origin and missing reasons.\n"
        "If nothing changed since the last time, they are read back.\n\n"
        "example: ipdma harmonize my_review",
    ),
    "check": (
        _folder,
        _check,
        "recipes against file headers, analysis against recipes",
        "Test the recipes against the headers of the raw files and the analysis against the recipes, without reading\n"
        "the data through. Nothing is written.\n\n"
        "example: ipdma check my_review",
    ),
    "explain": (
        _cell,
        _explain,
        "where one cell came from",
        "Print the source file and row of one cell of the common tables, what the file holds there, the line of the\n"
        "recipe, each step, corrections, and why a value is missing. Values are printed here and written nowhere.\n\n"
        "example: ipdma explain my_review participants age_years trial=trial_a participant_id=a01",
    ),
    "scan": (
        _file,
        _scan,
        "codebook of any raw file",
        "Print a codebook of a raw file: columns, labels, values and what looks odd. Counts under 5 are hidden.\n\n"
        "example: ipdma scan raw/trial_a.csv\n         ipdma scan export.csv --delimiter ';' --encoding cp1252",
    ),
    "draft": (
        _file,
        _draft,
        "a first recipe for a raw file",
        "Print a recipe that names every column of a raw file with what it holds; every line is undetermined, and\n"
        "most stand behind a sign #. Save it in recipes/, correct it, and run 'ipdma check'. Every word of a recipe\n"
        "stands with an example in recipe_words.yaml of the project that 'ipdma new' makes.\n\n"
        "example: ipdma draft raw/trial_a.csv > recipes/trial_a.yaml\n"
        "         ipdma draft export.xlsx --sheet Data --header-row 1 2 --last-row 122",
    ),
    "cite": (
        _optional_folder,
        _cite,
        "how to cite ipdma and the methods used",
        "Print how to cite the package and, for a project, each method that its analysis uses.\n\n"
        "example: ipdma cite\n         ipdma cite my_review",
    ),
}

if __name__ == "__main__":
    sys.exit(main())
