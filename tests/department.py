"""The example department as tests use it: made afresh, scanned by the command itself."""

from __future__ import annotations

import importlib.util
import os
import subprocess
import sys
from pathlib import Path
from types import ModuleType

ROOT = Path(__file__).parents[1]
EXAMPLE = ROOT / "examples" / "department"


def generator() -> ModuleType:
    """`examples/department/generate.py` as a module."""
    spec = importlib.util.spec_from_file_location("department_generate", EXAMPLE / "generate.py")
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    sys.modules[spec.name] = module  # dataclasses look their module up
    spec.loader.exec_module(module)
    return module


def make(folder: Path, seed: int) -> Path:
    """A department of its own in `folder`; gives its configuration file."""
    generator().generate(folder, seed)
    config = folder / "dpscan.yaml"
    config.write_text((EXAMPLE / "dpscan.yaml").read_text(encoding="utf-8"), encoding="utf-8")
    return config


def dpscan(
    *arguments: str | Path, home: Path, cwd: Path | None = None, **env: str
) -> subprocess.CompletedProcess[str]:
    """Run the command as its user would."""
    return subprocess.run(
        [sys.executable, "-m", "scanner", *map(str, arguments)],
        capture_output=True,
        text=True,
        check=False,
        cwd=cwd or home,
        timeout=280,
        env={**os.environ, "DPSCAN_HOME": str(home), "COLUMNS": "200", "PYTHONPATH": str(ROOT), **env},
    )
