"""The tables of a plan, one file each: frames with units, formats of numbers, dates, words; no Excel."""
