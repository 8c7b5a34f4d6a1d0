"""What the single file runs: `dpscan-release FILE…` is `dpscan release FILE…`."""

from __future__ import annotations

import multiprocessing
import sys

from scanner.cli import main

if __name__ == "__main__":
    # The worker is this same file, started again: this call turns it into the worker.
    multiprocessing.freeze_support()
    sys.argv.insert(1, "release")
    main()
