"""What tests share: cases, faults, and processes to kill."""
