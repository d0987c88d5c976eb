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
    from airflow_mlsecops.cli.catalogue import markdown
    from airflow_mlsecops.detectors import all_detectors
    from airflow_mlsecops.policy.reference import reference_markdown, transformations_markdown

    folder = Path(__file__).parent / "reference"
    (folder / "policy.md").write_text(reference_markdown())
    (folder / "transformations.md").write_text(transformations_markdown())
    (folder / "entities.md").write_text(markdown(all_detectors()))
    (folder / "checks.md").write_text(_checks(all_checks().values()))


def _checks(checks: object) -> str:
    rows = [
        f"| `{c.id}` | {c.question} | {c.severity.value} | {'; '.join(c.standards)} |"
        for c in checks  # type: ignore[attr-defined]
    ]
    head = "# What is asked of an environment\n\nGenerated from `airflow_mlsecops/checks/`, one file each.\n\n"
    return head + "| check | question | severity | answers to |\n|---|---|---|---|\n" + "\n".join(rows) + "\n"


def setup(app: object) -> None:
    """Generate before anything is read."""
    app.connect("builder-inited", _generate)  # type: ignore[attr-defined]
