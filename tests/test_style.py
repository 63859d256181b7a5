"""Format, lint and types, as `scripts/check` has them."""

import subprocess
import sys

import pytest

from tests.kit.house import HOUSE


@pytest.mark.parametrize("command", [["ruff", "format", "--check", "."], ["ruff", "check", "."], ["mypy"]], ids=" ".join)
def test_code_passes(command: list[str]) -> None:
    done = subprocess.run([sys.executable, "-m", *command], cwd=HOUSE, capture_output=True, text=True)

    assert done.returncode == 0, done.stdout + done.stderr
