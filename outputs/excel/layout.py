"""Where a table stands on its sheet."""

TITLE, TEXT, BACK, NAMES, UNITS, FIRST = range(6)
"""Rows (from 0) of the title, the sentence, the way back, the headings, the units and the first record."""

CONTENTS = "Contents"
"""The sheet to which each sheet's way back leads."""
