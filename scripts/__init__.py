"""What prints the reference pages and checks the code."""
