"""A headless Chromium to look at pages with."""

from __future__ import annotations

import os
import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import pytest

ARGUMENTS = (
    *("headless=new", "disable-dev-shm-usage", "no-sandbox", "disable-gpu", "disable-quic", "no-first-run"),
    *("disable-background-networking", "disable-sync", "disable-component-update", "window-size=1400,1800"),
)


@contextmanager
def chromium() -> Iterator[Any]:
    """Its driver; a developer's machine may be without one, but not one that tests for all (`CI`)."""
    pytest.importorskip("plotly", reason="plotly is not installed")
    webdriver = pytest.importorskip("selenium.webdriver", reason="selenium is not installed")
    browser, driver = shutil.which("chromium") or shutil.which("google-chrome"), shutil.which("chromedriver")
    if not browser or not driver:
        lacking = "no chromium and chromedriver on this machine; on Debian: apt-get install chromium chromium-driver"
        if os.environ.get("CI", "false") in ("", "0", "false"):
            pytest.skip(lacking)
        pytest.fail(lacking)
    options = webdriver.ChromeOptions()
    options.binary_location = browser
    with tempfile.TemporaryDirectory(ignore_cleanup_errors=True) as profile:
        for argument in (*ARGUMENTS, f"user-data-dir={profile}"):
            options.add_argument(f"--{argument}")
        options.set_capability("goog:loggingPrefs", {"browser": "ALL"})
        running = webdriver.Chrome(service=webdriver.ChromeService(driver), options=options)
        try:
            yield running
        finally:
            running.quit()
