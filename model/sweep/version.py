"""Which program solves a sweep: the versions of its packages, and its own sources, for an equation may change between two versions."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from functools import cache
from pathlib import Path

import inputs
import model
from inputs.errors import StockpileError
from inputs.extras import installed_version


class VersionError(StockpileError):
    """A process with another program than the one that began the sweep."""


@dataclass(frozen=True)
class ProgramVersion:
    """What results depend on besides case and design: `packages` by name and version, `sources` the SHA-256 of `inputs/` and `model/`."""

    packages: str
    sources: str

    def __str__(self) -> str:
        return f"{self.packages}, sources {self.sources[:12]}"


@cache
def program_version() -> ProgramVersion:
    """The program of this process, as it was when this was first asked."""
    packages = f"stockpile {installed_version()}, HiGHS {installed_version('highspy')}"
    return ProgramVersion(packages, digest_of(Path(inputs.__path__[0]), Path(model.__path__[0])))


def digest_of(*packages: Path) -> str:
    """The SHA-256 of all .py files of the folders of packages, by their names from there: the same wherever they are installed."""
    digest = hashlib.sha256()
    for package in packages:
        files = {path.relative_to(package.parent).as_posix(): path for path in package.rglob("*.py")}
        for name in sorted(files):
            source = files[name].read_bytes()
            digest.update(f"{name}\n{len(source)}\n".encode() + source)
    return digest.hexdigest()


def version_difference(before: ProgramVersion, now: ProgramVersion) -> str:
    """In which words two programs differ, "" where they do not."""
    if before.packages != now.packages:
        return f"it was written by {before.packages}, and this is {now.packages}."
    if before.sources != now.sources:
        return f"the program itself has changed since, in inputs/ or model/ (sources {before.sources[:12]} -> {now.sources[:12]})."
    return ""


def check_version(begun_with: ProgramVersion) -> None:
    """Raise VersionError where a sweep was begun with another program than that of this process."""
    if begun_with != program_version():
        raise VersionError(f"this is {program_version()}, and the sweep is run by {begun_with}")
