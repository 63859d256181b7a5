"""The exit codes of the command, beside that of an interruption."""

DONE, BAD_INPUT, NO_PLAN, STOPPED, SOME_FAILED, NOT_PROVED, UNSOLVED = 0, 2, 3, 4, 5, 6, 7
