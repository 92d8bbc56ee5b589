"""Ratios against peers, measured in one interleaved run: ``python -m tests.benchmarks``."""
