"""Sphinx configuration; warnings are errors (`make docs`)."""

from __future__ import annotations

import sys
from pathlib import Path

ROOT = Path(__file__).parent.parent
sys.path.insert(0, str(ROOT))

project = "airflow_mlsecops"
author = "the airflow_mlsecops authors"
extensions = ["myst_parser"]
myst_enable_extensions = ["colon_fence", "deflist"]
myst_heading_anchors = 3
html_theme = "furo"
html_title = "MLSecOps for Airflow"
exclude_patterns = ["_build"]
nitpicky = True


def _generate(_app: object) -> None:
    """Write the pages that are generated from the code, so that they cannot fall behind it."""
    from airflow_mlsecops.checks import all_checks
    from airflow_mlsecops.cli import catalogue, controls
    from airflow_mlsecops.detectors import all_detectors
    from airflow_mlsecops.policy.reference import reference_markdown, transformations_markdown
    from tests.isolation import proofs

    folder = Path(__file__).parent / "reference"
    (folder / "policy.md").write_text(reference_markdown())
    (folder / "transformations.md").write_text(transformations_markdown())
    (folder / "entities.md").write_text(catalogue.markdown(all_detectors()))
    (folder / "checks.md").write_text(controls.markdown(all_checks().values()))
    (folder / "proofs.md").write_text(proofs.markdown())


def setup(app: object) -> None:
    """Generate before anything is read."""
    app.connect("builder-inited", _generate)  # type: ignore[attr-defined]
