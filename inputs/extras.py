"""The distribution, and what only some of its commands need: the extras of pyproject.toml, and how to get them."""

from __future__ import annotations

import importlib
import importlib.util
from importlib.metadata import PackageNotFoundError, version
from types import ModuleType

from inputs.errors import StockpileError

DISTRIBUTION = "stockpile-planner"
"""The name that pip knows; `stockpile` is the command (on the public index, that name is somebody else's)."""

EXTRAS = {
    "cluster": ("distributed", "a cluster needs dask.distributed"),
    "html": ("plotly", "the page needs plotly for its charts"),
    "large": ("highspy_extras", "the solver hipo needs highspy-extras"),
    "parquet": ("pyarrow", "a .parquet file needs pyarrow"),
    "sensitivity": ("SALib", "morris and sobol-indices need SALib"),
    "service": ("fastapi", "the service needs fastapi and uvicorn"),
}
"""Of each extra the module that it brings, and what needs it."""


class MissingExtra(StockpileError):
    """An extra is asked for that is not installed."""


def missing(extra: str) -> str:
    """What to tell the user where an extra is not installed; "" where it is."""
    module, need = EXTRAS[extra]
    if importlib.util.find_spec(module):
        return ""
    return f'{need}, and it is not installed; in the folder of the project, run: pip install ".[{extra}]"'


def module_of(extra: str, name: str = "") -> ModuleType:
    """The module that an extra brings, or one within it ("sample.sobol"). Raises MissingExtra."""
    if text := missing(extra):
        raise MissingExtra(text)
    module, _ = EXTRAS[extra]
    return importlib.import_module(f"{module}.{name}" if name else module)


def installed_version(distribution: str = DISTRIBUTION) -> str:
    """The version of an installed distribution, in words where there is none."""
    try:
        return version(distribution)
    except PackageNotFoundError:
        return "not installed as a package"
