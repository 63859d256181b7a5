"""`Case` in, solved `Plan` out: the scenario tree, the linear program, and what solves it once or many times."""
