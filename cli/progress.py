"""Stages as they pass: a spinner on a terminal, plain lines elsewhere. All on standard error."""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager


@contextmanager
def showing_stages() -> Iterator[Callable[[str], None]]:
    """A function to call with the name of each stage as it begins."""
    if sys.stderr.isatty():
        from rich.console import Console

        with Console(stderr=True).status("starting") as status:
            yield lambda stage: status.update(f"{stage} ...")
    else:
        yield lambda stage: print(f"{stage} ...", file=sys.stderr, flush=True)
