"""Stress: what a plan gives in futures that it was not made for, each replayed period by period without foresight."""
