"""Benchmarks against peers: one command, both in one run, as a ratio."""
