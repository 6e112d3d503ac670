"""Run the benchmarks: print a table each and write `bench-results/<name>.json`."""

import sys
from pathlib import Path

from tests.bench.harness import discover, run_benchmarks

if __name__ == "__main__":
    sys.exit(run_benchmarks(discover(), Path("bench-results"), sys.argv[1:]))
