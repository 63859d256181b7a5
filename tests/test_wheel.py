"""The built wheel in a fresh environment, far from the sources: what is not in it is missed here."""

import os
import shutil
import subprocess
import sys
import sysconfig
import venv
import zipfile
from pathlib import Path

import pytest

from tests.kit.house import HOUSE

PACKAGES = ("cli", "inputs", "model", "outputs")


@pytest.fixture(scope="module")
def wheel(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The wheel, built from a copy, so that no build folder of the past gets into it."""
    folder = tmp_path_factory.mktemp("wheel")
    for package in PACKAGES:
        shutil.copytree(HOUSE / package, folder / "sources" / package, ignore=shutil.ignore_patterns("__pycache__"))
    for name in ("pyproject.toml", "README.md", "LICENSE"):
        shutil.copy(HOUSE / name, folder / "sources")
    run(folder, sys.executable, "-m", "pip", "wheel", "-q", "--no-deps", "-w", str(folder), "./sources")
    return next(folder.glob("*.whl"))


def run(folder: Path, *command: str) -> str:
    """What a command prints; a failure shows what it said."""
    environment = {name: value for name, value in os.environ.items() if name != "PYTHONPATH"}
    done = subprocess.run(command, cwd=folder, env=environment, capture_output=True, text=True)
    assert done.returncode == 0, done.stdout + done.stderr
    return done.stdout


@pytest.mark.slow
def test_the_wheel_plans_the_teaching_case_from_another_folder(wheel: Path, tmp_path: Path) -> None:
    """The dependencies are those of this environment, by a path file; the project itself comes from the wheel alone. 42.6 is worked out in the README."""
    fresh = tmp_path / "fresh"
    venv.create(fresh, with_pip=False)
    scripts = fresh / ("Scripts" if sys.platform == "win32" else "bin")
    site = Path(sysconfig.get_path("purelib", vars={"base": str(fresh)}))
    run(tmp_path, sys.executable, "-m", "pip", "--python", str(scripts / "python"), "install", "-q", "--no-deps", "--no-index", str(wheel))
    (site / "dependencies.pth").write_text(f"{sysconfig.get_path('purelib')}\n", encoding="utf-8")
    stockpile, work = str(scripts / "stockpile"), tmp_path / "work"
    work.mkdir()
    where = run(
        work, str(scripts / "python"), "-c", f"import {', '.join(PACKAGES)}; print(*(p.__path__[0] for p in ({', '.join(PACKAGES)})))"
    )
    run(work, stockpile, "new", "case.xlsx", "--case", "tutorial")
    checked, planned = run(work, stockpile, "check", "case.xlsx"), run(work, stockpile, "plan", "case.xlsx")

    assert all(Path(path).is_relative_to(fresh) for path in where.split())
    assert "ready to plan" in checked
    assert "optimal: expected cost 43.8 million USD" in planned
    assert (work / "case-plan.xlsx").exists()


@pytest.mark.slow
def test_the_wheel_has_every_file_of_the_packages(wheel: Path) -> None:
    """Sources, data, the page's style and script; each package says that it is typed."""
    files = {
        path
        for package in PACKAGES
        for path in (HOUSE / package).rglob("*")
        if path.suffix in (".py", ".csv", ".css", ".js", ".html", ".typed")
    }
    packed = zipfile.ZipFile(wheel).namelist()

    assert {path.relative_to(HOUSE).as_posix() for path in files} <= {*packed}
    assert {f"{path.parent.relative_to(HOUSE).as_posix()}/py.typed" for path in files if path.name == "__init__.py"} <= {*packed}
