"""What only some commands need is said in one place, as pyproject.toml has it."""

import re
import sys
import tomllib
from importlib.util import find_spec

import pytest

from inputs.extras import DISTRIBUTION, EXTRAS, MissingExtra, installed_version, missing, module_of
from tests.kit.house import HOUSE

PROJECT = tomllib.loads((HOUSE / "pyproject.toml").read_text(encoding="utf-8"))["project"]


def test_the_extras_are_those_of_the_distribution() -> None:
    """Each but dev brings the module that its commands import."""
    packages = {
        extra: [re.findall(r"^[A-Za-z-]+", of[0])[0].replace("-", "_")]
        for extra, of in PROJECT["optional-dependencies"].items()
        if extra != "dev"
    }

    assert PROJECT["name"] == DISTRIBUTION
    assert {extra: [module] for extra, (module, _) in EXTRAS.items()} == packages


def test_nothing_else_advises_a_package_of_that_name() -> None:
    """`pip install stockpile` would fetch somebody else's package from the public index."""
    texts = [*(path for room in ("cli", "inputs", "model", "outputs") for path in (HOUSE / room).rglob("*.py")), *HOUSE.glob("*.md")]

    assert [
        path.name
        for path in texts
        if re.search(rf"stockpile\[({'|'.join(EXTRAS)}|dev)\b|install \"?stockpile\b(?!-)", path.read_text(encoding="utf-8"))
    ] == []


@pytest.mark.parametrize("extra", EXTRAS)
def test_an_extra_that_is_missing_is_named_with_what_brings_it(extra: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """Python takes None for a module that cannot be imported."""
    module, need = EXTRAS[extra]
    there = find_spec(module) is not None
    before = missing(extra)
    monkeypatch.setitem(sys.modules, module, None)
    with pytest.raises(MissingExtra) as refused:
        module_of(extra)

    assert bool(before) is not there
    assert str(refused.value) == f'{need}, and it is not installed; in the folder of the project, run: pip install ".[{extra}]"'


def test_versions_are_those_of_the_installed_distributions() -> None:
    """Run from a folder without being installed, the program says so instead of failing."""
    assert installed_version() in (PROJECT["version"], "not installed as a package")
    assert re.fullmatch(r"[0-9.]+", installed_version("highspy"))
    assert installed_version("no-such-distribution") == "not installed as a package"
