"""Benchmarks, run by hand: `python3 manage.py bench`. Their figures stand in docs/performance.md."""
