"""What belongs to the whole process, in one place that a server with threads can live with: Pyomo, the heap, the environment.

Nothing else in the house changes what all threads of a process share, but HiGHS's number of threads (`model.solver.highs`).
"""

from __future__ import annotations

import contextlib
import gc
import os
from collections.abc import Iterator, Mapping
from threading import RLock

from pyomo.common.gc_manager import PauseGC

PYOMO = RLock()
"""In one process Pyomo builds or reads one model at a time, however many threads there are."""

ENVIRONMENT = RLock()


@contextlib.contextmanager
def pyomo_alone() -> Iterator[None]:
    """Pyomo for this thread alone, and no garbage collection, which so many small objects would set off again and again.

    What was made meanwhile then counts as old: otherwise the first collection after it would look at all of it.
    """
    with PYOMO, PauseGC():
        yield
        if not gc.get_freeze_count():
            gc.freeze()
            gc.unfreeze()


def freeze_heap() -> None:
    """Hide from the garbage collector all that there is now: for a process that does nothing but solve, not for one that others share."""
    gc.collect()  # a model whose formulas were extracted is one knot of cycles
    gc.freeze()


@contextlib.contextmanager
def environment(values: Mapping[str, str]) -> Iterator[None]:
    """These variables for processes that begin meanwhile; one thread at a time."""
    with ENVIRONMENT:
        before = {name: os.environ.get(name) for name in values}
        os.environ.update(values)
        try:
            yield
        finally:
            for name, value in before.items():
                if value is None:
                    del os.environ[name]
                else:
                    os.environ[name] = value
