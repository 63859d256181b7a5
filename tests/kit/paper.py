"""How many pages a workbook is on paper, and what becomes of it, in LibreOffice."""

from __future__ import annotations

import subprocess
from pathlib import Path


def printed_pages(path: Path) -> int:
    """The pages of a workbook as LibreOffice prints it."""
    folder = path.parent
    command = ["soffice", f"-env:UserInstallation=file://{folder}/profile", "--headless", "--convert-to", "pdf", "--outdir", str(folder)]
    subprocess.run([*command, str(path)], check=True, capture_output=True, timeout=180)
    return path.with_suffix(".pdf").read_bytes().count(b"/Type/Page/")
