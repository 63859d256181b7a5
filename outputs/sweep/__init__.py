"""The tables, findings and sheets of a sweep."""
