"""What the files in the folder of a run are called."""

from __future__ import annotations

REQUEST, CASE, OTHERS = "request.json", "case.xlsx", "others"
"""What a run reads: what is asked, the case, and the folder of what it is compared with."""

RESULT, LOG = "result.json", "log.txt"
"""What came of it, and what its libraries print."""

PLAN, PAGE, MENDED, SHOWN = "plan.xlsx", "page.html", "mended.xlsx", "shown.html"
"""A plan as a workbook and as a page, the copy with the least change made, and what the page of another kind of run shows."""
