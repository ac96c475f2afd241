"""Loading the sampler says nothing, also on a machine that never loaded it before and has no compiler."""

import os
import subprocess
import sys
from pathlib import Path


def test_no_import_warns(tmp_path: Path) -> None:
    # A fresh cache folder: the older ArviZ announces its next generation at the first import of a day. An empty PATH:
    # PyTensor warns where it finds no compiler.
    kept = {key: value for key, value in os.environ.items() if key not in ("PATH", "PYTENSOR_FLAGS")}
    environment = kept | {"XDG_CACHE_HOME": str(tmp_path), "PATH": str(tmp_path)}
    modules = "ipdma.fit, ipdma.posterior, ipdma.report.html, ipdma.project.run, ipdma.project.results"
    done = subprocess.run(
        [sys.executable, "-c", f"import {modules}"], env=environment, capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stderr
    assert done.stderr == ""
