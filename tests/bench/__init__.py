"""Benchmarks: ratios measured in one run, with fixed seeds; never part of the tests.

A benchmark is a module `bench_<name>.py` in this folder whose `run()` returns its figures by name.
"""
