"""What a plan does not import: each of these takes as long to load as a small case takes to solve."""

from __future__ import annotations

import subprocess
import sys

from tests.kit.house import HOUSE

UNUSED = (
    "pyomo.environ",
    "scipy.stats",
    "scipy.optimize",
    "scipy.spatial",
    "scipy.integrate",
    "plotly",
    "dask",
    "distributed",
    "SALib",
    "matplotlib",
)


def loaded(code: str) -> list[str]:
    """Which of `UNUSED` a fresh process has imported after `code`."""
    code = f"import sys\n{code}\nprint([m for m in {UNUSED!r} if m in sys.modules])"
    done = subprocess.run([sys.executable, "-c", code], cwd=HOUSE, capture_output=True, text=True, check=True)
    return [name for name in UNUSED if repr(name) in done.stdout.splitlines()[-1]]


def test_a_plan_imports_of_scipy_only_what_it_needs() -> None:
    """From the shipped case to the plan, so that imports within functions are seen too."""
    code = "from inputs.workbook import read_case\nfrom outputs.excel.workbook import write_plan\nfrom model.plan import make_plan\nmake_plan(read_case('inputs/tutorial.xlsx'))"

    assert loaded(code) == []


def test_what_scipy_has_is_there_when_it_is_asked_for() -> None:
    """A sweep draws its points with scipy.stats; Pyomo finds the parts of SciPy that it names."""
    code = (
        "import model.plan\nfrom pyomo.common.dependencies import scipy\nassert scipy.stats.norm.cdf(0) == 0.5\nimport model.sweep.design"
    )

    assert "scipy.stats" in loaded(code)
