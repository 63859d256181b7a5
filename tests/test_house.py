"""The rules of the house: which way imports go, what nothing is called, and that documents and code say the same."""

import ast
import re
import subprocess
import sys
from pathlib import Path

import pytest

from inputs.schema import SHEETS
from tests.kit.house import HOUSE

ORDER = ("inputs", "model", "outputs", "cli")
LONG_FILES = {
    "inputs/schema.py": "a table: every sheet and column, each a few lines",
}
LONG_FUNCTIONS = {
    "cli/commands/plan.py plan": "its options, a line each, are what the help of the command is made of",
    "cli/commands/serve.py serve": "its options, a line each, are what the help of the command is made of",
    "cli/commands/sweep.py sweep": "its options, a line each, are what the help of the command is made of",
}
"""What may be longer than 300 lines of a file or 50 of a function, and why."""

MODULES = [path for package in ORDER for path in sorted((HOUSE / package).rglob("*.py"))]


def name_of(path: Path) -> str:
    return path.relative_to(HOUSE).as_posix()


def names_imported(path: Path) -> set[str]:
    """The modules that a module imports, at its head or later."""
    found = set()
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            found |= {alias.name for alias in node.names}
        elif isinstance(node, ast.ImportFrom) and node.module and not node.level:
            found.add(node.module)
    return found


def imported(path: Path) -> set[str]:
    """The packages of the house among them."""
    return {name.partition(".")[0] for name in names_imported(path)} & {*ORDER, "tests"}


@pytest.mark.parametrize("path", MODULES, ids=lambda path: str(path.relative_to(HOUSE)))
def test_imports_go_one_way(path: Path) -> None:
    """cli -> outputs -> model -> inputs, and nothing imports the tests."""
    package = path.relative_to(HOUSE).parts[0]

    assert imported(path) <= set(ORDER[: ORDER.index(package) + 1])


def test_nothing_imports_the_command_line() -> None:
    """Tests aside: a service or a script calls `outputs`, as `cli` does."""
    callers = [*(HOUSE / "scripts").rglob("*.py"), *(HOUSE / "benchmarks").rglob("*.py"), *MODULES]
    found = {path.relative_to(HOUSE).as_posix() for path in callers if "cli" in imported(path)}

    assert {path for path in found if not path.startswith("cli/")} == set()


@pytest.mark.parametrize("path", sorted((HOUSE / "model" / "certificate").rglob("*.py")), ids=lambda path: path.name)
def test_the_certificate_trusts_nothing_but_inputs_and_numpy(path: Path) -> None:
    """It checks what the model computed, so it must not compute it the same way."""
    roots = {name.partition(".")[0] for name in names_imported(path) if not name.startswith("model.certificate")}

    assert roots - set(sys.stdlib_module_names) <= {"inputs", "numpy"}


def test_files_and_functions_are_short() -> None:
    """300 lines of a file and 50 of a function, but for those listed; what is listed is long."""
    files = {name_of(path) for path in MODULES if len(path.read_text(encoding="utf-8").splitlines()) > 300}
    functions = {
        f"{name_of(path)} {node.name}"
        for path in MODULES
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8")))
        if isinstance(node, ast.FunctionDef) and (node.end_lineno or 0) - node.lineno >= 50
    }

    assert files == {*LONG_FILES}
    assert functions == {*LONG_FUNCTIONS}


@pytest.mark.parametrize("path", MODULES, ids=lambda path: str(path.relative_to(HOUSE)))
def test_modules_say_what_they_are(path: Path) -> None:
    assert path.stem not in {"utils", "helpers", "common", "misc"}


def test_only_the_command_line_catches_the_users_errors() -> None:
    catching = [path for path in MODULES if "except StockpileError" in path.read_text(encoding="utf-8")]

    assert {path.relative_to(HOUSE).parts[0] for path in catching} == {"cli"}


def test_ci_runs_the_command_of_the_readme() -> None:
    """`.ci/run` takes the test command from the README, so that the two cannot differ."""
    commands = re.findall(r"```sh\n(.*?)\n```", (HOUSE / "README.md").read_text(encoding="utf-8"), re.DOTALL)
    printed = subprocess.run(["bash", str(HOUSE / ".ci" / "run"), "--print"], capture_output=True, text=True, check=True).stdout

    assert printed.strip() in [command.strip() for command in commands]
    assert "pytest" in printed


def test_every_shipped_data_file_is_in_the_package() -> None:
    """What `stockpile new --case` needs is named in pyproject.toml as package data."""
    import tomllib

    data = tomllib.loads((HOUSE / "pyproject.toml").read_text(encoding="utf-8"))["tool"]["setuptools"]["package-data"]["inputs"]
    packed = {path for pattern in data for path in (HOUSE / "inputs").glob(pattern)}

    assert {*(HOUSE / "inputs" / "us_2026").glob("*.csv"), *(HOUSE / "inputs" / "tutorial").glob("*.csv")} <= packed


def test_readme_lists_every_sheet_in_the_words_of_the_schema() -> None:
    readme = (HOUSE / "README.md").read_text(encoding="utf-8")
    listed = readme.split("<!-- workbook -->")[1].split("<!-- end -->")[0].strip().splitlines()[2:]

    assert listed == [f"| `{sheet.name}`{' *' if sheet.optional else ''} | {sheet.text} |" for sheet in SHEETS]
