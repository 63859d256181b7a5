"""The program as arrays, HiGHS, and the check of its answers."""

from typing import Any

from pyomo.common import dependencies

# Pyomo loads scipy.stats, spatial and integrate as soon as anything imports SciPy: a third of the start-up of `stockpile plan`,
# which needs scipy.sparse only. SciPy loads each of its parts by itself when it is asked for, so nothing is lost without it.
# Where SciPy was there before Pyomo, Pyomo has looked already, and there is nothing to put off.
_scipy: Any = dependencies.scipy_available
if isinstance(_scipy, dependencies.DeferredImportIndicator):
    _scipy._callback = None
