"""Make docs/summary.svg: the terminal summary of the example department.

python docs/picture.py
"""

from __future__ import annotations

import io
import os
import tempfile
from pathlib import Path

ROOT = Path(__file__).parents[1]


def main() -> None:
    with tempfile.TemporaryDirectory() as home:
        os.environ["DPSCAN_HOME"] = home
        from scanner import scan as pipeline
        from scanner.cli.summary import print_summary
        from scanner.cli.terminal import Terminal
        from scanner.config import load
        from scanner.history import History
        from scanner.ruleset import load_rules
        from scanner.targets import build_targets

        config = load(ROOT / "examples" / "department" / "dpscan.yaml")
        config = config.model_copy(update={"sampling": config.sampling.model_copy(update={"seed": "readme"})})
        with History.open(None) as history:
            rules = load_rules(None, None, ())
            report = pipeline.scan(config, build_targets(config, "docs"), rules, history, pipeline.Quiet())
        names = ("findings.csv", "holdings.csv", "gaps.csv", "report.html", "report.json", "report.sarif")
        console = Terminal(record=True, width=150, file=io.StringIO(), force_terminal=True)
        print_summary(console, report, [f"dpscan-report/{name}" for name in names])
        console.save_svg(
            str(ROOT / "docs" / "summary.svg"), title="dpscan scan -c examples/department/dpscan.yaml"
        )


if __name__ == "__main__":
    main()
