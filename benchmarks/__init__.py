"""Measurements. `python -m benchmarks` runs them; each file is one part, listed in `__main__`."""
