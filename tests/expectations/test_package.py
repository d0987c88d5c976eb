"""What decides and what words it can be read, and tested, without Great Expectations."""

from __future__ import annotations

import ast
import subprocess
import sys
from pathlib import Path

import pytest

import airflow_mlsecops.expectations as package

FOLDER = Path(package.__file__).parent
PURE = ("_answer", "_exceptions", "_looking", "_pandas", "_rows", "_scan", "_spark", "_sql", "_told")


@pytest.mark.parametrize("module", PURE)
def test_knows_no_great_expectations(module: str) -> None:
    tree = ast.parse((FOLDER / f"{module}.py").read_text())
    imported = [
        name
        for node in tree.body
        for name in (
            [one.name for one in node.names] if isinstance(node, ast.Import) else [getattr(node, "module", "")]
        )
    ]
    assert [name for name in imported if name and name.startswith("great_expectations")] == []


def test_nothing_that_parses_a_dag_imports_it() -> None:
    code = "import sys, airflow_mlsecops.operators; sys.exit('airflow_mlsecops.expectations' in sys.modules)"
    subprocess.run([sys.executable, "-c", code], check=True, timeout=120, cwd=FOLDER.parents[1])
