"""Speed, measured and never tested: run as `python -m benchmarks.NAME`; `docs/speed.md` has the figures."""
