"""The program as arrays, HiGHS, and the check of its answers."""
