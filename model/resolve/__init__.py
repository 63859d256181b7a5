"""Many cases of one structure: the numbers of the program as formulas of parameters, followed from case to case."""
