"""Studies: questions that take more than one solve, asked of the program of a plan with other bounds."""
