"""Processes that end with the service."""

from __future__ import annotations

import subprocess
import sys

import psutil
import pytest

from tests.kit.house import HOUSE
from tests.kit.service import until

PARENT = """
import subprocess, sys, time
from cli.service.warm import command_of
child = subprocess.Popen(command_of(4_000_000_000, "timeit", "-n1", "-r1", "import time; time.sleep(600)"), stdin=subprocess.PIPE, start_new_session=True)
print(child.pid, flush=True)
time.sleep(600)
"""


@pytest.mark.slow
def test_a_process_ends_with_the_one_that_began_it_whatever_it_does() -> None:
    """It is asked nothing, reads nothing and sleeps for ten minutes; the one that began it is killed."""
    parent = subprocess.Popen([sys.executable, "-c", PARENT], stdout=subprocess.PIPE, text=True, cwd=HOUSE)
    assert parent.stdout
    with parent, parent.stdout as said:
        child = psutil.Process(int(said.readline()))
        until(lambda: child.num_threads() > 1)
        parent.kill()
    until(lambda: not child.is_running() or child.status() == psutil.STATUS_ZOMBIE, 20)
