"""The command `stockpile`: it reads the command line, calls, and says one line."""
