"""Sweeps: designs of points, their sharing among processes or a cluster, and the store of their results."""
