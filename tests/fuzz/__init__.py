"""Mutated workbooks, whatever comes of them."""
