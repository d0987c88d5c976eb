"""The page runs as it stands."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import pytest

import airflow_mlsecops.expectations as ours

DOCS = Path(__file__).parents[2] / "docs"
BLOCK = re.compile(r"^```python\n(.*?)^```$", re.MULTILINE | re.DOTALL)


def test_what_the_page_shows_runs(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    blocks = BLOCK.findall((DOCS / "howto" / "expectations.md").read_text())
    assert len(blocks) == 5
    names: dict[str, Any] = {}
    for block in blocks:
        exec(compile(block, "docs/howto/expectations.md", "exec"), names)
    assert list(tmp_path.rglob("*.html"))
    assert not [
        path for path in (tmp_path / "quality").rglob("*") if path.is_file() and b"ann.lee@" in path.read_bytes()
    ]


def test_the_reference_tells_of_all_there_is() -> None:
    page = (DOCS / "reference" / "expectations.md").read_text()
    assert [name for name in ours.__all__ if f"`{name}" not in page and name not in ("Held", "Outcome")] == []
