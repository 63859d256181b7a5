"""Workbook in, validated `Case` out: the schema, reading, rules, addresses of sweeps, and the shipped cases."""
