"""Where the project and its known answers stand."""

from pathlib import Path

HOUSE = Path(__file__).parent.parent.parent
KNOWN_ANSWERS = HOUSE / "tests" / "known_answers"
