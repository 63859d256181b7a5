"""Why there is no plan: what contradicts what, the least that mends it, and the best that can be done without."""
