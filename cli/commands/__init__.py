"""The commands, one file each: read, call, write, say one line. Heavy imports wait until a command needs them."""
